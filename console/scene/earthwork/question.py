"""What is asked of the process. Light: it is made on the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class ModelAt:
    """A model, and where it was put."""

    source: str
    headers: dict[str, str] = field(default_factory=dict)
    placed: list[list[float]] | None = None
    """(4, 4), Earth-centred; None: as it says itself."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that is in the scene."""

    models: tuple[ModelAt, ...] = ()
    buildings: tuple[str, ...] = ()
    """Packages of footprints."""
    terrain: str = ""
    sea_level: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """One question, whole."""

    kind: Literal["profile", "section", "volume"]
    places: tuple[tuple[float, float], ...]
    """WGS84 degrees."""
    height: float
    """Metres above the ellipsoid at which level metres are meant."""
    around: Surroundings
