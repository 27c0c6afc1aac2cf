"""Lines, polygons, circles and texts: what is drawn where, what is hit, what is wrong with what is given."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.map.live.shape_geometry import crossings, cut_ring
from console.map.live.shapes import ShapesLayer
from console.sdk.symbols import Shape, ShapeStyle
from tests.map.canvas import COLORS, Canvas, like

BLUE, WHITE, RED = "#00a0ff", "#ffffff", "#ff2020"
LINE = ShapeStyle(stroke=BLUE, width=6.0)


def layer_of(canvas: Canvas, **shapes: Shape) -> ShapesLayer:
    layer = ShapesLayer("t.shapes", canvas)
    for key, shape in shapes.items():
        layer.put(key, shape)
    layer.on_click(lambda key: None)
    return layer


def line(canvas: Canvas, *pixels: tuple[float, float], **style: Any) -> Shape:
    return Shape(kind="line", points=canvas.places(*pixels), style=replace(LINE, **style))


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_a_line_is_where_its_points_are(qapp, dpr: float):
    canvas = Canvas(dpr=dpr)
    drawn = like(canvas.draw(layer_of(canvas, a=line(canvas, (50, 100), (350, 100)))), BLUE)
    y, x = np.nonzero(drawn)
    assert (x.min() / dpr, x.max() / dpr) == pytest.approx((47.5, 352.5), abs=1.5)
    assert (y.min() / dpr, (y.max() + 1) / dpr) == pytest.approx((97, 103), abs=1)


def test_the_casing_is_beneath_and_wider(qapp):
    canvas = Canvas()
    picture = canvas.draw(layer_of(canvas, a=line(canvas, (50, 100), (350, 100), casing=WHITE)))
    column = picture[90:111, 200]
    assert like(column[:, None], WHITE).sum() >= 4
    assert like(picture[98:102, 60:340], BLUE).all()


def test_crossing_lines_join_above_their_casings(qapp):
    canvas = Canvas()
    one, other = (
        line(canvas, *ends, casing=WHITE) for ends in (((50, 150), (350, 150)), ((200, 50), (200, 250)))
    )
    picture = canvas.draw(layer_of(canvas, a=one, b=other))
    assert like(picture[149:151, 60:340], BLUE).all() and like(picture[60:240, 199:201], BLUE).all()


def test_dashes_leave_gaps_in_which_the_casing_shows(qapp):
    canvas = Canvas()
    picture = canvas.draw(layer_of(canvas, a=line(canvas, (50, 100), (350, 100), dash=(3, 2), casing=WHITE)))
    row = picture[100:101, 60:340]
    # 18 pixels of dash, 12 of gap.
    assert like(row, BLUE).mean() == pytest.approx(0.6, abs=0.08)
    assert like(row, WHITE).mean() == pytest.approx(0.4, abs=0.08)


def test_dashes_stand_still_on_the_ground_when_a_long_line_is_cut(qapp):
    canvas = Canvas()
    layer = layer_of(canvas, a=line(canvas, (-9000, 100), (9000, 100), dash=(3, 2)))
    first = like(canvas.draw(layer), BLUE)[100]
    for shift in (40, 900):
        view = canvas.viewport
        canvas.viewport = view.panned(shift, 0)
        moved = like(canvas.draw(layer), BLUE)[100]
        canvas.viewport = view
        # 30 pixels are a dash and a gap.
        assert (moved[100:300] == np.roll(first, shift % 30)[100:300]).mean() > 0.95


def test_arrows_point_along_the_line(qapp):
    canvas = Canvas()
    style = {"stroke": BLUE, "width": 3.0, "arrows": True}
    right = like(canvas.draw(layer_of(canvas, a=line(canvas, (30, 100), (330, 100), **style))), BLUE)
    left = like(canvas.draw(layer_of(canvas, a=line(canvas, (330, 100), (30, 100), **style))), BLUE)
    thick = right.sum(axis=0)
    tall = np.flatnonzero(thick >= 5)
    assert len(np.split(tall, np.flatnonzero(np.diff(tall) > 20) + 1)) == 3, "every 90 pixels"
    # A head grows thinner in its direction.
    head = thick[tall[0] : tall[0] + 6]
    assert head[0] > head[-1]
    assert (np.fliplr(left)[:, 40:320] == right[:, 1:][:, 40:320]).mean() > 0.99


def test_a_hole_is_not_filled_and_not_hit(qapp):
    canvas = Canvas()
    shape = Shape(
        kind="polygon",
        points=canvas.places((50, 50), (350, 50), (350, 250), (50, 250)),
        holes=[canvas.places((150, 100), (250, 100), (250, 200), (150, 200))],
        style=ShapeStyle(stroke=BLUE, width=2, fill="#ff202080"),
    )
    layer = layer_of(canvas, a=shape)
    picture = canvas.draw(layer)
    assert picture[75, 100] == pytest.approx((128, 16, 16), abs=4), "half a colour over black"
    assert (picture[150, 200] == 0).all()
    assert (picture[20, 20] == 0).all()
    view = canvas.viewport
    assert layer.hit(view, 100, 75) == "a"
    assert layer.hit(view, 200, 150) is None
    assert layer.hit(view, 152, 150) == "a", "the hole's edge"
    assert layer.hit(view, 20, 20) is None


def test_without_a_fill_only_the_edge_is_hit(qapp):
    canvas = Canvas()
    corners = canvas.places((50, 50), (350, 50), (350, 250), (50, 250))
    layer = layer_of(canvas, a=Shape(kind="polygon", points=corners, style=LINE))
    assert layer.hit(canvas.viewport, 200, 150) is None
    assert layer.hit(canvas.viewport, 50, 150) == "a", "the closing edge too"


@pytest.mark.parametrize("zoom", [10.0, 16.0, 21.0])
def test_a_circle_has_its_radius_in_metres(qapp, zoom: float):
    canvas = Canvas(zoom=zoom)
    radius = 100 * canvas.viewport.metres_per_pixel
    style = ShapeStyle(stroke=BLUE, width=2, fill="#ff202080")
    layer = layer_of(
        canvas, a=Shape(kind="circle", points=canvas.places((200, 150)), radius=radius, style=style)
    )
    y, x = np.nonzero(like(canvas.draw(layer), BLUE))
    assert np.hypot(x + 0.5 - 200, y + 0.5 - 150) == pytest.approx(100, abs=2.5)
    assert layer.hit(canvas.viewport, 200, 220) == "a"
    assert layer.hit(canvas.viewport, 285, 225) is None


def test_a_circle_far_larger_than_the_view_is_still_round(qapp):
    canvas = Canvas(zoom=20)
    radius = 50_000 * canvas.viewport.metres_per_pixel
    middle = canvas.viewport.place_at(200 - 50_000, 150)
    layer = layer_of(canvas, a=Shape(kind="circle", points=[middle], radius=radius, style=LINE))
    y, x = np.nonzero(like(canvas.draw(layer), BLUE))
    assert len(x) > 1000
    assert np.abs(np.hypot(x - 200 + 50_000, y - 150) - 50_000).max() < 5


def test_far_vertices_do_no_harm(qapp):
    canvas = Canvas(zoom=22)
    for shape in (
        Shape(kind="line", points=[(-170, 34.26), (170, 34.26)], style=LINE),
        Shape(
            kind="polygon",
            points=[(-170, 60), (170, 60), (170, -60), (-170, -60)],
            style=replace(LINE, fill=RED),
        ),
    ):
        layer = layer_of(canvas, a=shape)
        picture = canvas.draw(layer)
        if shape.kind == "polygon":
            assert like(picture, RED).all()
            assert layer.hit(canvas.viewport, 10, 10) == "a"
        else:
            assert like(picture[145:156], BLUE).any()


def test_thousands_of_vertices_are_thinned_to_the_same_picture(qapp):
    canvas = Canvas()
    t = np.linspace(0, 6 * np.pi, 50_000)
    points = list(zip(200 + 8 * t * np.cos(t), 150 + 6 * t * np.sin(t), strict=True))
    lon, lat = canvas.columns(*points[::50])
    exact = np.column_stack([lon, lat]).tolist()
    lon, lat = np.interp(t, t[::50], lon), np.interp(t, t[::50], lat)
    fine = layer_of(canvas, a=Shape(kind="line", points=list(zip(lon, lat, strict=True)), style=LINE))
    coarse = layer_of(canvas, a=Shape(kind="line", points=exact, style=LINE))
    assert (like(canvas.draw(fine), BLUE) == like(canvas.draw(coarse), BLUE)).mean() > 0.995
    assert fine.hit(canvas.viewport, *points[25_000]) == "a"


def test_a_text_is_hit_on_its_plate(qapp):
    canvas = Canvas()
    shape = Shape(kind="text", points=canvas.places((200, 150)), text="管道施工 封闭", style=LINE)
    layer = layer_of(canvas, a=shape)
    picture = canvas.draw(layer)
    assert like(picture, WHITE, 60).any() and like(picture, BLUE).any()
    assert layer.hit(canvas.viewport, 230, 150) == "a"
    assert layer.hit(canvas.viewport, 200, 180) is None


def test_keys_are_replaced_dropped_and_cleared_and_the_topmost_is_hit(qapp):
    canvas = Canvas()
    layer = layer_of(canvas, a=line(canvas, (50, 100), (350, 100)))
    layer.put("b", line(canvas, (50, 100), (350, 100), stroke=RED))
    assert layer.hit(canvas.viewport, 200, 103) == "b"
    layer.put("b", line(canvas, (50, 200), (350, 200), stroke=RED), line(canvas, (50, 250), (350, 250)))
    assert layer.hit(canvas.viewport, 200, 100) == "a"
    assert layer.hit(canvas.viewport, 200, 250) == "b"
    assert not like(canvas.draw(layer)[80:120], RED).any()
    layer.drop("b")
    layer.drop("b")
    assert layer.hit(canvas.viewport, 200, 250) is None
    layer.clear()
    assert not canvas.draw(layer).any()


def test_nothing_is_hit_that_nobody_listens_to(qapp):
    canvas = Canvas()
    layer = ShapesLayer("t.quiet", canvas)
    layer.put("a", line(canvas, (50, 100), (350, 100)))
    assert layer.hit(canvas.viewport, 200, 100) is None
    keys: list[str] = []
    undo = layer.on_click(keys.append)
    layer.click("a")
    undo()
    layer.click("a")
    assert keys == ["a"]


def test_the_layers_opacity_counts(qapp):
    canvas = Canvas()
    layer = layer_of(canvas, a=line(canvas, (50, 100), (350, 100)))
    layer.opacity = 0.5
    assert canvas.draw(layer)[100, 200] == pytest.approx((0, 80, 128), abs=4)


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_a_slow_layer_is_a_picture_that_looks_the_same(qapp, monkeypatch: pytest.MonkeyPatch, dpr: float):
    canvas = Canvas(dpr=dpr)
    route = line(canvas, (-300, 100), (200, 120), (700, 60), casing=WHITE, arrows=True)
    layer, plain = layer_of(canvas, a=route), layer_of(canvas, a=route)
    view = canvas.viewport
    for dx in (0, 0, 60, 190, 400, -2000, 0):
        canvas.viewport = view.panned(dx, dx / 4)
        monkeypatch.setattr("console.map.live.shapes.SLOW", -1.0)
        kept = canvas.draw(layer)
        monkeypatch.setattr("console.map.live.shapes.SLOW", 9.0)
        exact = canvas.draw(plain)
        # A pixel's fraction apart at most: edges differ, nothing else.
        assert np.abs(kept - exact).mean() < 1.5
    monkeypatch.setattr("console.map.live.shapes.SLOW", -1.0)
    canvas.draw(layer)
    layer.put("a", line(canvas, (50, 200), (350, 200), stroke="map.shape"))
    assert like(canvas.draw(layer)[[round(199 * dpr)]], BLUE).any()
    canvas.draw(layer)
    monkeypatch.setitem(COLORS, "map.shape", RED)
    assert like(canvas.draw(layer)[[round(199 * dpr)]], RED).any(), "another theme"


def test_a_translucent_layer_shows_no_casing_through_its_lines(qapp):
    canvas = Canvas()
    layer = layer_of(canvas, a=line(canvas, (50, 100), (350, 100), casing=WHITE))
    layer.opacity = 0.5
    assert canvas.draw(layer)[100, 200] == pytest.approx((0, 80, 128), abs=4)
    layer.opacity = 0.0
    assert not canvas.draw(layer).any()


def test_translucent_lines_are_even_where_their_pieces_meet(qapp):
    canvas = Canvas()
    bends = [(x, 150 + 40 * math.sin(x / 9)) for x in range(20, 380, 2)]
    layer = layer_of(canvas, a=line(canvas, *bends, stroke="#ffffff60", width=8.0))
    assert canvas.draw(layer).max() == pytest.approx(0x60, abs=2)


def test_after_removal_every_call_is_harmless(qapp):
    canvas = Canvas()
    layer = layer_of(canvas, a=line(canvas, (50, 100), (350, 100)))
    layer.remove()
    touched = canvas.touched
    layer.remove()
    layer.put("b", line(canvas, (50, 100), (350, 100)))
    layer.drop("a")
    layer.clear()
    assert canvas.touched == touched and canvas.forgotten == [layer]


# ---- hostile ----


@pytest.mark.parametrize(
    "shape, words",
    [
        (Shape(kind="blob", points=[(1, 2)]), "blob"),  # type: ignore[arg-type]
        (Shape(kind="circle", points=[(1, 2)], radius=math.nan), "radius"),
        (Shape(kind="circle", points=[(1, 2)], radius=-1), "radius"),
        (Shape(kind="circle", points=[(1, 2)], radius=1e9), "radius"),
        (Shape(kind="line", points=[(1, 2, 3), (4, 5, 6)]), "pairs"),  # type: ignore[list-item]
    ],
)
def test_what_is_no_shape_is_refused_and_the_old_stays(qapp, shape: Shape, words: str):
    canvas = Canvas()
    layer = layer_of(canvas, a=line(canvas, (50, 100), (350, 100)))
    with pytest.raises(ValueError, match=words):
        layer.put("a", shape)
    assert layer.hit(canvas.viewport, 200, 100) == "a"


def test_vertices_that_are_nowhere_are_left_out(qapp):
    canvas = Canvas()
    (left, right), nowhere = canvas.places((50, 100), (350, 100)), (math.nan, 1e9)
    layer = layer_of(canvas, a=Shape(kind="line", points=[nowhere, left, nowhere, right], style=LINE))
    assert like(canvas.draw(layer)[99:101, 60:340], BLUE).all()


ANY = st.floats(allow_nan=True, allow_infinity=True)
NEAR = st.tuples(st.floats(117.19, 117.21), st.floats(34.25, 34.27))
POINTS = st.lists(NEAR | st.tuples(ANY, ANY), max_size=8)


@settings(max_examples=100)
@example("circle", [(0.0, 91.0), (117.2, 34.25)], [], 1.0, "", 1.0, [], 3.0)
@given(
    st.sampled_from(["line", "polygon", "circle", "text"]),
    POINTS,
    st.lists(POINTS, max_size=2),
    st.floats(0, 2e7),
    st.text(max_size=100),
    ANY,
    st.lists(st.floats(0.1, 10) | ANY, max_size=3),
    st.sampled_from([3.0, 16.0, 22.0]),
)
def test_any_shape_is_drawn_or_left_out(qapp, kind, points, holes, radius, text, width, dash, zoom):
    canvas = Canvas(zoom=zoom)
    style = ShapeStyle(stroke=BLUE, width=width, dash=dash, fill="#ff202080", arrows=True, casing=WHITE)
    layer = layer_of(
        canvas, a=Shape(kind=kind, points=points, holes=holes, radius=radius, text=text, style=style)
    )
    canvas.draw(layer)
    layer.hit(canvas.viewport, 200, 150)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), min_size=3, max_size=12),
    st.integers(0, 99),
)
def test_a_cut_ring_covers_the_same_inside_the_box(ring, seed):
    whole = np.array([*ring, ring[0]])
    cut = cut_ring(whole, (100.0, 80.0))
    assert (np.abs(cut) <= np.array([100.0, 80.0]) + 1e-6).all()
    cut = np.vstack([cut, cut[:1]]) if len(cut) else np.zeros((2, 2))
    for x, y in np.random.default_rng(seed).uniform((-99, -79), (99, 79), (20, 2)):
        assert crossings(whole, x, y) % 2 == crossings(cut, x, y) % 2


def test_many_plain_areas_look_as_each_alone_does(qapp):
    """They are painted another way, for speed; one has a hole, one is smaller than a pixel."""
    canvas = Canvas()
    inks = ["#ff202099", "#00a0ff99", "#20ff2099"]
    rng = np.random.default_rng(5)
    shapes = []
    for at in range(60):
        corner = rng.uniform((20, 20), (340, 250))
        size = rng.uniform(8, 40, 2)
        box = corner + size * np.array([[0, 0], [1, 0], [1, 0.5], [0.5, 0.5], [0.5, 1], [0, 1]])
        points = canvas.places(*(tuple(spot) for spot in box.tolist()))
        shapes.append(Shape(kind="polygon", points=points, style=ShapeStyle(stroke="", fill=inks[at % 3])))
    ring, hole = ([(a, a), (b, a), (b, b), (a, b)] for a, b in ((100, 200), (120, 180)))
    style = ShapeStyle(stroke="", fill=inks[0])
    holed = Shape(kind="polygon", points=canvas.places(*ring), holes=[canvas.places(*hole)], style=style)
    dust = Shape(kind="polygon", points=canvas.places((50, 50), (50.1, 50), (50.1, 50.1)), style=style)
    many = [*shapes[:45], dust, holed, *shapes[45:]]
    together = ShapesLayer("t.many", canvas)
    together.put("all", *many)
    picture = canvas.draw(together)
    alone = [layer_of(canvas, one=shape) for shape in many]
    expected = canvas.draw(*alone)
    off = np.abs(picture.astype(int) - expected.astype(int))
    assert (off.max(axis=2) > 3).mean() < 0.06, "edges alone may differ, by a part of a pixel"
    assert (expected != canvas.draw(ShapesLayer("t.none", canvas))).any(axis=2).sum() > 10_000
