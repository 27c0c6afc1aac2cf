"""Implicit tiles: volumes that halve, a hundred thousand of them, and what a subtree says of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console.scene.tiles import (
    Camera,
    FolderSource,
    Fragment,
    SubtreeRef,
    TileTree,
    load,
    open_tileset,
    select,
)
from tests.support.tilesets import excess, unfold

REGION = [2.0, 0.6, 2.001, 0.601, 0.0, 400.0]
FULL = {"constant": 1}


class Full:
    """A tileset whose every tile is there, without a file."""

    start = "tileset.json"

    def __init__(self, volume: dict[str, Any], scheme: str, levels: int, available: int, **more: Any) -> None:
        rule = {
            "subdivisionScheme": scheme,
            "subtreeLevels": levels,
            "availableLevels": available,
            "subtrees": {"uri": "s/{level}/{x}/{y}/{z}.subtree"},
        }
        content = {"uri": "{level}/{x}/{y}/{z}.glb"}
        root: dict[str, Any] = {
            "boundingVolume": volume,
            "geometricError": 500,
            "refine": "REPLACE",
            "content": content,
        }
        root |= {"content": content, "implicitTiling": rule}
        self.record: dict[str, Any] = {"asset": {"version": "1.1"}, "geometricError": 1000, "root": root}
        self.subtree = {
            "tileAvailability": FULL,
            "childSubtreeAvailability": FULL,
            "contentAvailability": [FULL],
            **more,
        }

    def resolve(self, base: str, uri: str) -> str:
        return uri

    def read(self, key: str) -> bytes:
        return json.dumps(self.subtree if key.endswith(".subtree") else self.record).encode()


def expand_all(source: Full) -> TileTree:
    tree = open_tileset(source)
    while len(pending := np.flatnonzero(tree.tiles["flags"])):
        for tile in pending.tolist():
            (ref,) = tree.requests(tile)
            assert isinstance(ref, SubtreeRef)
            fragment = load(source, ref)
            assert isinstance(fragment, Fragment)
            tree.attach(tile, fragment)
    return tree


VOLUMES = [{"box": [1, 2, 3, 8, 0, 0, 0, 8, 0, 0, 0, 4]}, {"region": REGION}]
SIGNS = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T


@pytest.mark.parametrize(("scheme", "split"), [("QUADTREE", 4), ("OCTREE", 8)])
@pytest.mark.parametrize("volume", VOLUMES, ids=["box", "region"])
def test_children_fill_their_parent(scheme: str, split: int, volume: dict[str, Any]):
    tree = expand_all(Full(volume, scheme, 2, 4))
    tiles = tree.tiles
    assert len(tree) == (split**4 - 1) // (split - 1)
    inner = np.flatnonzero(tiles["level"] < 3)
    assert (tiles["child_count"][inner] == split).all()
    for tile in inner[:30]:
        children = np.arange(split) + tiles["first_child"][tile]
        assert (tiles["parent"][children] == tile).all()
        assert (tiles["error"][children] == tiles["error"][tile] / 2).all()
        assert (tiles["x"][children] // 2 == tiles["x"][tile]).all()
        corners = tiles["center"][children, None] + SIGNS @ tiles["axes"][children]
        allowed = 1e-9 if "box" in volume else 20.0  # boxes round regions lap over
        assert excess(tree, int(tile), corners.reshape(-1, 3)) < allowed


def test_contents_are_named_by_their_place():
    tree = expand_all(Full({"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]}, "OCTREE", 3, 3))
    row = tree.tiles[len(tree) - 1]
    (ref,) = tree.requests(len(tree) - 1)
    assert ref.uri == f"{row['level']}/{row['x']}/{row['y']}/{row['z']}.glb" == "2/3/3/3.glb"


def test_a_view_of_a_hundred_thousand_tiles_reads_few_subtrees():
    """Nine levels of a quadtree are 87,381 tiles; what is not looked at is never heard of."""
    source = Full({"region": REGION}, "QUADTREE", 3, 9)
    tree = open_tileset(source)
    center = tree.tiles["center"][0]
    up = center / np.linalg.norm(center)
    camera = Camera(center + up * 300, -up, np.array([0.0, 0.0, 1.0]), 0.6, 1920, 1080)
    for _ in range(10):
        selection = select(tree, camera)
        for tile in selection.expand.tolist():
            (ref,) = tree.requests(tile)
            fragment = load(source, ref)
            assert isinstance(fragment, Fragment)
            tree.attach(tile, fragment)
    assert not len(select(tree, camera).expand)
    assert 100 < len(tree) < 20_000
    assert len(select(tree, camera).draw) > 10


def test_the_whole_of_a_hundred_thousand_tiles_is_selected():
    tree = expand_all(Full({"region": REGION}, "QUADTREE", 5, 9))
    assert len(tree) == 87_381
    center = tree.tiles["center"][0]
    up = center / np.linalg.norm(center)
    camera = Camera(center + up * 20_000, -up, np.array([0.0, 0.0, 1.0]), 1.2, 1920, 1080)
    drawn = select(tree, camera, 1e-3).draw
    assert len(drawn) == 4**8


def test_attributes_of_tiles_in_a_subtree(tmp_path: Path):
    height = {"type": "SCALAR", "componentType": "UINT8", "scale": 2}
    (tmp_path / "h.bin").write_bytes(bytes([10, 20, 30, 0, 0, 0, 0, 0]))
    subtree = {
        "tileAvailability": {"bitstream": 0},
        "childSubtreeAvailability": {"constant": 0},
        "contentAvailability": [{"constant": 0}],
        "buffers": [{"uri": "bits.bin", "byteLength": 8}, {"uri": "h.bin", "byteLength": 8}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 1},
            {"buffer": 1, "byteOffset": 0, "byteLength": 3},
        ],
        "propertyTables": [{"class": "tile", "count": 3, "properties": {"height": {"values": 1}}}],
        "tileMetadata": 0,
    }
    (tmp_path / "bits.bin").write_bytes(bytes([0b10101, 0, 0, 0, 0, 0, 0, 0]))
    (tmp_path / "0.subtree").write_text(json.dumps(subtree))
    source = Full({"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]}, "QUADTREE", 2, 2)
    source.record["schema"] = {"classes": {"tile": {"properties": {"height": height}}}}
    source.record["root"]["implicitTiling"]["subtrees"]["uri"] = "0.subtree"
    (tmp_path / "tileset.json").write_text(json.dumps(source.record))
    tree, _, refusals = unfold(FolderSource(tmp_path))
    assert refusals == []
    assert [tree.attributes[tile]["height"] for tile in range(3)] == [20, 40, 60]
    assert tree.tiles["x"].tolist() == [0, 1, 1]
    assert tree.tiles["y"].tolist() == [0, 0, 1]
