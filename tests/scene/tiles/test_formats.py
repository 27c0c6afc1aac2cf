"""The containers of 3D Tiles 1.0, each encoding written by a test: b3dm, i3dm, pnts, cmpt."""

from __future__ import annotations

import json
import struct
from typing import Any

import DracoPy
import numpy as np
import pytest

from console.scene.ellipsoid import east_north_up, to_ecef, to_geodetic
from console.scene.gltf import Mode
from console.scene.limits import Budget
from console.scene.tiles import Content, read_content
from console.scene.transforms import Y_UP_TO_Z_UP
from tests.support.glb import TRIANGLE, Glb, triangle


def section(table: dict[str, Any]) -> tuple[bytes, bytes]:
    """JSON and body of a feature or batch table; arrays go to the body."""
    body, record = b"", {}
    for name, value in table.items():
        if isinstance(value, np.ndarray):
            body += b"\0" * (-len(body) % 8)
            record[name] = {"byteOffset": len(body)}
            body += value.tobytes()
        else:
            record[name] = value
    text = json.dumps(record).encode()
    return text + b" " * (-len(text) % 8), body + b"\0" * (-len(body) % 8)


def tile(
    magic: bytes, table: dict[str, Any], body: bytes = b"", batch: Any = None, extra: bytes = b""
) -> bytes:
    parts = [*section(table), *(section(batch) if batch else (b"", b""))]
    rest = extra + b"".join(parts) + body
    return struct.pack("<4s6I", magic, 1, 28 + len(rest), *map(len, parts)) + rest


def read(data: bytes, files: dict[str, bytes] | None = None) -> Content:
    return read_content(memoryview(data), Y_UP_TO_Z_UP, (files or {}).__getitem__, Budget())


def points(table: dict[str, Any], batch: Any = None) -> Any:
    """The primitive of a pnts tile, and its points in the tile's frame."""
    (part,) = read(tile(b"pnts", table, batch=batch)).parts
    (primitive,) = part.model.primitives
    assert primitive.mode == Mode.POINTS
    return part, primitive, primitive.positions + part.transforms[0][:3, 3]


EXACT = np.array([[1, 2, 3], [4, 5, 6]], "<f4")


def test_points_about_a_center():
    _, _, where = points({"POINTS_LENGTH": 2, "POSITION": EXACT, "RTC_CENTER": [6e6, 1, 2]})
    assert where == pytest.approx(EXACT + np.array([6e6, 1, 2]))


def test_points_in_ecef_are_made_local():
    far = np.array([[6_378_137, 0, 0], [6_378_141, 3, 0]], "<f4")
    _, primitive, where = points({"POINTS_LENGTH": 2, "POSITION": far})
    assert np.abs(primitive.positions).max() <= 2
    assert where == pytest.approx(far)


def test_quantised_points():
    steps = np.array([[0, 32768, 65535], [65535, 0, 0]], "<u2")
    table = {
        "POSITION_QUANTIZED": steps,
        "QUANTIZED_VOLUME_OFFSET": [100, 0, -10],
        "QUANTIZED_VOLUME_SCALE": [10, 2, 1],
    }
    _, _, where = points({"POINTS_LENGTH": 2, **table})
    assert where == pytest.approx(np.array([[100, 1.0000153, -9], [110, 0, -10]]), abs=1e-5)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("RGBA", np.array([[1, 2, 3, 4], [5, 6, 7, 8]], "u1"), [[1, 2, 3, 4], [5, 6, 7, 8]]),
        ("RGB", np.array([[1, 2, 3], [5, 6, 7]], "u1"), [[1, 2, 3, 255], [5, 6, 7, 255]]),
        ("RGB565", np.array([0xF800, 0x07FF], "<u2"), [[255, 0, 0, 255], [0, 255, 255, 255]]),
        ("CONSTANT_RGBA", [9, 8, 7, 6], [[9, 8, 7, 6], [9, 8, 7, 6]]),
    ],
)
def test_colours_of_points(name: str, values: Any, expected: list[list[int]]):
    _, primitive, _ = points({"POINTS_LENGTH": 2, "POSITION": EXACT, name: values})
    assert primitive.colors.tolist() == expected


def test_normals_of_points():
    packed = np.array([[128, 128], [255, 128]], "u1")
    _, primitive, _ = points({"POINTS_LENGTH": 2, "POSITION": EXACT, "NORMAL_OCT16P": packed})
    assert primitive.normals == pytest.approx(np.array([[0, 0, 1], [1, 0, 0]]), abs=0.02)
    exact = np.array([[0, 1, 0], [0, 0, -1]], "<f4")
    _, primitive, _ = points({"POINTS_LENGTH": 2, "POSITION": EXACT, "NORMAL": exact})
    assert np.array_equal(primitive.normals, exact)


def test_points_in_batches():
    table = {"POINTS_LENGTH": 2, "POSITION": EXACT, "BATCH_LENGTH": 3, "BATCH_ID": np.array([2, 0], "<u2")}
    part, primitive, _ = points(table, {"name": ["a", "b", "c"]})
    assert primitive.features[0].ids.tolist() == [2, 0]
    assert part.table.row(2) == {"name": "c"}


def test_points_packed_by_draco_in_part():
    """Positions are packed, colours stand behind as they are,
    and a column of the batch table is packed too."""
    rng = np.random.default_rng(1)
    cloud, warm = rng.random((50, 3), "f4"), rng.random((50, 1), "f4")
    colors = rng.integers(0, 255, (50, 3), "u1")
    data = DracoPy.encode(cloud, preserve_order=True, quantization_bits=20, generic_attributes={7: warm})
    (where,) = (
        found["unique_id"] for found in DracoPy.decode(data).attributes if found["attribute_type"] == 0
    )
    record = {"properties": {"POSITION": where}, "byteOffset": 0, "byteLength": len(data)}
    table = {
        "POINTS_LENGTH": 50,
        "POSITION": {"byteOffset": 0},
        "RGB": {"byteOffset": len(data)},
        "extensions": {"3DTILES_draco_point_compression": record},
    }
    batch = {
        "warm": {"byteOffset": 0, "componentType": "FLOAT", "type": "SCALAR"},
        "extensions": {"3DTILES_draco_point_compression": {"properties": {"warm": 7}}},
    }
    parts = (section(table)[0], data + colors.tobytes(), section(batch)[0])
    size = 28 + sum(map(len, parts))
    (part,) = read(struct.pack("<4s6I", b"pnts", 1, size, *map(len, parts), 0) + b"".join(parts)).parts
    (primitive,) = part.model.primitives
    assert primitive.positions + part.transforms[0][:3, 3] == pytest.approx(cloud, abs=1e-4)
    assert primitive.colors is not None
    assert np.array_equal(primitive.colors[:, :3], colors)
    assert part.table is not None
    assert part.table.columns["warm"] == pytest.approx(warm[:, 0], abs=1e-3)


def test_a_batched_model():
    glb = Glb()
    ids = glb.accessor(np.array([0, 0, 1], "u2"))
    glb.primitive({"POSITION": glb.accessor(TRIANGLE), "_BATCHID": ids})
    batch = {"name": ["north", "south"], "height": [3.5, 4]}
    data = tile(b"b3dm", {"BATCH_LENGTH": 2, "RTC_CENTER": [1e6, 2e6, 3e6]}, glb.build(), batch)
    (part,) = read(data).parts
    assert part.transforms[0].tolist() == [[1, 0, 0, 1e6], [0, 0, -1, 2e6], [0, 1, 0, 3e6], [0, 0, 0, 1]]
    (features,) = part.model.primitives[0].features
    assert features.ids is not None
    assert features.ids.tolist() == [0, 0, 1]
    assert part.table is not None
    assert part.table.row(1) == {"name": "south", "height": 4}
    assert part.table.row(7) == {}


def test_a_binary_batch_table():
    batch = {"height": {"byteOffset": 0, "componentType": "FLOAT", "type": "SCALAR"}}
    head, body = json.dumps(batch).encode(), np.array([1.5, 2.5], "<f4").tobytes()
    feature = b'{"BATCH_LENGTH":2}'
    glb = triangle().build()
    sizes = (len(feature), 0, len(head), len(body))
    data = struct.pack("<4s6I", b"b3dm", 1, 28 + sum(sizes) + len(glb), *sizes) + feature + head + body + glb
    table = read(data).parts[0].table
    assert table is not None
    assert table.row(1) == {"height": 2.5}


@pytest.mark.parametrize("older", [1, 2])
def test_a_batched_model_from_before_1_0(older: int):
    batch, glb = b'{"name":["a","b","c"]} ', triangle().build()
    lengths = (3, len(batch)) if older == 1 else (len(batch), 0, 3)
    data = struct.pack(f"<4s{2 + len(lengths)}I", b"b3dm", 1, 0, *lengths) + batch + glb
    (part,) = read(data).parts
    assert part.model.triangles == 1
    assert part.table is not None
    assert part.table.row(2) == {"name": "c"}


def instances(table: dict[str, Any], count: int = 2, **more: Any) -> Any:
    data = tile(
        b"i3dm", {"INSTANCES_LENGTH": count, **table}, triangle().build(), extra=struct.pack("<I", 1), **more
    )
    return read(data).parts[0]


def test_instances_scaled_and_turned():
    up, right = np.array([[0, 0, 1], [0, 1, 0]], "<f4"), np.array([[1, 0, 0], [0, 0, 1]], "<f4")
    table = {"POSITION": EXACT, "NORMAL_UP": up, "NORMAL_RIGHT": right, "SCALE": np.array([2, 1], "<f4")}
    transforms = instances(table).transforms @ np.linalg.inv(Y_UP_TO_Z_UP)
    assert transforms[:, :3, 3] == pytest.approx(EXACT)
    assert transforms[0, :3, :3] == pytest.approx(np.array([[2, 0, 0], [0, 0, -2], [0, 2, 0]]))
    assert transforms[1, :3, :3] == pytest.approx(np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]]))


def test_instances_turned_by_packed_normals():
    up = np.array([[32768, 65535], [32768, 65535]], "<u2")
    right = np.array([[65535, 32768], [32768, 32768]], "<u2")
    transforms = instances(
        {"POSITION": EXACT, "NORMAL_UP_OCT32P": up, "NORMAL_RIGHT_OCT32P": right}
    ).transforms
    turned = transforms @ np.linalg.inv(Y_UP_TO_Z_UP)
    assert turned[0, :3, :3] == pytest.approx(np.identity(3), abs=1e-4)
    assert turned[1, :3, 0] == pytest.approx([0, 0, 1], abs=1e-4)


def test_instances_that_stand_upright_on_the_earth():
    there = to_ecef(*np.radians([[120.0, -60.0], [32.0, -10.0]]), np.array([10.0, 0.0]))
    center = there.mean(axis=0)
    table = {"POSITION": (there - center).astype("<f4"), "RTC_CENTER": center.tolist(), "EAST_NORTH_UP": True}
    turned = instances(table).transforms @ np.linalg.inv(Y_UP_TO_Z_UP)
    axes = east_north_up(*np.radians([[120.0, -60.0], [32.0, -10.0]]))
    assert turned[:, :3, :3].transpose(0, 2, 1) == pytest.approx(axes, abs=1e-6)


def test_instances_have_rows_of_the_batch_table():
    table = {"POSITION": EXACT, "BATCH_ID": np.array([1, 0], "<u2")}
    part = instances(table, batch={"kind": ["oak", "elm"]})
    assert part.instances.tolist() == [1, 0]
    assert part.table.row(1) == {"kind": "elm"}


def test_instances_of_another_file():
    data = tile(
        b"i3dm", {"INSTANCES_LENGTH": 2, "POSITION": EXACT}, b"trees/oak.glb  ", extra=struct.pack("<I", 0)
    )
    assert read(data, {"trees/oak.glb": triangle().build()}).triangles == 2


def test_a_composite_tile_shows_what_it_can():
    good = tile(b"pnts", {"POINTS_LENGTH": 2, "POSITION": EXACT})
    bad = tile(b"b3dm", {"BATCH_LENGTH": 0}, b"nonsense")
    inner = struct.pack("<4s3I", b"cmpt", 1, 16 + len(good), 1) + good
    body = good + bad + inner
    content = read(struct.pack("<4s3I", b"cmpt", 1, 16 + len(body), 3) + body)
    assert len(content.parts) == 2
    assert len(content.unread) == 1


def test_geodetic_there_and_back():
    rng = np.random.default_rng(3)
    there = np.column_stack([rng.uniform(-3, 3, 99), rng.uniform(-1.5, 1.5, 99), rng.uniform(-500, 9e5, 99)])
    back = to_geodetic(to_ecef(*there.T))
    assert back[:, :2] == pytest.approx(there[:, :2], abs=1e-11)
    assert back[:, 2] == pytest.approx(there[:, 2], abs=1e-4)
