"""What is laid over live pictures if one wants it: when they were taken, and who looks."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from console.sdk import Context, Undo
from console.sdk.media import Tile
from console.sdk.ui.marks import paint_across

GROUND, TEXT = QColor(8, 12, 18, 165), QColor(244, 248, 251)
LEAST = 120
"""Logical pixels of height below which there is no room for the time."""


class Marks:
    """Over one tile. The watermark is painted once for a size and a minute, and then copied."""

    def __init__(self, ctx: Context, tile: Tile) -> None:
        self._ctx, self._tile = ctx, tile
        self._made_of: tuple[object, ...] = ()
        self._pixmap = QPixmap()
        self._undo: Undo = tile.overlay(self._paint)

    def end(self) -> None:
        """No more."""
        self._undo()

    def _paint(self, painter: QPainter, place: QRectF) -> None:
        settings = self._ctx.settings
        if settings.get("watermark"):
            self._paint_watermark(painter, place)
        taken = self._tile.status.picture_at
        if settings.get("picture_time") and taken and self._tile.widget.height() >= LEAST:
            at = time.time() - time.monotonic() + taken
            _paint_time(painter, place, time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at)))

    def _paint_watermark(self, painter: QPainter, place: QRectF) -> None:
        user, ratio = self._ctx.backend.user, painter.device().devicePixelRatioF()
        text = f"{user.name if user else ''}  {time.strftime('%m-%d %H:%M')}"
        made_of = (text, place.width(), place.height(), ratio, painter.font().key())
        if made_of != self._made_of:
            self._made_of = made_of
            self._pixmap = QPixmap(round(place.width() * ratio), round(place.height() * ratio))
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            on = QPainter(self._pixmap)
            on.setFont(painter.font())
            paint_across(on, place.width(), place.height(), text)
            on.end()
        painter.drawPixmap(place.topLeft(), self._pixmap)


def _paint_time(painter: QPainter, place: QRectF, words: str) -> None:
    """In the lower left corner of the picture, as far as it is seen."""
    seen = place & QRectF(painter.window())
    metrics = painter.fontMetrics()
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + 12, metrics.height() + 4)
    box.moveBottomLeft(seen.bottomLeft())
    painter.fillRect(box, GROUND)
    painter.setPen(TEXT)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
