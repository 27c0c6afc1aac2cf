"""Profiles, sections and volumes of shapes whose measures are known exactly."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.earthwork.line import Line, degrees_of, line_of, profile
from console.scene.earthwork.section import section
from console.scene.earthwork.site import Site
from console.scene.earthwork.volume import Earthwork, cells_of, earthwork, edge_plane, local_area, sample
from console.scene.frame import Frame
from console.scene.ground.heights import Flat
from console.scene.refusal import SceneRefused
from console.scene.sight.ground import grid_triangles
from console.scene.sight.rays import Rays
from console.scene.sight.soup import Soup, soup_of

FRAME = Frame(108.9594, 34.2196, 430.0)
BASE = 430.0
BOX = [(0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7)] + [
    side for a, b in pairwise((0, 1, 2, 3, 0)) for side in ((a, b, b + 4), (a, b + 4, a + 4))
]
PYRAMID = [(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)]


def site(*soups: Soup, ground: Flat | None = None) -> Site:
    return Site(FRAME, soups, Rays(FRAME, soups), ground)


def box(width: float, depth: float, low: float, high: float) -> Soup:
    """Around the origin; heights in metres above the frame's plane."""
    corners = [(-width, -depth), (width, -depth), (width, depth), (-width, depth)]
    points = [(x / 2, y / 2, z) for z in (low, high) for x, y in corners]
    return soup_of(np.array(points), np.array(BOX))


def pyramid(side: float, height: float) -> Soup:
    half = side / 2
    points = [(-half, -half, 0), (half, -half, 0), (half, half, 0), (-half, half, 0), (0, 0, height)]
    return soup_of(np.array(points), np.array(PYRAMID))


def field(height: Any, half: float = 40.0, step: float = 0.5) -> Soup:
    """The surface *height(x, y)*."""
    line = np.arange(-half, half + step / 2, step)
    x, y = (part.ravel() for part in np.meshgrid(line, line, indexing="ij"))
    points = np.column_stack([x, y, height(x, y)])
    return soup_of(points, grid_triangles(len(line), len(line)))


def line(*corners: tuple[float, float]) -> Line:
    lon, lat = degrees_of(FRAME, np.array(corners, float))
    return line_of(FRAME, list(zip(lon.tolist(), lat.tolist(), strict=True)))


def square(side: float, turn: float = 0.0) -> shapely.Polygon:
    half = side / 2
    return shapely.affinity.rotate(shapely.box(-half, -half, half, half), turn, origin=(0, 0))


def work(on: Site, area: shapely.Polygon, step: float, base: float | None = BASE) -> Earthwork:
    sampled = sample(on, area, step)
    return earthwork(sampled, edge_plane(sampled) if base is None else (base, 0.0, 0.0))


def test_a_box_is_met_where_it_stands_and_the_ground_beside_it():
    found = profile(site(box(10, 10, 0, 8), ground=Flat(BASE)), line((-20, 0), (20, 0)), 0.25)
    assert found.along[-1] == pytest.approx(40, abs=1e-4)
    assert np.diff(found.along).max() <= 0.25 + 1e-9
    over = np.abs(found.along - 20) < 4.9
    assert found.surface[over] == pytest.approx(BASE + 8, abs=2e-3)
    assert found.surface[np.abs(found.along - 20) > 5.1] == pytest.approx(BASE, abs=2e-3)
    assert found.ground == pytest.approx(BASE)
    bare = profile(site(box(10, 10, 0, 8)), line((-20, 0), (20, 0)), 0.25)
    assert np.isnan(bare.surface[bare.along < 14.9]).all()
    assert np.isnan(bare.ground).all()


def test_a_bent_line_is_as_long_as_its_legs_and_stops_at_its_corners():
    bent = line((0, 0), (30, 0), (30, 40), (30, 40))
    found = profile(site(box(200, 200, 0, 1)), bent, 7.0)
    assert bent.length == pytest.approx(70, abs=1e-4)
    assert np.abs(found.along - 30).min() < 1e-4
    assert found.surface == pytest.approx(BASE + 1, abs=2e-3)
    with pytest.raises(SceneRefused):
        line((5, 5), (5, 5))


def test_a_section_shows_walls_roof_and_what_is_under_an_overhang():
    """A table: a slab that hangs 5 to 6 m above nothing."""
    pieces = section([box(10, 4, 5, 6)], line((-20, 0), (20, 0)))
    low, high = pieces.reshape(-1, 2).min(axis=0), pieces.reshape(-1, 2).max(axis=0)
    assert low == pytest.approx([15, BASE + 5], abs=2e-3)
    assert high == pytest.approx([25, BASE + 6], abs=2e-3)
    assert round_length(pieces) == pytest.approx(2 * (10 + 1), abs=5e-3)
    assert (np.abs(pieces[..., 1] - BASE - 5) < 2e-3).all(axis=1).any()
    assert not len(section([box(10, 4, 5, 6)], line((-20, 3), (20, 3))))


def test_a_section_ends_where_the_line_does_and_goes_on_around_its_corner():
    slab = [box(100, 100, 0, 1)]
    pieces = section(slab, line((0, 0), (10, 0), (10, 20)))
    assert pieces[..., 0].min() == pytest.approx(0, abs=1e-6)
    assert pieces[..., 0].max() == pytest.approx(30, abs=1e-4)
    assert round_length(pieces) == pytest.approx(2 * 30, abs=5e-3)  # top and bottom, no wall


@given(st.floats(0, 2 * math.pi), st.floats(-4, 4), st.floats(1, 9), st.integers(0, 11), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_section_depends_on_no_order_of_triangles_and_corners(
    turn: float, off: float, high: float, roll: int, backwards: bool
):
    """And a box's outline is as long as geometry says."""
    ahead, side = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
    start, end = off * side - 30 * ahead, off * side + 30 * ahead
    whole = box(10, 10, 0, high)
    rows = np.roll(np.roll(whole.triangles, roll, axis=0), roll, axis=1)
    turned = Soup(whole.points, np.ascontiguousarray(rows[:, ::-1]))
    ends = (tuple(end), tuple(start)) if backwards else (tuple(start), tuple(end))
    pieces = section([turned], line(*ends))
    inside = shapely.LineString([start, end]).intersection(square(10)).length
    assert round_length(pieces) == pytest.approx(2 * (inside + high) if inside else 0, abs=0.02)


def test_a_box_has_its_volume_and_a_pit_is_filled():
    hill = work(site(box(10, 6, 0, 4), ground=Flat(BASE)), square(20), 0.1)
    assert hill.cut == pytest.approx(10 * 6 * 4, rel=0.002)
    assert hill.fill == pytest.approx(0, abs=0.01)
    assert (hill.area, hill.covered) == (pytest.approx(400), pytest.approx(400))
    assert (hill.highest, hill.lowest) == (pytest.approx(BASE + 4, abs=2e-3), pytest.approx(BASE, abs=2e-3))
    assert hill.mean == pytest.approx(BASE + 240 / 400, rel=1e-4)
    pit = work(site(field(lambda x, y: -2.0 + 0 * x)), square(10), 0.5)
    assert (pit.cut, pit.fill) == (0.0, pytest.approx(200, rel=1e-3))


@given(st.floats(0, 90), st.floats(2, 20))
@settings(max_examples=15, deadline=None)
def test_a_pyramid_is_a_third_of_its_box_however_the_area_is_turned(turn: float, height: float):
    found = work(site(pyramid(20, height), ground=Flat(BASE)), square(40, turn), 0.25)
    assert found.cut == pytest.approx(20 * 20 * height / 3, rel=0.003)
    assert found.area == pytest.approx(1600)
    assert abs(found.cut - 20 * 20 * height / 3) < max(4 * found.cut_error, 0.003 * found.cut)


def test_a_cap_of_a_sphere_and_its_error_shrinks_with_the_step():
    radius, cap = 30.0, 10.0
    dome = site(field(lambda x, y: np.sqrt(np.maximum(radius**2 - x * x - y * y, 0)) - (radius - cap), 28))
    exact = math.pi * cap**2 * (3 * radius - cap) / 3
    disc = shapely.Point(0, 0).buffer(math.sqrt(2 * radius * cap - cap**2), 64)
    rough, fine = (work(dome, disc, step) for step in (2.0, 0.25))
    assert fine.cut == pytest.approx(exact, rel=0.003)
    assert fine.cut_error < rough.cut_error
    assert abs(rough.cut - fine.cut) < 3 * rough.cut_error


@given(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.floats(0, 90))
@settings(max_examples=15, deadline=None)
def test_nothing_is_cut_or_filled_to_the_plane_along_the_edge_of_a_slope(
    east: float, north: float, turn: float
):
    """And to a level through its middle as much is cut as is filled."""
    slope = site(field(lambda x, y: east * x + north * y, step=8.0))
    area = square(30, turn)
    even = work(slope, area, 1.0, None)
    assert (even.cut, even.fill) == (pytest.approx(0, abs=2.0), pytest.approx(0, abs=2.0))
    level = work(slope, area, 1.0)
    assert level.cut == pytest.approx(level.fill, abs=2.0)


def test_what_has_no_surface_is_told_and_left_out():
    found = work(site(box(10, 10, 0, 3)), square(20), 0.25)
    assert found.covered == pytest.approx(100, rel=0.02)
    assert found.cut == pytest.approx(300, rel=0.02)
    with pytest.raises(SceneRefused):
        work(site(), square(20), 1.0)
    with pytest.raises(SceneRefused):  # its edge has no height
        work(site(box(10, 10, 0, 3)), square(20), 1.0, None)
    bow = degrees_of(FRAME, np.array([(0, 0), (10, 10), (10, 0), (0, 10)], float))
    with pytest.raises(SceneRefused):
        local_area(FRAME, list(zip(*(part.tolist() for part in bow), strict=True)))


def round_length(pieces: np.ndarray) -> float:
    """Metres of all pieces together."""
    return float(np.hypot(*(pieces[:, 1] - pieces[:, 0]).T).sum())


@pytest.mark.parametrize(
    "area",
    [
        square(40, 33.0),
        shapely.Point(0, 0).buffer(30).difference(shapely.box(-5, -50, 5, 0)),
        shapely.Polygon([(-3000, -3000), (3000, 3000), (3001, 3000), (-2999, -3000)]),  # thin and long
        shapely.box(0, 0, 0.3, 0.3),
        shapely.Polygon([(0, 0), (8, 0), (8, 8), (6, 8), (6, 2), (2, 2), (2, 8), (0, 8)]),  # touches cells
    ],
)
def test_cells_are_the_whole_area_and_nothing_else(area: shapely.Polygon):
    step = max(1.0, area.length / 5_000)
    middles, areas = cells_of(area, step)
    assert areas.sum() == pytest.approx(area.area)
    assert areas.max() <= step * step * (1 + 1e-9)
    assert areas @ middles / areas.sum() == pytest.approx(shapely.get_coordinates(area.centroid)[0], abs=1e-3)
    assert len(areas) < 4 * (area.area / step**2 + area.length / step + 4)
