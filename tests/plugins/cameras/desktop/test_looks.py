"""How a camera's picture is turned: by the menu of a tile, remembered, in all tiles, and for the hand."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu

from console.model.streams import State, Status
from console.sdk.media import Bend, Look
from console.testing import Console, MemoryBackend
from tests.plugins.cameras.desktop.test_steering_desktop import CAMERA, FIXED, ME, Head


@pytest.fixture
def console(backend: MemoryBackend, activate: Callable[..., Console]) -> Console:
    console = activate("grids", "cameras")
    console.put("camera", CAMERA, FIXED)
    console.clock.advance(0.2)
    return console


@pytest.fixture
def head(console: Console, backend: MemoryBackend) -> Head:
    return Head(console, backend)


@pytest.fixture
def show(console: Console, head: Head, qtbot: Any) -> Callable[[str], Any]:
    def show(camera: str) -> Any:
        view = console.host.services.get("cameras").view()
        qtbot.addWidget(view.widget)
        view.widget.resize(640, 360)
        view.widget.show()
        view.show(camera)
        console.clock.advance(0.2)
        return view

    return show


def choose(view: Any, number: int) -> None:
    """An entry of the context menu."""
    menu = view._menu.menu(view.camera)
    [action for action in menu.actions() if not action.isSeparator()][number].trigger()
    menu.deleteLater()


def test_the_menu_comes_by_key_too(show: Callable[[str], Any]) -> None:
    view = show("c1")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(view.tile.widget, event)
    (menu,) = view.widget.findChildren(QMenu)
    assert menu.isVisible() and len(menu.actions()) > 10
    menu.close()


def test_the_menu_turns_the_picture_in_all_tiles_of_the_camera_alone(show: Callable[[str], Any]) -> None:
    one, same, other = show("c1"), show("c1"), show("c2")
    choose(one, 0)
    choose(one, 2)
    assert one.look == Look(turns=1, mirrored=True)
    assert [view.tile.looks for view in (one, same, other)] == [one.look, one.look, Look()]
    choose(same, 9)
    choose(same, 8)
    assert one.tile.looks == Look(turns=1, mirrored=True, bend=Bend.WIDE)
    choose(same, -1)
    assert one.tile.looks == Look()


def test_it_is_remembered_and_a_broken_file_is_none(show: Callable[[str], Any], console: Console) -> None:
    choose(show("c1"), 1)
    console.clock.advance(0.2)
    service = console.host.services.get("cameras")
    file = Path(service._desk.ctx.data_dir()) / "looks.json"
    assert [row["camera"] for row in json.loads(file.read_text())] == ["c1"]
    file.write_text(json.dumps([{"camera": "c1", "turns": 3}, {"camera": "c2", "turns": "x"}, 7]))
    service._live._holds = None  # as at the next start
    assert show("c1").tile.looks == Look(turns=3)
    assert show("c2").tile.looks == Look()


def test_hands_go_by_what_is_seen(
    show: Callable[[str], Any], console: Console, head: Head, qtbot: Any
) -> None:
    view = show("c1")
    choose(view, 0)
    choose(view, 0)
    console.media.tiles[-1].place = QRectF(0, 0, 640, 360)
    view.widget.activateWindow()
    view.tile.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    view.tile.widget.setFocus()
    qtbot.waitUntil(view.tile.widget.hasFocus)
    view._steering.toggle()
    head.tell(ME)
    qtbot.keyPress(view.tile.widget, Qt.Key.Key_Right)
    console.clock.advance(0.2)
    assert head.moves[-1] == pytest.approx({"pan": -0.35, "tilt": 0.0, "zoom": 0.0}), "it hangs upside down"
    qtbot.keyRelease(view.tile.widget, Qt.Key.Key_Right)
    console.clock.advance(0.2)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(view.tile.widget, Qt.MouseButton.LeftButton, control, QPoint(480, 90))
    console.clock.advance(0.2)
    aimed = next(body for what, body in reversed(head.asked) if what == "aim")
    assert (aimed["x"], aimed["y"]) == pytest.approx((-0.25, 0.25), abs=0.01)


def test_time_and_watermark_are_laid_over_it_if_one_wants_them(
    show: Callable[[str], Any], console: Console
) -> None:
    view = show("c1")
    view.tile.widget.resize(640, 360)

    def painted() -> int:
        image = QImage(640, 360, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        painter = QPainter(image)
        view.tile.overlays.fire(painter, QRectF(0, 0, 640, 360))
        painter.end()
        return sum(
            image.pixelColor(x, y).lightness() > 12 for x in range(0, 640, 2) for y in range(0, 360, 2)
        )

    console.media.tiles[-1].status = Status(State.LIVE, picture_at=time.monotonic())
    plain = painted()
    settings = view._desk.ctx.settings
    settings.set("picture_time", True)
    timed = painted()
    assert timed > plain + 20
    settings.set("watermark", True)
    assert painted() > timed + 200
