"""The overview: the whole district in a corner of the first view, with a frame of what that shows.

Its picture is drawn once by the tile workers and kept; a frame of the map costs one small blit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from console.map.engine.base_map import BaseMap
from console.map.engine.messages import PlaceLabels, RenderTile
from console.map.layers.base_layers import layer_ref
from console.map.viewport import Viewport
from console.map.views.furniture_paint import CORNER_HEIGHT, EDGE
from console.map.views.painting import device_pixels
from console.sdk.ui.words import word

if TYPE_CHECKING:
    from console.map.views.view import MapView

SIZE = QSize(232, 164)
ROOM = QSize(640, 440)
"""Logical pixels that the view must have, or the overview would cover too much of it."""
LEAST = 7.0
"""Logical pixels that the frame is wide and high at least."""
STEP = 0.25
"""Share of the view that one press of an arrow key moves it."""
SOON = 80
"""Milliseconds in which new tiles are gathered before they are painted together."""


class _Ground(BaseMap):
    """Tiles of the view alone: neither labels nor what lies around."""

    def job(self, rank: int) -> RenderTile | PlaceLabels | None:
        """See ``EngineUser``."""
        return self.tiles.next(True) if rank == 0 else None


class Overview(QWidget):
    """Drag the frame to move the view, click elsewhere to go there; arrow keys and the wheel work too."""

    def __init__(self, first: MapView) -> None:
        super().__init__(first)
        self._first = first
        self._grip: QPointF | None = None
        """Where in the frame the pointer has it."""
        self._picture: QPixmap | None = None
        self._ground = _Ground(self, first.engine)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._draw)
        self._ground.changed.connect(self._soon.start)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.resize(SIZE)
        self._undo = [first.changed.add(self.update), first.tree.on_change(self.dress)]
        self.dress()
        self.place()

    def dress(self) -> None:
        """Style, words and base layers of the first view."""
        self.setToolTip(word("Overview: drag the frame, or click where to go"))
        self.setAccessibleName(word("Overview"))
        slots = [slot for slot in reversed(self._first.tree.ordered()) if slot.base is not None]
        self._ground.set_style(self._first.scene.style)
        self._ground.set_layers([layer_ref(slot) for slot in slots], [])
        self._soon.start()

    def place(self) -> None:
        """In the lower left corner, above the scale bar, where there is room."""
        self.move(EDGE, self._first.height() - CORNER_HEIGHT - EDGE - self.height())
        room = self._first.size()
        self.setVisible(room.width() >= ROOM.width() and room.height() >= ROOM.height())

    def remove(self) -> None:
        """Give all back."""
        for undo in self._undo:
            undo()
        self._soon.stop()
        self._ground.sleep()
        self.hide()
        self.deleteLater()

    @property
    def viewport(self) -> Viewport:
        """What it shows: all of the map."""
        whole = Viewport(width=self.width(), height=self.height(), dpr=self.devicePixelRatioF())
        home = self._first.home()
        return whole.fitted(home, 0.04) if home is not None else replace(whole, zoom=2.0)

    def frame(self) -> QRectF:
        """What the first view shows, in logical pixels of the overview."""
        left, top, right, bottom = self._first.viewport.world
        viewport = self.viewport
        x0, y0 = viewport.to_pixels(left, top)
        x1, y1 = viewport.to_pixels(right, bottom)
        frame = QRectF(QPointF(x0, y0), QPointF(x1, y1))
        grow_x, grow_y = max(LEAST - frame.width(), 0) / 2, max(LEAST - frame.height(), 0) / 2
        return frame.adjusted(-grow_x, -grow_y, grow_x, grow_y)

    def _draw(self) -> None:
        """The picture anew, of the tiles that are there."""
        viewport = self.viewport
        picture = QPixmap(round(viewport.width * viewport.dpr), round(viewport.height * viewport.dpr))
        picture.setDevicePixelRatio(viewport.dpr)
        picture.fill(QColor(self._first.colors("map.background")))
        painter = QPainter(picture)
        with device_pixels(painter, viewport):
            self._ground.draw(painter, viewport)
        painter.end()
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = self._first.colors, QPainter(self)
        if self._picture is not None:
            painter.drawPixmap(0, 0, self._picture)
        else:
            painter.fillRect(self.rect(), QColor(colors("map.background")))
        frame, color = self.frame(), QColor(colors("map.selection"))
        around = QPainterPath()
        around.addRect(QRectF(self.rect()))
        around.addRect(frame)
        painter.fillPath(around, QColor(0, 0, 0, 90))
        for pen in (QPen(QColor(0, 0, 0, 150), 4.0), QPen(color, 2.0)):
            painter.setPen(pen)
            painter.drawRect(frame)
        painter.setPen(QPen(color if self.hasFocus() else QColor(colors("border.strong")), 2.0))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    # ---- the user's hands ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            frame, where = self.frame(), event.position()
            self._grip = where - frame.center() if frame.contains(where) else QPointF()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._drag(where)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def _drag(self, where: QPointF) -> None:
        assert self._grip is not None
        middle = where - self._grip
        x, y = self.viewport.from_pixels(middle.x(), middle.y())
        self._first.followed = None
        self._first.show_view(self._first.viewport.at(x, y))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._first.zoom_by(0.5 if event.angleDelta().y() > 0 else -0.5)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (1, 0),
            Qt.Key.Key_Right: (-1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        view = self._first.viewport
        self._first.show_view(view.panned(step[0] * view.width * STEP, step[1] * view.height * STEP))
