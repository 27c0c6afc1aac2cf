"""A part of a picture, closer: digital zoom of a tile. Lengths are logical pixels of the widget."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF

CLOSEST = 8.0
STEP = 1.25
"""A notch of the wheel."""


class Closer:
    """How many times, and which point of the picture stands in the middle of the widget."""

    def __init__(self) -> None:
        self.times = 1.0
        self._middle = QPointF(0.5, 0.5)
        """As shares of the picture."""

    def reset(self) -> None:
        """The whole picture."""
        self.times, self._middle = 1.0, QPointF(0.5, 0.5)

    def place(self, whole: QRect, area: QRect) -> QRect:
        """Where the enlarged picture goes, that fits the *area* in the place *whole*."""
        if self.times == 1.0:
            return whole
        wide, high = round(whole.width() * self.times), round(whole.height() * self.times)
        left = _start(area.width(), wide, self._middle.x())
        top = _start(area.height(), high, self._middle.y())
        return QRect(left, top, wide, high)

    def zoom(self, notches: float, at: QPointF, whole: QRect, area: QRect) -> None:
        """Closer, or wider when negative; what is *at* a point of the widget stays there if it can."""
        share = _share(at, QRectF(self.place(whole, area)))
        self.times = min(CLOSEST, max(1.0, self.times * STEP**notches))
        if self.times < 1.01:
            self.reset()
            return
        wide, high = whole.width() * self.times, whole.height() * self.times
        centre = QRectF(area).center()
        self._settle(
            QPointF(
                share.x() + (centre.x() - at.x()) / wide,
                share.y() + (centre.y() - at.y()) / high,
            ),
            whole,
            area,
        )

    def pan(self, by: QPointF, whole: QRect, area: QRect) -> None:
        """Drag the picture so far."""
        wide, high = whole.width() * self.times, whole.height() * self.times
        self._settle(self._middle - QPointF(by.x() / wide, by.y() / high), whole, area)

    def _settle(self, middle: QPointF, whole: QRect, area: QRect) -> None:
        """Not beyond the edges, so that dragging back answers at once."""
        self._middle = QPointF(
            _held(middle.x(), area.width() / (whole.width() * self.times)),
            _held(middle.y(), area.height() / (whole.height() * self.times)),
        )


def _start(room: int, length: int, middle: float) -> int:
    """Of a side: in the middle when it is shorter than the room, else never with a gap at an edge."""
    if length <= room:
        return (room - length) // 2
    return min(0, max(room - length, round(room / 2 - middle * length)))


def _share(at: QPointF, place: QRectF) -> QPointF:
    return QPointF((at.x() - place.left()) / place.width(), (at.y() - place.top()) / place.height())


def _held(middle: float, seen: float) -> float:
    return 0.5 if seen >= 1.0 else min(1.0 - seen / 2, max(seen / 2, middle))
