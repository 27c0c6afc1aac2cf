"""tileset.json: what tiles inherit, older spellings, further tilesets, and metadata at every level."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console.scene.gltf import read_gltf
from console.scene.metadata import read_schema, typed_entity
from console.scene.tiles import ContentRef, FolderSource, TileTree, open_tileset
from console.scene.tiles.tree import ADD, EXTERNAL, REPLACE
from tests.support.glb import TRIANGLE, Glb, triangle
from tests.support.tilesets import DAYANTA, SAMPLES, unfold, vertices

SPHERE = {"sphere": [0, 0, 0, 2]}


def tileset(folder: Path, root: dict[str, Any], name: str = "tileset.json", **more: Any) -> FolderSource:
    record = {"asset": {"version": "1.0"}, "root": {"boundingVolume": SPHERE} | root, **more}
    (folder / name).write_text(json.dumps(record))
    (folder / "a.glb").write_bytes(triangle().build())
    return FolderSource(folder / name)


def test_errors_and_refinement_are_inherited_and_scaled(tmp_path: Path):
    bare = {"boundingVolume": SPHERE}
    twice = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 5, 0, 0, 1]
    children = [bare, bare | {"refine": "REPLACE", "geometricError": 3, "transform": twice}]
    source = tileset(
        tmp_path, {"refine": "add", "geometricError": 7, "children": children}, geometricError=50
    )
    tree = open_tileset(source)
    assert tree.error == 50
    assert tree.tiles["error"].tolist() == [7, 7, 6]
    assert tree.tiles["refine"].tolist() == [ADD, ADD, REPLACE]
    assert tree.tiles["radius"].tolist() == [2, 2, 4]
    assert tree.tiles["center"][2].tolist() == [5, 0, 0]
    assert tree.transform(2)[:3, 3].tolist() == [5, 0, 0]


def test_a_tileset_without_any_error_is_always_drawn(tmp_path: Path):
    assert open_tileset(tileset(tmp_path, {"content": {"url": "a.glb"}})).error == np.inf
    assert open_tileset(FolderSource(DAYANTA)).error == np.inf


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        ("Y", [[0, 0, 0], [1, 0, 0], [0, 0, 1]]),
        ("Z", TRIANGLE.tolist()),
        ("X", [[0, 0, 0], [0, 0, 1], [0, 1, 0]]),
    ],
)
def test_the_axis_that_is_up(tmp_path: Path, axis: str, expected: list[list[float]]):
    source = tileset(tmp_path, {"content": {"url": "a.glb"}}, asset={"version": "1.0", "gltfUpAxis": axis})
    tree, contents, _ = unfold(source)
    assert vertices(tree, 0, contents[0][0]) == pytest.approx(np.array(expected))


def test_several_further_tilesets_in_one_tile(tmp_path: Path):
    """Each gets a tile of its own, so that each is attached when it has come."""
    tileset(tmp_path, {"content": {"uri": "a.glb"}}, "one.json")
    tileset(tmp_path, {"children": [{"boundingVolume": SPHERE, "content": {"uri": "a.glb"}}]}, "two.json")
    contents = [{"uri": "a.glb"}, {"uri": "one.json"}, {"uri": "two.json?v=1"}]
    tree, found, refusals = unfold(tileset(tmp_path, {"contents": contents, "geometricError": 5}))
    assert refusals == []
    assert len(tree) == 6
    assert tree.tiles["flags"].tolist().count(EXTERNAL) == 2
    assert sum(len(listed) for listed in found.values()) == 3
    assert depths(tree) == [0, 1, 1, 2, 2, 3]


def depths(tree: TileTree) -> list[int]:
    return sorted(tree.tiles["depth"].tolist())


def test_the_extensions_that_became_1_1(tmp_path: Path):
    contents = {"3DTILES_multiple_contents": {"content": [{"uri": "a.glb"}, {"uri": "a.glb"}]}}
    source = tileset(tmp_path, {"extensions": contents}, extensionsRequired=list(contents))
    tree, found, _ = unfold(source)
    assert len(found[0]) == 2
    rule: dict[str, Any] = {"subdivisionScheme": "QUADTREE", "subtreeLevels": 2, "maximumLevel": 1}
    rule["subtrees"] = {"uri": "s.subtree"}
    root = {"boundingVolume": {"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]}, "content": {"uri": "a.glb"}}
    (tmp_path / "s.subtree").write_text(
        json.dumps(
            {
                "tileAvailability": {"constant": 1},
                "contentAvailability": {"constant": 1},
                "childSubtreeAvailability": {"constant": 0},
            }
        )
    )
    tree, found, _ = unfold(tileset(tmp_path, root | {"extensions": {"3DTILES_implicit_tiling": rule}}))
    assert (len(tree), len(found)) == (5, 5)


def test_metadata_at_every_level_of_the_samples():
    tree, _, _ = unfold(FolderSource(SAMPLES / "1.1/MetadataGranularities"))
    record = json.loads((SAMPLES / "1.1/MetadataGranularities/tileset.json").read_text())
    assert [tree.attributes[tile]["district"] for tile in (1, 2)] == ["Callowhill", "Museum District"]
    assert tree.attributes[1]["population"] == 12
    house = tree.contents[0]
    assert isinstance(house, ContentRef)
    assert house.attributes is not None
    assert house.attributes["vertices"] == 1032
    assert house.group is not None
    assert house.group["priority"] == record["groups"][0]["properties"]["priority"]
    assert house.document.attributes is not None
    assert set(house.document.attributes) >= set(record["metadata"]["properties"])


def test_each_type_of_metadata_is_known():
    record = json.loads((SAMPLES / "1.1/TilesetWithFullMetadata/tileset.json").read_text())
    schema = read_schema(json.dumps(record["schema"]).encode())
    given = record["metadata"]["properties"]
    typed = typed_entity(schema, record["metadata"]["class"], given)
    properties = schema.classes["exampleClass"].properties
    assert set(typed) == set(given)
    for name, value in given.items():
        described = properties[name]
        assert described.type in ("STRING", "BOOLEAN", "ENUM") or schema.dtype(described) is not None
        if not described.normalized and described.offset is None and described.scale is None:
            assert typed[name] == value
    lowest = given["example_normalized_INT8_SCALAR"]
    assert typed["example_normalized_INT8_SCALAR"] == pytest.approx(max(lowest / 127, -1.0))


def test_missing_values_take_their_default():
    properties = {
        "floors": {"type": "SCALAR", "componentType": "INT16", "noData": -1, "default": 6},
        "height": {"type": "SCALAR", "componentType": "UINT8", "scale": 0.5, "offset": 10},
        "name": {"type": "STRING", "noData": "?"},
    }
    schema = read_schema(json.dumps({"classes": {"building": {"properties": properties}}}).encode())
    given = {"floors": -1, "height": 4, "name": "?"}
    assert typed_entity(schema, "building", given) == {"floors": 6, "height": 12}


def test_property_tables_of_a_model():
    """Numbers, strings, enumerations, truths and lists of each, in buffers of a glb."""
    glb = Glb()
    glb.primitive({"POSITION": glb.accessor(TRIANGLE)})
    text = "塔寺塔院".encode()
    views = {
        "year": glb.view(np.array([652, 704], "<i2").tobytes()),
        "name": glb.view(text),
        "name_at": glb.view(np.array([0, 6, 12], "<u4").tobytes()),
        "kind": glb.view(np.array([2, 1], "<u1").tobytes()),
        "open": glb.view(bytes([0b10])),
        "spot": glb.view(np.arange(6, dtype="<f4").tobytes()),
        "tags": glb.view(b"abcd"),
        "tag_at": glb.view(np.array([0, 1, 2, 4], "<u1").tobytes()),
        "tags_at": glb.view(np.array([0, 2, 3], "<u1").tobytes()),
    }
    properties = {
        "year": {"type": "SCALAR", "componentType": "INT16"},
        "name": {"type": "STRING"},
        "kind": {"type": "ENUM", "enumType": "kinds"},
        "open": {"type": "BOOLEAN"},
        "spot": {"type": "VEC3", "componentType": "FLOAT32", "offset": [100, 0, 0]},
        "tags": {"type": "STRING", "array": True},
        "lost": {"type": "SCALAR", "componentType": "FLOAT64"},
    }
    kinds = {"valueType": "UINT8", "values": [{"name": "tower", "value": 1}, {"name": "hall", "value": 2}]}
    stored = {name: {"values": views[name]} for name in ("year", "name", "kind", "open", "spot", "tags")}
    stored["name"]["stringOffsets"] = views["name_at"]
    stored["tags"] |= {"arrayOffsets": views["tags_at"], "stringOffsets": views["tag_at"]}
    stored["tags"] |= {"arrayOffsetType": "UINT8", "stringOffsetType": "UINT8"}  # type: ignore[dict-item]
    stored["lost"] = {"values": views["open"]}
    glb.json["extensions"] = {
        "EXT_structural_metadata": {
            "schema": {"classes": {"building": {"properties": properties}}, "enums": {"kinds": kinds}},
            "propertyTables": [{"class": "building", "count": 2, "properties": stored}],
        }
    }
    (table,) = read_gltf(glb.build()).tables
    assert table.row(0) == {
        "year": 652,
        "name": "塔寺",
        "kind": "hall",
        "open": False,
        "spot": [100, 1, 2],
        "tags": ["a", "b"],
    }
    assert table.row(1) == {
        "year": 704,
        "name": "塔院",
        "kind": "tower",
        "open": True,
        "spot": [103, 4, 5],
        "tags": ["cd"],
    }
