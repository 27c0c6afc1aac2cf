"""Pictures in small windows of their own, over whatever is on the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.layer import CameraLayer
from plugins.cameras.desktop.live.view import LiveView
from plugins.cameras.desktop.live.wall import LiveDesk

MOST = 9
"""Windows; the oldest makes room."""
SIZE = (480, 290)
STEP = 32
"""Logical pixels that each window lies aside of the one before."""


class FloatingPictures:
    """Commands, and the windows that are open."""

    def __init__(self, desk: Desk, layer: CameraLayer, live: LiveDesk) -> None:
        self._desk, self._layer, self._live = desk, layer, live
        self.windows: dict[str, _Window] = {}
        ctx = desk.ctx
        ctx.commands.bind("onemap.cameras.float", self.show_selected)
        ctx.commands.bind("onemap.cameras.float_here", self.show_here)
        ctx.undo(self.close_all)

    def show_selected(self) -> None:
        """The selected camera's."""
        camera = self._desk.chosen_live()
        if camera is not None:
            self.open(camera.id)

    def show_here(self) -> None:
        """That of the camera on which the map's context menu was opened."""
        ctx = self._desk.ctx
        where = ctx.map.last_context_point()
        camera = self._layer.camera_at(*where) if where is not None else None
        if camera is None:
            ctx.notify(ctx.tr("There is no camera just here"), key="onemap.cameras.none_here")
        else:
            self._desk.select(camera)
            self.show_selected()

    def open(self, camera: str) -> None:
        """A window for it, or the one that is there to the front."""
        window = self.windows.get(camera)
        if window is None:
            while len(self.windows) >= MOST:
                self.windows[next(iter(self.windows))].close()
            view = self._live.view()
            window = self.windows[camera] = _Window(self, camera, view)
            view.show(camera)
            window.setWindowTitle(view.title)
            window.place(len(self.windows) - 1)
        window.show()
        window.raise_()
        window.activateWindow()

    def closed(self, camera: str) -> None:
        """Its window is gone."""
        self.windows.pop(camera, None)

    def close_all(self) -> None:
        """None at all."""
        for window in list(self.windows.values()):
            window.close()


def _console_window() -> QWidget | None:
    """The one that is worked in, so that the picture stays above it; it may have no focus just now."""
    found = [
        each for each in QApplication.topLevelWidgets() if isinstance(each, QMainWindow) and each.isVisible()
    ]
    return QApplication.activeWindow() or next(iter(found), None)


class _Window(QWidget):
    """Escape closes it."""

    def __init__(self, desk: FloatingPictures, camera: str, view: LiveView) -> None:
        super().__init__(_console_window(), Qt.WindowType.Tool)
        self._pictures, self._camera, self._view = desk, camera, view
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view.widget)
        self.setFocusProxy(view.widget)
        self.resize(*SIZE)

    def place(self, number: int) -> None:
        """Stepwise from the upper right of the window that it belongs to."""
        owner = self.parentWidget()
        room = owner.frameGeometry() if owner is not None else self.screen().availableGeometry()
        corner = room.topRight()
        self.move(corner.x() - SIZE[0] - STEP * (number + 1), corner.y() + STEP * (number + 3))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._pictures.closed(self._camera)
        self._view.remove()
        super().closeEvent(event)
