"""An area with its ground."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShape:
    """One area with its polygon or multipolygon in WGS84 degrees; ``code`` is trimmed to its level."""

    code: str
    name: str
    name_en: str
    geometry: BaseGeometry
