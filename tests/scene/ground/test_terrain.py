"""The ground of tiles: on the ellipsoid, without gaps, as true as can be seen."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from console.scene.ellipsoid import to_geodetic
from console.scene.ground.heights import Flat
from console.scene.ground.terrain import CELLS, ground_tile
from console.scene.stream.drawable import Batch, Surface

PLAIN = Surface()
SHENZHEN = (428_000, 228_700)
"""Column and row at level 19."""


class Hills:
    """Waves of some hundred metres' length and 40 m of height."""

    def at(self, lon, lat, step=0.0):
        return 40.0 * np.sin(np.asarray(lon) * 2000) * np.cos(np.asarray(lat) * 1500)


def tile(ground, z: int, right: int = 0, down: int = 0) -> Batch:
    x, y = (at >> (19 - z) for at in SHENZHEN)
    return ground_tile(ground, z, x + right, y + down, PLAIN)


def side_of(batch: Batch) -> int:
    """Vertices along the side of its net: those after are the skirt's."""
    return next(n for n in (3, 5, 9, 17) if n * n + 4 * (n - 1) == len(batch.positions))


def world(batch: Batch) -> np.ndarray:
    """(n, n, 3) Earth-centred, rows from the north."""
    side = side_of(batch)
    net = batch.positions[: side * side].astype(np.float64)
    return (net @ batch.matrix[:3, :3].T + batch.matrix[:3, 3]).reshape(side, side, 3)


def off(batch: Batch, ground) -> float:
    """Metres by which the middles of its edges and triangles lie beside the ground."""
    side = side_of(batch)
    corners = world(batch).reshape(-1, 3)[batch.indices.reshape(-1, 3)[: 2 * (side - 1) ** 2]]
    middles = np.concatenate(
        [(corners + np.roll(corners, 1, axis=1)).reshape(-1, 3) / 2, corners.mean(axis=1)]
    )
    place = to_geodetic(middles)
    return float(abs(place[:, 2] - ground.at(np.degrees(place[:, 0]), np.degrees(place[:, 1]))).max())


@pytest.mark.parametrize("z", [3, 10, 16, 19])
def test_flat_ground_lies_on_the_ellipsoid(z: int):
    batch = tile(Flat(12.0), z)
    place = to_geodetic(world(batch).reshape(-1, 3))
    assert abs(place[:, 2] - 12.0).max() < (0.3 if z == 3 else 0.01)
    lon, lat = np.degrees(place[:, 0]), np.degrees(place[:, 1])
    x, y = (at >> (19 - z) for at in SHENZHEN)
    assert (lon.min(), lon.max()) == pytest.approx(
        (x / 2**z * 360 - 180, (x + 1) / 2**z * 360 - 180), abs=1e-5
    )
    edges = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * np.array([y + 1, y]) / 2**z))))
    assert (lat.min(), lat.max()) == pytest.approx(tuple(edges), abs=1e-5)


@pytest.mark.parametrize("z", [3, 8, 12, 15, 17])
def test_the_net_is_only_as_fine_as_the_ground_is_rough(z: int):
    """A sixteenth of a pixel of the picture may be missing, or a centimetre."""
    flat, rough = tile(Flat(), z), tile(Hills(), z)
    width = float(np.linalg.norm(world(flat)[0, 0] - world(flat)[0, -1]))
    assert off(flat, Flat()) <= max(0.011, width / 4096) or side_of(flat) == CELLS + 1
    assert flat.triangles < 40 or z < 9
    assert side_of(rough) == CELLS + 1


@pytest.mark.parametrize(("ground", "z"), [(Hills(), 10), (Hills(), 14), (Hills(), 17), (Flat(30.0), 17)])
def test_neighbours_meet_to_a_centimetre(ground, z: int):
    here, east, south = (world(tile(ground, z, *by)) for by in ((0, 0), (1, 0), (0, 1)))
    assert abs(here[:, -1] - east[:, 0]).max() < 0.01
    assert abs(here[-1] - south[0]).max() < 0.01


def test_neighbours_are_lit_alike_at_their_edge():
    here, east = (tile(Hills(), 16, right) for right in (0, 1))
    net = (CELLS + 1) ** 2
    sides = [
        (batch.normals[:net].reshape(CELLS + 1, -1, 3) @ batch.matrix[:3, :3].T)[:, at]
        for batch, at in ((here, -1), (east, 0))
    ]
    assert abs(sides[0] - sides[1]).max() < 1e-3


def test_hills_are_followed_four_times_as_truly_by_each_level():
    errors = [off(tile(Hills(), z), Hills()) for z in (16, 17, 18)]
    assert errors[0] > 3 * errors[1] > 9 * errors[2]


@pytest.mark.parametrize("ground", [Hills(), Flat()])
def test_faces_look_up_and_skirts_close_the_rim_and_hang_below(ground):
    batch = tile(ground, 16)
    cells, triangles = side_of(batch) - 1, batch.indices.reshape(-1, 3).astype(np.int64)
    net, vertices = 2 * cells * cells, (cells + 1) ** 2
    points = batch.positions.astype(np.float64)
    a, b, c = (points[triangles[:, corner]] for corner in range(3))
    faces = np.cross(b - a, c - a)
    assert (faces[:net, 2] > 0).all()
    assert (np.einsum("ij,ij->i", batch.normals[triangles[:net, 0]], faces[:net]) > 0).all()
    middle = (a + b + c)[net:] / 3
    assert (np.einsum("ij,ij->i", faces[net:, :2], middle[:, :2]) > 0).all()
    edges = Counter((int(p), int(q)) for t in triangles for p, q in zip(t, np.roll(t, -1), strict=True))
    rim = [(p, q) for (p, q), count in edges.items() if edges[q, p] != count]
    assert len(rim) == 4 * cells
    assert min(min(edge) for edge in rim) >= vertices
    assert points[vertices:, 2].min() < points[:vertices, 2].min() - 2 * off(batch, ground)


def test_slopes_away_from_the_north_west_are_darker_and_level_ground_is_not():
    assert tile(Flat(50.0), 16).colors is None
    assert ground_tile(Hills(), 16, 53_528, 28_590, Surface(lit=True)).colors is None
    batch = tile(Hills(), 16)
    away = batch.normals @ np.array([0.5**0.5, -(0.5**0.5), 0.0])
    shades = batch.colors[:, 0].astype(float)
    assert shades[away < -0.1].min() > 250
    assert shades[away > 0.1].max() < 240
    assert np.corrcoef(away[away > 0], shades[away > 0])[0, 1] < -0.9
    assert (batch.colors[:, :3] == batch.colors[:, :1]).all()


def test_the_picture_of_the_map_fits():
    batch = tile(Hills(), 16)
    by_place = {
        tuple(at): tuple(np.sign(p[:2]))
        for at, p in zip(batch.texcoords.tolist(), batch.positions, strict=True)
    }
    corners = {at: by_place[at] for at in ((0, 0), (1, 0), (0, 1), (1, 1))}
    assert corners == {(0, 0): (-1, 1), (1, 0): (1, 1), (0, 1): (-1, -1), (1, 1): (1, -1)}
    lat = np.degrees(to_geodetic(world(batch)[:, 0])[:, 1])
    down = np.arcsinh(np.tan(np.radians(lat)))
    assert batch.texcoords[: (CELLS + 1) ** 2 : CELLS + 1, 1] == pytest.approx(
        (down[0] - down) / (down[0] - down[-1]), abs=1e-5
    )
