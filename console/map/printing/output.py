"""Files of a sheet: PDF and SVG in vectors, PNG a strip at a time, previews into shared memory."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from console.map.engine.arena import SLOT_BYTES, Arena
from console.map.engine.data_refs import SourceTile
from console.map.printing.messages import PrintPage
from console.map.printing.page import Page, Report
from console.map.render.renderer import Renderer
from console.map.render.vectors import with_clips

STRIP = 8_000_000
"""Pixels of a PNG that are in memory at once."""
_NO_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")
"""What may not stand in XML, and may be in a name all the same."""
VECTOR_DPI = 200.0
"""Of rasters in PDF and SVG: finer ones make files that nobody can open."""


def write_file(page: Page, path: str, form: str, report: Report) -> None:
    """Raises OSError."""
    if form == "png":
        with Path(path).open("wb") as file:
            _write_png(page, file, report)
        return
    buffer = QBuffer()  # Qt's writers tell of no error: so the bytes are written here
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    (_paint_pdf if form == "pdf" else _paint_svg)(page, buffer, report)
    data = bytes(buffer.data().data())
    if form == "svg":
        data = with_clips(_NO_XML.sub("", data.decode("utf-8", "replace"))).encode("utf-8")
    Path(path).write_bytes(data)


def _paint_pdf(page: Page, buffer: QBuffer, report: Report) -> None:
    writer = QPdfWriter(buffer)
    size = QPageSize(QSizeF(page.sheet.width, page.sheet.height), QPageSize.Unit.Millimeter)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setResolution(300)
    writer.setTitle(page.sheet.title)
    writer.setAuthor(page.sheet.author)
    painter = QPainter(writer)
    page.paint(painter, report)
    painter.end()


def _paint_svg(page: Page, buffer: QBuffer, report: Report) -> None:
    writer = QSvgGenerator()
    writer.setOutputDevice(buffer)
    writer.setResolution(300)
    writer.setSize(QSize(round(page.width), round(page.height)))
    writer.setViewBox(QRectF(0, 0, page.width, page.height))
    writer.setTitle(page.sheet.title)
    painter = QPainter(writer)
    page.paint(painter, report)
    painter.end()


def _write_png(page: Page, file: BinaryIO, report: Report) -> None:
    """A strip at a time, so that a wall of paper needs no wall of memory (PNG specification, ISO 15948)."""
    share = page.sheet.dpi / 300.0
    width, height = round(page.width * share), round(page.height * share)
    metre = round(page.sheet.dpi / 0.0254)
    file.write(b"\x89PNG\r\n\x1a\n")
    _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    _chunk(file, b"pHYs", struct.pack(">IIB", metre, metre, 1))
    packer = zlib.compressobj(6)
    rows = max(STRIP // width, 1)
    for top in range(0, height, rows):
        image = _strip(page, top, min(rows, height - top), width, share, report)
        line = image.bytesPerLine()
        pixels = image.constBits()
        for row in range(image.height()):
            start = row * line
            packed = packer.compress(b"\0" + bytes(pixels[start : start + 3 * width]))
            if packed:
                _chunk(file, b"IDAT", packed)
    _chunk(file, b"IDAT", packer.flush())
    _chunk(file, b"IEND", b"")


def _strip(page: Page, top: int, rows: int, width: int, share: float, report: Report) -> QImage:
    image = QImage(width, rows, QImage.Format.Format_RGB888)
    painter = QPainter(image)
    painter.translate(0, -top)
    painter.scale(share, share)
    page.paint(painter, report, top / share, (top + rows) / share)
    painter.end()
    return image


def _chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))


def paint_preview(page: Page, arena: str, width: int, height: int) -> None:
    """The sheet as RGB32 of that size, in shared memory."""
    memory = Arena(-(-width * height * 4 // SLOT_BYTES), arena)
    image = QImage(memory.all_bytes, width, height, width * 4, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(width / page.width, height / page.height)
    page.paint(painter, lambda share: None)
    painter.end()


def raster_dpi(order: PrintPage) -> float:
    """How finely rasters are read for an order."""
    if not order.file:
        return 25.4 * order.width / order.sheet.width
    return order.sheet.dpi if order.format == "png" else min(order.sheet.dpi, VECTOR_DPI)


def print_page(order: PrintPage, renderer: Renderer, report: Report) -> list[SourceTile]:
    """Draw what is ordered, unless tiles are lacking that are worth waiting for: then these.

    Raises OSError, and NoRoom for paper that is too small.
    """
    page = Page(order, renderer, raster_dpi(order))
    lacks = [] if order.complete else page.lacks()
    if lacks:
        return lacks
    if order.file:
        write_file(page, order.file, order.format, report)
    else:
        paint_preview(page, order.arena, order.width, order.height)
    return []
