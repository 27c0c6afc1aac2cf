"""OSGB files as OpenSceneGraph itself reads them: the real ones, and those of other versions made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import simplejpeg

from console.scene.osgb import Mesh, RangeMode, Tile, read_osgb_file
from tests.support.osg import as_text, osgconv

VERSIONS = (80, 91, 94, 95, 96, 97, 98, 99, 111, 112, 141, 142, 145, 147, 148, 149, 151, 154, 155, 156, 161)
"""Each side of every change of the format between 80 and 161."""
TILES = ("Tile_+000_+012", "Tile_+000_+013", "Tile_+000_+014")


@pytest.fixture(scope="session")
def estate(shared_data: Path) -> Path:
    """A real delivery: three tiles, L14 to L19."""
    return shared_data / "osgb_estate"


@pytest.fixture
def coarsest(estate: Path) -> Path:
    return estate / "Data" / TILES[0] / f"{TILES[0]}.osgb"


def assert_same(ours: Tile, theirs: Tile) -> None:
    assert len(ours.meshes()) == len(theirs.meshes()) > 0
    for mine, other in zip(ours.meshes(), theirs.meshes(), strict=True):
        np.testing.assert_array_equal(mine.positions, other.positions)
        np.testing.assert_array_equal(mine.indices, other.indices)
        assert mine.uv is not None and other.uv is not None
        np.testing.assert_array_equal(mine.uv, other.uv)


def pixels_of(mesh: Mesh) -> np.ndarray:
    assert mesh.texture
    if mesh.texture.pixels is not None:
        return mesh.texture.pixels
    assert mesh.texture.data
    return simplejpeg.decode_jpeg(mesh.texture.data)


@pytest.mark.parametrize("tile", TILES)
def test_every_real_file_has_the_triangles_that_openscenegraph_reads(
    estate: Path, tile: str, tmp_path: Path
) -> None:
    for path in sorted((estate / "Data" / tile).glob("*.osgb")):
        meshes, oracle = read_osgb_file(path).meshes(), as_text(path, tmp_path)
        theirs = zip(
            oracle.arrays("VertexArray", 3),
            oracle.indices(),
            oracle.arrays("TexCoordArrayList", 2),
            strict=True,
        )
        for mesh, (vertices, indices, uv) in zip(meshes, theirs, strict=True):
            np.testing.assert_array_equal(mesh.positions, vertices.astype(np.float32))
            np.testing.assert_array_equal(mesh.indices.ravel(), indices)
            assert mesh.uv is not None
            np.testing.assert_array_equal(mesh.uv, uv.astype(np.float32))
            assert mesh.texture and mesh.texture.data and mesh.texture.data[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("version", "options"),
    [
        *((version, "") for version in VERSIONS),
        *((version, "Compressor=zlib") for version in (80, 111, 112, 161)),
        *((version, "RobustBinaryFormat=false") for version in (99, 112, 154, 161)),
        *((version, "SchemaData=true") for version in (80, 112, 161)),
    ],
)
def test_every_version_says_the_same(coarsest: Path, tmp_path: Path, version: int, options: str) -> None:
    other = osgconv(coarsest, tmp_path / "other.osgb", f"TargetFileVersion={version} {options}")
    tile = read_osgb_file(other)
    assert tile.version == version and not tile.unread
    assert_same(tile, read_osgb_file(coarsest))
    assert tile.pieces[0].levels[1] == read_osgb_file(coarsest).pieces[0].levels[1]


def test_pixels_that_lie_in_the_file_stand_the_right_way_up(coarsest: Path, tmp_path: Path) -> None:
    raw = osgconv(coarsest, tmp_path / "raw.osgb", "WriteImageHint=IncludeData")
    (mesh,), (encoded,) = read_osgb_file(raw).meshes(), read_osgb_file(coarsest).meshes()
    assert mesh.texture and mesh.texture.pixels is not None
    difference = pixels_of(mesh).astype(int) - pixels_of(encoded)
    assert np.abs(difference).mean() < 2.0


def test_a_pyramid_says_from_which_size_which_file_replaces_it(coarsest: Path) -> None:
    (piece,) = read_osgb_file(coarsest).pieces
    assert piece.mode is RangeMode.PIXELS
    assert piece.radius == pytest.approx(74.8666, abs=1e-4)
    coarse, fine = piece.levels
    assert coarse.start == 0.0 and coarse.meshes and not coarse.files
    assert fine.start == pytest.approx(37.4333, abs=1e-4)
    assert fine.files == (f"{TILES[0]}_L15_0u.osgb",) and not fine.meshes


def test_a_file_with_many_pyramids_gives_each(estate: Path) -> None:
    tile = read_osgb_file(estate / "Data" / TILES[1] / f"{TILES[1]}_L18_0uuuu.osgb")
    assert len(tile.pieces) == 8
    assert tile.files() == tuple(f"{TILES[1]}_L19_0uuuu{n}.osgb" for n in range(8))
