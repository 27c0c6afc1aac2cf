"""Sectors: where they are painted, in which colour, from which zoom on; in every view and on paper."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QPicture
from PySide6.QtTest import QTest

from console.map.live.echoes import SectorsEcho, echo_of
from console.map.live.sectors import SectorsLayer
from console.map.views.view import MapView
from console.model.text import Text
from console.sdk.symbols import PointStyle, Sprite
from tests.map.canvas import CENTER, COLORS, Canvas
from tests.map.conftest import drawn

GREEN, GREY = "#00ff00", "#808080"


def layer_of(
    canvas: Canvas, *sectors: tuple[float, float, float], color: tuple[int, ...] | None = None
) -> SectorsLayer:
    """Sectors (heading, across, reach) at the middle of the canvas."""
    layer = SectorsLayer("t.sectors", canvas, [GREEN, GREY], 15.0)
    heading, across, reach = np.array(sectors, float).reshape(-1, 3).T
    lon, lat = np.full(len(heading), CENTER[0]), np.full(len(heading), CENTER[1])
    layer.set_sectors(lon, lat, heading, across, reach, color=None if color is None else np.array(color))
    return layer


def lit(canvas: Canvas, layer: SectorsLayer) -> np.ndarray:
    """Which device pixels are painted."""
    return canvas.draw(layer).sum(axis=2) > 8


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_a_sector_lies_where_it_looks(qapp, dpr: float):
    canvas = Canvas(zoom=17.0, dpr=dpr)
    pixels = 100.0 / canvas.viewport.metres_per_pixel
    painted = lit(canvas, layer_of(canvas, (90.0, 60.0, 100.0)))
    y, x = np.nonzero(painted)
    assert x.min() / dpr == pytest.approx(200, abs=1.5)  # the camera
    assert x.max() / dpr == pytest.approx(200 + pixels, abs=2)
    assert (y.max() - y.min()) / dpr == pytest.approx(pixels, abs=3)  # 2 sin 30°
    angle = np.degrees(np.arctan2(y / dpr - 150, x / dpr - 200))
    far = np.hypot(x / dpr - 200, y / dpr - 150) > pixels / 2
    assert np.abs(angle[far]).max() == pytest.approx(30, abs=2.5)


def test_a_circle_is_whole_and_what_is_not_known_is_left_out(qapp):
    canvas = Canvas(zoom=17.0)
    pixels = 100.0 / canvas.viewport.metres_per_pixel
    painted = lit(
        canvas, layer_of(canvas, (0.0, 360.0, 100.0), (math.nan, 60.0, 300.0), (0.0, 60.0, math.nan))
    )
    assert painted.sum() == pytest.approx(math.pi * pixels**2, rel=0.05)


def test_overlapping_areas_of_one_colour_do_not_add_up(qapp):
    canvas = Canvas(zoom=16.0)  # no edges yet
    once = canvas.draw(layer_of(canvas, (0.0, 90.0, 100.0)))
    often = canvas.draw(layer_of(canvas, *[(0.0, 90.0, 100.0)] * 20))
    assert once[130, 200].sum() > 0
    assert often[130, 200].tolist() == pytest.approx(once[130, 200].tolist(), abs=2)
    grey = canvas.draw(layer_of(canvas, (0.0, 90.0, 100.0), color=(1,)))[130, 200]
    assert grey[0] == pytest.approx(grey[1], abs=2) and once[130, 200][1] > 2 * once[130, 200][0]


def test_columns_that_do_not_fit_are_refused(qapp):
    canvas = Canvas()
    layer = layer_of(canvas)
    one = np.zeros(1)
    with pytest.raises(ValueError, match="length"):
        layer.set_sectors(one, one, one, one, np.zeros(2))
    with pytest.raises(ValueError, match="color"):
        layer.set_sectors(one, one, one, one, one, color=np.array([2]))
    touched, all_there = canvas.touched, [one, one, one, one + 60, one + 80]
    layer.set_sectors(*all_there)
    layer.set_sectors(*all_there)
    assert canvas.touched == touched + 1  # the same again is nothing new
    layer.set_sectors(*[np.empty(0)] * 5)
    assert not lit(canvas, layer).any()


def test_another_view_paper_and_the_ground_show_the_same(qapp):
    canvas = Canvas(zoom=17.0)
    layer = layer_of(canvas, (90.0, 60.0, 100.0))
    expected = lit(canvas, layer)
    echo = echo_of(layer, canvas)
    assert isinstance(echo, SectorsEcho)
    assert (lit(canvas, echo) == expected).all()
    twin = layer.twin()
    twin.part(canvas.viewport.world)
    sheet = QPicture()
    painter = QPainter(sheet)
    twin.draw(painter, canvas.viewport, COLORS.__getitem__)
    painter.end()
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    sheet.play(painter)
    painter.end()
    assert image.pixelColor(230, 150).green() > 20
    assert layer.shapes_in(canvas.viewport.world) and not layer.shapes_in((0.0, 0.0, 0.1, 0.1))


def test_many_are_painted_in_a_tile_at_once(qapp):
    """A street picture's worth of a district: 400 in one tile of 512 pixels, generously."""
    canvas = Canvas(zoom=15.5, width=512, height=512)
    rng = np.random.default_rng(7)
    west, south, east, north = canvas.viewport.bounds
    layer = SectorsLayer("t.sectors", canvas, [GREEN, GREY], 15.0)
    n = 38_000
    layer.set_sectors(
        rng.uniform(west - 0.2, east + 0.2, n),
        rng.uniform(south - 0.2, north + 0.2, n),
        rng.uniform(0, 360, n),
        rng.uniform(30, 100, n),
        rng.uniform(40, 120, n),
    )
    began = time.perf_counter()
    assert lit(canvas, layer).any()
    assert time.perf_counter() - began < 0.5


def test_the_map_draws_them_from_their_zoom_on_and_a_double_click_goes_to_the_symbol(view: MapView):
    sectors = view.facet.add_sectors("t.sectors", [GREEN], min_zoom=15.5, title=Text("视野", "Views"))
    x, y = np.array([CENTER[0]]), np.array([CENTER[1]])
    sectors.set_sectors(x, y, np.zeros(1), np.array([360.0]), np.array([200.0]))
    points = view.facet.add_points(
        "t.points", PointStyle(sprites=(Sprite(size=20.0),)), title=Text("点", "P")
    )
    points.set_points(x, y)
    view.facet.center_on(*CENTER, 14.0)
    drawn(view)
    assert not sectors.shown_at(view.viewport.zoom)
    view.facet.center_on(*CENTER, 16.0)
    drawn(view)
    middle = QPoint(view.width() // 2, view.height() // 2)
    color = view.grab().toImage().pixelColor(middle + QPoint(0, -40))
    assert color.green() > color.red()
    doubled: list[int] = []
    undo = points.on_double_click(doubled.append)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert doubled == [0] and view.navigator.goal_zoom == 16.0
    undo()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    assert doubled == [0] and view.navigator.goal_zoom == 17.0


def test_a_crowd_waits_while_the_zoom_moves_and_is_painted_at_rest(qapp, monkeypatch: pytest.MonkeyPatch):
    """A frame of the screen has no time for it; what the layer is painted into elsewhere has."""
    canvas = Canvas(zoom=17.0)
    layer = layer_of(canvas, *[(90.0, 60.0, 100.0)] * 500)
    now = [100.0]
    monkeypatch.setattr("console.map.live.sectors.time.monotonic", lambda: now[0])
    assert not lit(canvas, layer).any()
    now[0] += 1.0
    assert lit(canvas, layer).any()
    canvas.viewport = replace(canvas.viewport, zoom=17.1)
    assert lit(canvas, layer).any()  # the last picture, stretched
