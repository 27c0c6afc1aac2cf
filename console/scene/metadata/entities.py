"""Attributes of a tileset, a tile, a content or a group: values in JSON, given their defaults and scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from console.scene.metadata.schema import COMPONENTS, Property, Schema


def typed_entity(schema: Schema, class_: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """*values* by the class's rules: noData taken out, defaults put in, numbers scaled. Others stay."""
    kind = schema.classes.get(class_)
    found = dict(values)
    for name, described in (kind.properties if kind else {}).items():
        value = found.get(name)
        if value is None or (described.noData is not None and value == described.noData):
            value = described.default
        else:
            value = _scaled(described, value)
        if value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return found


def _scaled(described: Property, value: Any) -> Any:
    """A number or numbers normalised, scaled and moved; anything else as it is."""
    if not described.normalized and described.scale is None and described.offset is None:
        return value
    try:
        numbers = np.asarray(value, np.float64)
        dtype = COMPONENTS.get(described.componentType or "")
        if described.normalized and dtype is not None and dtype.kind in "iu":
            numbers = np.maximum(numbers / np.iinfo(dtype).max, -1.0)
        if described.scale is not None:
            numbers = numbers * np.asarray(described.scale, np.float64)
        if described.offset is not None:
            numbers = numbers + np.asarray(described.offset, np.float64)
    except (TypeError, ValueError, OverflowError):
        return value
    return numbers.tolist()
