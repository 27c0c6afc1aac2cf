"""A small town whose houses have attributes, for tests: a coarse tile, and two finer ones in its place.

As in delivered data, a house's batch id is another in each tile, and its ``OBJECTID`` is not.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from tests.support.glb import Glb
from tests.support.tileset_writer import frame

HOUSES = (
    {"OBJECTID": 101, "名称": "锦绣大厦", "地址": "云龙路12号", "层数": 12, "高度": 40.0},
    {"OBJECTID": 102, "名称": "第一中学", "地址": "云龙路14号", "层数": 4, "高度": 16.0},
    {"OBJECTID": 103, "名称": "云龙公寓", "地址": "中山路8号", "层数": 8, "高度": 27.0},
    {"OBJECTID": 104, "名称": "", "地址": "中山路10号", "层数": 2, "高度": 7.0},
)
STEP, WIDE = 40.0, 20.0
"""Metres from the middle of a house to that of the next, eastward, and across each."""
_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def middle(house: int) -> float:
    """Metres east of the town's middle."""
    return (house - (len(HOUSES) - 1) / 2) * STEP


def write_houses(folder: Path) -> Path:
    """The folder of the tileset."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "all.b3dm").write_bytes(_tile(range(len(HOUSES))))
    (folder / "west.b3dm").write_bytes(_tile((1, 0)))
    (folder / "east.b3dm").write_bytes(_tile((3, 2)))
    children = [_node("west.b3dm", -STEP, 2, 0.0), _node("east.b3dm", STEP, 2, 0.0)]
    root = {
        **_node("all.b3dm", 0.0, 4, 6.0),
        "transform": frame().T.ravel().tolist(),
        "refine": "REPLACE",
        "children": children,
    }
    document = {"asset": {"version": "1.0"}, "geometricError": 50.0, "root": root}
    (folder / "tileset.json").write_text(json.dumps(document))
    return folder


def _node(uri: str, east: float, houses: int, error: float) -> dict[str, Any]:
    half = houses * STEP / 2
    box = [east, 0, 25, half, 0, 0, 0, WIDE, 0, 0, 0, 25]
    return {"boundingVolume": {"box": box}, "geometricError": error, "content": {"uri": uri}}


def _tile(houses: Any) -> bytes:
    rows = [HOUSES[house] for house in houses]
    table = {name: [row[name] for row in rows] for name in rows[0]}
    head = json.dumps(table).encode()
    head += b" " * (-len(head) % 8)
    count = json.dumps({"BATCH_LENGTH": len(rows)}).encode()
    count += b" " * (-(len(count) + 28) % 8)
    body = _model(list(houses))
    length = 28 + len(count) + len(head) + len(body)
    return struct.pack("<4s6I", b"b3dm", 1, length, len(count), 0, len(head), 0) + count + head + body


def _model(houses: list[int]) -> bytes:
    """Grey boxes; glTF's y is up."""
    corners, ids, indices = [], [], []
    for row, house in enumerate(houses):
        high = float(HOUSES[house]["高度"])  # type: ignore[arg-type]
        low, top = np.array([middle(house) - WIDE / 2, -WIDE / 2, 0]), np.array([WIDE, WIDE, high])
        box = low + top * np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
        for face in _FACES:
            first = len(corners)
            corners += box[list(face)].tolist()
            indices += [first, first + 1, first + 2, first, first + 2, first + 3]
        ids += [row] * 24
    east, north, up = np.array(corners, "f4").T
    glb = Glb()
    material = {"pbrMetallicRoughness": {"baseColorFactor": [0.4, 0.4, 0.4, 1]}, "doubleSided": True}
    glb.json["materials"] = [{**material, "extensions": {"KHR_materials_unlit": {}}}]
    attributes = {
        "POSITION": glb.accessor(np.stack([east, up, -north], axis=1).astype("f4")),
        "_BATCHID": glb.accessor(np.array(ids, "f4")),
    }
    glb.primitive(attributes, indices=glb.accessor(np.array(indices, "u2")), material=0)
    return glb.build()


def write_walls(folder: Path) -> Path:
    """Three walls with EXT_mesh_features and a property table of two rows; the third belongs to none."""
    glb = Glb()
    corners = np.array([[-6, 0, 0], [6, 0, 0], [6, 12, 0], [-6, 0, 0], [6, 12, 0], [-6, 12, 0]], "f4")
    walls = np.concatenate([corners + np.array([east, 0, 0], "f4") for east in (-20, 0, 20)])
    attributes = {
        "POSITION": glb.accessor(walls),
        "_FEATURE_ID_0": glb.accessor(np.repeat([0, 1, 7], 6).astype("u2")),
    }
    glb.json["materials"] = [{"doubleSided": True}]
    ids = {"featureCount": 2, "attribute": 0, "nullFeatureId": 7, "propertyTable": 0}
    glb.primitive(attributes, material=0, extensions={"EXT_mesh_features": {"featureIds": [ids]}})
    names = [text.encode() for text in ("东墙", "西墙")]
    ends = np.cumsum([0, *map(len, names)]).astype("u4")
    texts, offsets = glb.view(b"".join(names)), glb.view(ends.tobytes())
    floors = glb.view(np.array([5, 9], "u1").tobytes())
    properties = {
        "名称": {"type": "STRING"},
        "floors": {"type": "SCALAR", "componentType": "UINT8"},
    }
    table = {"名称": {"values": texts, "stringOffsets": offsets}, "floors": {"values": floors}}
    glb.json["extensionsUsed"] = ["EXT_structural_metadata", "EXT_mesh_features"]
    glb.json["extensions"] = {
        "EXT_structural_metadata": {
            "schema": {"id": "walls", "classes": {"wall": {"properties": properties}}},
            "propertyTables": [{"class": "wall", "count": 2, "properties": table}],
        }
    }
    (folder / "walls.glb").write_bytes(glb.build())
    root = {
        "transform": frame().T.ravel().tolist(),
        "boundingVolume": {"box": [0, 0, 6, 26, 0, 0, 0, 1, 0, 0, 0, 6]},
        "geometricError": 0.0,
        "refine": "REPLACE",
        "content": {"uri": "walls.glb"},
    }
    document = {"asset": {"version": "1.1"}, "geometricError": 50.0, "root": root}
    (folder / "tileset.json").write_text(json.dumps(document))
    return folder
