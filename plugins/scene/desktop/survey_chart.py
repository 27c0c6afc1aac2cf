"""A profile or a section as a picture: the ground filled, the surface or what is cut as lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from console.sdk.ui import color
from plugins.scene.desktop.survey_scale import Scale, Values, scale_of, thinned, ticks

LEFT, TOP, RIGHT, BOTTOM = 58, 26, 16, 30
"""Logical pixels beside the chart."""
TALLEST = 420
"""Logical pixels: higher, slopes would be steeper than helps."""
WIDE, HIGH = 1200, 560
"""Pixels of the picture that is kept, at least; drawn at twice that."""
_HALF = 2.0
"""Parts of a pixel to which pieces of a section are rounded, so that none is drawn twice."""
_APART_X, _APART_Y = 90.0, 36.0
"""Pixels between ticks."""
SURFACE, GROUND = "accent.text", "staff.on_duty"


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What a chart shows."""

    along: Values
    surface: Values
    ground: Values
    """(n,) metres; NaN: nothing."""
    length: float
    pieces: Values | None = None
    """(m, 2, 2) metres along and heights, of a section."""

    def heights(self) -> Values:
        """All that must be seen."""
        pieces = np.empty(0) if self.pieces is None else self.pieces[..., 1].ravel()
        return np.concatenate([self.surface, self.ground, pieces])

    def at(self, along: float) -> tuple[float, float]:
        """Metres along of the nearest place, and the height of the surface there."""
        near = int(np.abs(self.along - along).argmin())
        return float(self.along[near]), float(self.surface[near])


class SurveyChart(QWidget):
    """The pointer, or Left and Right, tell distance and height."""

    pointed = Signal(object)
    """Metres along the line; None: no longer."""

    def __init__(self, name: str, names: tuple[str, str], told: Callable[[float], str]) -> None:
        """*names*: of surface and ground; *told*: the exaggeration in words."""
        super().__init__()
        self._names, self._told = names, told
        self._drawn: Drawn | None = None
        self._even = False
        self._at: float | None = None
        self._back: QImage | None = None
        self.setAccessibleName(name)
        self.setMinimumSize(240, 180)
        self.setMaximumHeight(TALLEST)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """See Qt."""
        return QSize(420, 260)

    def draw(self, drawn: Drawn | None) -> None:
        """Show another one."""
        self._drawn = drawn
        self._point(None)
        self._renew()

    def set_even(self, even: bool) -> None:
        """Heights as long as distances."""
        self._even = even
        self._renew()

    def picture(self) -> QImage:
        """As a picture of its own, large enough to print."""
        size = QSize(max(self.width(), WIDE), max(self.height(), HIGH))
        return self._painted(size, 2.0)

    def _renew(self) -> None:
        self._back = None
        self.update()

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """See Qt."""
        if self._drawn is None:
            return
        ratio = self.devicePixelRatioF()
        if self._back is None or self._back.size() != self.size() * ratio:
            self._back = self._painted(self.size(), ratio)
        painter = QPainter(self)
        painter.drawImage(0, 0, self._back)
        if self._at is not None:
            self._paint_pointer(painter, self._drawn, self._scale(self._drawn, self.size()), self._at)

    def changeEvent(self, event: QEvent) -> None:
        """The theme may be another."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._renew()

    def _scale(self, drawn: Drawn, size: QSize) -> Scale:
        inside = (LEFT, TOP, max(size.width() - LEFT - RIGHT, 1), max(size.height() - TOP - BOTTOM, 1))
        return scale_of(inside, drawn.length, drawn.heights(), self._even)

    def _painted(self, size: QSize, ratio: float) -> QImage:
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(color("surface.input")))
        if self._drawn is None:
            return image
        painter = QPainter(image)
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._scale(self._drawn, size)
        self._paint_axes(painter, scale)
        self._paint_head(painter, scale, self._drawn, size.width())
        _paint_ground(painter, scale, self._drawn)
        if self._drawn.pieces is None:
            _paint_surface(painter, scale, self._drawn)
        else:
            _paint_pieces(painter, scale, self._drawn.pieces)
        painter.end()
        return image

    def _paint_axes(self, painter: QPainter, scale: Scale) -> None:
        text, grid = QColor(color("text.muted")), QPen(QColor(color("border")), 1)
        bottom, right = scale.top + scale.height, scale.left + scale.width
        across = ticks(0.0, scale.length, scale.width / _APART_X)
        last = float(scale.x(across)[-1])
        for metres, x in zip(across.tolist(), scale.x(across).tolist(), strict=True):
            painter.setPen(grid)
            painter.drawLine(QPointF(x, scale.top), QPointF(x, bottom))
            painter.setPen(text)
            box = QRectF(x - 50, bottom + 6, 100, BOTTOM - 8)
            text_below = f"{metres:,g} m" if x == last else f"{metres:,g}"
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text_below)
        upright = ticks(scale.low, scale.high, scale.height / _APART_Y)
        for metres, y in zip(upright.tolist(), scale.y(upright).tolist(), strict=True):
            painter.setPen(grid)
            painter.drawLine(QPointF(scale.left, y), QPointF(right, y))
            painter.setPen(text)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(scale.left - LEFT, y - 10, LEFT - 8, 20), side, f"{metres:,g}")
        painter.setPen(text)
        painter.drawText(QRectF(scale.left - LEFT, 2, LEFT - 8, TOP - 4), Qt.AlignmentFlag.AlignRight, "m")

    def _paint_head(self, painter: QPainter, scale: Scale, drawn: Drawn, width: float) -> None:
        """The exaggeration at the left; what the colours mean at the right."""
        names = [(SURFACE, self._names[0])]
        if np.isfinite(drawn.ground).any():
            names.append((GROUND, self._names[1]))
        above = QRectF(LEFT, 2, width - LEFT - RIGHT, TOP - 4)
        for token, name in reversed(names):
            painter.setPen(QColor(color(token)))
            painter.drawText(above, Qt.AlignmentFlag.AlignRight, name)
            above.setRight(above.right() - QFontMetricsF(self.font()).horizontalAdvance(name) - 14)
        painter.setPen(QColor(color("text.muted")))
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self._told(scale.exaggeration))

    def _paint_pointer(self, painter: QPainter, drawn: Drawn, scale: Scale, along: float) -> None:
        along, height = drawn.at(along)
        x = float(scale.x(np.array(along)))
        ink = QColor(color("map.selection"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QPointF(x, scale.top), QPointF(x, scale.top + scale.height))
        text = f"{along:,.1f} m"
        if np.isfinite(height):
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(x, float(scale.y(np.array(height)))), 4, 4)
            text += f"  ·  ↥ {height:,.2f} m"
        wide = QFontMetricsF(self.font()).horizontalAdvance(text) + 14
        box = QRectF(min(max(x + 8, LEFT), self.width() - wide - 4), scale.top + 4, wide, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color("surface.overlay")))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(color("text.strong")))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    # ---- the pointer ----

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """See Qt."""
        if self._drawn is not None:
            self._point(self._scale(self._drawn, self.size()).along(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """See Qt."""
        self._point(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """See Qt."""
        super().focusOutEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go a hundredth of the line, Home and End to its ends."""
        drawn = self._drawn
        keys = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01, Qt.Key.Key_Home: -2.0, Qt.Key.Key_End: 2.0}
        step = keys.get(Qt.Key(event.key()))
        if drawn is None or step is None:
            super().keyPressEvent(event)
            return
        start = drawn.length / 2 if self._at is None else self._at
        self._point(min(max(start + step * drawn.length, 0.0), drawn.length))

    def _point(self, along: float | None) -> None:
        if along != self._at:
            self._at = along
            self.update()
            self.pointed.emit(along)


def _paint_ground(painter: QPainter, scale: Scale, drawn: Drawn) -> None:
    """Filled down to the lower edge; without terrain what is under the surface, fainter."""
    for heights, token, fill in ((drawn.surface, SURFACE, 34), (drawn.ground, GROUND, 70)):
        if heights is drawn.surface and drawn.pieces is not None:
            continue
        for run in _runs(heights):
            points = _points(scale, drawn.along[run], heights[run])
            bottom = scale.top + scale.height
            area = QPolygonF([*points, QPointF(points[-1].x(), bottom), QPointF(points[0].x(), bottom)])
            inside = QColor(color(token))
            inside.setAlpha(fill)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(inside)
            painter.drawPolygon(area)
            painter.setPen(QPen(QColor(color(token)), 1.2))
            painter.drawPolyline(QPolygonF(points))


def _paint_surface(painter: QPainter, scale: Scale, drawn: Drawn) -> None:
    painter.setPen(QPen(QColor(color(SURFACE)), 1.8))
    for run in _runs(drawn.surface):
        painter.drawPolyline(QPolygonF(_points(scale, drawn.along[run], drawn.surface[run])))


def _paint_pieces(painter: QPainter, scale: Scale, pieces: Values) -> None:
    ends = np.stack([scale.x(pieces[..., 0]), scale.y(pieces[..., 1])], axis=-1).reshape(-1, 4)
    ends = np.unique(np.round(ends * _HALF), axis=0) / _HALF
    painter.setPen(QPen(QColor(color(SURFACE)), 1.4))
    for x, y, to_x, to_y in ends.tolist():
        painter.drawLine(QPointF(x, y), QPointF(to_x, to_y))


def _runs(heights: Values) -> list[slice]:
    """Stretches in which all are known."""
    edges = np.flatnonzero(np.diff(np.isfinite(heights), prepend=False, append=False))
    return [slice(*pair) for pair in edges.reshape(-1, 2).tolist()]


def _points(scale: Scale, along: Values, heights: Values) -> list[QPointF]:
    x, y = scale.x(along), scale.y(heights)
    rows = thinned(x, y)
    return [QPointF(*place) for place in zip(x[rows].tolist(), y[rows].tolist(), strict=True)]
