"""Words burnt into a picture: who kept it, of which camera, and of when. For worker threads, too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageWriter, QPainter

GROUND, TEXT = QColor(8, 12, 18, 175), QColor(255, 255, 255)
FAINT = QColor(255, 255, 255, 46)
LEAST = 11.0
"""Pixels of a letter's height."""
SHARE = 42
"""Of the picture's height is a line's letter."""
JPEG_QUALITY = 92
PNG_COMPRESSION = 25


def burnt(image: QImage, lines: Sequence[str], across: str = "", family: str = "") -> QImage:
    """A copy of *image* with *lines* on a ground at its lower edge, and *across* faintly all over it.

    What is cut out of the middle of the picture still tells by the latter whose it was.
    """
    marked = image.convertToFormat(QImage.Format.Format_RGB32).copy()
    painter = QPainter(marked)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    font = QFont(family) if family else QFont()
    font.setPixelSize(round(max(LEAST, min(marked.height(), marked.width()) / SHARE)))
    painter.setFont(font)
    if across:
        paint_across(painter, marked.width(), marked.height(), across)
    _paint_lines(painter, marked, lines)
    painter.end()
    return marked


def encoded(image: QImage, form: str, texts: dict[str, str] | None = None) -> bytes:
    """Content of a file; *form*: ``png`` or ``jpg``, *texts* stand in it beside the picture.

    Raises MemoryError.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png" if form == "png" else b"jpeg")
    if form == "png":
        writer.setCompression(PNG_COMPRESSION)
    else:
        writer.setQuality(JPEG_QUALITY)
    for key, text in (texts or {}).items():
        writer.setText(key, text)
    if not writer.write(image):
        raise MemoryError
    return bytes(buffer.data().data())


def _paint_lines(painter: QPainter, image: QImage, lines: Sequence[str]) -> None:
    metrics = QFontMetricsF(painter.font())
    pad = metrics.height() / 3
    height = metrics.height() * len(lines) + pad
    box = QRectF(0, image.height() - height, image.width(), height)
    painter.fillRect(box, GROUND)
    painter.setPen(TEXT)
    for number, line in enumerate(lines):
        place = QRectF(pad, box.top() + pad / 2 + number * metrics.height(), image.width(), metrics.height())
        room = image.width() - 2 * pad
        told = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, told)


def paint_across(painter: QPainter, width: float, height: float, text: str) -> None:
    """*text* slantwise and faint, again and again, over so many logical pixels."""
    metrics = QFontMetricsF(painter.font())
    painter.save()
    painter.setPen(FAINT)
    painter.translate(width / 2, height / 2)
    painter.rotate(-22.0)
    reach = (width**2 + height**2) ** 0.5 / 2
    step, line = metrics.horizontalAdvance(text) + 6 * metrics.height(), 7 * metrics.height()
    for row in range(-int(reach / line) - 1, int(reach / line) + 2):
        shift = (row % 2) * step / 2
        for column in range(-int(reach / step) - 1, int(reach / step) + 2):
            painter.drawText(QPointF(column * step + shift, row * line), text)
    painter.restore()
