"""Feature ids of vertices and instances (EXT_mesh_features, EXT_instance_features, _BATCHID)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.gltf.geometry import Attributes, vertex_array
from console.scene.gltf.materials import Looks, sampling
from console.scene.gltf.model import FeatureIds
from console.scene.gltf.schema import FeatureIdRecord, TextureInfo
from console.scene.gltf.texcoords import transformed
from console.scene.refusal import broken


def vertex_features(attributes: Attributes, count: int, looks: Looks) -> tuple[FeatureIds, ...]:
    """The sets of ids of one primitive of *count* vertices. Raises SceneRefused."""
    sets = []
    for record in attributes.record.extensions.EXT_mesh_features.featureIds:
        if record.texture is not None:
            found = _by_texture(record, attributes, count, looks)
        else:
            found = _by_attribute(record, attributes.has, attributes.raw, count)
        if found is not None:
            sets.append(found)
    for name in ("_BATCHID", "BATCHID"):
        if not sets and attributes.has(name):
            ids = _whole(attributes.raw(name), count)
            sets.append(FeatureIds(int(ids.max(initial=-1)) + 1, ids, table=0))
    return tuple(sets)


def instance_features(
    records: list[FeatureIdRecord], has: Callable[[str], bool], raw: Callable[[str], NDArray[Any]], count: int
) -> tuple[FeatureIds, ...]:
    """The sets of ids of *count* instances. Raises SceneRefused."""
    return tuple(_by_attribute(record, has, raw, count) for record in records if record.texture is None)


def _by_attribute(
    record: FeatureIdRecord, has: Callable[[str], bool], raw: Callable[[str], NDArray[Any]], count: int
) -> FeatureIds:
    name = f"_FEATURE_ID_{record.attribute}"
    if record.attribute is None:
        ids = np.arange(count, dtype=np.int64)
    elif has(name):
        ids = _whole(raw(name), count)
    else:
        raise broken("要素编号", "the numbering of the model's features")
    return FeatureIds(
        record.featureCount, ids, null=record.nullFeatureId, table=record.propertyTable, label=record.label
    )


def _by_texture(
    record: FeatureIdRecord, attributes: Attributes, count: int, looks: Looks
) -> FeatureIds | None:
    info = record.texture
    assert info is not None
    texture = looks.texture(info.index)
    texcoord, matrix = sampling(TextureInfo(info.index, info.texCoord, info.extensions))
    coordinates = vertex_array(attributes, f"TEXCOORD_{texcoord}", count, 2)
    if texture is None or coordinates is None:
        return None
    return FeatureIds(
        count=record.featureCount,
        ids=None,
        texture=texture,
        texcoords=transformed(coordinates, matrix),
        channels=info.channels,
        null=record.nullFeatureId,
        table=record.propertyTable,
        label=record.label,
    )


def _whole(values: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Ids, perhaps stored as floats, as whole numbers (count,)."""
    if values.shape != (count, 1) or not np.isfinite(values).all():
        raise broken("要素编号", "the numbering of the model's features")
    return np.rint(np.clip(values[:, 0].astype(np.float64), -1, 2.0**53)).astype(np.int64)
