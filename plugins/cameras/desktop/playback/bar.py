"""The time bar: a row for each camera with what is recorded, the clock's time, the marks."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.sdk.ui.theming import color
from plugins.cameras.desktop.playback.clock import Marks
from plugins.cameras.desktop.playback.deck import Stretch

STEPS = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 86_400)
"""Seconds between two lines of the scale."""
SHORTEST, LONGEST = 30.0, 7 * 86_400.0
"""Seconds that the bar shows."""
SCALE, NAMES = 22, 150
"""Pixels: height of the scale, width of the names."""
ROW = 20
LABEL = 90
"""Pixels between two times that are written."""


class TimeBar(QWidget):
    """Click or drag: go there. Wheel: closer and farther. Drag with the right button: move along."""

    sought = Signal(float)
    """s since 1970."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self._marks = marks
        self._rows: list[tuple[str, Sequence[Stretch] | None]] = []
        self._now = self._middle = time.time()
        self._span = 3600.0
        self._drag: float | None = None
        self._pan: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(False)
        self.set_rows([])

    def set_rows(self, rows: Sequence[tuple[str, Sequence[Stretch] | None]]) -> None:
        """Names of cameras, and what is recorded of each; None: not known."""
        self._rows = list(rows)
        self.setFixedHeight(SCALE + ROW * max(1, len(self._rows)) + 4)
        self.update()

    def show_now(self, now: float) -> None:
        """The clock's time; the bar follows when it leaves."""
        self._now = now
        if self._drag is None and self._pan is None and abs(now - self._middle) > self._span * 0.45:
            self._middle = now
        self.update()

    @property
    def span(self) -> float:
        """Seconds that are shown."""
        return self._span

    def time_at(self, x: float) -> float:
        """s since 1970 under a pixel."""
        return self._middle + ((x - NAMES) / max(self.width() - NAMES, 1) - 0.5) * self._span

    def x_of(self, when: float) -> float:
        """The pixel of a time."""
        return NAMES + ((when - self._middle) / self._span + 0.5) * (self.width() - NAMES)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What is under the pointer stays there."""
        x = max(event.position().x(), NAMES)
        held = self.time_at(x)
        factor = 0.8 ** (event.angleDelta().y() / 120)
        self._span = min(max(self._span * factor, SHORTEST), LONGEST)
        self._middle += held - self.time_at(x)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = self.time_at(max(event.position().x(), NAMES))
        elif event.button() == Qt.MouseButton.RightButton:
            self._pan = (event.position().x(), self._middle)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = self.time_at(max(event.position().x(), NAMES))
        elif self._pan is not None:
            start, middle = self._pan
            moved = (event.position().x() - start) / max(self.width() - NAMES, 1)
            self._middle = middle - moved * self._span
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Only where it ends is asked for: every stop on the way would be a request to each recorder."""
        drag, self._drag, self._pan = self._drag, None, None
        if drag is not None:
            self.sought.emit(drag)

    def event(self, event: QEvent) -> bool:
        """A row's whole name, where the pointer rests on it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = (event.y() - SCALE) // ROW
            named = event.x() < NAMES and 0 <= at < len(self._rows)
            QToolTip.showText(event.globalPos(), self._rows[at][0] if named else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(color("surface.input")))
        self._paint_marks(painter)
        self._paint_scale(painter)
        for at, (name, stretches) in enumerate(self._rows):
            self._paint_row(painter, SCALE + at * ROW, name, stretches)
        self._paint_hand(painter)
        painter.end()

    def _paint_scale(self, painter: QPainter) -> None:
        wide = max(self.width() - NAMES, 1)
        step = next((each for each in STEPS if each / self._span * wide >= LABEL), STEPS[-1])
        form = "%H:%M:%S" if step < 60 else "%H:%M" if step < 86_400 else "%m-%d"
        zone = datetime.fromtimestamp(self._middle).astimezone().utcoffset()
        shift = zone.total_seconds() if zone else 0.0
        first = math.ceil((self.time_at(NAMES) + shift) / step) * step - shift
        for number in range(math.ceil(self._span / step) + 1):
            when = first + number * step
            x = self.x_of(when)
            if x > self.width():
                return
            painter.setPen(QColor(color("border")))
            painter.drawLine(QPointF(x, SCALE - 4), QPointF(x, self.height()))
            moment = datetime.fromtimestamp(when)
            midnight = step < 86_400 and moment.hour == moment.minute == moment.second == 0
            painter.setPen(QColor(color("text.muted")))
            place = QRectF(x - 45, 0, 90, SCALE - 3)
            text = moment.strftime("%m-%d" if midnight else form)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_row(self, painter: QPainter, top: int, name: str, stretches: Sequence[Stretch] | None) -> None:
        painter.fillRect(QRectF(0, top, NAMES, ROW), QColor(color("surface.input")))
        painter.setPen(QColor(color("text")))
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAMES - 8)
        painter.drawText(QRectF(4, top, NAMES - 8, ROW), Qt.AlignmentFlag.AlignVCenter, text)
        if stretches is None:
            return
        for begin, end in stretches:
            left, right = max(self.x_of(begin), NAMES), min(self.x_of(end), self.width())
            if right > NAMES and left < self.width():
                painter.fillRect(
                    QRectF(left, top + 5, max(right - left, 1.0), ROW - 10), QColor(color("accent"))
                )

    def _paint_marks(self, painter: QPainter) -> None:
        fill = QColor(color("warning"))
        for each in (self._marks.begin, self._marks.end):
            if each is not None and self.x_of(each) >= NAMES:
                painter.fillRect(QRectF(self.x_of(each) - 1, 0, 2, self.height()), fill)
        if stretch := self._marks.stretch:
            left, right = (max(self.x_of(each), NAMES) for each in stretch)
            fill.setAlpha(50)
            painter.fillRect(QRectF(left, 0, right - left, self.height()), fill)

    def _paint_hand(self, painter: QPainter) -> None:
        """Where the clock is, or where it will be."""
        x = self.x_of(self._now if self._drag is None else self._drag)
        if not NAMES <= x <= self.width():
            return
        painter.setPen(QPen(QColor(color("error")), 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        if self._drag is not None:
            painter.setPen(QColor(color("text")))
            text = datetime.fromtimestamp(self._drag).strftime("%m-%d %H:%M:%S")
            left = min(x + 6, self.width() - 120)
            painter.fillRect(QRectF(left, 0, 116, SCALE), QColor(color("surface.overlay")))
            painter.drawText(QRectF(left + 4, 0, 112, SCALE), Qt.AlignmentFlag.AlignVCenter, text)
