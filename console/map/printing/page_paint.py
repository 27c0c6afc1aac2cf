"""What stands on a sheet around the map: title, frame, scale bar, north arrow, and who printed it when."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from console.map.live.sprites import FAMILY
from console.map.printing.layout import PIXELS, Layout
from console.map.printing.messages import Words
from console.map.views.furniture_paint import draw_north_arrow, nice_length
from console.sdk.printing import PrintSheet

INK, FAINT, PAPER = QColor("#1b232c"), QColor("#5a6672"), QColor("#ffffff")
SMALLEST = 0.6
"""Share to which a title that is too long shrinks before it is cut."""
ARROW = 11.0
"""Logical pixels of small text beside the arrow, as it is drawn."""


def pixels(rect: QRectF) -> QRectF:
    """Millimetres to sheet pixels."""
    return QRectF(rect.left() * PIXELS, rect.top() * PIXELS, rect.width() * PIXELS, rect.height() * PIXELS)


def font_of(size: float, *, bold: bool = False) -> QFont:
    """*size* in sheet pixels."""
    font = QFont(FAMILY)
    font.setPixelSize(max(round(size), 1))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def sharp_pen(color: QColor, width: float) -> QPen:
    """With square corners and flat ends."""
    pen = QPen(color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def paint_page(
    painter: QPainter, sheet: PrintSheet, layout: Layout, words: Words, attribution: Sequence[str]
) -> None:
    """All but legend and graticule; the painter's unit is the sheet pixel, its origin the paper's corner."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    unit, frame = layout.unit * PIXELS, pixels(layout.map)
    _paint_margins(painter, frame, QRectF(0, 0, sheet.width * PIXELS, sheet.height * PIXELS))
    painter.setPen(sharp_pen(INK, 0.14 * unit))
    painter.drawRect(frame)
    if sheet.title:
        _paint_title(painter, pixels(layout.head), sheet.title, unit)
    if sheet.furniture:
        painter.save()
        painter.translate(frame.left() + 2.2 * unit, frame.top() + 5.6 * unit)
        painter.scale(1.35 * unit / ARROW, 1.35 * unit / ARROW)
        draw_north_arrow(painter, 0, 0, INK, PAPER)
        painter.restore()
    _paint_foot(painter, sheet, pixels(layout.foot), unit, words, attribution)
    painter.restore()


def _paint_margins(painter: QPainter, frame: QRectF, paper: QRectF) -> None:
    """White around the map, for viewers of SVG that know no clipping."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    path.addRect(paper)
    path.addRect(frame)
    painter.fillPath(path, PAPER)


def _paint_title(painter: QPainter, head: QRectF, title: str, unit: float) -> None:
    line = " ".join(title.split())
    size = 2.3 * unit
    wide = QFontMetricsF(font_of(size, bold=True)).horizontalAdvance(line)
    font = font_of(size * min(max(head.width() / max(wide, 1.0), SMALLEST), 1.0), bold=True)
    painter.setFont(font)
    painter.setPen(INK)
    box = head.adjusted(0, 0, 0, -0.8 * unit)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, elided(line, font, head.width()))


def elided(text: str, font: QFont, width: float) -> str:
    """*text*, cut to *width* sheet pixels."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def _paint_foot(
    painter: QPainter, sheet: PrintSheet, foot: QRectF, unit: float, words: Words, attribution: Sequence[str]
) -> None:
    """Scale to the left, papers to the right, the note below."""
    font, small = font_of(unit), font_of(0.85 * unit)
    top = foot.top() + (1.7 * unit if sheet.graticule != "none" else 0.0) + 0.7 * unit
    top = min(top, foot.bottom() - unit)
    sources = words.sources.format(names=" · ".join(attribution)) if attribution else ""
    lines = [words.when, words.system, sources] if sheet.furniture else [sources]
    painter.setPen(FAINT)
    painter.setFont(small)
    half = foot.width() * 0.56 if sheet.furniture else foot.width()
    for number, line in enumerate(line for line in lines if line):
        box = QRectF(foot.right() - half, top + number * 1.2 * unit, half, 1.2 * unit)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, flags, elided(line, small, half))
    if not sheet.furniture:
        return
    wide = _paint_scale_bar(painter, QPointF(foot.left(), top), sheet, foot.width() * 0.26, unit, words)
    painter.setFont(font_of(1.25 * unit, bold=True))
    painter.setPen(INK)
    painter.drawText(QPointF(foot.left() + wide + 1.5 * unit, top + 1.3 * unit), words.scale)
    if sheet.note:
        painter.setFont(font)
        box = QRectF(foot.left(), foot.bottom() - 1.5 * unit, foot.width(), 1.5 * unit)
        note = elided(" ".join(sheet.note.split()), font, foot.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, note)


def _paint_scale_bar(
    painter: QPainter, at: QPointF, sheet: PrintSheet, most: float, unit: float, words: Words
) -> float:
    """Four parts of a round length, black and white in turn; gives its width in sheet pixels."""
    metre = PIXELS * 1000 / sheet.scale
    metres = nice_length(most / metre)
    wide, high = metres * metre, 0.55 * unit
    painter.setPen(sharp_pen(INK, 0.08 * unit))
    for part in range(4):
        painter.setBrush(PAPER if part % 2 else INK)
        painter.drawRect(QRectF(at.x() + part * wide / 4, at.y(), wide / 4, high))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    font = font_of(0.85 * unit)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    kilo = metres >= 1000
    for share, text in ((0.0, "0"), (0.5, _number(metres / 2, kilo)), (1.0, _length(metres, words))):
        left = 0.0 if not share else metrics.horizontalAdvance(text) / 2
        x = at.x() + share * wide - left
        painter.drawText(QPointF(x, at.y() + high + 1.1 * unit), text)
    return wide + metrics.horizontalAdvance(_length(metres, words)) / 2


def _number(metres: float, kilo: bool) -> str:
    return f"{metres / 1000 if kilo else metres:g}"


def _length(metres: float, words: Words) -> str:
    form = words.kilometres if metres >= 1000 else words.metres
    return form.format(number=_number(metres, metres >= 1000))
