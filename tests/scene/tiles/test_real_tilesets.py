"""Real tilesets: every file is read, stands where its tile says, and agrees with an independent reader."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import trimesh

from console.scene.gltf import Mode, decode_image, read_gltf
from console.scene.tiles import FolderSource
from tests.support.tilesets import DAYANTA, SAMPLES, excess, folder_of, unfold, vertices

TRIANGLES = {
    "1.0/TilesetWithDiscreteLOD": (3, 17_094),
    "1.0/TilesetWithRequestVolume": (9, 66_574),
    "1.0/TilesetWithTreeBillboards": (2, 51_950),
    "1.1/MetadataGranularities": (5, 10_868),
    "1.1/MultipleContents": (1, 2_048),
    "1.1/SparseImplicitOctree": (58, 372),
    "1.1/SparseImplicitQuadtree": (63, 64),
    "1.1/TilesetWithFullMetadata": (1, 0),
}
"""Tiles and triangles of all contents."""
FAR_OUT = {"1.0/TilesetWithDiscreteLOD": 2.3, "1.0/TilesetWithTreeBillboards": 2.8}
"""Metres by which a sample's own vertices leave its own volumes."""


def test_the_pagoda_is_read_whole():
    tree, contents, refusals = unfold(FolderSource(DAYANTA))
    assert refusals == []
    assert len(tree) == 179
    assert sum(len(found) for found in contents.values()) == 115
    assert sum(content.triangles for found in contents.values() for content in found) == 106_617
    assert all(content.unread == () for found in contents.values() for content in found)
    points = [
        len(content.parts[0].model.primitives[0].positions)
        for found in contents.values()
        for content in found
        if content.parts[0].model.primitives[0].mode == Mode.POINTS
    ]
    assert len(points) == 18
    headers = [path.read_bytes()[28:60] for path in DAYANTA.rglob("*.pnts")]
    assert sum(points) == sum(int(re.search(rb'"POINTS_LENGTH":(\d+)', head)[1]) for head in headers)  # type: ignore[index]


def test_each_vertex_of_the_pagoda_is_within_its_tile():
    """Through chains of further tilesets, each with transforms of its own: nothing is off by a millimetre."""
    tree, contents, _ = unfold(FolderSource(DAYANTA / "tileset.json"))
    meshes = {tile: found for tile, found in contents.items() if found[0].triangles}
    assert len(meshes) == 97
    for tile, (content,) in meshes.items():
        assert excess(tree, tile, vertices(tree, tile, content)) < 1e-3


def test_its_pictures_are_decoded():
    _, contents, _ = unfold(FolderSource(DAYANTA))
    for found in contents.values():
        for image in (image for part in found[0].parts for image in part.model.images):
            pixels = decode_image(image)
            assert pixels.dtype == np.uint8
            assert pixels.shape[2] == 3
            assert min(pixels.shape[:2]) >= 16


@pytest.mark.parametrize("name", TRIANGLES)
def test_a_sample_is_read_whole(name: str):
    tree, contents, refusals = unfold(FolderSource(SAMPLES / name))
    missing = ["“dragon_high.b3dm” is not there"] if name.endswith("DiscreteLOD") else []
    assert refusals == missing
    found = [(tile, content) for tile, listed in contents.items() for content in listed]
    assert all(content.unread == () for _, content in found)
    assert (len(tree), sum(content.triangles for _, content in found)) == TRIANGLES[name]
    for tile, content in found:
        assert excess(tree, tile, vertices(tree, tile, content)) < FAR_OUT.get(name, 0.1)


@pytest.mark.parametrize(
    "path", folder_of(SAMPLES / "1.1/BoundingBoxTests"), ids=lambda path: path.parent.name
)
def test_a_box_of_the_samples_is_filled_by_its_content(path: Path):
    """The folder's name gives the corners, in the tile's axes, z up."""
    tree, contents, _ = unfold(FolderSource(path))
    low, high = (np.array([float(n) for n in part.split("_")]) for part in path.parent.name.split("-"))
    points = vertices(tree, 0, contents[0][0])
    assert points.min(axis=0) == pytest.approx(low)
    assert points.max(axis=0) == pytest.approx(high)
    row = tree.tiles[0]
    reach = np.abs(row["axes"]).sum(axis=0)
    assert row["center"] - reach == pytest.approx(low)
    assert row["center"] + reach == pytest.approx(high)


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.glb")), ids=lambda path: path.name)
def test_a_model_agrees_with_an_independent_reader(path: Path):
    model = read_gltf(path.read_bytes())
    theirs = trimesh.load(path, process=False)
    ours = [(draw.transforms[0], model.primitives[draw.primitive]) for draw in model.draws]
    points = np.concatenate(
        [primitive.positions @ matrix[:3, :3].T + matrix[:3, 3] for matrix, primitive in ours]
    )
    assert np.array([points.min(axis=0), points.max(axis=0)]) == pytest.approx(theirs.bounds, abs=1e-5)
    meshes = [mesh for mesh in theirs.geometry.values() if isinstance(mesh, trimesh.Trimesh)]
    assert model.triangles == sum(len(mesh.faces) for mesh in meshes)
