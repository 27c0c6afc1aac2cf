"""Graphs that no delivery at hand has, and files that lie: shown, shown in part, or refused in words."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.scene.osgb import read_osgb, read_osgb_file
from console.scene.osgb.objects import MAX_DEPTH
from console.scene.refusal import SceneRefused
from tests.support.osgb_writer import SQUARE, Body, OsgbWriter, file_of, square


def real(shared_data: Path) -> bytes:
    folder = shared_data / "osgb_estate" / "Data" / "Tile_+000_+013"
    return (folder / "Tile_+000_+013_L19_0uuuu6.osgb").read_bytes()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("mode", "indices", "triangles"),
    [
        (4, (0, 1, 2, 2, 1, 3), [(0, 1, 2), (2, 1, 3)]),
        (5, (0, 1, 2, 3), [(0, 1, 2), (2, 1, 3)]),
        (6, (0, 1, 3, 2), [(0, 1, 3), (0, 3, 2)]),
        (7, (0, 1, 3, 2), [(0, 1, 3), (0, 3, 2)]),
        (8, (0, 1, 2, 3), [(0, 1, 2), (2, 1, 3)]),
        (9, (0, 1, 3, 2), [(0, 1, 3), (0, 3, 2)]),
    ],
)
def test_every_primitive_and_byte_order_becomes_the_same_square(
    order: str, mode: int, indices: tuple[int, ...], triangles: list[tuple[int, ...]]
) -> None:
    (mesh,) = read_osgb(file_of(square(mode, indices), order)).meshes()
    np.testing.assert_array_equal(mesh.positions, np.array(SQUARE, np.float32))
    assert mesh.indices.tolist() == [list(triangle) for triangle in triangles]


def test_a_transform_moves_in_double() -> None:
    matrix = np.identity(4)
    matrix[3, :3] = 500_000.25, 2_488_718.5, 7.0

    def moved(writer: OsgbWriter) -> None:
        def fields(inner: OsgbWriter) -> None:
            inner.children(square())
            inner.put("i", 0)
            inner.bracket(lambda w: w.put("16d", *matrix.ravel()))

        writer.node("osg::MatrixTransform", fields)

    (mesh,) = read_osgb(file_of(moved)).meshes()
    assert mesh.placed()[3].tolist() == [500_001.25, 2_488_719.5, 7.0]


def group(*bodies: Body, number: int | None = None) -> Body:
    return lambda writer: writer.node("osg::Group", lambda w: w.children(*bodies), number)


def unknown(writer: OsgbWriter) -> None:
    writer.node("acme::Tree", lambda w: w.put("3d", 1, 2, 3))


def test_an_unknown_class_is_skipped_where_brackets_allow() -> None:
    tile = read_osgb(file_of(group(unknown, square())))
    assert len(tile.meshes()) == 1 and tile.unread == ("acme::Tree",)
    with pytest.raises(SceneRefused, match="acme::Tree") as refusal:
        read_osgb(file_of(group(unknown, square()), brackets=False))
    assert "acme::Tree" in refusal.value.message.zh_CN


def test_a_node_in_itself_is_left_out_and_too_deep_a_graph_refused() -> None:
    itself = lambda writer: writer.object("osg::Group", lambda w: None, 9)  # noqa: E731
    assert len(read_osgb(file_of(group(itself, square(), number=9))).meshes()) == 1
    deep = square()
    for _ in range(MAX_DEPTH):
        deep = group(deep)
    with pytest.raises(SceneRefused):
        read_osgb(file_of(deep))


def test_a_graph_whose_nodes_hang_in_many_places_is_bounded() -> None:
    """Twenty floors, each of which shows the one below twice: a million squares."""

    def floor(level: int) -> Body:
        def body(writer: OsgbWriter) -> None:
            below = square() if level == 0 else floor(level - 1)
            again = lambda w: w.object("osg::Group", lambda _: None, 1000 + level - 1)  # noqa: E731
            writer.node("osg::Group", lambda w: w.children(below, again), 1000 + level)

        return body

    with pytest.raises(SceneRefused):
        read_osgb(file_of(floor(20)))


def test_a_graph_that_costs_time_instead_of_memory_is_refused() -> None:
    """One Geode in eight thousand places, with thousands of sets of primitives that draw nothing."""

    def geode(writer: OsgbWriter) -> None:
        writer.node("osg::Geode", lambda w: w.children(empty), 77)

    def empty(writer: OsgbWriter) -> None:
        def fields(inner: OsgbWriter) -> None:
            inner.put("????", False, False, False, False)
            inner.put("???", True, True, False)
            inner.put("????", False, False, False, False)
            inner.put("I", 4000)
            for _ in range(4000):
                inner.put("2iI2i", 50, 4, 0, 0, 0)
            inner.put("?", True)
            inner.bracket(corners)
            inner.put("7?", *[False] * 7)

        writer.object("osg::Geometry", fields)

    def corners(writer: OsgbWriter) -> None:
        writer.put("?I2i", True, 5, 16, 1)
        writer.bracket(lambda w: w.put("3f", 0.0, 0.0, 0.0))
        writer.put("?2i", False, 4, 0)

    again = [lambda w: w.object("osg::Geode", lambda _: None, 77)] * 8000
    with pytest.raises(SceneRefused):
        read_osgb(file_of(group(geode, *again)))


@pytest.mark.parametrize("lie", [0xFFFFFFFF, 0x7FFFFFFF, 1 << 28])
def test_lengths_that_lie_take_no_memory(shared_data: Path, lie: int) -> None:
    data = bytearray(real(shared_data))
    start = data.index(struct.pack("<I", 0x6C910EA1)) + 24
    places = [data.index(b"osg::Geode", start) - 4, data.index(b"L20_") - 20, len(data) // 2]
    tracemalloc.start()
    for place in places:
        broken = bytes(data[:place]) + struct.pack("<I", lie) + bytes(data[place + 4 :])
        try:
            read_osgb(broken)
        except SceneRefused as error:
            assert error.message.zh_CN and error.message.en
    assert tracemalloc.get_traced_memory()[1] < 32 << 20
    tracemalloc.stop()


def test_a_zlib_bomb_stops_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.scene.osgb.document.MAX_FILE", 1 << 20)
    writer = OsgbWriter()
    header = bytes(writer.data[:20]) + struct.pack("<i", 4) + b"zlib"
    with pytest.raises(SceneRefused):
        read_osgb(header + zlib.compress(bytes(64 << 20)))


def test_numbers_beyond_the_vertices_are_refused_and_triangles_without_a_place_left_out() -> None:
    with pytest.raises(SceneRefused):
        read_osgb(file_of(square(4, (0, 1, 4))))
    data = file_of(square(4, (0, 1, 2, 1, 3, 2))).replace(
        struct.pack("<3f", 1.0, 1.0, 0.0), struct.pack("<3f", float("nan"), 1.0, 0.0)
    )
    (mesh,) = read_osgb(data).meshes()
    assert mesh.indices.tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"\xa1\x0e\x91\x6cEE\xfb\x1a", bytes(100)])
def test_what_is_no_osgb_is_refused(data: bytes) -> None:
    with pytest.raises(SceneRefused):
        read_osgb(data)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SceneRefused, match=r"none\.osgb"):
        read_osgb_file(tmp_path / "none.osgb")


@given(data=st.data())
def test_any_damage_gives_a_tile_or_a_refusal(shared_data: Path, data: st.DataObject) -> None:
    original = real(shared_data)
    near = st.integers(8, 1500) | st.integers(8, len(original) - 1)
    changed = bytearray(original)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(near)] = data.draw(st.integers(0, 255))
    cut = data.draw(st.just(len(changed)) | st.integers(0, len(changed)))
    try:
        read_osgb(bytes(changed[:cut]))
    except SceneRefused as error:
        assert error.message.zh_CN


@given(st.binary(max_size=400), st.sampled_from([80, 99, 112, 149, 161, 162]), st.booleans())
def test_any_bytes_behind_a_header_give_a_tile_or_a_refusal(
    data: bytes, version: int, brackets: bool
) -> None:
    header = bytes(OsgbWriter(version=version, brackets=brackets).data)
    for name in ("osg::Group", "osg::PagedLOD", "osg::Geometry", "osg::StateSet", "osg::Vec3Array"):
        root = struct.pack("<i", len(name)) + name.encode()
        try:
            read_osgb(header + root + data)
        except SceneRefused as error:
            assert error.message.zh_CN
