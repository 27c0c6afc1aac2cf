"""Draws placed labels: on a sheet, or side by side into a slot for the window to place."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from console.map.colors import color_of
from console.map.engine.arena import TILE
from console.map.engine.messages import LabelRow
from console.map.render.candidates import Candidate, Mark, font_of
from console.map.render.vectors import is_vector
from console.sdk.drawings import draw_symbol


def pack_labels(
    image: QImage, labels: Sequence[Candidate], scale: float, dpr: float
) -> tuple[list[LabelRow], int]:
    """Draw *labels* in rows into *image*; returns where they are and the height used.

    What finds no room any more is left out; the most important come first.
    """
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rows: list[LabelRow] = []
    x = y = height = 0
    for label in labels:
        box = extent(label, dpr)
        width, tall = math.ceil(box.width()), math.ceil(box.height())
        if x + width > TILE:
            x, y, height = 0, y + height, 0
        if width > TILE or y + tall > TILE:
            continue
        painter.save()
        painter.setClipRect(x, y, width, tall)
        left, top = math.floor(box.left()), math.floor(box.top())
        painter.translate(x - left, y - top)
        draw_label(painter, label, dpr)
        painter.restore()
        anchor = (label.x + left + width / 2) / scale, (label.y + top + tall / 2) / scale
        rows.append((*anchor, x, y, width, tall))
        x, height = x + width, max(height, tall)
    painter.end()
    return rows, min(y + height, TILE)


def extent(label: Candidate, dpr: float) -> QRectF:
    """What the label covers around its anchor, halo included."""
    box = _text_extent(label, label.rule.halo_width * dpr + 2)
    if label.mark is not None:
        mark = label.mark
        reach = mark.side * (0.5 if mark.degrees % 90 == 0 else 0.71) + 1
        box |= QRectF(mark.x - reach, mark.y - reach, 2 * reach, 2 * reach)
    if label.rule.dot:
        top = -4 * dpr - 2
        box |= QRectF(-1, top, 2, 1 - top)
    return box


def _text_extent(label: Candidate, edge: float) -> QRectF:
    if label.glyphs:
        half = label.size * 0.75 + edge
        xs, ys = [g.x for g in label.glyphs], [g.y for g in label.glyphs]
        return QRectF(QPointF(min(xs) - half, min(ys) - half), QPointF(max(xs) + half, max(ys) + half))
    if not label.lines:
        return QRectF()
    width, height = label.width / 2 + edge, label.height / 2 + edge
    return QRectF(label.dx - width, label.dy - height, 2 * width, 2 * height)


def draw_label(painter: QPainter, label: Candidate, dpr: float) -> None:
    """Draw one label around the origin."""
    if label.mark is not None:
        _draw_mark(painter, label.mark)
    if label.glyphs:
        _draw_glyphs(painter, label, dpr)
        return
    if label.rule.dot:
        painter.setPen(QPen(color_of(label.rule.halo), 1.2 * dpr))
        painter.setBrush(color_of(label.rule.dot))
        painter.drawEllipse(QPointF(0, 0), 2.6 * dpr, 2.6 * dpr)
    if label.lines:
        _draw_lines(painter, label, dpr)


def _draw_mark(painter: QPainter, mark: Mark) -> None:
    """Upright symbols on whole pixels, so that they are sharp."""
    half = mark.side / 2
    painter.save()
    if mark.degrees % 360:
        painter.translate(mark.x, mark.y)
        painter.rotate(mark.degrees)
        painter.translate(-half, -half)
    else:
        painter.translate(round(mark.x - half), round(mark.y - half))
    color = color_of(mark.icon.color)
    painter.setOpacity(painter.opacity() * color.alphaF())
    draw_symbol(painter, mark.icon.name, QRectF(0, 0, mark.side, mark.side), color.name())
    painter.restore()


def _halo(painter: QPainter, label: Candidate, dpr: float) -> QPen:
    """Opaque in a file of vectors: of what shines through, Qt's PDF holds the outline of the outline."""
    color = color_of(label.rule.halo)
    if is_vector(painter) and color.alpha():
        color.setAlpha(255)
    pen = QPen(color, 2 * label.rule.halo_width * dpr)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _draw_lines(painter: QPainter, label: Candidate, dpr: float) -> None:
    font = font_of(label.rule, label.size)
    metrics = QFontMetricsF(font)
    top = label.dy - metrics.height() * len(label.lines) / 2 + metrics.ascent()
    baselines = [round(top + i * metrics.height()) for i in range(len(label.lines))]
    starts = [round(label.dx - metrics.horizontalAdvance(line) / 2) for line in label.lines]
    path = QPainterPath()
    for line, x, y in zip(label.lines, starts, baselines, strict=True):
        path.addText(x, y, font, line)
    painter.strokePath(path, _halo(painter, label, dpr))
    painter.setFont(font)
    painter.setPen(color_of(label.rule.color))
    for line, x, y in zip(label.lines, starts, baselines, strict=True):
        painter.drawText(QPointF(x, y), line)


def _draw_glyphs(painter: QPainter, label: Candidate, dpr: float) -> None:
    """All halos before any glyph, so that none covers its neighbour."""
    font = font_of(label.rule, label.size)
    metrics = QFontMetricsF(font)
    drop = (metrics.ascent() - metrics.descent()) / 2
    painter.setFont(font)
    paths: list[tuple[QPainterPath, float, float, float]] = []
    for glyph in label.glyphs:
        path = QPainterPath()
        path.addText(-metrics.horizontalAdvance(glyph.text) / 2, drop, font, glyph.text)
        paths.append((path, glyph.x, glyph.y, glyph.degrees))
    for halo in (True, False):
        for path, x, y, degrees in paths:
            painter.save()
            painter.translate(x, y)
            painter.rotate(degrees)
            if halo:
                painter.strokePath(path, _halo(painter, label, dpr))
            else:
                painter.fillPath(path, color_of(label.rule.color))
            painter.restore()
