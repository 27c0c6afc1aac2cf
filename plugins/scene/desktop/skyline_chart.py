"""A skyline as a picture: elevation over azimuth, the highest points marked; to be kept as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.sdk.sight import SceneSkyline
from console.sdk.ui import color
from plugins.scene.desktop.skyline import WINDS, Peak, Tr

LEFT, TOP, RIGHT, BOTTOM = 36.0, 18.0, 10.0, 22.0
"""Logical pixels beside the chart."""
STEPS = (5.0, 10.0, 15.0, 30.0)
"""Degrees between lines."""


class SkylineChart(QWidget):
    """North is in the middle, so that what is ahead on a map that lies north up hangs together."""

    def __init__(self, tr: Tr) -> None:
        super().__init__()
        self._tr = tr
        self._found: SceneSkyline | None = None
        self._peaks: Sequence[Peak] = ()
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """As wide as a panel at the side."""
        return QSize(320, 200)

    def set(self, found: SceneSkyline | None, peaks: Sequence[Peak]) -> None:
        """Show another one."""
        self._found, self._peaks = found, peaks
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer, in words."""
        found, box = self._found, self._box()
        if found is None or not found.azimuths or not box.contains(event.position()):
            return
        wanted = (event.position().x() - box.left()) / box.width() * 360 - 180
        at = min(range(len(found.azimuths)), key=lambda row: abs(_turn(found.azimuths[row] - wanted)))
        text = f"{found.azimuths[at]:.0f}°"
        if found.places[at] is not None:
            text += f" · {found.elevations[at]:.1f}° · {found.metres[at]:,.0f} m"
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """See Qt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self._box()
        painter.fillRect(box, QColor(color("surface.input")))
        if self._found is None or box.height() < 20:
            return
        highest = max((each.elevation for each in self._peaks), default=10.0)
        step = next((each for each in STEPS if highest / each <= 5), STEPS[-1])
        top = min(90.0, math.ceil(highest * 1.15 / step) * step)
        self._paint_axes(painter, box, top, step)
        self._paint_line(painter, box, top)
        self._paint_peaks(painter, box, top)

    def _paint_axes(self, painter: QPainter, box: QRectF, top: float, step: float) -> None:
        muted = QColor(color("text.muted"))
        for n in range(int(top / step) + 1):
            y = box.bottom() - n * step / top * box.height()
            painter.setPen(QPen(QColor(color("border")), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(muted)
            label = QRectF(0, y - 9, LEFT - 4, 18)
            painter.drawText(
                label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{n * step:g}°"
            )
        for at, wind in enumerate(WINDS):
            if at % 2 == 0:
                x = box.left() + (_turn(at * 45.0) + 180) / 360 * box.width()
                label = QRectF(x - 20, box.bottom() + 2, 40, BOTTOM - 2)
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._tr(wind))

    def _paint_line(self, painter: QPainter, box: QRectF, top: float) -> None:
        assert self._found is not None
        rows = sorted(
            (_turn(a), max(0.0, e) if e == e else 0.0)
            for a, e in zip(self._found.azimuths, self._found.elevations, strict=True)
        )
        line = [_at(box, turn, rise, top) for turn, rise in rows]
        if not line:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        fill = QColor(color("map.shape"))
        fill.setAlpha(70)
        painter.setBrush(fill)
        ends = QPointF(line[-1].x(), box.bottom()), QPointF(line[0].x(), box.bottom())
        painter.drawPolygon(QPolygonF([*line, *ends]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(color("map.shape")), 1.5))
        painter.drawPolyline(QPolygonF(line))

    def _paint_peaks(self, painter: QPainter, box: QRectF, top: float) -> None:
        metrics = QFontMetricsF(self.font())
        for number, peak in enumerate(self._peaks, start=1):
            place = _at(box, _turn(peak.azimuth), peak.elevation, top)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("map.selection")))
            painter.drawEllipse(place, 3.5, 3.5)
            painter.setPen(QColor(color("text")))
            text = str(number)
            painter.drawText(QPointF(place.x() - metrics.horizontalAdvance(text) / 2, place.y() - 6), text)

    def _box(self) -> QRectF:
        return QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)


def _turn(azimuth: float) -> float:
    """-180..180, 0 to the north."""
    return (azimuth + 180) % 360 - 180


def _at(box: QRectF, turn: float, rise: float, top: float) -> QPointF:
    x = box.left() + (turn + 180) / 360 * box.width()
    return QPointF(x, box.bottom() - min(rise, top) / top * box.height())
