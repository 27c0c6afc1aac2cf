"""The legend of a sheet: what of it can be seen there, and how it is painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from console.map.layers.legend_paint import draw_legend
from console.map.live.sprites import Colors
from console.map.printing.layout import Ground
from console.map.printing.messages import LegendLayer, LegendLine, Words
from console.map.printing.page_paint import FAINT, INK, elided, font_of
from console.map.render.data.feature_layer import FeatureLayer
from console.map.render.painter import BaseLayer
from console.map.render.renderer import Renderer
from console.map.render.style import Style

SWATCH = (30.0, 18.0)
"""Logical pixels, as the legends of the screen have it."""
INSET = 1.2
"""Units that classes are set in."""
LEAST = 0.62
"""Share to which a long legend shrinks before it is cut."""


def seen_on(ground: Ground, layers: Iterable[LegendLayer], renderer: Renderer) -> list[LegendLayer]:
    """Layers with something on the sheet, each with the lines that are to be seen there."""
    base = {layer.id: layer for layer in renderer.layers}
    data = {layer.id: layer for layer in renderer.data}
    seen: list[LegendLayer] = []
    for layer in layers:
        if layer.live:
            seen.append(layer)
        elif layer.base and layer.id in base:
            found = base[layer.id]
            lines = [
                line
                for line in layer.lines
                if _drawn(renderer.style, found.kind, line.kind, ground.sheet.zoom)
                and _has(found, line.kind, ground)
            ]
            if lines or (not layer.lines and _has(found, "", ground)):
                seen.append(_with(layer, lines))
        elif layer.id in data:
            drawn = data[layer.id]
            if isinstance(drawn, FeatureLayer):
                there = any(_has(part, "", ground) for part in drawn.identified())
            else:
                there = _meets(layer, ground)
            if there:
                seen.append(layer)
    return seen


def _drawn(style: Style | None, kind: str, name: str, zoom: float) -> bool:
    """Whether the style draws a class of a kind at this zoom."""
    rules = [*style.road, *style.area, *style.line, *style.over, *style.building] if style else []
    return any(
        rule.kind == kind and rule.applies(zoom) and (not name or not rule.classes or name in rule.classes)
        for rule in rules
    )


def _with(layer: LegendLayer, lines: Sequence[LegendLine]) -> LegendLayer:
    return msgspec.structs.replace(layer, lines=list(lines))


def _has(layer: BaseLayer, kind: str, ground: Ground) -> bool:
    """Whether a feature (of a class) lies on the sheet."""
    level = layer.geometry.level(ground.sheet.zoom)
    rows = layer.geometry.classes(frozenset([kind]) if kind else frozenset())
    return bool(np.any(level.within(ground.world, rows)))


def _meets(layer: LegendLayer, ground: Ground) -> bool:
    box, view = layer.bounds, ground.bounds
    if box is None:
        return True
    return box[0] <= view[2] and box[2] >= view[0] and box[1] <= view[3] and box[3] >= view[1]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the panel: a heading, or a swatch with its text."""

    text: str
    line: LegendLine | None
    high: float
    """In units."""
    inset: float = 0.0
    """In units: classes stand below the heading of their layer, so that a layer without one is told apart."""


def paint_legend(
    painter: QPainter,
    box: QRectF,
    unit: float,
    layers: Sequence[LegendLayer],
    words: Words,
    colors: Colors,
    *,
    inside: bool,
) -> None:
    """In *box* (sheet pixels); *inside* the map it takes the lower part alone, on a ground of its own."""
    rows = list(_rows(layers))
    if not rows:
        return
    room = box.height() / unit - 3.0
    share = min(max(room / sum(row.high for row in rows), LEAST), 1.0)
    rows, left = _fitting(rows, room / share)
    if left:
        rows.append(_Row(words.more.format(count=left), None, 1.5))
    unit *= share
    high = sum(row.high for row in rows) * unit + 3.0 * unit
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if inside:
        box = QRectF(box.left(), box.bottom() - high, box.width(), high)
        painter.setPen(QPen(INK, 0.08 * unit))
        painter.setBrush(QColor(255, 255, 255, 235))
        painter.drawRect(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box.adjust(0.8 * unit, 0.6 * unit, -0.6 * unit, 0)
    _paint_rows(painter, box, unit, rows, words.legend, colors)
    painter.restore()


def _rows(layers: Sequence[LegendLayer]) -> Iterable[_Row]:
    """A layer of one line is that line; data without a legend of its own are named."""
    for layer in layers:
        lines = [line for line in layer.lines if line.sprite is not None or line.style is not None]
        if len(lines) == 1:
            yield _Row((lines[0].title if layer.base else "") or layer.title, lines[0], 1.9)
        elif lines:
            yield _Row(layer.title, None, 2.0)
            yield from (_Row(line.title or layer.title, line, 1.7, INSET) for line in lines)
        elif layer.bounds is not None:
            yield _Row(layer.title, None, 1.9)


def _fitting(rows: list[_Row], room: float) -> tuple[list[_Row], int]:
    """As many as find room, and the number of the others."""
    total = 0.0
    for number, row in enumerate(rows):
        total += row.high
        if total > room + 0.01:
            kept = rows[: max(number - 1, 0)]
            return kept, sum(row.line is not None for row in rows[len(kept) :])
    return rows, 0


def _paint_rows(
    painter: QPainter, box: QRectF, unit: float, rows: Sequence[_Row], heading: str, colors: Colors
) -> None:
    painter.setPen(INK)
    painter.setFont(font_of(1.3 * unit, bold=True))
    painter.drawText(QPointF(box.left(), box.top() + 1.4 * unit), heading)
    y = box.top() + 2.3 * unit
    for row in rows:
        swatch = (2.9 * unit, 1.74 * unit) if row.line else (0.0, 0.0)
        edge = box.left() + row.inset * unit
        if row.line:
            painter.save()
            painter.translate(edge, y + (row.high * unit - swatch[1]) / 2)
            painter.scale(swatch[0] / SWATCH[0], swatch[1] / SWATCH[1])
            draw_legend(painter, row.line.sprite, row.line.style, SWATCH, colors)
            painter.restore()
        font = font_of(unit, bold=row.line is None)
        left = edge + (swatch[0] + 0.6 * unit if row.line else 0.0)
        painter.setFont(font)
        painter.setPen(INK if row.line else FAINT)
        where = QRectF(left, y, box.right() - left, row.high * unit)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, flags, elided(row.text, font, where.width()))
        y += row.high * unit
