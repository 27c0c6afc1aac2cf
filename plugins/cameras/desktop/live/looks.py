"""How each camera's picture is turned on this console: remembered, and changed by the menu of a tile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

from console.sdk import Context, Undo
from console.sdk.json_file import JsonFile
from console.sdk.media import FILL, Bend, Look
from plugins.cameras.desktop.desk import Desk

MOST = 2000
"""Cameras that are remembered."""
SHAPES = (
    ("As the camera sends it", 0.0),
    ("4:3", 4 / 3),
    ("16:9", 16 / 9),
    ("Fill the tile", FILL),
)
BENDS = (
    ("Straight as it is", Bend.NONE),
    ("Straighten a wide lens", Bend.WIDE),
    ("Unroll a fisheye", Bend.ROUND),
)


PAST = (
    ("Recordings", "onemap.cameras.playback_show"),
    ("What it showed five minutes ago", "onemap.cameras.playback_back"),
)


class LookBook:
    """Of all cameras; those that are shown as they are sent are not in it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._file = JsonFile(ctx, "looks.json")
        self._looks: dict[str, Look] = {}
        self._handlers: list[Callable[[str], None]] = []
        self._file.load(self._on_loaded)

    def of(self, camera: str) -> Look:
        """Of a camera."""
        return self._looks.get(camera, Look())

    def put(self, camera: str, look: Look) -> None:
        """From now on; kept for the next time."""
        self._looks.pop(camera, None)
        if look != Look():
            self._looks[camera] = look
        for oldest in list(self._looks)[:-MOST]:
            del self._looks[oldest]
        self._file.save([{"camera": key, **msgspec.to_builtins(each)} for key, each in self._looks.items()])
        self._tell(camera)

    def on_change(self, handler: Callable[[str], None]) -> Undo:
        """*handler* gets the camera."""
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler) if handler in self._handlers else None

    def _on_loaded(self, rows: list[Any]) -> None:
        """What is wrong in the file is left out."""
        for row in rows:
            try:
                camera, look = str(row["camera"]), msgspec.convert(row, Look)
            except (msgspec.ValidationError, KeyError, TypeError):
                continue
            self._looks.setdefault(camera, look)
            self._tell(camera)

    def _tell(self, camera: str) -> None:
        for handler in list(self._handlers):
            handler(camera)


class LookMenu(QObject):
    """The context menu of a live picture, by mouse or key."""

    def __init__(
        self, desk: Desk, book: LookBook, frame: QWidget, tile: QWidget, camera: Callable[[], str | None]
    ) -> None:
        super().__init__(frame)
        self._desk, self._ctx, self._book, self._frame, self._camera = desk, desk.ctx, book, frame, camera
        tile.installEventFilter(self)

    def _recorded(self, camera: str) -> bool:
        record = self._desk.record(camera)
        return record is not None and record.recorded

    def _run(self, camera: str, command: str) -> None:
        self._desk.select(camera)
        self._ctx.commands.run(command)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Of the tile."""
        if not isinstance(event, QContextMenuEvent) or not vars(self):
            return False
        camera = self._camera()
        if camera is None:
            return False
        self.menu(camera).popup(event.globalPos())
        return True

    def menu(self, camera: str) -> QMenu:
        """Made anew: it shows how the picture is now."""
        tr, look = self._ctx.tr, self._book.of(camera)
        menu = QMenu(self._frame)
        menu.aboutToHide.connect(menu.deleteLater)

        def put(**changes: Any) -> Callable[[], None]:
            return lambda: self._book.put(camera, msgspec.structs.replace(look, **changes))

        if self._recorded(camera):
            for words, command in PAST:
                menu.addAction(tr(words), lambda command=command: self._run(camera, command))
            menu.addSeparator()
        menu.addAction(tr("Turn to the right"), put(turns=(look.turns + 1) % 4))
        menu.addAction(tr("Turn to the left"), put(turns=(look.turns - 1) % 4))
        _checked(menu, tr("Mirror"), look.mirrored, put(mirrored=not look.mirrored))
        menu.addSeparator()
        for words, shape in SHAPES:
            _checked(menu, tr(words), look.shape == shape, put(shape=shape))
        menu.addSeparator()
        for words, bend in BENDS:
            _checked(menu, tr(words), look.bend is bend, put(bend=bend))
        menu.addSeparator()
        reset = menu.addAction(tr("As it was"), lambda: self._book.put(camera, Look()))
        reset.setEnabled(look != Look())
        return menu


def _checked(menu: QMenu, words: str, on: bool, act: Callable[[], None]) -> None:
    action = menu.addAction(words, act)
    action.setCheckable(True)
    action.setChecked(on)
