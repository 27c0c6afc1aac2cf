"""The page that is seen, and out of sight beside it the one that comes, live before its turn.

Both are widgets of the same size, the second one beyond the edge: it counts as seen, so it has its tickets
and streams in the size that it will have, and costs no painting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.sdk.cameras import CameraView
from console.sdk.media import Reason, State
from console.sdk.ui import pixmap
from console.sdk.ui.picture_grid import PictureGrid
from plugins.polling.desktop.player import Fate, Player
from plugins.polling.desktop.walk import Page

FINAL = (Reason.MISSING, Reason.UNREACHABLE, Reason.SIGN_IN, Reason.STRANGER, Reason.NO_VIDEO)
"""What another try within seconds does not change."""
MARK = 18
"""Logical pixels."""
NewView = Callable[[], CameraView]
Mark = Callable[[str], tuple[str, str] | None]
"""Icon and theme token of what is drawn on a camera's tile."""


class Stage(QWidget):
    """Asks for each picture with *reason*, which is recorded where the camera's owner wants one."""

    def __init__(self, player: Player, new_view: NewView, reason: Callable[[], str], mark: Mark) -> None:
        super().__init__()
        self._player, self._new_view, self._reason, self._mark = player, new_view, reason, mark
        self._front, self._back = _Layer(self, self._view), _Layer(self, self._view)
        self.setMinimumSize(320, 200)
        player.page_changed.connect(self._turn)
        player.coming_changed.connect(self._prepare)
        player.started.connect(self._started)
        self._turn()

    @property
    def focused(self) -> int | None:
        """Tile that has the focus; a single one needs none."""
        views = [view.widget for view in self._front.views]
        if len(self._player.page) == 1:
            return 0
        focused = self._front.grid.focused
        return views.index(focused) if focused in views else None

    def focus(self, slot: int) -> None:
        """Give it to a tile."""
        if slot < len(self._front.views):
            self._front.views[slot].tile.widget.setFocus()

    def view(self, slot: int) -> CameraView:
        """Of a tile that is seen."""
        return self._front.views[slot]

    def fate(self, camera: str) -> Fate:
        """How a picture goes that was opened ahead; for ``Player.fate``."""
        return _fate(self._back.find(camera))

    def live(self) -> int:
        """Pictures of the page that are live."""
        return sum(_fate(self._front.find(each)) is Fate.LIVE for each in self._player.page if each)

    def repaint_marks(self) -> None:
        """After one was pinned, or something was found."""
        for view in self._front.views:
            view.tile.refresh()

    def _view(self) -> CameraView:
        view = self._new_view()
        view.tile.on_status(self._player.ticked.emit)
        view.tile.on_enlarge(lambda: self._front.grid.toggle(view.widget))
        view.tile.overlay(lambda painter, _place: self._paint_mark(painter, view))
        return view

    def _started(self) -> None:
        if self._player.walk is None:
            for layer in (self._front, self._back):
                layer.rest()

    def _prepare(self) -> None:
        """Open what comes; what is seen already stays with its tile until the turn."""
        coming, page = self._player.coming, self._player.page
        if coming is None:
            self._back.rest()
            return
        seen = {each for each in page if each}
        self._back.show(tuple(each if each not in seen else None for each in coming), self._reason())

    def _turn(self) -> None:
        """Show the page: with the pictures that were opened ahead, and those that stay."""
        page, old, new = self._player.page, self._front, self._back
        if all(old.camera(slot) == each for slot, each in enumerate(page)) and len(page) == len(old.views):
            new.rest()
            return
        held = old.focused_slot()
        new.fit(len(page))
        for slot, camera in enumerate(page):
            kept = next((at for at, view in enumerate(old.views) if camera and view.camera == camera), None)
            if kept is not None:
                new.views[slot], old.views[kept] = old.views[kept], new.views[slot]
        new.show(page, self._reason())
        self._front, self._back = new, old
        self._place()
        new.grid.raise_()
        old.rest()
        if held is not None:
            self.focus(min(held, len(page) - 1))

    def _place(self) -> None:
        width, height = self.width(), self.height()
        self._front.grid.setGeometry(QRect(0, 0, width, height))
        self._back.grid.setGeometry(QRect(width + 1, 0, width, height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _paint_mark(self, painter: QPainter, view: CameraView) -> None:
        mark = self._mark(view.camera) if view.camera else None
        if mark is not None:
            painter.drawPixmap(6, view.tile.widget.height() - MARK - 6, pixmap(mark[0], MARK, mark[1]))


class _Layer:
    """A grid with one view a tile."""

    def __init__(self, parent: QWidget, new_view: Callable[[], CameraView]) -> None:
        self.grid = PictureGrid(parent)
        self.views: list[CameraView] = []
        self._new_view = new_view

    def fit(self, count: int) -> None:
        """So many tiles."""
        while len(self.views) < count:
            self.views.append(self._new_view())
        for view in self.views[count:]:
            view.remove()
        del self.views[count:]

    def show(self, page: Page, reason: str) -> None:
        """These cameras; tiles of others give their pictures back."""
        self.fit(len(page))
        widgets: list[Any] = [view.widget for view in self.views]
        self.grid.set_widgets(widgets)
        self.grid.enlarge(None)
        for view, camera in zip(self.views, page, strict=True):
            if view.camera != camera:
                view.show(camera, reason if camera else "")

    def rest(self) -> None:
        """Give all pictures back; the tiles are kept for the next page."""
        for view in self.views:
            view.show(None)

    def camera(self, slot: int) -> str | None:
        return self.views[slot].camera if slot < len(self.views) else None

    def find(self, camera: str) -> CameraView | None:
        return next((view for view in self.views if view.camera == camera), None)

    def focused_slot(self) -> int | None:
        focused = self.grid.focused
        return next((at for at, view in enumerate(self.views) if view.widget is focused), None)


def _fate(view: CameraView | None) -> Fate:
    if view is None:
        return Fate.COMING
    status = view.tile.status
    if status.state is State.LIVE:
        return Fate.LIVE
    final = status.state is State.WAITING and status.reason in FINAL
    return Fate.DEAD if final or status.state in (State.REFUSED, State.UNSUPPORTED) else Fate.COMING
