"""Shadows of walls that can be worked out by hand; properties that hold in any town."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.refusal import SceneRefused
from console.scene.sight.facades import facades
from console.scene.sight.ground import with_obstacle
from console.scene.sight.mesh import MARGIN
from console.scene.sight.sightline import Spot, profile, sight_line
from console.scene.sight.skyline import skyline
from console.scene.sight.viewshed import Cell, Field, Viewshed, viewshed
from tests.scene.sight.worlds import FRAME, block, lonlat, plain, walled

PLAIN = plain()


def cell_places(found: Viewshed) -> tuple[np.ndarray, np.ndarray]:
    half = len(found.cells) // 2
    line = (np.arange(2 * half) - half + 0.5) * found.cell
    return np.meshgrid(line, line[::-1])


def test_a_wall_throws_a_shadow_as_long_as_the_eye_is_high():
    """Eye 10 m up, a wall 5 m high 40 m east: ground targets (0 m) are hidden from 40 m to 80 m."""
    rays = walled(PLAIN, (40, -200, 40.5, 200, 5)).rays()
    found = viewshed(rays, Spot(*lonlat(0, 0), 10.0), Field(150), 1.0, target=0.0)
    east, north = cell_places(found)
    row = np.flatnonzero(np.abs(north[:, 0] - 0.5) < 0.01)[0]
    seen = found.cells[row] == Cell.SEEN
    line = east[row]
    assert seen[(line > 0) & (line < 39)].all()
    assert not seen[(line > 42) & (line < 79.5)].any()
    assert seen[(line > 82) & (line < 149)].all()
    assert found.cells[0, 0] == Cell.OUT
    assert found.at(*lonlat(60, 0.5)) == Cell.HIDDEN
    assert found.at(*lonlat(-60, 0.5)) == Cell.SEEN
    assert found.at(*lonlat(5000, 0)) == Cell.OUT


def test_the_field_of_view_is_a_pyramid():
    """60° across, 40° upright, 20° down: the nearest ground ahead is at 10 m / tan 40°."""
    found = viewshed(PLAIN.rays(), Spot(*lonlat(0, 0), 10.0), Field(100, 90, 70, 60, 40), 0.5, 0.0)
    east, north = cell_places(found)
    seen = found.cells == Cell.SEEN
    ahead = np.abs(north) < 0.5
    assert east[seen & ahead].min() == pytest.approx(10 / np.tan(np.radians(40)), abs=0.6)
    depth = east * np.cos(np.radians(20)) + 10 * np.sin(np.radians(20))
    inside = (
        (np.abs(north) < depth * np.tan(np.radians(30)) - 0.5) & (east > 13) & (np.hypot(east, north) < 99)
    )
    outside = np.abs(north) > depth * np.tan(np.radians(30)) + 0.5
    assert seen[inside].all()
    assert not seen[outside].any()


def test_areas_are_the_cells_and_lie_where_the_cells_lie():
    rays = walled(PLAIN, (20, -30, 22, 30, 30)).rays()
    found = viewshed(rays, Spot(*lonlat(0, 0)), Field(60), 1.0)
    area = found.polygons()
    assert area.is_valid
    assert not area.contains(shapely.Point(lonlat(40, 0)))
    assert area.contains(shapely.Point(lonlat(-40, 0)))
    east, north = cell_places(found)
    places = FRAME.geographic(np.column_stack([east.ravel(), north.ravel(), np.zeros(east.size)]))
    inside = shapely.contains_xy(area, places[:, 0], places[:, 1]).reshape(east.shape)
    assert (inside == (found.cells == Cell.SEEN)).mean() > 0.999


def test_walls_are_seen_from_their_front_alone():
    mesh = walled(PLAIN, (30, -20, 40, 20, 12))
    corners = mesh.soups([len(mesh.blocks) - 1])[0].corners()
    found = facades(mesh.rays(), corners, Spot(*lonlat(0, 0)), Field(100))
    local = FRAME.place(found.points[:, 0], found.points[:, 1], found.points[:, 2])
    west, east = local[:, 0] < 30.01, local[:, 0] > 39.99
    assert west.sum() * found.area == pytest.approx(40 * 12, rel=0.05)
    assert found.seen[west].all()
    assert not found.seen[east].any()
    assert not found.seen[~west & ~east].any()


def test_a_line_says_what_is_first_in_the_way():
    rays = walled(PLAIN, (30, -20, 31, 20, 12), (60, -20, 61, 20, 12)).rays()
    line = sight_line(rays, Spot(*lonlat(0, 0)), Spot(*lonlat(100, 0)))
    assert not line.visible
    assert line.distance == pytest.approx(30, abs=0.05)
    assert line.blocked is not None
    np.testing.assert_allclose(line.blocked[:2], lonlat(30, 0), atol=1e-6)
    assert sight_line(rays, Spot(*lonlat(0, 0), 20.0), Spot(*lonlat(100, 0), 20.0)).visible
    cut = profile(rays, Spot(*lonlat(0, 0)), Spot(*lonlat(100, 0)), 0.5)
    assert cut.surface.max() == pytest.approx(22.0, abs=0.01)
    assert (cut.surface > cut.line).sum() == pytest.approx(4, abs=2)
    with pytest.raises(SceneRefused):
        sight_line(rays, Spot(0.0, 0.0), Spot(*lonlat(100, 0)))


def test_the_skyline_of_a_wall():
    rays = walled(PLAIN, (50, -300, 51, 300, 30)).rays()
    found = skyline(rays, Spot(*lonlat(0, 0), 1.6))
    for azimuth in (60, 90, 120):
        away = 50 / np.sin(np.radians(azimuth))
        assert found.elevation[azimuth] == pytest.approx(np.degrees(np.arctan2(28.4, away)), abs=0.02)
        assert found.distance[azimuth] == pytest.approx(np.hypot(28.4, away), abs=0.1)
    assert found.elevation[270] == pytest.approx(-0.3, abs=0.1)


@pytest.mark.parametrize(
    ("reach", "cell"), [(np.inf, 1.0), (100.0, 0.0), (100.0, np.nan), (-5.0, 1.0), (1e5, 1.0)]
)
def test_a_viewshed_that_makes_no_sense_is_refused(reach, cell):
    with pytest.raises(SceneRefused):
        viewshed(PLAIN.rays(), Spot(*lonlat(0, 0)), Field(reach), cell)


boxes = st.tuples(
    st.floats(-90, 80), st.floats(-90, 80), st.floats(2, 30), st.floats(2, 30), st.floats(1, 40)
).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3], b[4]))
spots = st.tuples(st.floats(-95, 95), st.floats(-95, 95), st.floats(0.5, 30))


@settings(max_examples=30, deadline=None)
@given(st.lists(boxes, max_size=4), spots, spots)
def test_who_sees_me_i_see(walls, one, other):
    rays = walled(PLAIN, *walls).rays()
    a, b = (Spot(*lonlat(east, north), above) for east, north, above in (one, other))
    assert sight_line(rays, a, b).visible == sight_line(rays, b, a).visible


@settings(max_examples=20, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=3), spots, boxes)
def test_an_obstacle_or_a_shorter_range_shows_nothing_new(walls, spot, more):
    before = walled(PLAIN, *walls)
    height = float(before.rays().heights(*lonlat(*spot[:2]))) + spot[2]
    eye = Spot(*lonlat(*spot[:2]), height=height)
    wide = viewshed(before.rays(), eye, Field(100), 2.0)
    near = viewshed(before.rays(), eye, Field(60), 2.0)
    margin = (len(wide.cells) - len(near.cells)) // 2
    inner = wide.cells[margin:-margin, margin:-margin]
    assert not ((near.cells == Cell.SEEN) & (inner != Cell.SEEN)).any()
    after = viewshed(with_obstacle(before, "more", block(*more[:4]), more[4]).rays(), eye, Field(100), 2.0)
    east, north = cell_places(wide)
    places = wide.frame.geographic(np.column_stack([east.ravel(), north.ravel(), np.zeros(east.size)]))
    outside = ~shapely.contains_xy(block(*more[:4]).buffer(1e-8), places[:, 0], places[:, 1]).reshape(
        east.shape
    )
    assert not (outside & (after.cells == Cell.SEEN) & (wide.cells != Cell.SEEN)).any()


def test_blocks_beyond_the_range_make_no_difference():
    mesh = walled(PLAIN, (20, -30, 22, 30, 30), (120, -30, 122, 30, 30))
    spot, field = Spot(*lonlat(0, 0)), Field(60)
    rows = mesh.near(FRAME.place(*lonlat(0, 0), 10.0), 60)
    assert len(rows) < len(mesh.blocks)
    assert MARGIN < 60
    few, all_ = (viewshed(rays, spot, field) for rays in (mesh.rays(rows), mesh.rays()))
    np.testing.assert_array_equal(few.cells, all_.cells)
