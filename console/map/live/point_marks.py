"""What is drawn around points: the accuracy of the selected, labels that don't cover one another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from console.map.live.room import Room
from console.map.live.sprites import FAMILY, Colors, resolve
from console.map.viewport import Viewport, from_world, metres_per_pixel

Floats = npt.NDArray[np.float64]
MOST_LABELS = 400
MOST_TRIED = 1_000
"""Points looked at for labels in a frame; more crowded than that, nothing is readable anyway."""
DRAWN_AT_ONCE = 40
"""New texts drawn in one frame; the others follow in the next ones."""
KEPT = 3_000
LONGEST = 24
"""Characters of a label; longer ones are cut."""
LEAST_ACCURACY = 5.0
"""Metres; better fixes get no ring."""
MOST_RINGS = 50


def draw_accuracy(
    painter: QPainter, viewport: Viewport, places: Floats, metres: npt.NDArray[Any], colors: Colors
) -> None:
    """Rings of a radius in metres around world places (n, 2); the painter works in device pixels."""
    known = np.flatnonzero(np.isfinite(metres) & (metres > LEAST_ACCURACY))[:MOST_RINGS]
    color = resolve("map.selection", colors)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_faint(color, 0.75), 1.2 * viewport.dpr, Qt.PenStyle.DashLine))
    painter.setBrush(_faint(color, 0.1))
    for (x, y), radius in zip(places[known].tolist(), metres[known].tolist(), strict=True):
        px, py = viewport.to_pixels(x, y)
        ring = radius / metres_per_pixel(float(from_world(x, y)[1]), viewport.zoom)
        # Far larger than the view it says nothing, and the painter's numbers end somewhere.
        if ring < 2 * math.hypot(viewport.width, viewport.height):
            painter.drawEllipse(QPointF(px, py) * viewport.dpr, ring * viewport.dpr, ring * viewport.dpr)
    painter.restore()


def _faint(color: QColor, alpha: float) -> QColor:
    faint = QColor(color)
    faint.setAlphaF(alpha)
    return faint


class Labels:
    """Texts beside points. Pictures of texts are kept; who is first in the rows has the right of way."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[str, float], QPixmap] = {}
        """By text and ratio of device pixels to logical ones."""
        self.unfinished = False
        """Whether texts wait for the next frame."""

    def clear(self) -> None:
        self._pictures.clear()

    def draw(
        self,
        painter: QPainter,
        viewport: Viewport,
        xy: Floats,
        radius: Floats,
        texts: Sequence[str],
        colors: Colors,
        room: Room,
        budget: int = DRAWN_AT_ONCE,
    ) -> None:
        """Draw *texts* to the right of symbols at (n, 2) device pixels with a *radius* in logical ones,
        where there is *room*; at most *budget* of them are new."""
        xy, texts = xy[:MOST_TRIED], texts[:MOST_TRIED]
        pictures = self._pictures_of(texts, colors, viewport.dpr, budget)
        radius = radius[: len(xy)] * viewport.dpr
        room.occupy(xy, 0.7 * radius)
        room.cover(np.hstack([xy - radius[:, None], xy + radius[:, None]]))
        chosen = [row for row, picture in enumerate(pictures) if picture is not None]
        pictures = [picture for picture in pictures if picture is not None]
        size = np.array([(p.width(), p.height()) for p in pictures], float).reshape(-1, 2)
        corner = np.column_stack([xy[:, 0] + radius + 3 * viewport.dpr, xy[:, 1]])[chosen]
        corner = np.floor(corner - size * (0.0, 0.5))
        free = room.take(corner, size, MOST_LABELS)
        for i, (x, y) in zip(free, corner[free].astype(int).tolist(), strict=True):
            painter.drawPixmap(x, y, pictures[i])

    def _pictures_of(
        self, texts: Sequence[str], colors: Colors, dpr: float, budget: int
    ) -> list[QPixmap | None]:
        """None for empty texts, and for those that have to wait for the next frame."""
        pictures: list[QPixmap | None] = []
        self.unfinished = False
        for text in texts:
            picture = self._pictures.get((text, dpr)) if text else None
            if text and picture is None and budget:
                budget -= 1
                picture = self._keep((text, dpr), _picture(text, colors, dpr))
            self.unfinished |= bool(text) and picture is None
            pictures.append(picture)
        return pictures

    def _keep(self, key: tuple[str, float], picture: QPixmap) -> QPixmap:
        if len(self._pictures) >= KEPT:
            # The oldest half goes at once: those in use are drawn again within a few frames.
            for old in list(self._pictures)[: KEPT // 2]:
                del self._pictures[old]
        self._pictures[key] = picture
        return picture


def _picture(text: str, colors: Colors, dpr: float) -> QPixmap:
    """A text with its halo, in device pixels."""
    font = QFont(FAMILY)
    font.setPixelSize(round(12 * dpr))
    font.setWeight(QFont.Weight.Medium)
    metrics = QFontMetricsF(font)
    line = " ".join(text.split())
    if len(line) > LONGEST:  # names of neighbours differ at their ends
        line = f"{line[: LONGEST // 2]}…{line[1 - LONGEST // 2 :]}"
    edge = math.ceil(3 * dpr)
    box = metrics.tightBoundingRect(line)
    pixmap = QPixmap(math.ceil(metrics.horizontalAdvance(line)) + 2 * edge, math.ceil(16 * dpr) + edge)
    pixmap.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(edge, round(pixmap.height() / 2 - box.center().y()), font, line)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(_faint(resolve("surface", colors), 0.85), 3 * dpr)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.fillPath(path, resolve("text", colors))
    painter.end()
    return pixmap
