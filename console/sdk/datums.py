"""For the datum ledger: measuring layers by their files, and the layers of the user's own that stand in it.

The service ``own_layers`` (``OwnLayers``) tells of files and services that are open on the map, the
service ``local_datums`` (``LocalDatums``) of the datums that the deployment has entered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from console.model.datum_checks import FEWEST, DatumCheck
from console.model.datums import conversion
from console.model.layers import LayerPackage, PackageError, decode_package
from console.model.local_datums import LOCAL, LocalDatum
from console.model.shifts import Floats
from console.sdk.map import Undo

__all__ = [
    "FEWEST",
    "LOCAL",
    "TILES",
    "LocalDatums",
    "OwnLayer",
    "OwnLayers",
    "PackageError",
    "measure_device_places",
    "measure_files",
    "measure_tiles",
]

TILES = "tiles"
"""Kind of layers of vector tiles: measured by what they hold of the reference's kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLayer:
    """One layer of a file or service of the user's."""

    id: str
    """As on the map."""
    title: str
    origin: str
    """Path or address."""
    datum: str
    """As in ``console.model.datums``; empty: nobody knows."""
    known: str
    """``declared`` (by the file, the service or the user) or ``guessed``."""
    packages: Sequence[str] = ()
    """Paths of its features; empty: nothing can be measured against it."""
    version: str = ""
    """Another for other content."""
    kind: str = "other"
    """What its name says that the features are, as ``LayerKind``, or ``TILES``."""
    shape: str = ""
    features: int | None = None
    may_be: Sequence[str] | None = None
    """Datums that it can be read in; None: any, empty: none but its own."""
    why_not: str = ""
    """In the user's words, why it cannot be measured."""


class OwnLayers(Protocol):
    """The service ``own_layers``. All methods are for the GUI thread."""

    def all(self) -> Sequence[OwnLayer]: ...

    def read_as(self, layer_id: str, datum: str) -> None:
        """Read the file or service anew as if its coordinates were in *datum*; the file itself stays.

        All layers of the same file are read so.
        """
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo: ...


class LocalDatums(Protocol):
    """The service ``local_datums``. All methods are for the GUI thread."""

    def all(self) -> Sequence[LocalDatum]:
        """Those that are known by now."""
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo: ...


def measure_files(
    packages: Sequence[str], declared: str, reference: Sequence[str], names: tuple[str, str]
) -> DatumCheck:
    """Measure a layer against a reference, both by the paths of their packages; the largest of each counts.

    Takes up to some seconds: for a thread of the pool. Raises OSError, PackageError.
    """
    from console.model.datum_measuring import measure  # heavy, and for the pool only

    return measure(_largest(packages), declared, _largest(reference), names)


def measure_device_places(
    lon: Floats, lat: Floats, declared: str, reference: Sequence[str], names: tuple[str, str]
) -> DatumCheck:
    """As ``measure_files``, of places of devices in WGS84 degrees, which came in *declared*."""
    from console.model.datum_measuring import measure_places

    return measure_places(np.column_stack([lon, lat]), declared, _largest(reference), names)


def measure_tiles(
    path: str, declared: str, reference: Sequence[str], kind: str, names: tuple[str, str]
) -> DatumCheck:
    """As ``measure_files``, of what *kind* of features vector tiles hold where the reference is.

    *path*: of an archive or of a folder of fetched tiles. *kind*: the reference's.
    """
    from console.model.datum_measuring import measure_places
    from console.sdk.tile_places import read_tile_places

    against = _largest(reference)
    places = read_tile_places(path, kind, against.degrees)
    lon, lat = conversion(declared).to_wgs84(*places.T)
    return measure_places(np.column_stack([lon, lat]), declared, against, names)


def _largest(packages: Sequence[str]) -> LayerPackage:
    path = max(map(Path, packages), key=lambda file: file.stat().st_size)
    return decode_package(path.read_bytes())
