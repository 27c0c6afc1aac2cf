"""What all formats look like once they are open: sublayers that give their features in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy.typing as npt

from console.geodata.outcome import Watch
from console.geodata.packing import Geometries

CHUNK = 50_000
"""Features at a time, where the format can be read in parts."""
MAX_FEATURES = 5_000_000
"""Of one sublayer; what is beyond is counted as left out."""
MAX_FIELDS = 400
MAX_NAME = 200
"""Characters of a column's name; what is longer is none."""

Values = npt.NDArray[Any]


@dataclass(slots=True)
class Chunk:
    """Some features: a column a field, of one length; the geometry in the file's coordinates."""

    fields: dict[str, Values]
    geometry: Geometries | None
    """None: the sublayer is a table without geometry."""


class Sheet(Protocol):
    """One sublayer of an open file."""

    name: str
    geometry: str
    """As the format calls it; empty for a table."""
    crs: str
    fields: tuple[str, ...]
    features: int
    """As the file declares, which may be untrue."""
    beyond: int
    """Features left out because there were too many; known after reading, as is *missing*."""
    missing: int
    """Features that the file declares, but does not hold."""

    @property
    def crs_is_default(self) -> bool:
        """The format implies the CRS; the data may differ."""
        ...

    def chunks(self, watch: Watch) -> Iterator[Chunk]:
        """Read it; raises FileRefused, or what GDAL raises."""
        ...


def unique(names: list[str]) -> tuple[str, ...]:
    """Names of columns, each once: what has none is called by its place."""
    taken: dict[str, None] = {}
    for at, name in enumerate(names, 1):
        base = name.strip() or f"column_{at}"
        free = (f"{base}_{n}" if n > 1 else base for n in range(1, len(names) + 2))
        taken[next(candidate for candidate in free if candidate not in taken)] = None
    return tuple(taken)
