"""Buttons over a live picture that keep it: save, copy, save the last minute. With their keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from console.sdk import Context, Undo
from console.sdk.media import Tile
from plugins.cameras.desktop.live.keeper import Keeper, Subject
from plugins.cameras.desktop.plate import Plate, tool

LEAST_WIDE, LEAST_HIGH = 200, 130
"""Logical pixels below which a picture has no room for buttons; the keys work all the same."""
GAP = 4
_FREQUENT = frozenset((QEvent.Type.Paint, QEvent.Type.UpdateRequest, QEvent.Type.UpdateLater))


class TileKeeping(QObject):
    """S saves the picture, Ctrl+C copies it, Shift+S saves the last minute. As long as the frame."""

    def __init__(
        self, ctx: Context, keeper: Keeper, frame: QWidget, tile: Tile, subject: Callable[[], Subject | None]
    ) -> None:
        super().__init__(frame)
        self._ctx, self._keeper, self._frame, self._tile = ctx, keeper, frame, tile
        self._subject = subject
        self._bar: _Bar | None = None
        self._undo: Undo = tile.on_status(self._show)
        tile.widget.installEventFilter(self)
        frame.installEventFilter(self)

    def end(self) -> None:
        """The tile goes, or is gone."""
        self._undo()
        self._bar = None

    def picture(self) -> None:
        """Save it."""
        self._do(self._keeper.picture)

    def copy(self) -> None:
        """To the clipboard."""
        self._do(self._keeper.copy)

    def clip(self) -> None:
        """Save the last minute."""
        self._do(self._keeper.clip)

    def _do(self, act: Callable[[Subject, Tile], None]) -> None:
        subject = self._subject()
        if subject is not None:
            act(subject, self._tile)

    def _show(self) -> None:
        frame = self._frame
        roomy = frame.width() >= LEAST_WIDE and frame.height() >= LEAST_HIGH
        seen = roomy and self._is_looked_at and self._tile.source is not None and self._keeper.allowed
        if seen:
            self._bar = self._bar or _Bar(frame, self._ctx, self)
            self._bar.place(frame)
            self._bar.raise_()
        if self._bar is not None:
            self._bar.setVisible(seen)

    @property
    def _is_looked_at(self) -> bool:
        focus = QApplication.focusWidget()
        inside = focus is not None and (focus is self._frame or self._frame.isAncestorOf(focus))
        return inside or self._frame.underMouse()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Where the mouse and the keyboard are; the keys."""
        kind = event.type()
        if kind in _FREQUENT or not vars(self):
            return False
        if watched is self._frame:
            if kind in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.Resize, QEvent.Type.Show):
                self._show()
            return False
        if kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show()
        return isinstance(event, QKeyEvent) and self._on_key(event)

    def _on_key(self, event: QKeyEvent) -> bool:
        """Whether it was one of ours; a key that is held down counts once."""
        act = self._act(event)
        if act is None or self._subject() is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            act()
        return True

    def _act(self, event: QKeyEvent) -> Callable[[], None] | None:
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.copy
        if event.key() != Qt.Key.Key_S:
            return None
        with_key = event.modifiers()
        if with_key == Qt.KeyboardModifier.NoModifier:
            return self.picture
        return self.clip if with_key == Qt.KeyboardModifier.ShiftModifier else None


class _Bar(Plate):
    """In the picture's upper right corner, below the line with its name."""

    def __init__(self, parent: QWidget, ctx: Context, acts: TileKeeping) -> None:
        super().__init__(parent)
        tr = ctx.tr
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(2)
        for name, title, act in (
            ("camera", tr("Save this picture (S)"), acts.picture),
            ("copy", tr("Copy this picture (Ctrl+C)"), acts.copy),
            ("history", tr("Save the last minute (Shift+S)"), acts.clip),
        ):
            made = tool(name, title)
            made.clicked.connect(act)
            layout.addWidget(made)
        self.hide()

    def place(self, room: QWidget) -> None:
        """Below the strip, which is a line of text high."""
        size = self.sizeHint()
        top = room.fontMetrics().height() + 4 + GAP
        self.setGeometry(room.width() - size.width() - GAP, top, size.width(), size.height())
