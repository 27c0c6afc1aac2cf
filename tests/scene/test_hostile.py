"""Tilesets and models that lie, are broken, or are random: one kind of error, little memory, no hang."""

from __future__ import annotations

import json
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.gltf import Image, decode_image, read_gltf
from console.scene.gltf.buffers import nothing_else
from console.scene.gltf.draco import announced, decode_draco_bytes
from console.scene.limits import Budget
from console.scene.refusal import SceneRefused
from console.scene.tiles import FolderSource, load, open_tileset, read_content
from console.scene.tiles.implicit import expand
from console.scene.tiles.paths import resolve
from console.scene.tiles.records import Document, ImplicitRoot, SubtreeRef
from console.scene.tiles.subtree import read_subtree
from console.scene.tiles.volumes import BOX as BOX_KIND
from tests.support.glb import TRIANGLE, Glb, triangle
from tests.support.tilesets import DAYANTA, SAMPLES, unfold

UP = np.identity(4)
BOX = {"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]}


def read_tile(data: bytes) -> Any:
    return read_content(memoryview(data), UP, nothing_else, Budget())


def tileset(folder: Path, root: dict[str, Any], name: str = "tileset.json", **more: Any) -> FolderSource:
    root = {"boundingVolume": BOX, "geometricError": 10, **root}
    record = {"asset": {"version": "1.1"}, "geometricError": 100, "root": root, **more}
    (folder / name).write_text(json.dumps(record))
    return FolderSource(folder)


SEEDS = [
    next(DAYANTA.glob("0/*/*.b3dm")).read_bytes()[:4000],
    (DAYANTA / "pnts/9_187_455_398.pnts").read_bytes(),
    (SAMPLES / "1.1/MultipleContents/planePoints.glb").read_bytes()[:6000],
    (SAMPLES / "1.0/TilesetWithTreeBillboards/tree.i3dm").read_bytes()[:3000],
    triangle().build(),
]
SUBTREE = (SAMPLES / "1.1/SparseImplicitOctree/subtrees/0.0.0.0.subtree").read_bytes()


def mangled(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Real files with some bytes changed and perhaps cut off."""
    changes = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=12)

    def mangle(seed: bytes, changed: list[tuple[int, int]], cut: float) -> bytes:
        data = bytearray(seed)
        for at, value in changed:
            data[at % len(data)] = value
        return bytes(data[: int(len(data) * cut)])

    cut = st.one_of(st.just(1.0), st.floats(0.1, 1.0))
    return st.builds(mangle, st.sampled_from(seeds), changes, cut)


@settings(max_examples=400)
@given(mangled(SEEDS))
def test_a_mangled_tile_is_read_or_refused(data: bytes):
    expect_refusal_or_result(lambda: read_tile(data))


@settings(max_examples=150)
@given(st.sampled_from([b"b3dm", b"i3dm", b"pnts", b"cmpt", b"glTF", b"{", b""]), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(magic: bytes, rest: bytes):
    expect_refusal_or_result(lambda: read_tile(magic + rest))


@settings(max_examples=200)
@given(mangled([SUBTREE]), st.sampled_from([2, 3]), st.integers(1, 4))
def test_a_mangled_subtree_is_read_or_refused(data: bytes, dimensions: int, levels: int):
    rule = ImplicitRoot(
        document=Document("tileset.json"),
        dimensions=dimensions,
        subtree_levels=levels,
        levels=9,
        subtrees="",
        contents=("a",),
        kind=BOX_KIND,
        numbers=np.ones(12),
        frame=UP,
        error=1.0,
        refine=0,
    )
    ref = SubtreeRef("", rule, 0, (0, 0, 0, 0))
    expect_refusal_or_result(lambda: expand(ref, read_subtree(data, rule, nothing_else)))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 1 << 40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["uri", "box", "index", "count"]), inner)
    ),
    max_leaves=8,
)
GLTF_KEYS = [
    *(
        "accessors",
        "bufferViews",
        "nodes",
        "meshes",
        "materials",
        "images",
        "textures",
        "scenes",
        "extensions",
    )
]


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(GLTF_KEYS), JSON, max_size=3), st.integers(0, 5))
def test_a_gltf_with_any_json_is_read_or_refused(changes: dict[str, Any], index: int):
    glb = triangle(material=index)
    glb.json |= changes
    expect_refusal_or_result(glb.build)
    expect_refusal_or_result(lambda: read_gltf(glb.build()))


TILE_KEYS = [
    "boundingVolume",
    "geometricError",
    "refine",
    "transform",
    "content",
    "contents",
    "children",
    "implicitTiling",
]


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(TILE_KEYS), JSON, max_size=4))
def test_a_tileset_with_any_json_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any]
):
    source = tileset(tmp_path_factory.mktemp("any"), changes)
    expect_refusal_or_result(lambda: unfold(source))


@settings(max_examples=100)
@given(
    st.binary(max_size=60),
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"\xabKTX 20\xbb\r\n\x1a\n", b"sB"]),
)
def test_any_picture_is_decoded_or_refused(rest: bytes, magic: bytes):
    expect_refusal_or_result(lambda: decode_image(Image(memoryview(magic + rest))))


def expect_refusal_or_result(read: Callable[[], Any]) -> None:
    try:
        read()
    except SceneRefused as error:
        assert error.message.zh_CN
        assert error.message.en


def test_lengths_that_lie_cost_no_memory():
    glb = Glb()
    at = glb.accessor(TRIANGLE)
    glb.json["accessors"][at] |= {"count": 1 << 39}
    empty = {"componentType": 5126, "count": 1 << 39, "type": "VEC4"}
    glb.json["accessors"].append(empty)
    glb.primitive({"POSITION": at})
    glb.primitive({"POSITION": 1})
    points = (
        struct.pack("<4s6I", b"pnts", 1, 100, 60, 0, 0, 0)
        + b'{"POINTS_LENGTH":2000000000,"POSITION":{"byteOffset":0}}    '
    )
    tracemalloc.start()
    assert len(read_gltf(glb.build()).unread) == 2
    with pytest.raises(SceneRefused):
        read_tile(points)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_a_draco_header_that_lies_costs_no_memory():
    """The decoder would take memory for as many points as the header says, before it reads one."""
    honest = DracoPy.encode(TRIANGLE, preserve_order=True)
    assert announced(honest) == [3]
    faces = DracoPy.encode(TRIANGLE, np.array([[0, 1, 2]], "u4"))
    assert sorted(announced(faces)) == [1, 3]
    lying = honest[:11] + struct.pack("<I", 0x300003E8) + honest[15:]
    with pytest.raises(SceneRefused):
        decode_draco_bytes(lying, Budget())


def test_a_huge_picture_is_not_decoded():
    png = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 100_000, 100_000, 8, 2, 0, 0, 0)
        + b"\0\0\0\0"
    )
    with pytest.raises(SceneRefused):
        decode_image(Image(memoryview(png)))


def test_a_cycle_of_nodes_is_refused():
    glb = triangle()
    glb.json["nodes"] = [{"children": [1]}, {"children": [0]}]
    with pytest.raises(SceneRefused):
        read_gltf(glb.build())


def test_tilesets_that_refer_to_one_another_end(tmp_path: Path):
    tileset(tmp_path, {"content": {"uri": "tileset.json"}}, "other.json")
    source = tileset(tmp_path, {"content": {"uri": "other.json"}})
    tree, contents, refusals = unfold(source)
    assert (len(tree), contents) == (2, {})
    assert "circle" in refusals[0]


def test_a_long_chain_of_tilesets_ends(tmp_path: Path):
    for number in range(60):
        tileset(tmp_path, {"content": {"uri": f"{number + 1}.json"}}, f"{number}.json")
    tree, _, refusals = unfold(tileset(tmp_path, {"content": {"uri": "0.json"}}))
    assert len(tree) < 40
    assert "deep" in refusals[0]


def test_a_tileset_nested_without_end_is_refused(tmp_path: Path):
    deep = '{"boundingVolume":{"sphere":[0,0,0,1]},"children":[' * 5000
    (tmp_path / "tileset.json").write_text('{"asset":{"version":"1.1"},"root":' + deep)
    with pytest.raises(SceneRefused):
        open_tileset(FolderSource(tmp_path))


@pytest.mark.parametrize(
    "uri",
    [
        "../secret",
        "a/../../secret",
        "/etc/passwd",
        "C:\\secret",
        "..\\secret",
        "%2e%2e/secret",
        "file:///etc/passwd",
    ],
)
def test_paths_do_not_lead_out(tmp_path: Path, uri: str):
    (tmp_path / "secret").write_bytes(triangle().build())
    (tmp_path / "set").mkdir()
    source = tileset(tmp_path / "set", {"content": {"uri": uri}})
    _, contents, refusals = unfold(source)
    assert contents == {}
    assert len(refusals) == 1


def test_links_do_not_lead_out(tmp_path: Path):
    (tmp_path / "secret.glb").write_bytes(triangle().build())
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "link.glb").symlink_to(tmp_path / "secret.glb")
    _, contents, _ = unfold(tileset(tmp_path / "set", {"content": {"uri": "link.glb"}}))
    assert contents == {}


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_leads_out(base: str, uri: str):
    try:
        path = resolve(base.replace("..", ""), uri)
    except SceneRefused:
        return
    assert ".." not in path.split("/")
    assert not path.startswith("/")


def test_a_model_of_a_tile_does_not_read_other_files(tmp_path: Path):
    glb = triangle()
    glb.json["images"] = [{"uri": "../secret.png"}]
    glb.json["textures"] = [{"source": 0}]
    glb.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    glb.json["meshes"][0]["primitives"][0]["material"] = 0
    (tmp_path / "tile.glb").write_bytes(glb.build())
    source = tileset(tmp_path, {"content": {"uri": "tile.glb"}})
    (content,) = unfold(source)[1][0]
    assert "leads out" in content.unread[0]


def test_a_subtree_that_is_full_to_the_brim_is_refused(tmp_path: Path):
    """Twelve levels, each tile available: one constant of a few bytes would be five million tiles."""
    full = {"constant": 1}
    record = {"tileAvailability": full, "childSubtreeAvailability": full, "contentAvailability": [full]}
    (tmp_path / "s.subtree").write_text(json.dumps(record))
    rule = {
        "subdivisionScheme": "QUADTREE",
        "subtreeLevels": 12,
        "availableLevels": 24,
        "subtrees": {"uri": "s.subtree"},
    }
    source = tileset(tmp_path, {"implicitTiling": rule, "content": {"uri": "c.glb"}})
    tree = open_tileset(source)
    with pytest.raises(SceneRefused):
        load(source, tree.requests(0)[0])
