"""Drawings at points that may overlap: painted like dots, ten thousands at once, not placed one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from console.map.colors import color_of
from console.map.render.candidates import anchored
from console.map.render.data import values as v
from console.map.render.data.layers import StyleLayer, pair_of
from console.map.render.data.values import Table
from console.map.render.sheet import Sheet
from console.sdk.drawings import draw_symbol, renderer
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
    try:
        return free and table.shape == "Point" and layer.get("icon-allow-overlap", False)(table, 1.0) is True
    except v.FAULTS:
        return False


@dataclass(frozen=True, slots=True)
class Stamp:
    """The drawing of one look; device pixels."""

    name: str
    color: str
    opacity: float
    side: float
    turn: float
    dx: float
    """How far right of the place its middle is, and …"""
    dy: float
    """… how far down."""

    @property
    def reach(self) -> float:
        """From the place to the farthest corner, however it is turned."""
        return self.side * 0.71 + 1 + max(abs(self.dx), abs(self.dy))

    def draw(self, painter: QPainter) -> None:
        """Around the origin."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.rotate(self.turn)
        painter.setOpacity(painter.opacity() * self.opacity)
        box = QRectF(-self.side / 2, -self.side / 2, self.side, self.side)
        draw_symbol(painter, self.name, box, self.color)

    def picture(self) -> QPixmap:
        whole = 2 * math.ceil(self.side * 0.71 + 1)
        picture = QPixmap(whole, whole)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.translate(whole / 2, whole / 2)
        self.draw(painter)
        painter.end()
        return picture


def stamp_of(look: tuple[Any, ...], sheet: Sheet) -> Stamp | None:
    """None without a drawing."""
    name, color, opacity, size, turn, anchor, offset = look
    if renderer(str(name or "")) is None:
        return None
    side = min(max(_or(v.numbers(size), 1.0) * NATURAL, 1.0), 256.0) * sheet.dpr
    ink = color_of(color)
    dx, dy = anchored(str(anchor), side, side)
    right, down = pair_of(offset)
    return Stamp(
        name=str(name),
        color=ink.name() if ink.isValid() else "#000000",
        opacity=min(max(_or(v.numbers(opacity), 1.0), 0.0), 1.0) * (ink.alphaF() if ink.isValid() else 1),
        side=side,
        turn=_or(v.numbers(turn), 0.0),
        dx=dx + right * side / NATURAL,
        dy=dy + down * side / NATURAL,
    )


def _or(value: float, default: float) -> float:
    return value if value == value else default
