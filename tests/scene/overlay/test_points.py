"""Points of the map over a scene: where the lens says, faint behind things, at hand as on the map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QPainter

from console.map.live.sprites import Atlas, atlas_steps
from console.map.views.view import MapView
from console.scene.frame import Frame
from console.scene.lens import Lens
from console.scene.overlay.live import LiveOver
from console.scene.overlay.points import LIFT
from console.scene.pose import Pose
from console.sdk.symbols import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape
from tests.map.conftest import CENTER

GROUND = 30.0
RED = Sprite(shape=SpriteShape.SQUARE, fill="#ff0000", size=20.0)
ARROW = Sprite(shape=SpriteShape.ARROW, fill="#ff0000", size=28.0)


class Stage:
    """A plane 30 m above the ellipsoid, and walls where a test puts them."""

    def __init__(self, pose: Pose | None = None) -> None:
        self.frame = Frame(*CENTER, 0.0)
        self.pose = pose or Pose(*CENTER, GROUND, 0.0, 55.0, 300.0)
        self.wall = np.inf
        self.asked = 0

    @property
    def lens(self) -> Lens:
        return self.pose.lens(self.frame, 800, 600)

    def feet(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        self.asked += len(lon)
        return np.full(len(lon), GROUND)

    def update(self) -> None: ...

    def ahead(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        x, y = np.asarray(x, float), np.asarray(y, float)
        rays = self.lens.rays(x, y)
        with np.errstate(divide="ignore"):
            along = (GROUND - self.lens.eye[2]) / rays[..., 2]
        return np.minimum(np.where(along > 0, along * (rays @ self.lens.ahead), np.inf), self.wall)

    def pixel(self, lon: float, lat: float) -> tuple[int, int]:
        x, y, _ = self.lens.project(self.frame.place(lon, lat, GROUND + LIFT))
        return round(float(x)), round(float(y))


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def over(view: MapView, stage: Stage) -> LiveOver:
    return LiveOver(stage, view.scene.live_layers, lambda: view.colors, QObject(view))


def painted(over: LiveOver, stage: Stage) -> QImage:
    """On black, as it is once all heights are known."""
    image = QImage(800, 600, QImage.Format.Format_RGB32)
    for _ in range(2):
        image.fill(0)
        painter = QPainter(image)
        over.paint(painter, stage)
        painter.end()
    return image


def red(image: QImage, x: int, y: int) -> int:
    return image.pixelColor(x, y).red()


def test_symbols_are_where_the_lens_sees_their_places(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[RED]))
    lon, lat = CENTER[0] + np.array([0.0, 0.0006, -0.0009]), CENTER[1] + np.array([0.0, 0.0005, -0.0002])
    layer.set_points(lon, lat)
    image = painted(over, stage)
    for place in zip(lon.tolist(), lat.tolist(), strict=True):
        assert red(image, *stage.pixel(*place)) == 255
    layer.set_visible(False)
    assert red(painted(over, stage), *stage.pixel(*CENTER)) == 0


def test_what_is_behind_something_is_faint(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[RED]))
    layer.set_points(np.array(CENTER[:1]), np.array(CENTER[1:]))
    stage.wall = 200.0
    assert red(painted(over, stage), *stage.pixel(*CENTER)) == pytest.approx(0.35 * 255, abs=3)
    stage.wall = 299.0
    assert red(painted(over, stage), *stage.pixel(*CENTER)) == 255


def test_what_is_inside_of_something_is_seen_through_its_wall(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.events", PointStyle(sprites=[RED]))
    layer.set_points(np.array(CENTER[:1]), np.array(CENTER[1:]))
    stage.wall = 285.0
    assert red(painted(over, stage), *stage.pixel(*CENTER)) == pytest.approx(0.8 * 255, abs=3)
    stage.wall = 255.0
    assert 0.4 * 255 < red(painted(over, stage), *stage.pixel(*CENTER)) < 0.75 * 255, (
        "it fades with the depth"
    )


def test_headings_turn_with_the_view(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.cars", PointStyle(sprites=[ARROW]))
    layer.set_points(np.array(CENTER[:1]), np.array(CENTER[1:]), heading=np.array([90.0]))
    x, y = stage.pixel(*CENTER)

    def tip(image: QImage) -> tuple[int, int]:
        """Red to the left and to the right of the middle, near the edge of the symbol: a tip is thin."""
        left = sum(red(image, x - 10, y + d) > 200 for d in range(-14, 15))
        right = sum(red(image, x + 10, y + d) > 200 for d in range(-14, 15))
        return left, right

    left, right = tip(painted(over, stage))
    assert right < left
    stage.pose = Pose(*CENTER, GROUND, 180.0, 55.0, 300.0)
    left, right = tip(painted(over, stage))
    assert left < right


def test_clicks_and_tips_are_those_of_the_layer(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[RED]))
    lon, lat = CENTER[0] + np.array([0.0, 0.0006]), CENTER[1] + np.array([0.0, 0.0005])
    layer.set_points(lon, lat)
    clicked: list[int] = []
    layer.on_click(clicked.append)
    layer.on_hover(lambda row: f"staff {row}")
    painted(over, stage)
    x, y = stage.pixel(float(lon[1]), float(lat[1]))
    assert over.click(x + 4, y - 4) == "hit"
    assert clicked == [1]
    assert over.tip(x, y) == "staff 1"
    assert over.at(x, y) == (layer, 1)
    assert over.click(x + 60, y) == ""
    assert over.tip(x + 60, y) == ""


def test_shapes_and_their_notes_are_clicked_where_they_lie(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_shapes("t.plan")
    lon, lat = CENTER
    ring = [(lon - 4e-4, lat - 4e-4), (lon, lat - 4e-4), (lon, lat), (lon - 4e-4, lat)]
    layer.put("area", Shape(kind="polygon", points=ring, style=ShapeStyle(fill="#00ff00")))
    layer.put("note", Shape(kind="text", points=[(lon + 6e-4, lat)], text="集合点"))
    clicked: list[str] = []
    layer.on_click(clicked.append)
    image = painted(over, stage)
    x, y = stage.pixel(lon + 6e-4, lat)
    assert over.click(x, y) == "hit"
    assert any(image.pixelColor(x + dx, y).lightness() > 30 for dx in range(-20, 21))
    assert over.click(*stage.pixel(lon - 2e-4, lat - 2e-4)) == "hit"
    assert over.click(*stage.pixel(lon - 8e-4, lat - 2e-4)) == ""
    assert clicked == ["note", "area"]


def test_counts_stand_for_many_when_far(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[RED], cluster=True, cluster_below=14.0))
    rng = np.random.default_rng(5)
    layer.set_points(rng.normal(CENTER[0], 0.0003, 50), rng.normal(CENTER[1], 0.0003, 50))
    stage.pose = Pose(*CENTER, GROUND, 0.0, 40.0, 9_000.0)
    painted(over, stage)
    counts = [(x, y) for x in range(300, 500, 8) for y in range(200, 400, 8) if over.click(x, y) == "cluster"]
    assert counts
    stage.pose = Pose(*CENTER, GROUND, 0.0, 40.0, 300.0)
    painted(over, stage)
    assert all(over.click(x, y) != "cluster" for x, y in counts)


def test_the_surface_is_asked_once_for_who_stands(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[RED]))
    lon, lat = np.full(3, CENTER[0]), CENTER[1] + np.arange(3) * 1e-5
    layer.set_points(lon, lat)
    painted(over, stage)
    assert stage.asked == 3
    layer.set_points(lon, lat + np.array([0.0, 0.0, 5e-5]))
    painted(over, stage)
    assert stage.asked == 4


def test_names_are_those_of_who_is_seen(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[RED], labels_from=15.0))
    layer.set_points(np.array(CENTER[:1]), np.array(CENTER[1:]))
    bare = painted(over, stage)
    layer.set_labels(["王小明"])
    named, (x, y) = painted(over, stage), stage.pixel(*CENTER)
    box = (x + 14, y - 8, 40, 16)
    assert named.copy(*box) != bare.copy(*box)
    stage.wall = 100.0
    assert painted(over, stage).copy(*box) == bare.copy(*box)


def test_the_selected_stand_out_with_what_their_fix_is_worth(view: MapView, over: LiveOver, stage: Stage):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[RED]))
    layer.set_points(np.array(CENTER[:1]), np.array(CENTER[1:]), accuracy=np.array([40.0]))
    plain = painted(over, stage)
    layer.select([0])
    chosen, (x, y) = painted(over, stage), stage.pixel(*CENTER)
    assert chosen.copy(x - 20, y - 20, 12, 12) != plain.copy(x - 20, y - 20, 12, 12)
    foot = stage.frame.place(*CENTER, GROUND)
    for metres, inside in ((30.0, True), (60.0, False)):
        px, py, _ = stage.lens.project(foot + np.array([metres, 0.0, 0.0]))
        assert (chosen.pixelColor(round(float(px)), round(float(py))).lightness() > 0) is inside


def test_names_are_as_sharp_as_the_device_that_they_are_painted_on(
    view: MapView, over: LiveOver, stage: Stage
):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[RED], labels_from=15.0))
    layer.set_points(np.array(CENTER[:1]), np.array(CENTER[1:]))
    layer.set_labels(["王小明"])

    def written(ratio: int) -> int:
        """Pixels right of the symbol that are not black."""
        image = QImage(800 * ratio, 600 * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        for _ in range(3):
            image.fill(0)
            painter = QPainter(image)
            over.paint(painter, stage)
            painter.end()
        assert not over.unrest
        x, y = stage.pixel(*CENTER)
        pixels = np.array(image.constBits()).reshape(600 * ratio, 800 * ratio, 4)[..., 1]
        return int((pixels[(y - 15) * ratio : (y + 15) * ratio, (x + 14) * ratio :] > 128).sum())

    small = written(1)
    assert small > 50 and written(4) == pytest.approx(16 * small, rel=0.25)
    assert written(1) == small


def test_the_symbols_of_a_finer_picture_are_drawn_a_few_at_a_time_and_kept(
    view: MapView, over: LiveOver, stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    for name in ("staff", "events"):
        layer = view.facet.add_points(f"t.{name}", PointStyle(sprites=[RED, ARROW]))
        layer.set_points(np.array([CENTER[0]]), np.array([CENTER[1]]), heading=np.array([20.0]))
        layer.select([0])
    painted(over, stage)
    drawn: list[object] = []

    def noted(*args: Any, **more: Any) -> Iterator[Atlas | None]:
        for step in atlas_steps(*args, **more):
            drawn.append(step)
            yield step

    monkeypatch.setattr("console.scene.overlay.symbols.atlas_steps", noted)
    steps = 0
    while over.prepare(2.0):
        steps += 1
        assert len(drawn) == steps
    assert steps == 2 * 4 * 3  # two layers; three sizes and the selected one; two symbols and the whole
    fine = QImage(1600, 1200, QImage.Format.Format_RGB32)
    fine.setDevicePixelRatio(2.0)
    painter = QPainter(fine)
    over.paint(painter, stage)
    painter.end()
    painted(over, stage)  # the window's were kept
    assert len(drawn) == steps
