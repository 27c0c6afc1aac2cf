"""The bar of time: how many features there are when, and the window that is shown, to be dragged."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.sdk.ui import color

EPOCH = datetime(1970, 1, 1)
EDGE, AXIS = 14.0, 20.0
"""Logical pixels free at the sides, and for the dates below."""
REACH = 9.0
"""Logical pixels from an end of the window at which the pointer takes it."""
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def words_of(moment: float, span: float) -> str:
    """A moment in figures, as fine as a *span* of seconds wants it."""
    when = EPOCH + timedelta(seconds=moment)
    if span >= 3 * 365 * DAY:
        return f"{when:%Y-%m}"
    if span >= 3 * DAY:
        return f"{when:%Y-%m-%d}"
    return f"{when:%m-%d %H:%M}" if span >= 2 * HOUR else f"{when:%H:%M:%S}"


class TimeTrack(QWidget):
    """Drag an end, or the window; click elsewhere to put it there. Arrow keys move it, with Shift its end."""

    window_wanted = Signal(float, float)
    """Start and end that the user wants."""
    step_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._low, self._high = 0.0, 1.0
        self._start, self._end = 0.0, 1.0
        self._counts: npt.NDArray[np.int64] = np.zeros(1, np.int64)
        self._held = ""
        self._grip = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(64)

    def sizeHint(self) -> QSize:
        return QSize(480, 90)

    def show_field(self, low: float, high: float, counts: npt.NDArray[np.int64]) -> None:
        """All of the time that there is."""
        self._low, self._high, self._counts = low, max(high, low + 1.0), counts
        self.update()

    def show_window(self, start: float, end: float) -> None:
        """What of it is shown on the map."""
        self._start, self._end = start, end
        self.update()

    # ---- pixels ----

    def _x(self, moment: float) -> float:
        share = (moment - self._low) / (self._high - self._low)
        return EDGE + share * (self.width() - 2 * EDGE)

    def _moment(self, x: float) -> float:
        share = (x - EDGE) / max(self.width() - 2 * EDGE, 1.0)
        return self._low + share * (self._high - self._low)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base = self.height() - AXIS
        window = QRectF(QPointF(self._x(self._start), 2), QPointF(self._x(self._end), base))
        shade = QColor(color("accent"))
        shade.setAlphaF(0.18)
        painter.fillRect(window, shade)
        self._paint_bars(painter, base, window)
        painter.setPen(QPen(QColor(color("border.strong")), 1.0))
        painter.drawLine(QPointF(EDGE, base), QPointF(self.width() - EDGE, base))
        accent = QColor(color("accent"))
        for x in (window.left(), window.right()):
            painter.setPen(QPen(accent, 2.0))
            painter.drawLine(QPointF(x, 2), QPointF(x, base))
            painter.setBrush(accent)
            painter.drawRoundedRect(QRectF(x - 4, base / 2 - 9, 8, 18), 3, 3)
        self._paint_dates(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(color("focus")), 1.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_bars(self, painter: QPainter, base: float, window: QRectF) -> None:
        """Heights by the root of the numbers: single features are seen beside hundreds."""
        most = float(np.sqrt(self._counts.max(initial=1)))
        width = (self.width() - 2 * EDGE) / len(self._counts)
        inside, outside = QColor(color("accent")), QColor(color("text.disabled"))
        for at, count in enumerate(self._counts.tolist()):
            if count:
                height = max(float(np.sqrt(count)) / most * (base - 8), 2.0)
                bar = QRectF(EDGE + at * width, base - height, max(width - 1, 1.0), height)
                shown = window.left() <= bar.center().x() <= window.right()
                painter.fillRect(bar, inside if shown else outside)

    def _paint_dates(self, painter: QPainter) -> None:
        """The first and the last moment, and some between them."""
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(color("text.muted")))
        span = self._high - self._low
        number = max(2, min(8, int(self.width() / 130)))
        for at in range(number):
            share = at / (number - 1)
            text = words_of(self._low + share * span, span)
            width = painter.fontMetrics().horizontalAdvance(text)
            x = EDGE + share * (self.width() - 2 * EDGE - width)
            painter.drawText(QPointF(x, self.height() - 5), text)

    # ---- the user's hands ----

    def _part_at(self, x: float) -> str:
        start, end = self._x(self._start), self._x(self._end)
        if abs(x - end) <= REACH:
            return "end"
        if abs(x - start) <= REACH:
            return "start"
        return "window" if start < x < end else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        self._held = self._part_at(x)
        if not self._held:
            half = (self._end - self._start) / 2
            self.window_wanted.emit(self._moment(x) - half, self._moment(x) + half)
            self._held = "window"
        self._grip = self._moment(x) - self._start

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if not self._held:
            ends = self._part_at(x) in ("start", "end")
            self.setCursor(Qt.CursorShape.SplitHCursor if ends else Qt.CursorShape.ArrowCursor)
            return
        moment, length = self._moment(x), self._end - self._start
        if self._held == "window":
            self.window_wanted.emit(moment - self._grip, moment - self._grip + length)
        elif self._held == "start":
            self.window_wanted.emit(min(moment, self._end), self._end)
        else:
            self.window_wanted.emit(self._start, max(moment, self._start))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            change = by * (self._high - self._low) / 100
            self.window_wanted.emit(self._start, max(self._end + change, self._start))
        else:
            self.step_wanted.emit(by)
