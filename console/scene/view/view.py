"""The view of the scene: the picture that another process draws, what is live painted over it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, Protocol

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from console.map.listeners import Listeners
from console.model.text import Text
from console.scene.frame import Frame
from console.scene.hands import Flight, Navigator, World
from console.scene.lens import Lens, Points
from console.scene.pose import Pose
from console.scene.process.client import SceneProcess
from console.scene.process.messages import Sky
from console.scene.shape import Shape
from console.scene.view.footing import Footing
from console.scene.view.furniture import Furniture
from console.scene.view.screen import Picture, Screen
from console.scene.view.shaping import Shaping
from console.scene.view.touch import Touch

FRAME = 16
"""Milliseconds between two looks at whether anything moves."""
GLIDE = 33
"""Milliseconds between answers to the pointer."""
_LEAST = 0.6
"""Metres: as near as the eye gets to anything."""


class Over(Protocol):
    """Something painted over the picture."""

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """In logical pixels."""
        ...

    def click(self, x: float, y: float) -> Literal["", "hit", "cluster"]:
        """Take a click at a logical pixel, if anything of it is there; ``cluster``: come nearer to tell it
        apart."""
        ...

    def tip(self, x: float, y: float) -> str:
        """What there is to say at a logical pixel; empty for nothing."""
        ...


def _untitled(_layer: str) -> None:
    return None


class SceneView(QWidget):
    """One camera in one scene."""

    def __init__(
        self,
        frame: Frame,
        pose: Pose,
        process: SceneProcess,
        shape: Shape | None = None,
        title: Callable[[str], Text | None] = _untitled,
    ) -> None:
        """*process*: of *frame*; whoever made it ends it. *shape*: what of the models is drawn. *title*: of a
        layer."""
        super().__init__()
        self.frame = frame
        self.over: list[Over] = []
        """Painted in this order."""
        self.changed = Listeners[[]]()
        """The view is elsewhere; told with each step of a motion."""
        self.clicked: Listeners[[float, float, float]] = Listeners()
        """A click that hit nothing live: degrees and metres above the ellipsoid."""
        self.painted = Listeners[[]]()
        """There is another picture."""
        self._footing = Footing(frame)
        self.navigator = Navigator(World(frame, hit=self.hit, surface=self._footing.surface), pose)
        self._touch = Touch(self)
        self.process = process
        self.feed = Screen(self.process, self._now, self)
        self.feed.drawn.connect(self._on_drawn)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setMinimumSize(160, 120)
        self._sky = "", ""
        self._background = QColor("black")
        self._shown = pose
        self._furniture = Furniture(self, self)
        self.shaping = Shaping(self, shape or Shape(), title)
        self._hover = QTimer(self, singleShot=True, interval=GLIDE)
        self._hover.timeout.connect(self._on_hover)
        self._frames = QTimer(self, interval=FRAME)
        self._frames.timeout.connect(self._on_frame)

    @property
    def pose(self) -> Pose:
        return self.navigator.pose

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

    def feet(self, lon: Points, lat: Points) -> Points:
        """Metres above the ellipsoid (n,) of what one stands on at WGS84 degrees; NaN: not seen yet."""
        return self._footing.feet(lon, lat)

    def set_sky(self, below: str, above: str) -> None:
        """``#rrggbb``."""
        if (below, above) == self._sky:
            return
        self._sky = below, above
        low, high = QColor(below), QColor(above)
        self._background = low
        self.process.put(Sky(_rgb(low), _rgb(high)))
        self.feed.want()

    def show_pose(self, pose: Pose) -> None:
        """Look from there at once."""
        self.navigator.show(pose)
        self.went()

    def fly_to(self, pose: Pose) -> None:
        """Go there, seen to move."""
        self.navigator.fly_to(pose, time.monotonic())
        self.went()

    def play(self, flight: Flight) -> None:
        """Go along a recorded way."""
        self.navigator.play(flight, time.monotonic())
        self.went()

    def went(self) -> None:
        """See ``TouchHost``."""
        moving = self.navigator.moving or self._touch.dragging
        if moving and self.isVisible():
            self.feed.move(True)
            if not self._frames.isActive():
                self._frames.start()
        self._follow()

    def _on_frame(self) -> None:
        if not self.navigator.tick(time.monotonic()) and not self._touch.dragging:
            self._frames.stop()
            self.feed.move(False)
        self._follow()

    def _follow(self) -> None:
        """Ask for a picture if the pose is another than before."""
        self._furniture.follow()
        if self.pose != self._shown:
            self._shown = self.pose
            self.feed.want()
            self.changed.fire()

    def _now(self) -> tuple[Lens, float, float] | None:
        if not self.isVisible() or self.process.ready is None:
            return None
        return self.lens, self.devicePixelRatioF(), self.clearance

    @property
    def clearance(self) -> float:
        """Metres from the eye to the nearest thing seen a moment ago, at most to the place looked at."""
        picture, far = self.picture, self.pose.distance
        if picture is None:
            return max(far, _LEAST)
        nearest = picture.nearest - float(np.linalg.norm(picture.lens.eye - self.lens.eye))
        return max(min(far, max(nearest, far * 0.02)), _LEAST)

    def toggle_underground(self) -> None:
        """See ``TouchHost``."""
        self.shaping.toggle_underground()

    def click_at(self, x: float, y: float) -> None:
        """See ``TouchHost``."""
        found = next((found for over in reversed(self.over) if (found := over.click(x, y))), "")
        if found == "cluster":
            self.navigator.zoom(1.5, x, y, time.monotonic())
        point = self.hit(x, y)
        if not found and point is not None:
            lon, lat, height = (float(value) for value in self.frame.geographic(point))
            self.clicked.fire(lon, lat, height)

    def _on_hover(self) -> None:
        """What is under the pointer says what it is."""
        where = self.mapFromGlobal(self.cursor().pos())
        if self.rect().contains(where):
            tips = (over.tip(where.x(), where.y()) for over in reversed(self.over))
            text = next((tip for tip in tips if tip), "")
            QToolTip.showText(self.mapToGlobal(where), text, self)  # an empty one hides it

    def _on_drawn(self) -> None:
        if self.picture is not None:
            self._footing.learn(self.picture)
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._touch.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._touch.move(event) and not self._hover.isActive():
            self._hover.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._touch.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._touch.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._touch.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._touch.key(event, down=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._touch.key(event, down=False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._touch.let_go()

    def event(self, event: QEvent) -> bool:
        return self._touch.gesture(event) or super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.navigator.world.width, self.navigator.world.height = self.width(), self.height()
        self.feed.want()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.process.start()
        self.feed.want()
        self.went()  # what was begun while nobody looked goes on

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
