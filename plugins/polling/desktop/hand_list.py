"""Cameras chosen by hand, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from console.sdk.ui import button, row
from plugins.polling.desktop.desk import Desk
from plugins.polling.model import MOST_CAMERAS

ID = Qt.ItemDataRole.UserRole
How = Literal["box", "lasso", "line"]
WAYS: tuple[tuple[How, str, str], ...] = (
    ("box", "In a box", "area"),
    ("lasso", "In a lasso", "trail"),
    ("line", "Along a way", "route"),
)


class HandList(QWidget):
    """Dragging changes the order, Del takes out; *on_change* is called after each change."""

    def __init__(self, desk: Desk, on_change: Callable[[], Any]) -> None:
        super().__init__()
        self._desk, self._on_change = desk, on_change
        self._gone = False
        """The form may be made anew while one draws: with another language, or the plugin."""
        gone = vars(self)
        self.destroyed.connect(lambda: gone.update(_gone=True))
        tr = desk.ctx.tr
        self._list = QListWidget()
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of neighbours differ at their ends
        self._list.setAccessibleName(tr("Cameras of the group"))
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._list.model().rowsMoved.connect(lambda *_: on_change())
        selected = button(tr("Add the selected camera"), self._add_selected, "plus")
        view = button(tr("Add those in view"), self._add_view, "map")
        drawn = [button(tr(words), self._drawing(how), name) for how, words, name in WAYS]
        out = button(tr("Take out"), self._take_out, "minus", tooltip=tr("Del"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row(selected, view, None, out))
        layout.addLayout(row(*drawn, None))
        layout.addWidget(self._list, 1)
        shortcut = QShortcut(QKeySequence("Del"), self._list)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._take_out)

    @property
    def cameras(self) -> tuple[str, ...]:
        """Ids in their order."""
        return tuple(self._list.item(at).data(ID) for at in range(self._list.count()))

    def set_cameras(self, cameras: Iterable[str]) -> None:
        """These."""
        self._list.clear()
        self._add(cameras)

    def _add(self, cameras: Iterable[str]) -> None:
        known = set(self.cameras)
        for camera in cameras:
            if camera not in known and self._list.count() < MOST_CAMERAS:
                item = QListWidgetItem(self._desk.name(camera))
                item.setData(ID, camera)
                item.setToolTip(item.text())
                self._list.addItem(item)
                known.add(camera)
        self._on_change()

    def _add_selected(self) -> None:
        current = self._desk.ctx.selection.current
        if current is not None and current[0] == "camera":
            self._add([current[1]])
        else:
            self._desk.say(self._desk.ctx.tr("Select a camera first"))

    def _add_view(self) -> None:
        found = [camera.id for camera in self._desk.in_view() if camera.live]
        if found:
            self._add(found)
        else:
            self._desk.say(self._desk.ctx.tr("No camera with a live picture in the map's view"))

    def _drawing(self, how: How) -> Callable[[], None]:
        def begin() -> None:
            self._desk.ctx.tasks.start(self._add_drawn(how))

        return begin

    async def _add_drawn(self, how: How) -> None:
        """Those that the user draws around, or along, on the map."""
        tr, service = self._desk.ctx.tr, self._desk.service
        if service is None:
            self._desk.say(tr("The plugin of cameras is off"))
            return
        found = await service.choose(how)
        if found is None or self._gone:
            return
        alive = [each for each in found if (record := self._desk.camera(each)) is not None and record.live]
        before = self._list.count()
        self._add(alive)
        added, dark = self._list.count() - before, len(found) - len(alive)
        self._desk.say(tr("{n} cameras added, {dark} there have no video", n=added, dark=dark))

    def _take_out(self) -> None:
        for item in self._list.selectedItems():
            self._list.takeItem(self._list.row(item))
        self._on_change()
