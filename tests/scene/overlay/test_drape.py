"""Lines and areas of the map lie on the scene: each pixel is the colour of the shape at its place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest

from console.map.viewport import to_world
from console.map.views.view import MapView
from console.scene.overlay.drape import PAUSE, DrapePainter
from console.scene.pose import Pose
from console.scene.process.memory import Memory
from console.scene.process.messages import Laid, Lay
from console.sdk.symbols import Shape, ShapeStyle
from tests.map.conftest import CENTER, until

LON, LAT = CENTER
RED, NOTHING = [255, 0, 0, 255], [0, 0, 0, 0]


class Laying:
    """The drawing process: takes each picture at once."""

    def __init__(self, view: MapView) -> None:
        self.laid: dict[int, tuple[Lay, np.ndarray | None]] = {}
        self.number = 0
        self.painter = DrapePainter(view.tree, lambda: view.colors, self._take, QObject(view))
        view.touched.add(self.painter.touch)

    def _take(self, lay: Lay) -> None:
        memory = Memory(lay.slot_bytes, lay.memory)
        pixels = memory.picture(lay.level, lay.side, lay.side).copy() if lay.side else None
        self.laid[lay.level], self.number = (lay, pixels), self.number + 1
        self.painter.hear(Laid(lay.level))

    def seen(self, level: int, lon: float, lat: float) -> list[int]:
        """RGBA of a place."""
        lay, pixels = self.laid[level]
        assert pixels is not None
        left, top, right, bottom = lay.bounds
        x, y = to_world(lon, lat)
        column, row = (x - left) / (right - left) * lay.side, (y - top) / (bottom - top) * lay.side
        return pixels[int(row), int(column)].tolist()


@pytest.fixture
def laying(view: MapView) -> Iterator[Laying]:
    made = Laying(view)
    yield made
    made.painter.close()


def test_a_pixel_is_the_colour_of_the_shape_at_its_place(view: MapView, laying: Laying):
    layer = view.facet.add_shapes("t.plan")
    ring = [(LON, LAT), (LON + 1e-3, LAT), (LON + 1e-3, LAT + 1e-3), (LON, LAT + 1e-3)]
    layer.put("area", Shape(kind="polygon", points=ring, style=ShapeStyle(fill="#ff0000", stroke="")))
    layer.put("note", Shape(kind="text", points=[(LON - 1e-3, LAT)], text="立着"))
    laying.painter.look(Pose(LON, LAT, 0.0, 30.0, 60.0, 400.0))
    until(lambda: len(laying.laid) == 2)
    for level in (0, 1):
        assert laying.seen(level, LON + 5e-4, LAT + 5e-4) == RED
        assert laying.seen(level, LON + 1e-5, LAT + 1e-5) == RED
        assert laying.seen(level, LON - 5e-4, LAT + 5e-4) == NOTHING
        assert laying.seen(level, LON - 1e-3, LAT) == NOTHING
    before = laying.number
    layer.clear()
    until(lambda: laying.number >= before + 2)
    assert [laying.laid[level][0].side for level in (0, 1)] == [0, 0]


def test_pictures_follow_a_view_that_goes_away(view: MapView, laying: Laying):
    layer = view.facet.add_shapes("t.plan")
    line = [(LON - 0.02, LAT), (LON + 0.02, LAT)]
    layer.put("road", Shape(kind="line", points=line, style=ShapeStyle(stroke="#ff0000", width=9.0)))
    laying.painter.look(Pose(LON, LAT, 0.0, 0.0, 60.0, 400.0))
    until(lambda: len(laying.laid) == 2)
    first = laying.laid[1][0].bounds
    laying.painter.look(Pose(LON + 1e-4, LAT, 0.0, 0.0, 60.0, 400.0))
    QTest.qWait(3 * PAUSE)
    assert laying.laid[1][0].bounds == first
    laying.painter.look(Pose(LON + 0.01, LAT, 0.0, 0.0, 60.0, 400.0))
    until(lambda: laying.laid[1][0].bounds != first)
    assert laying.seen(1, LON + 0.01, LAT) == RED


def test_sectors_lie_on_the_scene_too(view: MapView, laying: Laying):
    layer = view.facet.add_sectors("t.fields", ["#ff0000"])
    middle = np.array([LON]), np.array([LAT])
    layer.set_sectors(*middle, np.array([90.0]), np.array([60.0]), np.array([150.0]))
    laying.painter.look(Pose(LON, LAT, 0.0, 30.0, 60.0, 400.0))
    until(lambda: len(laying.laid) == 2)
    red, *_, alpha = laying.seen(1, LON + 1e-3, LAT)
    assert 0 < red <= alpha < 128
    assert laying.seen(1, LON - 1e-3, LAT) == NOTHING
