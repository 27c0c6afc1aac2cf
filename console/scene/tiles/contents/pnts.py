"""Point clouds (3D Tiles 1.0, 10): all encodings of positions, colours and normals; Draco too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.gltf.buffers import Fetch
from console.scene.gltf.draco import decode_draco_bytes
from console.scene.gltf.model import Draw, FeatureIds, Material, Mode, Model, Primitive
from console.scene.limits import Budget
from console.scene.refusal import broken
from console.scene.tiles.content import Content, Part
from console.scene.tiles.contents.batch_table import batch_table
from console.scene.tiles.contents.packed import U1, U2, directions, positions
from console.scene.tiles.contents.sections import COMPONENT_NAMES, Section, Sections, split_tile
from console.scene.transforms import Matrix, translation

_BYTES_A_POINT = 64
_POINTS = Material(unlit=True)


def read_pnts(data: memoryview, up: Matrix, fetch: Fetch, budget: Budget) -> Content:
    """One model of points, z up as the tile is. Raises SceneRefused."""
    sections = split_tile(data)
    section = sections.features
    count = section.count("POINTS_LENGTH")
    budget.take(count, _BYTES_A_POINT)
    packed = _draco(section)
    if packed is not None:
        sections = _unpacked(sections, packed, count, budget)
        section = sections.features
    where, origin = positions(section, count)
    finite = np.flatnonzero(np.isfinite(where).all(axis=1)).astype(np.uint32)
    features, table = _batches(sections, count)
    normals = directions(section, "NORMAL", "NORMAL_OCT16P", U1, count)
    primitive = Primitive(
        mode=Mode.POINTS,
        positions=np.nan_to_num(where, posinf=0, neginf=0),
        indices=finite,
        material=_POINTS,
        normals=None if normals is None else normals.astype(np.float32),
        colors=_colors(section, count),
        features=features,
    )
    model = Model((primitive,), (Draw(0, np.identity(4)[None]),))
    return Content((Part(model, translation(origin)[None], table),))


def _colors(section: Section, count: int) -> NDArray[np.uint8] | None:
    """(count, 4) RGBA of whichever encoding there is, in the specification's order of precedence."""
    colors = np.full((count, 4), 255, np.uint8)
    for name, width in (("RGBA", 4), ("RGB", 3)):
        exact = section.array(name, U1, count, width)
        if exact is not None:
            colors[:, :width] = exact
            return colors
    packed = section.array("RGB565", U2, count, 1)
    if packed is not None:
        bits = packed[:, 0].astype(np.uint32)
        colors[:, 0] = ((bits >> 11) * 255 + 15) // 31
        colors[:, 1] = ((bits >> 5 & 63) * 255 + 31) // 63
        colors[:, 2] = ((bits & 31) * 255 + 15) // 31
        return colors
    constant = section.vector("CONSTANT_RGBA", 4)
    if constant is None:
        return None
    colors[:] = np.clip(constant, 0, 255).astype(np.uint8)
    return colors


def _batches(sections: Sections, count: int) -> tuple[tuple[FeatureIds, ...], Any]:
    """Ids of the points and the table; without ids a table has a row for each point."""
    ids = sections.features.array("BATCH_ID", U2, count, 1)
    if ids is None:
        return (), batch_table(sections.batches, count)
    length = sections.features.count("BATCH_LENGTH", 0)
    return (FeatureIds(length, ids[:, 0].astype(np.int64), table=0),), batch_table(sections.batches, length)


def _draco(section: Section) -> dict[str, Any] | None:
    """The record of 3DTILES_draco_point_compression; None if nothing is packed."""
    extensions = section.json.get("extensions")
    found = extensions.get("3DTILES_draco_point_compression") if isinstance(extensions, dict) else None
    return found if isinstance(found, dict) else None


def _unpacked(sections: Sections, packed: dict[str, Any], count: int, budget: Budget) -> Sections:
    """Both tables as if they had never been compressed. Raises SceneRefused."""
    length = packed.get("byteLength")
    if not isinstance(length, int) or length < 0:
        raise broken("点云瓦片", "the point cloud's tile")
    data = bytes(sections.features.cut(packed.get("byteOffset"), U1, length, 1))
    found, _ = decode_draco_bytes(data, budget)
    batches = _draco(sections.batches)
    return replace(
        sections,
        features=_restored(sections.features, packed, found, count),
        batches=_restored(sections.batches, batches or {}, found, count),
    )


def _restored(
    section: Section, packed: dict[str, Any], found: dict[int, NDArray[Any]], count: int
) -> Section:
    """*section* with what was packed behind its body."""
    ids = packed.get("properties")
    json, body = dict(section.json), bytes(section.body)
    for name, number in (ids if isinstance(ids, dict) else {}).items():
        values = found.get(number) if isinstance(number, int) else None
        written = json.pop(name, None)  # what it refers to is packed bytes
        if values is None or len(values) != count:
            continue
        kind = COMPONENT_NAMES.get(values.dtype.newbyteorder("<"))
        described = written if isinstance(written, dict) else {}
        body += b"\0" * (-len(body) % 8)
        json[name] = described | {"byteOffset": len(body), "componentType": kind}
        body += values.astype(values.dtype.newbyteorder("<")).tobytes()
    return Section(json, memoryview(body))
