"""What an import yields, before anything is stored. Coordinates inside are WGS84 degrees."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from console.model.layers import LayerPackage


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShape:
    """One area with its polygon or multipolygon; ``code`` is trimmed to its level."""

    code: str
    name: str
    name_en: str
    geometry: BaseGeometry
