"""A layer of points by itself: gliding, counts, labels, selection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.map.live.points import PointsLayer
from console.map.viewport import to_world
from console.sdk.symbols import PointStyle, Sprite, SpriteShape
from tests.map.canvas import CENTER, Canvas, like, middle

RED, GREEN = "#ff2020", "#20ff20"
SPRITES = [
    Sprite(shape=SpriteShape.CIRCLE, fill=RED, size=14),
    Sprite(shape=SpriteShape.SQUARE, fill=GREEN, size=14),
]


def layer_of(canvas: Canvas, **style: Any) -> PointsLayer:
    return PointsLayer("t.points", PointStyle(sprites=SPRITES, **style), canvas, clock=lambda: canvas.now)


def crowd(number: int, spread: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    return rng.normal(CENTER[0], spread, number), rng.normal(CENTER[1], spread, number)


# ---- gliding ----


def test_halfway_between_two_fixes_a_point_is_drawn_halfway(qapp):
    canvas = Canvas()
    layer = layer_of(canvas, interpolate=True)
    keys = np.array([7], np.uint32)
    layer.set_points(*canvas.columns((100, 150)), keys=keys)
    canvas.now += 2.0
    layer.set_points(*canvas.columns((200, 150)), keys=keys)
    for seconds, x in ((0.0, 100), (1.0, 150), (2.0, 200), (9.0, 200)):
        now, canvas.now = canvas.now, canvas.now + seconds
        assert middle(like(canvas.draw(layer), RED)) == pytest.approx((x, 150), abs=1.5)
        assert layer.hit(canvas.viewport, x, 150, 3) == 0
        assert layer.moving(canvas.now) == (seconds < 2.0)
        canvas.now = now


def test_a_new_fix_goes_on_from_where_the_point_is_drawn(qapp):
    canvas = Canvas()
    layer, keys = layer_of(canvas, interpolate=True), np.array([7, 8], np.uint32)
    layer.set_points(*canvas.columns((100, 50), (100, 150)), keys=keys)
    canvas.now += 2.0
    layer.set_points(*canvas.columns((100, 50), (200, 150)), keys=keys)
    canvas.now += 1.0
    before = layer.place_of(8, canvas.now)
    layer.set_points(*canvas.columns((300, 150), (100, 50)), keys=keys[::-1])
    assert layer.place_of(8, canvas.now) == pytest.approx(before)
    canvas.now += 10
    assert layer.place_of(8, canvas.now) == pytest.approx(canvas.viewport.from_pixels(300, 150))


def test_a_glide_takes_six_seconds_at_most_and_two_kilometres_are_a_jump(qapp):
    canvas = Canvas(zoom=14)
    layer, keys = layer_of(canvas, interpolate=True), np.array([1, 2, 3], np.uint32)
    lon, lat = np.full(3, CENTER[0]), np.full(3, CENTER[1])
    layer.set_points(lon, lat, keys=keys)
    canvas.now += 60.0
    metre = 1 / (111_320 * np.cos(np.radians(CENTER[1])))
    layer.set_points(lon + np.array([0, 1900, 2100]) * metre, lat, keys=keys)
    goal, _ = to_world(lon + np.array([0, 1900, 2100]) * metre, lat)
    canvas.now += 3.0
    x = [layer.place_of(key, canvas.now) for key in (1, 2, 3)]
    assert x[1] is not None and x[2] is not None
    assert x[1][0] == pytest.approx((goal[0] + goal[1]) / 2, abs=1e-9)
    assert x[2][0] == pytest.approx(goal[2])
    canvas.now += 3.1
    assert not layer.moving(canvas.now)


def test_frames_are_asked_for_only_when_a_difference_can_be_seen(qapp):
    canvas = Canvas(zoom=16)
    layer, keys = layer_of(canvas, interpolate=True), np.array([1], np.uint32)
    layer.set_points(*canvas.columns((100, 150)), keys=keys)
    canvas.now += 5
    layer.set_points(*canvas.columns((110, 150)), keys=keys)
    assert layer.moving(canvas.now)
    near = canvas.viewport
    canvas.viewport = replace(near, zoom=8.0)
    assert not layer.moving(canvas.now), "less than half a pixel"
    canvas.viewport = near.panned(-5000, 0)
    assert not layer.moving(canvas.now), "out of sight"
    canvas.viewport = near
    layer.set_visible(False)
    assert not layer.moving(canvas.now)


# ---- counts ----


@settings(max_examples=25)
@given(st.floats(3, 12.9), st.integers(0, 400))
def test_counts_and_single_points_add_up_to_all_that_is_shown(qapp, zoom: float, hidden: int):
    canvas = Canvas(zoom=zoom)
    layer = layer_of(canvas, cluster=True)
    lon, lat = crowd(3_000)
    lon[:50] = np.nan
    opacity = np.ones(3_000)
    opacity[100 : 100 + hidden] = 0.0
    layer.set_points(lon, lat, opacity=opacity)
    clusters = layer.clusters(zoom)
    assert clusters.count.sum() == 3_000 - 50 - hidden
    assert (clusters.box[:, :2] <= clusters.box[:, 2:]).all()


def test_counts_stay_while_panning_and_are_not_hit_as_points(qapp):
    canvas = Canvas(zoom=11)
    layer = layer_of(canvas, cluster=True)
    layer.set_points(np.full(40, CENTER[0]), np.full(40, CENTER[1]))
    picture = canvas.draw(layer)
    x, y = middle(like(picture, RED, 90))
    assert layer.hit(canvas.viewport, x, y) is None
    box = layer.hit_cluster(canvas.viewport, x, y)
    assert box is not None and box[:2] == pytest.approx(tuple(float(v) for v in to_world(*CENTER)))
    assert layer.hit_cluster(canvas.viewport, x + 60, y) is None
    canvas.viewport = canvas.viewport.panned(37, -21)
    assert middle(like(canvas.draw(layer), RED, 90)) == pytest.approx((x + 37, y - 21), abs=1.0)


def test_a_count_has_the_colour_of_most_and_a_lone_point_its_symbol(qapp):
    canvas = Canvas(zoom=11)
    layer = layer_of(canvas, cluster=True)
    lon, lat = canvas.columns(*[(100, 100)] * 3, (300, 200))
    layer.set_points(lon, lat, sprite=np.array([1, 1, 0, 0]))
    picture = canvas.draw(layer)
    assert like(picture[:150], GREEN).any() and not like(picture[:150], RED).any()
    assert middle(like(picture, RED)) == pytest.approx((300, 200), abs=1)
    assert layer.hit(canvas.viewport, 300, 200) == 3


def test_what_is_selected_is_seen_even_in_a_count(qapp):
    canvas = Canvas(zoom=11)
    layer = layer_of(canvas, cluster=True)
    layer.set_points(*canvas.columns(*[(100, 100)] * 9, (110, 104)))
    layer.select([9])
    assert layer.hit(canvas.viewport, 110, 104, 4) == 9
    assert like(canvas.draw(layer)[90:120, 95:125], "#ffff00").any()


def test_counts_follow_new_points_after_a_moment_but_hits_at_once(qapp):
    canvas = Canvas(zoom=11)
    layer = layer_of(canvas, cluster=True)
    layer.set_points(*canvas.columns((100, 100)))
    canvas.draw(layer)
    canvas.now += 0.1
    layer.set_points(*canvas.columns((300, 100)))
    assert like(canvas.draw(layer)[:, :150], RED).any()
    assert layer.moving(canvas.now), "the next frame will show them"
    canvas.now += 0.2
    assert like(canvas.draw(layer)[:, 250:], RED).any()
    canvas.now += 0.01
    layer.set_points(*canvas.columns((200, 100)))
    assert layer.hit(canvas.viewport, 200, 100) == 0


# ---- what is drawn ----


def test_only_between_its_zooms(qapp):
    canvas = Canvas()
    layer = layer_of(canvas, min_zoom=10, max_zoom=17)
    layer.set_points(*canvas.columns((200, 150)))
    for zoom, shown in ((9.9, False), (10.0, True), (17.0, True), (17.1, False)):
        view = replace(canvas.viewport, zoom=zoom)
        assert layer.shown_at(zoom) == shown
        assert (layer.hit(view, 200, 150) is not None) == shown


def test_opacity_of_points_and_layer_multiply(qapp):
    canvas = Canvas()
    layer = layer_of(canvas)
    layer.set_points(*canvas.columns((100, 150), (200, 150), (300, 150)), opacity=np.array([1.0, 0.5, 0.0]))
    layer.opacity = 0.5
    picture = canvas.draw(layer)
    assert picture[150, 100, 0] == pytest.approx(128, abs=6)
    assert picture[150, 200, 0] == pytest.approx(64, abs=6)
    assert picture[150, 300, 0] == 0
    assert layer.hit(canvas.viewport, 300, 150) is None, "what cannot be seen cannot be clicked"


def test_the_selected_stand_out_on_top_with_the_accuracy_of_their_fix(qapp):
    canvas = Canvas()
    layer = layer_of(canvas)
    metres = canvas.viewport.metres_per_pixel * 60
    columns = canvas.columns((100, 150), (250, 150), (253, 150))
    accuracy = np.array([4.0, metres, np.nan])
    layer.set_points(*columns, sprite=np.array([0, 0, 1]), accuracy=accuracy)
    before = canvas.draw(layer)
    layer.select([0, 1])
    after = canvas.draw(layer)
    assert like(before[140:160, 240:262], GREEN).any()
    assert not like(after[145:155, 245:255], GREEN).any(), "the selected is on top"
    assert like(after, RED)[:, 80:120].sum() > like(before, RED)[:, 80:120].sum() * 1.3
    ring = np.hypot(*np.indices((300, 400)) - np.array([150, 250])[:, None, None])
    changed = (after != before).any(axis=2)
    assert changed[(ring > 58) & (ring < 61)].mean() > 0.5
    assert not changed[(ring > 64) & (np.indices((300, 400))[1] > 160)].any()
    around = np.hypot(*np.indices((300, 400)) - np.array([150, 100])[:, None, None])
    assert not changed[(around > 20) & (around < 60)].any(), "4 m need no ring"


def test_selection_goes_with_the_keys(qapp):
    canvas = Canvas()
    layer = layer_of(canvas)
    layer.set_points(*canvas.columns((100, 150), (300, 150)), keys=np.array([5, 6]))
    layer.select([1])
    layer.set_points(*canvas.columns((300, 150), (100, 150), (200, 50)), keys=np.array([6, 5, 9]))
    picture = canvas.draw(layer)
    assert like(picture[:, 280:], "#ffff00").any() and not like(picture[:, :250], "#ffff00").any()
    layer.set_points(*canvas.columns((100, 150)), keys=np.array([5]))
    assert not like(canvas.draw(layer), "#ffff00").any()


def test_labels_are_beside_symbols_and_never_on_one_another(qapp):
    canvas = Canvas(zoom=17)
    layer = layer_of(canvas, labels_from=16.5)
    layer.set_points(*canvas.columns((100, 60), (104, 62), (100, 200)))
    layer.set_labels(["王建国", "李秀英", "张伟"])
    white = like(canvas.draw(layer), "#ffffff", 60)
    assert white[50:72, 110:160].any() and white[190:210, 110:150].any()
    assert not white[:, :106].any(), "to the right"
    alone = layer_of(canvas, labels_from=16.5)
    alone.set_points(*canvas.columns((100, 60)))
    alone.set_labels(["王建国"])
    assert like(canvas.draw(alone), "#ffffff", 60)[:100].sum() == white[:100].sum(), "the second gives way"
    canvas.viewport = replace(canvas.viewport, zoom=16.0)
    assert not like(canvas.draw(layer), "#ffffff", 60).any()


def test_long_labels_keep_their_ends_by_which_neighbours_differ(qapp):
    canvas = Canvas(zoom=17, width=700)

    def drawn(text: str) -> bytes:
        layer = layer_of(canvas, labels_from=16.5)
        layer.set_points(*canvas.columns((100, 60)))
        layer.set_labels([text])
        return canvas.draw(layer).tobytes()

    street = "中山北路与解放东路交叉口西北角人行道立杆摄像机"
    assert drawn(street + "东侧一号机") != drawn(street + "东侧二号机")


def test_labels_stay_the_same_while_panning(qapp):
    canvas = Canvas(zoom=17, width=500)
    layer = layer_of(canvas, labels_from=10)
    rng = np.random.default_rng(8)
    pixels = rng.uniform((150, 80), (350, 220), (60, 2))
    layer.set_points(*canvas.columns(*pixels.tolist()))
    layer.set_labels([f"人员{i}" for i in range(60)])
    canvas.draw(layer)
    first = like(canvas.draw(layer), "#ffffff", 60)
    view = canvas.viewport
    for dx, dy in ((3, 0), (7, 5), (20, 33), (0, 1)):
        canvas.viewport = view.panned(dx, dy)
        now = like(canvas.draw(layer), "#ffffff", 60)
        assert (now[20 + dy : 260 + dy, 50 + dx : 450 + dx] == first[20:260, 50:450]).all()


def test_many_new_labels_come_over_several_frames(qapp):
    canvas = Canvas(zoom=17, width=1200, height=900)
    layer = layer_of(canvas, labels_from=10)
    pixels = [(x, y) for x in range(20, 1180, 80) for y in range(20, 880, 40)]
    layer.set_points(*canvas.columns(*pixels))
    layer.set_labels([f"人{i}" for i in range(len(pixels))])
    counts = []
    while not counts or layer.moving(canvas.now):
        counts.append(int(like(canvas.draw(layer), "#ffffff", 60).sum()))
        assert len(counts) < 50
    assert counts == sorted(counts) and counts[0] < counts[-1] / 3


def test_labels_of_another_number_of_points_are_not_drawn(qapp):
    canvas = Canvas(zoom=17)
    layer = layer_of(canvas, labels_from=10)
    layer.set_labels(["甲", "乙"])
    layer.set_points(*canvas.columns((100, 150)))
    assert not like(canvas.draw(layer), "#ffffff", 60).any()


def test_ten_thousand_points_are_each_hit_where_they_are(qapp):
    canvas = Canvas(zoom=12, width=1600, height=1000)
    layer = layer_of(canvas)
    lon, lat = crowd(10_000)
    layer.set_points(lon, lat)
    x, y = canvas.viewport.to_pixels(*to_world(lon, lat))
    for row in range(0, 10_000, 97):
        found = layer.hit(canvas.viewport, float(x[row]), float(y[row]))
        if 0 < x[row] < 1600 and 0 < y[row] < 1000:
            assert found is not None
            assert np.hypot(x[found] - x[row], y[found] - y[row]) < 1e-6


def test_of_points_at_one_place_the_one_on_top_is_hit(qapp):
    canvas = Canvas()
    layer = layer_of(canvas)
    layer.set_points(*canvas.columns((200, 150), (200, 150), (200, 150)))
    assert layer.hit(canvas.viewport, 202, 149) == 2


def test_a_pin_is_hit_on_its_head(qapp):
    canvas = Canvas()
    pin = Sprite(shape=SpriteShape.PIN, fill=RED, size=30)
    layer = PointsLayer("t.pin", PointStyle(sprites=[pin]), canvas)
    layer.set_points(*canvas.columns((200, 150)))
    assert layer.hit(canvas.viewport, 200, 120) == 0
    assert layer.hit(canvas.viewport, 200, 180) is None


def test_a_hundred_thousand_points_are_thinned_not_lost(qapp, monkeypatch: pytest.MonkeyPatch):
    canvas = Canvas(zoom=10, width=800, height=600)
    layer = layer_of(canvas)
    layer.set_points(*crowd(100_000, 0.1))
    thinned = canvas.draw(layer).any(axis=2)
    monkeypatch.setattr("console.map.live.place_index.CROWD", 1_000_000)
    assert (thinned | ~canvas.draw(layer).any(axis=2)).mean() > 0.99
