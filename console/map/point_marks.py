"""What is drawn around points: halo and accuracy of the selected, labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from console.map.sprites import FAMILY, Colors, resolve
from console.map.viewport import Viewport, from_world, metres_per_pixel

MOST_LABELS = 400


@dataclass(frozen=True, slots=True)
class Marks:
    """Draws in device pixels on one frame."""

    painter: QPainter
    viewport: Viewport
    colors: Colors

    def selection(self, x: float, y: float, radius: float, accuracy: float) -> None:
        """A halo around a symbol at a world place, and a ring of its accuracy in metres."""
        dpr, painter = self.viewport.dpr, self.painter
        px, py = self.viewport.to_pixels(x, y)
        center = QPointF(px * dpr, py * dpr)
        color = resolve("map.selection", self.colors)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lat = float(from_world(x, y)[1])
        ring = accuracy / metres_per_pixel(lat, self.viewport.zoom) * dpr if accuracy > 0 else 0.0
        if radius * dpr < ring < 8000:
            painter.setPen(QPen(_faint(color, 0.8), 1.2 * dpr, Qt.PenStyle.DashLine))
            painter.setBrush(_faint(color, 0.10))
            painter.drawEllipse(center, ring, ring)
        painter.setBrush(_faint(color, 0.22))
        painter.setPen(QPen(color, 2.2 * dpr))
        painter.drawEllipse(center, (radius + 5) * dpr, (radius + 5) * dpr)
        painter.restore()

    def labels(self, px: Any, py: Any, texts: Sequence[str]) -> None:
        """Texts under points (device pixels); those that would cover another are left out."""
        dpr = self.viewport.dpr
        ink, halo = self.colors("text"), self.colors("surface")
        taken: set[tuple[int, int]] = set()
        drawn = 0
        for x, y, text in zip(px.tolist(), py.tolist(), texts, strict=True):
            if not text or drawn >= MOST_LABELS:
                continue
            picture = _label(text, ink, halo, dpr)
            cells = _cells(x, y, picture.width(), picture.height(), dpr)
            if taken.isdisjoint(cells):
                taken |= cells
                drawn += 1
                self.painter.drawPixmap(round(x - picture.width() / 2), round(y + 2 * dpr), picture)


def _cells(x: float, y: float, width: float, height: float, dpr: float) -> set[tuple[int, int]]:
    """Coarse cells that a label covers."""
    side = 16 * dpr
    columns = range(int((x - width / 2) // side), int((x + width / 2) // side) + 1)
    rows = range(int(y // side), int((y + height) // side) + 1)
    return {(column, row) for column in columns for row in rows}


def _faint(color: QColor, alpha: float) -> QColor:
    faint = QColor(color)
    faint.setAlphaF(alpha)
    return faint


@lru_cache(maxsize=4096)
def _label(text: str, ink: str, halo: str, dpr: float) -> QPixmap:
    """A text with its halo; drawn once."""
    font = QFont(FAMILY)
    font.setPixelSize(round(12 * dpr))
    metrics = QFontMetricsF(font)
    edge = 3 * dpr
    pixmap = QPixmap(
        int(np.ceil(metrics.horizontalAdvance(text) + 2 * edge)), int(np.ceil(metrics.height() + edge))
    )
    pixmap.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(edge, metrics.ascent() + edge / 2, font, text)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(halo), 3 * dpr)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.fillPath(path, QColor(ink))
    painter.end()
    return pixmap
