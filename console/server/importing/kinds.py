"""What the features of a plain vector file are, and the columns that their kind has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from console.geodata import osm_tags
from console.geodata.field_names import NAMES
from console.geodata.kind_names import kind_by_name
from console.geodata.packing import Block, Geometries, floats
from console.model.area import AreaCodeError, AreaLevel, area_level, parse_area_code
from console.model.layers import FeatureShape, LayerKind

Fields = Mapping[str, Sequence[Any]]
"""Attribute values a field, names in lower case."""

_CLASS_DEFAULTS = {LayerKind.ROAD: "unclassified", LayerKind.BUILDING: "yes", LayerKind.WATER: "water"}


def field_for(column: str, fields: Fields) -> Sequence[Any] | None:
    """Values of the field that means *column*, or None."""
    found = next((name for name in NAMES[column] if name in fields), None)
    return None if found is None else fields[found]


def guess_kind(shape: FeatureShape, fields: Fields, title: str) -> LayerKind:
    """Kind by attributes first, then by the layer's name."""
    by_field = _by_fields(shape, fields)
    if by_field is not None:
        return by_field
    by_name = kind_by_name(shape, title)
    if by_name is not None:
        return by_name
    return LayerKind.POI if shape is FeatureShape.POINT and field_for("name", fields) else LayerKind.OTHER


def _by_fields(shape: FeatureShape, fields: Fields) -> LayerKind | None:
    if shape is FeatureShape.POINT:
        return LayerKind.ADDRESS if field_for("housenumber", fields) else None
    if shape is FeatureShape.LINE:
        for kind in (LayerKind.RAILWAY, LayerKind.WATERWAY):
            if any(fields.get(kind, ())):
                return kind
        return LayerKind.ROAD if {"highway", "oneway", "maxspeed"} & fields.keys() else None
    codes = field_for("code", fields)
    levels = {len(c) for c in area_codes(codes) if c} if codes else set[int]()
    if levels:
        return LayerKind.GRID if levels == {AreaLevel.GRID} else LayerKind.BOUNDARY
    if "building" in fields or field_for("height", fields) or field_for("levels", fields):
        return LayerKind.BUILDING
    return None


def area_codes(values: Sequence[Any]) -> list[str]:
    """Trimmed area codes; empty where the value is none. Whole floats (a habit of .dbf) are digits."""
    return [_area_code(v) for v in values]


def _area_code(value: Any) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else _text(value)
    try:
        return parse_area_code(text)
    except AreaCodeError:
        return ""


def block_of(kind: LayerKind, shape: FeatureShape, geometry: Geometries, fields: Fields) -> Block:
    """Features with the standard columns of *kind* (see ``console.model.layers``)."""
    count = len(geometry)
    text = {
        "class": _texts(field_for("class", fields), count, _CLASS_DEFAULTS.get(kind, "")),
        "name": _texts(field_for("name", fields), count),
    }
    block = Block(kind=kind, shape=shape, geometry=geometry, text=text)
    complete = _COMPLETE.get(kind)
    if complete:
        complete(block, fields)
    return block


def _road(block: Block, fields: Fields) -> None:
    count = len(block)
    keys = ("oneway", "maxspeed", "access", "bridge", "tunnel")
    columns = {key: _texts(field_for(key, fields), count) for key in keys}
    columns["layer"] = _texts(field_for("level", fields), count)
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    tags = [{k: _flag(v) for k, v in row.items() if v} for row in rows]
    kinds = [osm_tags.road_class({"highway": c}) or "unclassified" for c in block.text["class"]]
    block.text["class"] = kinds
    pairs = list(zip(tags, kinds, strict=True))
    block.numbers |= {
        "oneway": np.array([osm_tags.road_oneway(t, k) for t, k in pairs], np.int8),
        "maxspeed": np.array([osm_tags.speed_limit(t) for t in tags], np.float32),
        "access": np.array([osm_tags.road_access(t, k) for t, k in pairs], np.uint8),
        "bridge": np.array([osm_tags.is_set(t, "bridge") for t in tags], np.int8),
        "tunnel": np.array([osm_tags.is_set(t, "tunnel") for t in tags], np.int8),
        "level": np.array([osm_tags.road_level(t) for t in tags], np.int8),
    }


_FLAGS = {"f": "yes", "t": "-1", "b": "no", "是": "yes", "否": "no", "true": "yes", "false": "no"}
"""Words of other schemas for OSM's: Geofabrik's F, T and B tell the one-way direction."""


def _flag(value: str) -> str:
    return _FLAGS.get(value.lower(), value)


def _building(block: Block, fields: Fields) -> None:
    count = len(block)
    height = floats(field_for("height", fields) or [0] * count)
    storeys = floats(field_for("levels", fields) or [0] * count)
    metres = np.where(height > 0, height, storeys * np.float32(3))
    block.numbers["height"] = np.clip(metres, 0, 1000).astype(np.float32)
    block.numbers["levels"] = np.clip(storeys, 0, 300).astype(np.float32)


def _address(block: Block, fields: Fields) -> None:
    count = len(block)
    number = _texts(field_for("housenumber", fields), count)
    street = _texts(field_for("street", fields), count)
    names = block.text["name"]
    block.text |= {
        "housenumber": number,
        "street": street,
        "name": [n or f"{s}{h}" for n, s, h in zip(names, street, number, strict=True)],
    }


def _area(block: Block, fields: Fields) -> None:
    codes = area_codes(field_for("code", fields) or [""] * len(block))
    block.text["code"] = codes
    block.numbers["level"] = _levels(codes)


def _levels(codes: list[str]) -> npt.NDArray[np.int16]:
    return np.array([int(area_level(c)) if c else 0 for c in codes], np.int16)


_COMPLETE: dict[LayerKind, Callable[[Block, Fields], None]] = {
    LayerKind.ROAD: _road,
    LayerKind.BUILDING: _building,
    LayerKind.ADDRESS: _address,
    LayerKind.BOUNDARY: _area,
    LayerKind.GRID: _area,
}


def _texts(values: Sequence[Any] | None, count: int, default: str = "") -> list[str]:
    if values is None:
        return [default] * count
    return [_text(v) or default for v in values]


def _text(value: Any) -> str:
    """Text of an attribute; missing values and NaN are empty."""
    if value is None or value != value:
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
