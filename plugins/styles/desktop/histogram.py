"""How the values of a field are spread, with the classes that the limits make of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.sdk.classify import class_of
from console.sdk.styling import number_text
from console.sdk.ui import color as themed
from plugins.styles.desktop.measures import Spread

HEIGHT = 110
AXIS = 18
"""Logical pixels below for least and most."""


class Histogram(QWidget):
    """Bars in the colours of their classes; heights by the root, so that few beside many can be seen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._spread: Spread | None = None
        self._limits: Sequence[float] = ()
        self._colors: Sequence[str] = ()
        self.setAccessibleName(name)
        self.setMinimumHeight(HEIGHT)

    def show_spread(self, spread: Spread | None, limits: Sequence[float], colors: Sequence[str]) -> None:
        """(k) limits and (k + 1) colours."""
        self._spread, self._limits, self._colors = spread, limits, colors
        self.update()

    def sizeHint(self) -> QSize:
        """See Qt."""
        return QSize(240, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """See Qt."""
        spread = self._spread
        if spread is None or not any(spread.bars):
            return
        painter = QPainter(self)
        width, height = float(self.width()), float(self.height() - AXIS)
        self._paint_bars(painter, spread, width, height)
        painter.setPen(QPen(QColor(themed("text")), 1, Qt.PenStyle.DashLine))
        reach = max(spread.most - spread.least, 1e-300)
        for limit in self._limits:
            x = (limit - spread.least) / reach * width
            painter.drawLine(round(x), 0, round(x), round(height))
        painter.setPen(QColor(themed("text.muted")))
        below = QRectF(0, height, width, AXIS)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, _short(spread.least))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, _short(spread.most))

    def _paint_bars(self, painter: QPainter, spread: Spread, width: float, height: float) -> None:
        heights = np.sqrt(np.array(spread.bars, float) / max(spread.bars)) * (height - 2)
        edges = np.linspace(spread.least, spread.most, len(spread.bars) + 1)
        classes = class_of((edges[:-1] + edges[1:]) / 2, self._limits).tolist()
        step = width / len(spread.bars)
        for at, (high, of) in enumerate(zip(heights.tolist(), classes, strict=True)):
            color = QColor(self._colors[of] if of < len(self._colors) else "#888888")
            painter.fillRect(QRectF(at * step, height - high, max(step - 1, 1), high), color)


def _short(value: float) -> str:
    """As many digits as a legend needs: what comes from 32 bits has no more."""
    return number_text(float(f"{value:.6g}"))
