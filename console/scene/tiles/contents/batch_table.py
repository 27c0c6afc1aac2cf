"""Batch tables (3D Tiles 1.0, 8.2): attributes of the features of b3dm, i3dm and pnts."""

from __future__ import annotations

from typing import Any

import numpy as np

from console.scene.features import FeatureTable
from console.scene.refusal import SceneRefused
from console.scene.tiles.contents.sections import Section, reference_type


def batch_table(section: Section, count: int) -> FeatureTable | None:
    """The table of *count* features; None if there is none. Columns that are not sound are left out."""
    columns: dict[str, Any] = {}
    for name, value in section.json.items():
        if isinstance(value, list) and len(value) >= count:
            columns[name] = value[:count]
        elif isinstance(value, dict) and "byteOffset" in value:
            column = _binary(section, value, count)
            if column is not None:
                columns[name] = column
    return FeatureTable(count, columns) if columns else None


def _binary(section: Section, reference: dict[str, Any], count: int) -> np.ndarray[Any, Any] | None:
    kind = reference_type(reference)
    if kind is None:
        return None
    try:
        values = section.cut(reference["byteOffset"], kind[0], count, kind[1])
    except SceneRefused:
        return None
    return values[:, 0] if kind[1] == 1 else values
