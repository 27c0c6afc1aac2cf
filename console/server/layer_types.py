"""What an import yields, before anything is stored. Coordinates inside are WGS84 degrees."""

from __future__ import annotations

from dataclasses import dataclass

from console.model.area_shape import AreaShape
from console.model.layers import LayerPackage

__all__ = ["AreaShape", "ImportedLayer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLayer:
    """One map layer, ready to be stored; ``layer_id`` names what it replaces."""

    layer_id: str
    kind: str
    """See ``console.model.layers.LayerKind``."""
    title_zh: str
    title_en: str
    package: LayerPackage
    datum: str
    """Datum that the source was in; the package itself is WGS84."""
    datum_known: str
    """``declared``, ``detected`` or ``guessed``."""
    attribution: str = ""
