"""Drawings at points that may overlap: painted like dots, ten thousands at once, not placed one by one."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from console.map.colors import color_of
from console.map.render.candidates import anchored
from console.map.render.data import values as v
from console.map.render.data.layers import StyleLayer, pair_of
from console.map.render.data.values import Table
from console.map.render.sheet import Sheet
from console.sdk.drawings import draw_symbol
from console.sdk.styling import NATURAL

LOOK: dict[str, Any] = {
    "icon-image": "",
    "icon-color": "#000000",
    "icon-opacity": 1.0,
    "icon-size": 1.0,
    "icon-rotate": 0.0,
    "icon-anchor": "center",
    "icon-offset": "",
}
"""What may differ from feature to feature, with its defaults."""


def is_stamped(layer: StyleLayer, table: Table) -> bool:
    """Whether a symbol layer is painted: points whose drawings may overlap and have no text."""
    given = layer.properties
    free = "text-field" not in given and "icon-allow-overlap" in given and "symbol-placement" not in given
    return free and table.shape == "Point" and layer.get("icon-allow-overlap", False)(table, 1.0) is True


def stamp_of(look: tuple[Any, ...], sheet: Sheet) -> tuple[QPixmap, float, float] | None:
    """The picture of one look, and how far right and down of the place it is; None without a drawing."""
    name, color, opacity, size, turn, anchor, offset = look
    side = min(max(_or(v.numbers(size), 1.0) * NATURAL, 1.0), 256.0) * sheet.dpr
    whole = 2 * math.ceil(side * 0.71 + 1)
    picture = QPixmap(whole, whole)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(whole / 2, whole / 2)
    painter.rotate(_or(v.numbers(turn), 0.0))
    ink = color_of(color)
    painter.setOpacity(
        min(max(_or(v.numbers(opacity), 1.0), 0.0), 1.0) * (ink.alphaF() if ink.isValid() else 1)
    )
    box = QRectF(-side / 2, -side / 2, side, side)
    drawn = draw_symbol(painter, str(name or ""), box, ink.name() if ink.isValid() else "#000000")
    painter.end()
    dx, dy = anchored(str(anchor), side, side)
    right, down = pair_of(offset)
    return (picture, dx + right * side / NATURAL, dy + down * side / NATURAL) if drawn else None


def _or(value: float, default: float) -> float:
    return value if value == value else default
