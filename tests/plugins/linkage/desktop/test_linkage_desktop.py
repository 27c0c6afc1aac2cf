"""The panel 高低位联动: calibrating by clicks, from picture to map and back, names over the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QPushButton

from console.model.records import Camera, Event, Staff
from console.sdk.cameras import Pose
from console.sdk.errors import Conflict
from console.testing import Console, MemoryBackend
from plugins.linkage.desktop.label import Label
from plugins.linkage.desktop.room import MOST, share_out
from plugins.linkage.lens.lens import Lens

GRID = "320302001001001"
PANEL = "onemap.linkage.linkage"
HIGH = Camera(
    id="h1", name="云龙山鹰眼", area=GRID, where=(117.2, 34.26), high=True, live=True, mast=80.0, version=1
)
TRUE = Lens(lon=117.2, lat=34.26, height=80, heading=160, tilt=-22, roll=0.4, focal=1.1, aspect=0.5625)
TRUE_EYE = (TRUE.lon, TRUE.lat, TRUE.height)
SPOT = TRUE.level_place(0.5, 0.6, 0.0) or (0.0, 0.0, 0.0)
LOW = [
    Camera(id=f"c{n}", name=f"路口 {n}", area=GRID, where=(SPOT[0] + n / 2e4, SPOT[1]), live=True, version=1)
    for n in range(1, 7)
]
PICTURE = QRectF(0, 30, 640, 360)
SHARES = [(0.1, 0.2), (0.9, 0.25), (0.15, 0.9), (0.85, 0.85), (0.5, 0.5)]


class Place:
    """What the cameras' service answers here."""

    def __init__(self, console: Console) -> None:
        self.pose: Pose | None = None
        self.turned: list[tuple[Any, ...]] = []
        service = console.host.services.get("cameras")
        service.turn, service.pose = self._turn, self._pose

    async def _turn(self, camera: str, pan: float, tilt: float, zoom: float | None = None) -> None:
        self.turned.append((camera, pan, tilt, zoom))
        self.pose = Pose(pan, tilt, zoom or 0.0)

    async def _pose(self, camera: str) -> Pose | None:
        return self.pose


@pytest.fixture
def kept(backend: MemoryBackend) -> dict[str, Any]:
    """The backend's calibrations by camera."""
    kept: dict[str, Any] = {}

    def save(request: Any) -> Any:
        camera = request.path.rpartition("/")[2]
        present = kept[camera]["edition"] if camera in kept else 0
        if request.body["edition"] != present:
            raise Conflict("已被他人标定", status=409, code="changed_meanwhile")
        told = {**request.body, "edition": present + 1, "camera": camera, "by": "操作员", "at": 1.7e9}
        kept[camera] = told
        return told

    backend.answer("GET", "/linkage", lambda _: list(kept.values()))
    backend.answer("PUT", "/linkage/[^/]+", save)
    backend.answer("POST", r"/cameras/[^/]+/ticket", lambda r: {
        "id": r.path, "user": "", "password": "", "main": "rtsp://10.0.0.1/m", "sub": "",
    })  # fmt: skip
    backend.answer("POST", "/cameras/tickets/.*", {"renewed": [], "over": {}})
    return kept


@pytest.fixture
def console_with(activate: Callable[..., Console], kept: dict[str, Any]) -> Iterator[Callable[..., Console]]:
    def begin(high: Camera = HIGH) -> Console:
        console = activate("grids", "cameras", "linkage")
        console.put("camera", high, *LOW)
        console.clock.advance(0.3)
        return console

    yield begin


def calibrated(kept: dict[str, Any], pose: Pose | None = None) -> None:
    pairs = [
        {"u": u, "v": v, **dict(zip(("lon", "lat", "height"), at(u, v), strict=True))} for u, v in SHARES
    ]
    head = None if pose is None else {"pan": pose.pan, "tilt": pose.tilt, "zoom": pose.zoom}
    kept["h1"] = {
        "camera": "h1", "lens": asdict(TRUE), "pairs": pairs, "ground": 0.0, "held": False,
        "error": 0.0004, "pose": head, "edition": 1, "by": "王工", "at": 1.7e9,
    }  # fmt: skip


def at(u: float, v: float) -> tuple[float, float, float]:
    place = TRUE.level_place(u, v, 0.0)
    assert place is not None
    return place


def tile_of(console: Console) -> Any:
    """The high camera's picture, which is there."""
    tile = console.media.tiles[0]
    tile.place = PICTURE
    tile.widget.resize(640, 420)
    return tile


def click(console: Console, qtbot: Any, u: float, v: float) -> None:
    tile = tile_of(console)
    point = QPoint(round(PICTURE.left() + u * PICTURE.width()), round(PICTURE.top() + v * PICTURE.height()))
    qtbot.mouseClick(tile.widget, Qt.MouseButton.LeftButton, pos=point)
    console.clock.advance(0.1)


def press(widget: Any, text: str) -> None:
    next(each for each in widget.findChildren(QPushButton) if each.text() == text).click()


def painted(console: Console) -> np.ndarray:
    """What is laid over a black picture."""
    image = QImage(640, 420, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    tile_of(console).overlays.fire(painter, PICTURE)
    painter.end()
    return np.array(image.constBits()).reshape(420, 640, 4)[..., :3]


def marks(console: Console) -> dict[str, Any]:
    return console.layer("onemap.linkage.marks").shapes


def test_a_camera_is_calibrated_by_clicks_and_kept_for_everybody(
    console_with: Any, kept: dict[str, Any], panel: Any, qtbot: Any
) -> None:
    console = console_with()
    widget = panel(PANEL)
    tile_of(console)
    press(widget, "标定…")
    console.clock.advance(0.1)
    for u, v in SHARES:
        console.map.answer = at(u, v)[:2]
        click(console, qtbot, u, v)
    console.map.answer = None  # Escape: this one does not count
    click(console, qtbot, 0.3, 0.3)
    draft = widget._calibrating.draft
    qtbot.waitUntil(lambda: console.clock.advance(0.05) or draft.fit is not None, timeout=20_000)
    assert len(draft.pairs) == 5 and max(draft.fit.off) * 1920 < 5  # clicks are whole pixels of a small tile
    assert painted(console).any()
    press(widget, "保存")
    console.clock.advance(0.1)
    lens = kept["h1"]["lens"]
    assert abs(lens["heading"] - TRUE.heading) < 3 and abs(lens["height"] - TRUE.height) < 20
    assert widget._calibrating.draft is None
    assert "操作员" in widget._note.text()


def test_points_are_taken_back_and_too_few_are_refused_in_words(
    console_with: Any, kept: dict[str, Any], panel: Any, qtbot: Any
) -> None:
    calibrated(kept)
    console = console_with()
    widget = panel(PANEL)
    tile_of(console)
    press(widget, "标定…")
    draft = widget._calibrating.draft
    assert len(draft.pairs) == 5  # what was clicked before is there
    for _ in range(2):
        widget._calibrating.change(lambda draft: draft.remove(0))
    qtbot.waitUntil(lambda: console.clock.advance(0.05) or draft.fault is not None, timeout=20_000)
    assert "4" in widget._pairs._result.text() and not widget._pairs._save.isEnabled()
    widget._pairs._undo()
    assert len(draft.pairs) == 4
    press(widget, "放弃")
    assert len(kept["h1"]["pairs"]) == 5


def test_a_click_in_the_picture_finds_the_place_and_who_sees_it(
    console_with: Any, kept: dict[str, Any], panel: Any, qtbot: Any
) -> None:
    calibrated(kept)
    console = console_with()
    widget = panel(PANEL)
    click(console, qtbot, 0.5, 0.6)
    (lon, lat, _) = at(0.5, 0.6)
    assert np.allclose(marks(console)["target"][0].points[0], (lon, lat), atol=2e-6)
    assert set(marks(console)) == {"outline", "ray", "target"}
    page = widget._side.widget(0)
    page._copy_place()
    assert QGuiApplication.clipboard().text().startswith(f"{lon:.4f}")
    seeing = [seen.camera for seen in page._desk.seeing]
    assert seeing and "h1" not in seeing
    console.clock.advance(0.2)
    opened = [tile for tile in console.media.tiles[1:] if not tile.removed]
    assert len(opened) == min(4, len(seeing))
    assert painted(console).any()
    click(console, qtbot, 0.5, 0.99)
    widget.hide()
    assert not marks(console)


def test_the_model_says_what_is_behind_a_pixel_if_it_is_known(
    console_with: Any, kept: dict[str, Any], panel: Any, qtbot: Any, console: Console
) -> None:
    from console.sdk.scene_place import ScenePlace
    from console.sdk.sight import SceneLine
    from console.testing.sight import MemorySight

    calibrated(kept)
    console_with()
    sight = MemorySight()
    sight.folder = "/sight"
    roof = ScenePlace(lon=117.2003, lat=34.257, height=22.0)
    sight.found_line = SceneLine(visible=False, blocked_at=roof, distance=500.0, free=400.0)
    console.host.services.provide("sight", sight)
    widget = panel(PANEL)
    click(console, qtbot, 0.5, 0.6)
    target = widget._desk.target
    assert (target.lon, target.lat, target.height, target.model) == (117.2003, 34.257, 22.0, True)
    assert sight.asked[0][0] == "line"


def test_the_camera_turns_to_a_place_of_the_map_and_names_follow_its_head(
    console_with: Any, kept: dict[str, Any], panel: Any, console: Console
) -> None:
    calibrated(kept, Pose(10.0, -2.0, 0.0))
    console_with(replace(HIGH, steerable=True))
    place = Place(console)
    place.pose = Pose(10.0, -2.0, 0.0)
    widget = panel(PANEL)
    console.clock.advance(2.0)
    desk = widget._desk
    assert desk.lens == TRUE and not desk.lost
    aside = replace(TRUE, heading=TRUE.heading + 70).level_place(0.5, 0.5, 0.0)
    assert aside is not None
    console.map.context_point = aside[:2]
    console.run("onemap.linkage.look_here")
    console.clock.advance(2.0)
    ((camera, pan, tilt, zoom),) = place.turned
    assert (camera, zoom) == ("h1", 0.0)
    assert pan == pytest.approx(80.0, abs=0.5) and tilt == pytest.approx(-2.0, abs=0.5)
    assert desk.lens.heading == pytest.approx(TRUE.heading + 70, abs=0.5)
    assert desk.in_picture(desk.target)
    place.pose = Pose(80.0, -2.0, 0.4)
    console.clock.advance(2.0)
    assert desk.lens is None and desk.lost  # zoomed: nothing is drawn that would be wrong
    assert not painted(console).any()


def test_a_fixed_camera_marks_the_place_or_says_that_it_does_not_see_it(
    console_with: Any, kept: dict[str, Any], panel: Any, console: Console
) -> None:
    calibrated(kept)
    console_with()
    panel(PANEL)
    console.map.context_point = at(0.4, 0.5)[:2]
    console.run("onemap.linkage.look_here")
    console.clock.advance(0.2)
    told = len(console.notifications)
    assert "target" in marks(console) and not painted_nothing(console)
    behind = replace(TRUE, heading=TRUE.heading + 180).level_place(0.5, 0.5, 0.0)
    assert behind is not None
    console.map.context_point = behind[:2]
    console.run("onemap.linkage.look_here")
    console.clock.advance(0.2)
    assert len(console.notifications) == told + 1


def painted_nothing(console: Console) -> bool:
    return not painted(console).any()


def test_names_stand_where_their_places_are(
    console_with: Any, kept: dict[str, Any], panel: Any, move: Any
) -> None:
    calibrated(kept)
    console = console_with()
    where = at(0.5, 0.55)[:2]
    widget = panel(PANEL)
    console.put("event", Event(id="e1", number="1", title="井盖缺失", area=GRID, where=where, version=1))
    console.clock.advance(1.0)
    console.put("staff", Staff(id="s1", handle=7, name="李建国", area=GRID, version=1))
    move(handle=[7], lon=[where[0]], lat=[where[1]], time=[1.0])
    console.clock.advance(1.0)
    (person,) = [each for each in widget._picture.labels if each.kind == "staff"]
    assert person.text == "李建国" and person.u == pytest.approx(0.5, abs=1e-3)
    (label,) = [each for each in widget._picture.labels if each.kind == "event"]
    assert (label.u, label.v) == (pytest.approx(0.5, abs=1e-4), pytest.approx(0.55, abs=1e-4))
    tile_of(console)
    console.drop("event", "e1")
    console.clock.advance(1.0)
    assert not [each for each in widget._picture.labels if each.kind == "event"]


def test_names_do_not_lie_on_one_another_and_are_not_too_many(qapp: Any) -> None:
    random = np.random.default_rng(4)
    labels = [
        Label(float(u), float(v), f"名称 {n}", "event" if n % 2 else "road", float(n), "warning", TRUE_EYE)
        for n, (u, v) in enumerate(random.uniform(0.05, 0.95, (400, 2)))
    ]
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    placed = share_out(labels, QRectF(0, 0, 1280, 720), QFontMetricsF(painter.font()))
    painter.end()
    assert 20 < len(placed) <= MOST
    boxes = [each.box for each in placed]
    assert not any(a.intersects(b) for at, a in enumerate(boxes) for b in boxes[:at])
    assert placed[0].label is labels[0]
    fade = [each.opacity for each in placed if each.label.kind == "road"]
    assert fade == sorted(fade, reverse=True)


def test_a_head_that_moves_while_it_is_calibrated_is_not_saved(
    console_with: Any, kept: dict[str, Any], panel: Any, console: Console, qtbot: Any
) -> None:
    calibrated(kept, Pose(10.0, -2.0, 0.0))
    console_with(replace(HIGH, steerable=True))
    place = Place(console)
    widget = panel(PANEL)
    console.clock.advance(2.0)
    assert widget._desk.lens is None and not painted(console).any()  # nobody knows where it looks
    place.pose = Pose(10.0, -2.0, 0.0)
    console.clock.advance(2.0)
    assert widget._desk.lens == TRUE
    tile_of(console)
    press(widget, "标定…")
    console.clock.advance(0.1)
    draft = widget._calibrating.draft
    qtbot.waitUntil(lambda: console.clock.advance(0.05) or draft.fit is not None, timeout=20_000)
    place.pose = Pose(12.0, -2.0, 0.0)
    press(widget, "保存")
    console.clock.advance(0.2)
    assert kept["h1"]["edition"] == 1 and widget._calibrating.draft is draft
    press(widget, "放弃")
    press(widget, "标定…")
    console.clock.advance(0.2)
    assert widget._calibrating.draft.pairs == ()  # the old ones were clicked in another picture


def test_what_is_named_is_chosen(console_with: Any, kept: dict[str, Any], panel: Any) -> None:
    calibrated(kept)
    console = console_with()
    widget = panel(PANEL)
    console.clock.advance(1.0)
    assert {label.kind for label in widget._picture.labels} == {"camera"}
    cameras = next(act for act in widget._layers.menu().actions() if act.text() == "摄像头")
    cameras.trigger()
    assert not widget._picture.labels
    cameras.trigger()
    assert len(widget._picture.labels) == len(LOW)
