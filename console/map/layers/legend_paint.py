"""What stands before a line of a legend: a symbol, a short line, or a patch."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from console.map.live.sprites import Colors, draw_sprite, resolve
from console.sdk.symbols import ShapeStyle, Sprite


def draw_legend(
    painter: QPainter,
    sprite: Sprite | None,
    style: ShapeStyle | None,
    size: tuple[float, float],
    colors: Colors,
) -> None:
    """In a box of logical pixels whose upper left corner is the origin; nothing for neither."""
    width, height = size
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if sprite is not None:
        painter.translate(width / 2, height / 2)
        share = min(1.0, (min(width, height) - 4) / max(sprite.size, 1.0))
        painter.scale(share, share)
        draw_sprite(painter, sprite, colors)
    elif style is not None:
        _draw_style(painter, style, width, height, colors)
    painter.restore()


def _draw_style(painter: QPainter, style: ShapeStyle, width: float, height: float, colors: Colors) -> None:
    """A short line, or a patch for filled shapes."""
    middle = height / 2
    pen = QPen(resolve(style.stroke, colors) if style.stroke else Qt.GlobalColor.transparent, style.width)
    pen.setDashPattern(list(style.dash)) if style.dash else None
    if style.fill:
        painter.setPen(pen)
        painter.setBrush(resolve(style.fill, colors))
        painter.drawRoundedRect(QRectF(4, 4, width - 8, height - 8), 2, 2)
        return
    if style.casing:
        painter.setPen(QPen(resolve(style.casing, colors), style.width + 4))
        painter.drawLine(QPointF(3, middle), QPointF(width - 3, middle))
    painter.setPen(pen)
    painter.drawLine(QPointF(3, middle), QPointF(width - 3, middle))
