"""What an import is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from console.model.datums import Conversion
from console.model.layers import LayerKind
from console.model.records import ImportReport
from console.server.layer_types import AreaShape, ImportedLayer


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the user declares about the files."""

    datum: Conversion | None = None
    """Datum that the user declares; None: read it from the file."""
    layer: LayerKind | None = None
    """Kind of a plain vector file's features; None: guess it."""
    area: str | None = None
    """Only areas (boundaries, grids) of this area code are taken."""
    title: str | None = None
    """Title of the layer in any language; None: the kind's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """Layers ready to be stored, areas found in them, and what was left out."""

    layers: tuple[ImportedLayer, ...]
    areas: tuple[AreaShape, ...]
    report: ImportReport
