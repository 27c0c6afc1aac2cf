"""The panel 实时画面: the open pictures beside one another."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QStackedWidget

from console.sdk.media import State
from console.sdk.ui import EmptyState, Page, Toolbar, row
from console.sdk.ui.picture_grid import PictureGrid
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.live.view import LiveView
from plugins.cameras.desktop.live.wall import LiveDesk


class LivePanel(Page):
    """Arrows go from picture to picture, Enter enlarges, Delete closes one, R tries again at once."""

    def __init__(self, desk: Desk, live: LiveDesk) -> None:
        super().__init__()
        self._desk, self._live = desk, live
        self._views: dict[str, LiveView] = {}
        tr = desk.ctx.tr
        self._count = QLabel()
        self._count.setObjectName("muted")
        tools = Toolbar()
        run = desk.ctx.commands.run
        tools.add("area", tr("Open the cameras in a box"), lambda: run("onemap.cameras.open_box"))
        tools.add("trail", tr("Open the cameras in a lasso"), lambda: run("onemap.cameras.open_lasso"))
        tools.add("route", tr("Open the cameras along a way"), lambda: run("onemap.cameras.open_line"))
        tools.add("locate", tr("Show on the map"), self._locate)
        tools.add("close", tr("Close this picture (Delete)"), self._close)
        tools.add("trash", tr("Close all"), live.clear)
        self._grid = PictureGrid()
        hint = tr("Select a camera and choose “Live picture”, or draw around cameras on the map.")
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState(tr("No picture open"), hint, icon="video"))
        self._stack.addWidget(self._grid)
        self.add(row(self._count, None, tools))
        self.add(self._stack, 1)
        self.setFocusProxy(self._grid)
        live.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        wanted = dict(self._live.open_ids)
        for camera in [each for each in self._views if each not in wanted]:
            self._views.pop(camera).remove()
        for camera, reason in wanted.items():
            if camera not in self._views:
                self._views[camera] = self._new_view(camera, reason)
        self._grid.set_widgets([self._views[camera].widget for camera in wanted])
        self._stack.setCurrentIndex(1 if wanted else 0)
        self._tell()

    def _new_view(self, camera: str, reason: str) -> LiveView:
        view = self._live.view()
        view.tile.on_status(self._tell)
        view.show(camera, reason)
        view.tile.on_enlarge(lambda: self._grid.toggle(view.widget))
        return view

    def _tell(self) -> None:
        """How many of them are live."""
        live = sum(view.tile.status.state is State.LIVE for view in self._views.values())
        tr = self._desk.ctx.tr
        self._count.setText(tr("Live {live} of {n}", live=live, n=len(self._views)) if self._views else "")

    def _chosen(self) -> LiveView | None:
        """The one with the focus; a single one needs none."""
        if len(self._views) == 1:
            return next(iter(self._views.values()))
        focused = self._grid.focused
        found = next((view for view in self._views.values() if view.widget is focused), None)
        if found is None:
            self._desk.ctx.notify(self._desk.ctx.tr("Choose a picture first"), key="onemap.cameras.choose")
        return found

    def _close(self) -> None:
        if (view := self._chosen()) and view.camera:
            self._live.close(view.camera)

    def _locate(self) -> None:
        if (view := self._chosen()) and view.camera:
            self._desk.jump(view.camera)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no picture took."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._close()
        elif event.key() == Qt.Key.Key_R and not event.modifiers():
            if view := self._chosen():
                view.retry()
        else:
            super().keyPressEvent(event)
