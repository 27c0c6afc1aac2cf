"""The view as a sheet: map, live layers, title, scale bar, north arrow, attribution, time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from console.map.arena import SLOT_BYTES, TILE, Arena
from console.map.furniture_paint import draw_north_arrow, draw_scale_bar, draw_text
from console.map.messages import ExportView
from console.map.render.candidates import FAMILY
from console.map.render.label_painter import draw_label
from console.map.render.renderer import Renderer
from console.map.render.sheet import Sheet
from console.map.viewport import from_world, metres_per_pixel

EDGE = 24
"""Logical pixels of paper around the map."""
HEAD = 44
FOOT = 24
INK, PAPER = QColor("#1b232c"), QColor("#ffffff")


def export(request: ExportView, renderer: Renderer) -> None:
    """Write the file; raises OSError when it cannot be written."""
    sheet = _compose(request, renderer)
    if request.path.lower().endswith(".pdf"):
        _write_pdf(request, sheet)
    elif not sheet.save(request.path):
        raise OSError(f"cannot write {request.path}")


def _compose(request: ExportView, renderer: Renderer) -> QImage:
    scale = request.scale
    head = HEAD if request.title else 0
    width, height = request.width + 2 * EDGE, request.height + 2 * EDGE + head + FOOT
    picture = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(scale)
    picture.setDotsPerMeterX(round(scale * 96 / 0.0254))
    picture.setDotsPerMeterY(round(scale * 96 / 0.0254))
    picture.fill(PAPER)
    painter = QPainter(picture)
    painter.drawImage(QPointF(EDGE, EDGE + head), _map(request, renderer))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(INK)
    painter.drawRect(QRectF(EDGE, EDGE + head, request.width, request.height))
    _decorate(painter, request, head)
    painter.end()
    return picture


def _map(request: ExportView, renderer: Renderer) -> QImage:
    """The map itself: base and data layers, labels, live layers."""
    dpr, scale = request.scale, 256.0 * 2.0**request.zoom * request.scale
    width, height = round(request.width * dpr), round(request.height * dpr)
    left, top = request.x - width / 2 / scale, request.y - height / 2 / scale
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    renderer.paint(painter, Sheet(left, top, scale, width, height, request.zoom, dpr))
    _labels(painter, request, renderer, (left * scale, top * scale))
    if request.overlay:
        arena = Arena(-(-width * height * 4 // SLOT_BYTES), request.overlay)
        live = QImage(arena.all_bytes, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(0, 0, live)
    painter.end()
    picture.setDevicePixelRatio(dpr)
    return picture


def _labels(painter: QPainter, request: ExportView, renderer: Renderer, origin: tuple[float, float]) -> None:
    dpr = request.scale
    left, top = origin
    columns = range(int(left // TILE) - 1, int((left + request.width * dpr) // TILE) + 2)
    rows = range(int(top // TILE) - 1, int((top + request.height * dpr) // TILE) + 2)
    blocks = [(column, row) for column in columns for row in rows]
    engine = renderer.label_engine(dpr)
    for block in engine.place(round(request.zoom * 2), blocks):
        for label in block:
            painter.save()
            painter.translate(label.x - left, label.y - top)
            draw_label(painter, label, dpr)
            painter.restore()


def _decorate(painter: QPainter, request: ExportView, head: int) -> None:
    bottom = EDGE + head + request.height
    if request.title:
        font = QFont(FAMILY)
        font.setPixelSize(22)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(INK)
        where = QRectF(EDGE, EDGE - 6, request.width, HEAD)
        painter.drawText(where, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, request.title)
    latitude = float(from_world(request.x, request.y)[1])
    draw_north_arrow(painter, EDGE + request.width - 22, EDGE + head + 44, INK, PAPER)
    metres = metres_per_pixel(latitude, request.zoom)
    draw_scale_bar(painter, EDGE + 14, bottom - 14, metres, INK, PAPER)
    painter.setPen(INK)
    draw_text(painter, EDGE + request.width, bottom + 18, request.attribution, INK, PAPER, right=True)
    font = QFont(FAMILY)
    font.setPixelSize(11)
    painter.setFont(font)
    painter.setPen(INK)
    painter.drawText(QPointF(EDGE, bottom + 18), request.time)


def _write_pdf(request: ExportView, sheet: QImage) -> None:
    """One page of the sheet's size at 96 logical pixels an inch."""
    Path(request.path).touch()  # QPdfWriter tells of no error
    writer = QPdfWriter(request.path)
    size = sheet.size() / sheet.devicePixelRatio()
    inches = QSizeF(size.width() / 96, size.height() / 96)
    layout = QPageLayout(
        QPageSize(inches, QPageSize.Unit.Inch), QPageLayout.Orientation.Portrait, QMarginsF()
    )
    writer.setPageLayout(layout)
    writer.setTitle(request.title)
    writer.setResolution(round(96 * sheet.devicePixelRatio()))
    painter = QPainter(writer)
    painter.drawImage(QRectF(0, 0, writer.width(), writer.height()), sheet, QRectF(sheet.rect()))
    painter.end()
