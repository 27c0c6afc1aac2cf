"""Rays hit what an independent library says they hit."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from console.scene.ground.heights import Flat
from console.scene.opening import open_source
from console.scene.refusal import SceneRefused
from console.scene.sight.gather import frame_of, gather_tileset
from console.scene.sight.ground import add_ground
from console.scene.sight.mesh import MeshBuilder, Room, TooFine, open_mesh
from console.scene.sight.rays import Rays
from console.scene.sight.soup import merged, parted, soup_of
from tests.scene.sight.worlds import FRAME, plain, walled
from tests.support.tilesets import DAYANTA, SAMPLES


def hill() -> trimesh.Trimesh:
    return trimesh.creation.icosphere(subdivisions=3, radius=40.0)


def nearest(shape: trimesh.Trimesh, origin: np.ndarray, way: np.ndarray) -> float:
    """Metres to the first triangle, in double, each triangle asked by itself."""
    facing = np.abs(shape.face_normals @ way) > 1e-12
    corners, normals = shape.triangles[facing], shape.face_normals[facing]
    away = ((corners[:, 0] - origin) * normals).sum(axis=1) / (normals @ way)
    inside = trimesh.triangles.points_to_barycentric(corners, origin + away[:, None] * way)
    return min(away[(inside > -1e-9).all(axis=1) & (away > 0)], default=np.inf)


def test_first_hits_are_those_of_trimesh():
    shape = hill()
    rays = Rays(FRAME, [soup_of(np.asarray(shape.vertices), np.asarray(shape.faces))])
    rng = np.random.default_rng(5)
    origins = rng.uniform(-80, 80, (400, 3))
    ways = rng.normal(size=(400, 3))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    found = rays.distances(origins, ways)
    expected = np.array([nearest(shape, *ray) for ray in zip(origins, ways, strict=True)])
    assert np.isfinite(expected).sum() > 50
    np.testing.assert_allclose(found, expected, atol=2e-3)
    within = rays.distances(origins, ways, 30.0)
    np.testing.assert_allclose(within, np.where(expected < 30.0, expected, np.inf), atol=2e-3)


def test_the_surface_is_found_along_the_true_vertical_far_from_the_origin():
    builder = MeshBuilder(FRAME)
    west, south, _ = FRAME.geographic(np.array([-12_100.0, -50.0, 0.0])).tolist()
    east, north, _ = FRAME.geographic(np.array([-12_000.0, 50.0, 0.0])).tolist()
    add_ground(builder, Flat(33.0), (west, south, east, north), 10.0)
    rays = builder.build().rays()
    lon, lat = np.meshgrid(np.linspace(west, east, 20), np.linspace(south, north, 20))
    np.testing.assert_allclose(rays.heights(lon, lat), 33.0, atol=0.005)
    assert np.isnan(rays.heights(east + 0.01, north))


def test_a_soup_that_is_parted_stays_whole():
    shape = hill()
    soup = soup_of(np.asarray(shape.vertices), np.asarray(shape.faces))
    parts = parted(soup, 16.0)
    assert len(parts) > 9
    corners = [
        np.sort(each.corners().reshape(-1, 9), axis=0) for each in (soup, merged(list(parts.values())))
    ]
    np.testing.assert_array_equal(*corners)


def test_what_lies_off_in_space_is_left_out():
    near = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    points = np.array([*near, [np.nan, 0, 0], [1e30, 0, 0], [np.inf, 0, 0], [1e300, 0, 0]])
    soup = soup_of(points, np.array([[0, 1, 2], [0, 1, 3], [0, 1, 4], [0, 1, 5], [0, 1, 6], [0, 1, 1]]))
    assert len(soup.triangles) == 1
    assert soup.is_sound()


def test_the_pagoda_is_gathered_to_its_leaves_whatever_is_shown():
    builder = MeshBuilder(frame_of(open_source(DAYANTA)[0]))
    found = gather_tileset(open_source(DAYANTA), builder, 0.0, lambda *_: None, lambda: False)
    assert found.unread == []
    rays = builder.build().rays()
    around = np.array([[0.0, 0.0], [4e-4, 3e-4], [-5e-4, 1e-4]])
    heights = rays.heights(builder.frame.lon + around[:, 0], builder.frame.lat + around[:, 1])
    assert np.isfinite(heights).all()
    coarse = MeshBuilder(builder.frame)
    gather_tileset(open_source(DAYANTA), coarse, 5.0, lambda *_: None, lambda: False)
    assert 0 < coarse.triangles < builder.triangles
    with pytest.raises(TooFine):
        gather_tileset(
            open_source(DAYANTA), MeshBuilder(builder.frame, Room(1000)), 0.0, lambda *_: None, lambda: False
        )


def test_what_is_not_there_is_stood_in_for_by_what_is_above_it():
    opened = open_source(SAMPLES / "1.0/TilesetWithDiscreteLOD")
    builder = MeshBuilder(frame_of(opened[0]))
    found = gather_tileset(opened, builder, 0.0, lambda *_: None, lambda: False)
    assert len(found.unread) == 1 and "dragon_high" in found.unread[0]
    assert builder.triangles > 0


def test_a_mesh_comes_back_from_its_file_and_a_damaged_one_is_refused(tmp_path):
    mesh = walled(plain(100.0), (10, -50, 12, 50, 8))
    kept = mesh.save(tmp_path / "mesh.npz")
    again = open_mesh(tmp_path / "mesh.npz")
    assert again.version == kept.version == mesh.version
    assert again.source == "plain"
    assert again.rays().triangles == mesh.triangles
    data = bytearray((tmp_path / "mesh.npz").read_bytes())
    for at in (len(data) // 3, len(data) - 30):
        broken = data.copy()
        broken[at : at + 8] = b"\xff" * 8
        (tmp_path / "broken.npz").write_bytes(broken)
        with pytest.raises(SceneRefused):
            open_mesh(tmp_path / "broken.npz").rays()
    (tmp_path / "cut.npz").write_bytes(data[: len(data) // 2])
    with pytest.raises(SceneRefused):
        open_mesh(tmp_path / "cut.npz")
