"""Steering over one tile: the bar, the mouse and the keys while it is held, who steers in words."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from console.sdk import Severity, Undo
from console.sdk.errors import OneMapError
from console.sdk.media import Look, Tile
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.steering.bar import SteeringBar, act_of, queue_of, words_of
from plugins.cameras.desktop.steering.drive import STILL, Drive, Speed
from plugins.cameras.desktop.steering.holds import Holds, Turn
from plugins.cameras.desktop.steering.keys import TOGGLE, move_of, preset_of, together
from plugins.cameras.desktop.steering.marks import paint_words
from plugins.cameras.desktop.steering.mouse import Mouse
from plugins.cameras.desktop.steering.presets import PresetList

LEAST_WIDE, LEAST_HIGH = 200, 130
"""Logical pixels below which a picture has no room for the bar; the keys work all the same."""
_FREQUENT = frozenset((QEvent.Type.Paint, QEvent.Type.UpdateRequest, QEvent.Type.UpdateLater))
"""Events with each picture: passed over at once."""
RESTS = 1.5
"""Seconds in which a hold that has ended by itself is not taken again."""
AWAY = 10.0
"""Seconds after which a camera is let go whose picture nobody sees."""


class TileSteering(QObject):
    """Lives as long as the frame around the tile."""

    def __init__(self, desk: Desk, holds: Holds, frame: QWidget, tile: Tile) -> None:
        super().__init__(frame)
        self._desk, self._holds, self._frame, self._tile = desk, holds, frame, tile
        self._ctx = desk.ctx
        self._camera: str | None = None
        self._turn = Turn.FREE
        self._trouble = ""
        self._presets: list[dict[str, Any]] = []
        self._settable = False
        self._down: dict[int, Speed] = {}
        self._fast = self._ended = self._rests = self._leaves = False
        self._leaving: Undo = lambda: None
        self._drive = Drive(self._ctx, self._on_trouble, self._on_lost)
        self._mouse = Mouse(self._ctx, tile, self._drive, tile.picture_place)
        self._bar: SteeringBar | None = None
        self._list: PresetList | None = None
        """Made when they are first wanted: most tiles are never steered."""
        self._undo: list[Undo] = [
            tile.overlay(self._paint),
            tile.on_status(self._show_bar),
            holds.on_change(self._on_change),
            lambda: holds.joystick.leave(self),
        ]
        tile.widget.installEventFilter(self)
        frame.installEventFilter(self)

    def look(self, look: Look) -> None:
        """The picture is turned so: hands go by what is seen."""
        self._drive.look = look

    def show(self, camera: str | None) -> None:
        """Another camera, or none: the one before is let go."""
        if camera != self._camera:
            self._let_go()
            self._camera, self._presets, self._trouble = camera, [], ""
            if camera is not None:
                self._holds.enter(camera, self)
            self._follow()

    def end(self) -> None:
        """The tile goes, or is gone: no widget is touched."""
        self._ended = True
        self._leaving()
        for undo in self._undo:
            undo()
        self._undo.clear()
        if self._camera is not None:
            self._holds.leave(self._camera, self)
        self._camera = None

    def toggle(self) -> None:
        """Take, or let go."""
        camera = self._camera
        if camera is None or not self._steerable or self._turn is Turn.ASKING or self._rests:
            return
        if self._turn in (Turn.MINE, Turn.WAITING):
            self._leaves = True
            self._holds.release(camera)
            self._leaves = False
        else:
            self._tile.widget.setFocus()
            self._ctx.tasks.start(self._take(camera))

    @property
    def _steerable(self) -> bool:
        record = self._desk.record(self._camera)
        return record is not None and record.steerable and self._holds.allowed

    async def _take(self, camera: str) -> None:
        try:
            await self._holds.take(camera)
        except OneMapError as error:
            self._on_trouble(str(error))

    def _let_go(self) -> None:
        if self._camera is not None:
            self._stand_still()
            self._leaves = True
            self._holds.leave(self._camera, self)
            self._leaves = False

    def _on_lost(self) -> None:
        self._holds.look()

    def _on_change(self, camera: str) -> None:
        if camera == self._camera:
            self._follow()

    def _follow(self) -> None:
        """Whose turn it is now."""
        camera, before = self._camera, self._turn
        self._turn = self._holds.turn(camera) if camera else Turn.FREE
        claim = self._holds.claim(camera) if camera else ""
        self._drive.hold(camera or "", claim)
        if not claim:
            self._stand_still()
        if before is Turn.MINE and self._turn is not Turn.MINE and not self._leaves:
            self._rest()
        if self._turn is not Turn.MINE:
            self._holds.joystick.leave(self)
        elif before is not Turn.MINE and camera:
            self._trouble = ""
            self._holds.joystick.take(self)
            self._ctx.tasks.start(self._load(camera))
        self._show_bar()

    def _rest(self) -> None:
        """The hold ended by itself: who was just about to let go must not take it anew."""
        self._rests = True
        self._ctx.tasks.later(RESTS, self._rested)

    def _rested(self) -> None:
        self._rests = False
        self._show_bar()

    async def _load(self, camera: str) -> None:
        """The presets of the camera."""
        try:
            gear = await self._ctx.backend.get(f"/cameras/{quote(camera, safe='')}/steering")
        except OneMapError as error:
            self._on_trouble(str(error))
            return
        if camera == self._camera:
            self._presets = gear["presets"]
            self._settable = "set-presets" in gear["abilities"]
            if self._list is not None:
                self._list.set_presets(self._presets, settable=self._settable)

    def _on_trouble(self, words: str) -> None:
        if words != self._trouble:
            self._trouble = words
            self._show_bar()

    # ---- what is seen

    def _words(self) -> str:
        if self._camera is None:
            return ""
        return self._trouble or words_of(self._ctx, self._holds, self._camera)

    def _show_bar(self) -> None:
        frame = self._frame
        if self._ended:
            return
        roomy = frame.width() >= LEAST_WIDE and frame.height() >= LEAST_HIGH
        wanted = self._turn in (Turn.MINE, Turn.WAITING, Turn.ASKING) or self._is_looked_at
        seen = roomy and wanted and self._tile.source is not None and self._steerable
        if seen and self._camera:
            bar = self._bar or SteeringBar(
                frame, self._ctx, self.toggle, self._drive.move, self._open_presets
            )
            self._bar = bar
            act = act_of(self._ctx, self._holds, self._camera)
            queue = queue_of(self._holds, self._camera)
            bar.tell(self._words(), queue, self._turn, act, rests=self._rests)
            bar.place(frame)
            bar.raise_()
        if self._bar is not None:
            self._bar.setVisible(seen)
        if self._list is not None and not (seen and self._turn is Turn.MINE):
            self._list.hide()
        self._tile.refresh()

    @property
    def _is_looked_at(self) -> bool:
        """Whether the mouse or the keyboard is here."""
        focus = QApplication.focusWidget()
        inside = focus is not None and (focus is self._frame or self._frame.isAncestorOf(focus))
        return inside or self._frame.underMouse()

    def _paint(self, painter: QPainter, place: QRectF) -> None:
        if self._turn is Turn.MINE:
            self._mouse.paint(painter, place)
        barred = self._bar is not None and self._bar.isVisible()
        if not barred and (words := self._words()):
            paint_words(painter, place, words)

    def _open_presets(self) -> None:
        if self._list is None:
            self._list = PresetList(self._frame, self._ctx, self._on_preset)
            self._list.set_presets(self._presets, settable=self._settable)
        if self._bar is not None:
            self._list.open_over(self._bar)

    def _on_preset(self, what: str, **body: str) -> None:
        if what == "go":
            self._drive.order("go", body)
            if self._list is not None:
                self._list.hide()
            self._tile.widget.setFocus()
        else:
            path = "presets" if what == "keep" else "presets/forget"
            self._ctx.tasks.start(self._change_preset(path, body))

    async def _change_preset(self, path: str, body: dict[str, str]) -> None:
        camera = self._camera
        try:
            await self._drive.ask(path, body)
        except OneMapError as error:
            self._ctx.notify(str(error), Severity.WARNING, key="onemap.cameras.steering.preset")
        if camera is not None and camera == self._camera:
            await self._load(camera)

    # ---- the hand

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mouse and keys of the tile, as long as its camera is held."""
        if event.type() in _FREQUENT or not vars(self):  # emptied: the collector of cycles was here first
            return False
        if watched is self._frame:
            self._on_frame(event)
            return False
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._on_focus(event)
            return False
        return self._take_event(event)

    def _take_event(self, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent):
            return self._on_key(event)
        if self._turn is not Turn.MINE:
            return False
        if isinstance(event, QWheelEvent):
            return self._mouse.wheel(event)
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseButtonPress:
                return self._mouse.press(event)
            if kind == QEvent.Type.MouseMove:
                return self._mouse.move(event)
            if kind == QEvent.Type.MouseButtonRelease:
                return self._mouse.release(event)
        return False

    def _on_frame(self, event: QEvent) -> None:
        kind = event.type()
        if kind == QEvent.Type.Show:
            self._leaving()
            if self._camera is not None:
                self._holds.enter(self._camera, self)
            self._show_bar()
        elif kind == QEvent.Type.Hide:
            self._leaving()
            if not self._ended:
                self._leaving = self._ctx.tasks.later(AWAY, self._let_go)
        elif kind in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.Resize):
            self._show_bar()

    def _on_focus(self, event: QEvent) -> None:
        if isinstance(event, QFocusEvent) and event.lostFocus():
            self._stand_still()
        elif self._turn is Turn.MINE:
            self._holds.joystick.take(self)
        self._show_bar()

    def _on_key(self, event: QKeyEvent) -> bool:
        """Whether the tile, and shortcuts, shall not see it."""
        if self._camera is None or not self._steerable:
            return False
        mine = self._turn is Turn.MINE
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        toggles = plain and event.key() == TOGGLE
        direction = move_of(event) if mine else None
        preset = preset_of(event) if mine and direction is None else None
        shift = mine and event.key() == Qt.Key.Key_Shift
        if not (toggles or shift) and direction is None and preset is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.isAutoRepeat():
            return True
        pressed = event.type() == QEvent.Type.KeyPress
        if toggles and pressed:
            self.toggle()
        elif direction is not None or shift:
            self._steer_by_key(event, direction, pressed)
        elif preset is not None and pressed:
            self.press(preset)
        return not shift

    def push(self, speed: Speed) -> None:
        """By the joystick."""
        self._drive.move(speed)

    def press(self, button: int) -> None:
        """To the preset of that number, from 0, if there is one."""
        if button < len(self._presets):
            self._drive.order("go", {"preset": self._presets[button]["id"]})

    def _steer_by_key(self, event: QKeyEvent, direction: Speed | None, pressed: bool) -> None:
        if direction is None:
            self._fast = pressed
        else:
            self._fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if pressed:
                self._down[event.nativeScanCode() or event.key()] = direction
            else:
                self._down.pop(event.nativeScanCode() or event.key(), None)
        self._drive.move(together(list(self._down.values()), self._fast))

    def _stand_still(self) -> None:
        """No key is down, no button."""
        self._down.clear()
        self._mouse.end()
        self._drive.move(STILL)
