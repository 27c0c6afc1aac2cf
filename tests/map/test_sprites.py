"""Point symbols: crisp, of the right size and place, turned where they should be."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from console.map.live.points import PointsLayer
from console.map.live.sprites import DIRECTIONS, ink_on, make_atlas, resolve
from console.sdk.symbols import PointStyle, Sprite, SpriteShape
from tests.map.canvas import COLORS, Canvas, like, middle

RED = "#ff2020"


def drawn(
    canvas: Canvas, sprite: Sprite, heading: float | None = None, pixel: tuple[float, float] = (200, 150)
):
    """One symbol at a pixel."""
    layer = PointsLayer("t.one", PointStyle(sprites=[sprite]), canvas)
    turned = None if heading is None else np.array([heading])
    layer.set_points(*canvas.columns(pixel), heading=turned)
    return canvas.draw(layer)


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("shape", list(SpriteShape))
def test_each_shape_is_drawn_at_its_place_in_its_size(qapp, shape: SpriteShape, dpr: float):
    canvas = Canvas(dpr=dpr)
    fill = like(drawn(canvas, Sprite(shape=shape, fill=RED, size=24)), RED)
    y, x = np.nonzero(fill)
    across, down = (np.ptp(x) + 1) / dpr, (np.ptp(y) + 1) / dpr
    assert 18 <= max(across, down) <= 34
    if shape is SpriteShape.PIN:
        assert y.max() / dpr == pytest.approx(150, abs=3), "the tip is the place"
    else:
        assert (y.min() + y.max() + 1) / 2 / dpr == pytest.approx(150, abs=2.5)
    assert (x.min() + x.max() + 1) / 2 / dpr == pytest.approx(200, abs=1.5)


def test_shapes_are_told_apart_without_colour(qapp):
    canvas = Canvas()
    pictures = [like(drawn(canvas, Sprite(shape=s, fill=RED, size=28)), RED) for s in SpriteShape]
    for i, one in enumerate(pictures):
        for other in pictures[:i]:
            assert (one ^ other).sum() > 40


@pytest.mark.parametrize("heading, dx, dy", [(0, 0, -1), (90, 1, 0), (180, 0, 1), (270, -1, 0), (-90, -1, 0)])
def test_the_nose_points_where_the_heading_says(qapp, heading: float, dx: int, dy: int):
    canvas, sprite = Canvas(), Sprite(shape=SpriteShape.CIRCLE, fill=RED, size=14)
    plain, turned = (like(drawn(canvas, sprite, h), RED, 90) for h in (None, heading))
    x, y = middle(turned & ~plain)
    assert (x - 200) * dx + (y - 150) * dy > 6
    assert abs((x - 200) * dy) < 1.5
    assert abs((y - 150) * dx) < 1.5


def test_no_nose_without_a_heading(qapp):
    canvas = Canvas()
    sprite = Sprite(shape=SpriteShape.SQUARE, fill=RED, size=14)
    assert (drawn(canvas, sprite, float("nan")) == drawn(canvas, sprite)).all()


@pytest.mark.parametrize("shape", [SpriteShape.ARROW, SpriteShape.CAMERA])
def test_arrows_and_cameras_turn_themselves(qapp, shape: SpriteShape):
    canvas = Canvas()
    north, east, south = (
        like(drawn(canvas, Sprite(shape=shape, fill=RED, size=30), h), RED) for h in (0, 90, 180)
    )
    # Lying instead of standing, and the other way round.
    tall, wide = (np.array([np.ptp(v) for v in np.nonzero(mask)]) for mask in (north, east))
    assert tall[0] > tall[1] and wide[1] > wide[0]
    assert (np.flipud(north)[1:, :] & south[:-1, :]).sum() > 0.9 * north.sum()


def test_a_glyph_is_in_the_middle_and_readable(qapp):
    for fill in ("#ffe070", "#203050"):
        sprite = Sprite(shape=SpriteShape.CIRCLE, fill=fill, size=40, glyph="火")
        picture = drawn(Canvas(dpr=2.0), sprite)
        ink = like(picture, ink_on(QColor(fill)).name(), 30)
        ink &= np.hypot(*np.indices(ink.shape) - np.array([300, 400])[:, None, None]) < 32
        x, y = middle(ink)
        assert (x, y) == pytest.approx((400, 300), abs=4)


def test_text_stands_out_from_every_ground():
    assert ink_on(QColor("#ffffff")).name() == ink_on(QColor("#ffb020")).name() == "#0b1118"
    assert ink_on(QColor("#000000")).name() == ink_on(QColor("#1c3d5c")).name() == "#ffffff"


def test_colours_are_tokens_or_written_out_and_slips_are_grey():
    assert resolve("map.selection", COLORS.__getitem__) == QColor("#ffff00")
    assert resolve("#10203040", COLORS.__getitem__) == QColor(0x10, 0x20, 0x30, 0x40)
    for slip in ("no.such.token", "#12", "#gggggg"):
        assert resolve(slip, COLORS.__getitem__).name() == "#9aa7b4"


def test_an_atlas_without_headings_has_no_turned_symbols(qapp):
    sprites = [Sprite(shape=shape, fill=RED, size=20) for shape in SpriteShape]
    plain = make_atlas(sprites, COLORS.__getitem__, 1.0)
    turned = make_atlas(sprites, COLORS.__getitem__, 1.0, headings=True)
    assert turned.pixmap.width() > plain.pixmap.width() * DIRECTIONS
    assert (plain.side % 2 == 0).all()


def test_a_theme_change_redraws(qapp):
    canvas = Canvas()
    layer = PointsLayer(
        "t.theme", PointStyle(sprites=[Sprite(shape=SpriteShape.SQUARE, fill="map.shape")]), canvas
    )
    layer.set_points(*canvas.columns((200, 150)))
    assert like(canvas.draw(layer), "#00a0ff").any()
    before = COLORS["map.shape"]
    COLORS["map.shape"] = "#00ff00"
    try:
        layer.restyle()
        assert like(canvas.draw(layer), "#00ff00").any()
    finally:
        COLORS["map.shape"] = before


def test_a_drawing_stands_for_shape_and_glyph_at_its_place(qapp):
    canvas = Canvas()
    fire = drawn(canvas, Sprite(symbol="fire", size=32))
    y, x = np.nonzero(like(fire, "#c62828"))
    assert np.ptp(x) == pytest.approx(28, abs=4)
    assert (x.min() + x.max() + 1) / 2 == pytest.approx(200, abs=1.5)
    assert (y.min() + y.max() + 1) / 2 == pytest.approx(150, abs=1.5)


def test_where_there_is_no_such_drawing_the_shape_is_drawn(qapp):
    pictures = [
        drawn(Canvas(), Sprite(symbol=name, shape=SpriteShape.SQUARE, fill=RED)) for name in ("own/x", "")
    ]
    assert (pictures[0] == pictures[1]).all()
