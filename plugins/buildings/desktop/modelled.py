"""What a model of the scene says of a building: alone, or beside what the map's layer says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import shapely

from console.sdk.scene_features import SceneFeature
from plugins.buildings.desktop.addresses import Addresses
from plugins.buildings.desktop.building import Building, square_metres, told_addresses
from plugins.buildings.desktop.storeys import From, rooms_by_floor, storeys

NO_KEY = -1
"""Of a building that is in a model alone."""
NAMES = {
    "name": ("name", "buildingname", "bldgname", "名称", "建筑名称", "楼名", "楼栋名称", "小区名称"),
    "address": ("address", "addr", "streetaddress", "fulladdress", "地址", "标准地址", "详细地址", "门牌"),
    "levels": ("levels", "buildinglevels", "floors", "storeys", "numfloors", "层数", "楼层数", "地上层数"),
    "height": ("height", "measuredheight", "buildingheight", "高度", "建筑高度", "楼高"),
    "kind": ("class", "type", "usage", "function", "buildingtype", "类别", "类型", "用途", "建筑类型"),
}
"""What attributes are called; case, spaces and ``_ - :`` don't count."""
MOST_SHOWN = 24
"""Attributes that have no line of their own."""
ALIKE = 1 / 3
"""Of the larger of a footprint and a part seen from above, at least, they have in common."""
SPOT = 2e-6
"""Degrees: as wide is a building of which the model does not tell the place."""


def of_feature(feature: SceneFeature, lon: float, lat: float, addresses: Addresses | None) -> Building:
    """A building that is in a model alone, clicked at a place. For worker threads."""
    ring = feature.ring if len(feature.ring) > 2 else ()
    outline = shapely.MultiPolygon([shapely.Polygon(ring) if ring else shapely.Point(lon, lat).buffer(SPOT)])
    found, others = _sorted_out(feature.properties)
    doors, address, away, inside = told_addresses(outline, addresses)
    height = _number(found.get("height")) or (feature.top - feature.bottom) or None
    building = Building(
        key=NO_KEY,
        name=_text(found.get("name")),
        kind=_text(found.get("kind")),
        outline=outline,
        bounds=outline.bounds,
        square_metres=square_metres(outline),
        height=height,
        storeys=storeys(_number(found.get("levels")), height),
        address=address,
        away=away,
        doors=doors,
        rooms=rooms_by_floor(inside),
        attributes=others,
    )
    return _addressed(building, _text(found.get("address")))


def joined(building: Building, feature: SceneFeature) -> Building:
    """What the map says of a building, and besides what a model says."""
    found, others = _sorted_out(feature.properties)
    height = building.height or _number(found.get("height"))
    floors = building.storeys
    if floors is None or floors.by != From.LEVELS:
        floors = storeys(_number(found.get("levels")), height) or floors
    whole = replace(
        building,
        name=building.name or _text(found.get("name")),
        kind=building.kind or _text(found.get("kind")),
        height=height,
        storeys=floors,
        attributes={**others, **building.attributes},
    )
    return _addressed(whole, _text(found.get("address")))


def alike(building: Building, feature: SceneFeature) -> bool:
    """Whether both are one: a quarter that a model has as one part is none of its houses."""
    if len(feature.ring) < 3:
        return False
    seen = shapely.Polygon(feature.ring)
    whole = building.outline.convex_hull  # as the part's ring
    return seen.intersection(whole).area >= ALIKE * max(seen.area, whole.area)


def _addressed(building: Building, address: str) -> Building:
    """A standard address within it counts more than the model's, the model's more than one nearby."""
    return replace(building, address=address, away=0.0) if address and not building.doors else building


def _sorted_out(properties: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What has lines of its own, and the rest as texts."""
    plain = {re.sub(r"[\s_:-]", "", name).casefold(): name for name in reversed(list(properties))}
    taken = {
        about: next((plain[name] for name in names if name in plain), None) for about, names in NAMES.items()
    }
    found = {about: properties[name] for about, name in taken.items() if name is not None}
    rest = {name: _text(value) for name, value in properties.items() if name not in taken.values()}
    others = {name: text for name, text in rest.items() if text}
    return found, dict(list(others.items())[:MOST_SHOWN])


def _number(value: Any) -> float | None:
    """Above zero, as zero is written for unknown."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 < number < 1e6 else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    return str(value).strip()
