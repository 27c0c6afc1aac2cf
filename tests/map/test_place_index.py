"""Many places that rest: what is in a view, found by cells of the ground as one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.map.live.place_index import CROWD, PlaceFinder, PlaceIndex
from console.map.live.screen import THINNED, inside, thinned
from console.map.viewport import Viewport, to_world
from console.map.views.view import MapView
from console.sdk.symbols import PointStyle, Sprite, SpriteShape
from tests.map.conftest import CENTER

SEEDS = st.integers(0, 2**32 - 1)


def scattered(n: int, seed: int, spread: float = 1e-3) -> np.ndarray:
    """World places around the middle of the world, some of them at one and the same place."""
    chance = np.random.default_rng(seed)
    places = 0.5 + chance.normal(0, spread, (n, 2))
    places[:: max(n // 5, 1)] = places[0]
    return places


@settings(max_examples=60)
@given(st.integers(1, 4000), SEEDS, st.floats(2, 22), st.floats(-3e-3, 3e-3), st.floats(-3e-3, 3e-3))
def test_an_index_finds_what_looking_at_all_finds(n: int, seed: int, zoom: float, x: float, y: float):
    places = scattered(n, seed)
    view = Viewport(0.5 + x, 0.5 + y, zoom, 800, 600)
    index = PlaceIndex(places)
    expected = inside(view, places)
    assert index.inside(view).tolist() == expected.tolist()
    assert index.count(view) >= len(expected)


@pytest.mark.parametrize("n", [1, 3])
def test_places_that_are_all_the_same_are_found(n: int):
    index = PlaceIndex(np.full((n, 2), 0.5))
    assert index.inside(Viewport(0.5, 0.5, 18, 100, 100)).tolist() == list(range(n))
    assert index.inside(Viewport(0.6, 0.5, 18, 100, 100)).tolist() == []


@settings(max_examples=30)
@given(st.integers(0, 3000), SEEDS, st.sampled_from([1e-6, 1e-3, 0.1]), st.sampled_from([3.0, 12.5, 22.0]))
def test_of_a_crowd_the_last_of_each_cell_is_kept(n: int, seed: int, spread: float, zoom: float):
    places = scattered(n, seed, spread) if n else np.empty((0, 2))
    view = Viewport(0.5, 0.5, zoom, 800, 600)
    cells = np.floor(places * (view.scale / THINNED)).astype(int).tolist()
    last = {tuple(cell): row for row, cell in enumerate(cells)}
    assert thinned(view, places).tolist() == sorted(last.values())


def test_a_crowd_is_thinned_alike_wherever_the_view_is():
    places = scattered(60_000, 1, 1e-4)
    finder, rows = PlaceFinder(), np.arange(60_000)
    here, there = (Viewport(0.5 + x, 0.5, 13, 800, 600) for x in (0.0, 4e-5))
    count = finder.count(here, places, rows, False)
    assert count > CROWD
    still, moving = (finder.shown(here, places, rows, glides) for glides in (False, True))
    assert 0 < len(still) < 0.8 * count
    assert 0 < len(moving) < 0.8 * count
    both = set(inside(here, places).tolist()) & set(inside(there, places).tolist())
    assert both & set(still.tolist()) == both & set(finder.shown(there, places, rows, False).tolist())


def test_rows_that_are_not_drawn_are_not_found():
    places = scattered(50_000, 2, 1e-4)
    rows = np.arange(0, 50_000, 2)
    places[1::2] = np.nan
    view = Viewport(0.5, 0.5, 18, 800, 600)
    finder = PlaceFinder()
    expected = [row for row in inside(view, places).tolist() if row % 2 == 0]
    assert finder.inside(view, places, rows, False).tolist() == expected
    assert finder.shown(view, places, rows, False).tolist() == expected


def test_hits_among_very_many_are_the_nearest(view: MapView):
    layer = view.facet.add_points(
        "t.many", PointStyle(sprites=[Sprite(shape=SpriteShape.CIRCLE, fill="#ff0000")])
    )
    chance = np.random.default_rng(3)
    lon, lat = (chance.normal(middle, 0.02, 100_000) for middle in CENTER)
    layer.set_points(lon, lat)
    view.facet.center_on(*CENTER, 16)
    x, y = view.viewport.to_pixels(*to_world(lon, lat))
    for px, py in chance.uniform(0, 400, (50, 2)):
        distance = np.hypot(x - px, y - py)
        expected = int(distance.argmin()) if distance.min() <= 12 else None
        assert layer.row_at(*view.viewport.place_at(px, py)) == expected
