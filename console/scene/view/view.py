"""The view of the scene: the picture that another process draws, what is live painted over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from console.map.listeners import Listeners
from console.scene.frame import Frame
from console.scene.lens import Lens, Points
from console.scene.pose import Pose
from console.scene.process.client import SceneProcess
from console.scene.process.messages import Sky
from console.scene.view.screen import Picture, Screen

FRAME = 16
"""Milliseconds between two looks at whether anything moves."""
_LEAST = 0.6
"""Metres: as near as the eye gets to anything."""


class Over(Protocol):
    """Something painted over the picture."""

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """In logical pixels."""
        ...


class SceneView(QWidget):
    """One camera in one scene."""

    def __init__(self, frame: Frame, pose: Pose) -> None:
        super().__init__()
        self.frame = frame
        self.pose = pose
        self.over: list[Over] = []
        """Painted in this order."""
        self.changed = Listeners[[]]()
        """The view is elsewhere; told with each step of a motion."""
        self.painted = Listeners[[]]()
        """There is another picture."""
        self.process = SceneProcess(frame, self)
        self.feed = Screen(self.process, self._now, self)
        self.feed.drawn.connect(self._on_drawn)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self._background = QColor("black")
        self._step: Callable[[], bool] | None = None
        self._frames = QTimer(self, interval=FRAME)
        self._frames.timeout.connect(self._on_frame)

    @property
    def picture(self) -> Picture | None:
        """What is seen now."""
        return self.feed.picture

    @property
    def lens(self) -> Lens:
        """Of the present pose, in logical pixels."""
        return self.pose.lens(self.frame, max(self.width(), 1), max(self.height(), 1))

    def hit(self, x: float, y: float) -> Points | None:
        """(3,): what is seen at a logical pixel, in the scene's frame; None: the sky, or nothing yet."""
        return self.picture.hit(x, y) if self.picture is not None else None

    def set_sky(self, below: str, above: str) -> None:
        """``#rrggbb``."""
        low, high = QColor(below), QColor(above)
        self._background = low
        self.process.put(Sky(_rgb(low), _rgb(high)))
        self.feed.want()

    def show_pose(self, pose: Pose) -> None:
        """Look from there at once."""
        self.pose = pose.clamped()
        self.feed.want()
        self.changed.fire()

    def run(self, step: Callable[[], bool]) -> None:
        """Call *step* for each frame until it says that nothing moves any more."""
        self._step = step
        if self.isVisible() and not self._frames.isActive():
            self._frames.start()
            self.feed.move(True)

    def close(self) -> bool:
        """End the drawing process."""
        self._frames.stop()
        self.process.stop()
        return super().close()

    def _on_frame(self) -> None:
        if self._step is None or not self._step():
            self._frames.stop()
            self._step = None
            self.feed.move(False)

    def _now(self) -> tuple[Lens, float, float] | None:
        if not self.isVisible() or self.process.ready is None:
            return None
        return self.lens, self.devicePixelRatioF(), max(self._clearance(), _LEAST)

    def _clearance(self) -> float:
        """Metres from the eye to the nearest thing seen, at most to the place looked at."""
        return self.pose.distance

    def _on_drawn(self) -> None:
        self.update()
        self.painted.fire()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        picture = self.picture
        if picture is None:
            painter.fillRect(self.rect(), self._background)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, picture.about.finest)
        painter.drawImage(QRectF(self.rect()), picture.image)
        for over in self.over:
            over.paint(painter, picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.feed.want()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.process.start()
        self.feed.want()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._frames.stop()
        self.feed.move(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.feed.want()


def _rgb(color: QColor) -> tuple[float, float, float]:
    return color.redF(), color.greenF(), color.blueF()
