"""Point layers: hits, clusters, gliding, selection."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from console.map.live.clusters import gather, short_count
from console.map.live.motion import Glide
from console.map.viewport import to_world
from console.map.views.view import MapView
from console.sdk.symbols import PointStyle, Sprite, SpriteShape
from tests.map.conftest import CENTER, until

DOT = Sprite(shape=SpriteShape.CIRCLE, fill="#ff0000")
BOX = Sprite(shape=SpriteShape.SQUARE, fill="#00ff00")


def scatter(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(CENTER[0], 0.02, n), rng.normal(CENTER[1], 0.02, n)


def test_hits_among_ten_thousand_are_the_nearest(view: MapView):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[DOT, BOX]))
    lon, lat = scatter(10_000)
    layer.set_points(lon, lat, sprite=np.arange(10_000) % 2)
    rng = np.random.default_rng(2)
    for px, py in rng.uniform(0, 600, (50, 2)):
        place = view.viewport.place_at(px, py)
        x, y = view.viewport.to_pixels(*to_world(lon, lat))
        distance = np.hypot(x - px, y - py)
        expected = int(distance.argmin()) if distance.min() <= 12 else None
        assert layer.row_at(*place) == expected


@settings(max_examples=50)
@given(st.integers(1, 3000), st.floats(3, 18), st.integers(0, 2**32 - 1))
def test_counts_of_clusters_add_up(n: int, zoom: float, seed: int):
    xy = np.random.default_rng(seed).random((n, 2))
    sprite = np.random.default_rng(seed).integers(0, 3, n)
    clusters = gather(xy, sprite, 3, zoom)
    assert clusters.count.sum() == n
    assert ((clusters.single >= 0) == (clusters.count == 1)).all()
    alone = clusters.single[clusters.single >= 0]
    assert np.allclose(clusters.center[clusters.count == 1], xy[alone])


def test_counts_are_short():
    assert [short_count(n) for n in (7, 999, 1234, 9949, 9950, 123456)] == [
        "7",
        "999",
        "1.2k",
        "9.9k",
        "10k",
        "123k",
    ]


def test_a_click_reaches_the_row_and_else_the_place(view: MapView):
    layer = view.facet.add_points("t.cameras", PointStyle(sprites=[DOT]))
    layer.set_points(np.array([CENTER[0], CENTER[0] + 0.002]), np.array([CENTER[1]] * 2))
    rows: list[int] = []
    places: list[tuple[float, float]] = []
    undo = layer.on_click(rows.append)
    view.facet.on_click(lambda lon, lat: places.append((lon, lat)))
    x, y = view.viewport.pixel_of(CENTER[0] + 0.002, CENTER[1])
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert (rows, places) == ([1], [])
    undo()
    layer.set_visible(False)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert rows == [1]
    assert places[0] == pytest.approx((CENTER[0] + 0.002, CENTER[1]), abs=1e-4)


def test_a_click_on_a_cluster_zooms_in(view: MapView):
    layer = view.facet.add_points("t.many", PointStyle(sprites=[DOT], cluster=True, cluster_below=17))
    layer.set_points(np.full(500, CENTER[0]), np.full(500, CENTER[1]))
    rows: list[int] = []
    layer.on_click(rows.append)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    until(lambda: not view.navigator.moving)
    assert rows == []
    assert view.facet.zoom() == 16.5


def test_symbols_are_drawn_in_their_colours_and_selection_around_them(view: MapView):
    layer = view.facet.add_points("t.two", PointStyle(sprites=[DOT, BOX]))
    layer.set_points(np.array([CENTER[0], CENTER[0] + 0.004]), np.full(2, CENTER[1]), sprite=np.array([0, 1]))
    image = view.grab().toImage()
    x, y = view.viewport.pixel_of(CENTER[0] + 0.004, CENTER[1])
    assert image.pixelColor(400, 300).name() == "#ff0000"
    assert image.pixelColor(round(x), round(y)).name() == "#00ff00"
    before = image.pixelColor(400 + 12, 300).name()
    layer.select([0])
    assert view.grab().toImage().pixelColor(400 + 12, 300).name() != before
    layer.remove()
    assert view.grab().toImage().pixelColor(400, 300).name() != "#ff0000"
    assert [entry.id for entry in view.facet.layers.entries()] == []


def test_later_rows_lie_on_top_wherever_they_are(view: MapView):
    """Owners give what matters most last; it may lie north of what it covers."""
    layer = view.facet.add_points("t.urgent", PointStyle(sprites=[DOT, BOX]))
    south, north = (view.viewport.place_at(400, y)[1] for y in (304, 296))
    for lats in ([south, north], [north, south]):
        layer.set_points(np.full(2, CENTER[0]), np.array(lats), sprite=np.array([0, 1]))
        assert view.grab().toImage().pixelColor(400, 300).name() == "#00ff00"


def test_columns_of_different_length_are_refused(view: MapView):
    layer = view.facet.add_points("t.bad", PointStyle(sprites=[DOT]))
    with pytest.raises(ValueError, match="length"):
        layer.set_points(np.zeros(3), np.zeros(2))


def test_an_id_is_on_the_map_once(view: MapView):
    view.facet.add_points("t.one", PointStyle(sprites=[DOT]))
    with pytest.raises(ValueError, match="already"):
        view.facet.add_shapes("t.one")


def test_points_glide_to_their_new_fix_and_jump_when_far():
    glide = Glide()
    keys = np.array([7, 9])
    start = np.array([[0.5, 0.5], [0.6, 0.6]])
    glide.move(start, keys, now=0.0)
    assert not glide.moving(0.0)
    near = start + np.array([[1e-6, 0.0], [0.1, 0.0]])
    glide.move(near, keys, now=5.0)
    assert glide.moving(5.1)
    half = glide.at(7.5)
    assert half[0, 0] == pytest.approx(0.5 + 0.5e-6, abs=1e-9)
    assert half[1, 0] == pytest.approx(0.7)
    assert np.allclose(glide.at(20.0), near)


def test_gliding_follows_keys_through_a_new_order():
    glide = Glide()
    glide.move(np.array([[0.1, 0.1], [0.2, 0.2]]), np.array([1, 2]), now=0.0)
    glide.move(np.array([[0.3, 0.3], [0.2, 0.2], [0.1, 0.1]]), np.array([3, 2, 1]), now=1.0)
    assert np.allclose(glide.at(1.0), [[0.3, 0.3], [0.2, 0.2], [0.1, 0.1]])
    assert not glide.moving(1.0)


def test_frames_come_only_while_something_moves(view: MapView):
    layer = view.facet.add_points("t.moving", PointStyle(sprites=[DOT], interpolate=True))
    keys = np.array([1], np.uint32)
    layer.set_points(np.array([CENTER[0]]), np.array([CENTER[1]]), keys=keys)
    time.sleep(0.35)
    layer.set_points(np.array([CENTER[0] + 0.0005]), np.array([CENTER[1]]), keys=keys)
    assert view.frames.running
    until(lambda: not view.frames.running, 8)
    assert layer.row_at(CENTER[0] + 0.0005, CENTER[1], 2) == 0


def test_follow_keeps_the_point_in_the_middle_until_the_user_pans(view: MapView):
    layer = view.facet.add_points("t.followed", PointStyle(sprites=[DOT]))
    keys = np.array([5], np.uint32)
    layer.set_points(np.array([CENTER[0]]), np.array([CENTER[1]]), keys=keys)
    view.facet.follow(layer, 5)
    layer.set_points(np.array([CENTER[0] + 0.003]), np.array([CENTER[1]]), keys=keys)
    assert view.viewport.center == pytest.approx((CENTER[0] + 0.003, CENTER[1]), abs=1e-6)
    QTest.keyClick(view, Qt.Key.Key_Left)
    panned = view.viewport.center
    layer.set_points(np.array([CENTER[0] + 0.006]), np.array([CENTER[1]]), keys=keys)
    assert view.viewport.center == panned
