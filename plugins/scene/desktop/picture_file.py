"""Bytes of a picture as PNG, JPEG or PDF. For worker threads: Qt paints pictures and PDFs on any."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter

from plugins.scene.desktop.picture_caption import Caption, caption_height, paint_caption
from plugins.scene.desktop.picture_recipe import PAPERS, PictureRecipe

JPEG_QUALITY = 92
PNG_COMPRESSION = 25
"""Of 100: 8K in 2.5 s instead of 10."""
DPI = 300
"""Of the text's grid in a PDF; pictures keep their own pixels."""
MARGIN, LETTERS = 10.0, 2.6
"""Millimetres of A4: of the margin, and of the size of small letters."""
LOSSLESS = 3840 * 2160
"""Pixels up to which a PDF holds the very picture; a larger one is a JPEG in it (8K: 84 MB else)."""


def encoded(image: QImage, recipe: PictureRecipe, caption: Caption) -> bytes:
    """The file's content. Raises MemoryError."""
    if recipe.form == "pdf":
        return _pdf(image, recipe, caption)
    return _picture(captioned(image, caption) if recipe.captioned else image, recipe.form, caption)


def _picture(image: QImage, form: str, caption: Caption) -> bytes:
    buffer = _buffer()
    writer = QImageWriter(buffer, b"png" if form == "png" else b"jpeg")
    if form == "png":
        writer.setCompression(PNG_COMPRESSION)
    else:
        writer.setQuality(JPEG_QUALITY)
    texts = {"Title": caption.title, "Author": caption.author, "Description": caption.note}
    for key, text in (texts | {"Comment": "\n".join(caption.facts)}).items():
        if text:
            writer.setText(key, text)
    if not writer.write(image):
        raise MemoryError
    return bytes(buffer.data().data())


def captioned(image: QImage, caption: Caption) -> QImage:
    """The picture with the words on a white strip below it."""
    width, height = image.width(), image.height()
    unit = max(width / 110, 11.0)
    box = QRectF(unit, 0, width - 2 * unit, 0)
    strip = caption_height(caption, box.width(), unit)
    whole = QImage(width, height + round(strip + 1.6 * unit), QImage.Format.Format_RGB32)
    if whole.isNull():
        raise MemoryError
    whole.fill(QColor("white"))
    painter = QPainter(whole)
    painter.drawImage(0, 0, image)
    paint_caption(painter, caption, box.translated(0, height + 0.8 * unit), unit)
    painter.end()
    return whole


def _pdf(image: QImage, recipe: PictureRecipe, caption: Caption) -> bytes:
    width, height = PAPERS[recipe.paper]
    larger = max(1.0, width / 297) ** 0.7
    unit, margin = LETTERS * larger, MARGIN * larger
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setTitle(caption.title)
    writer.setAuthor(caption.author)
    dots = DPI / 25.4
    box = QRectF(margin * dots, 0, (width - 2 * margin) * dots, 0)
    words = caption_height(caption, box.width(), unit * dots) / dots
    if not height:
        height = 2 * margin + (width - 2 * margin) * image.height() / image.width() + 1.5 * unit + words
    size = QPageSize(
        QSizeF(width, height), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch
    )
    # An upright page that is wider than high: as "landscape" its sides would be exchanged.
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    room = QRectF(box.left(), margin * dots, box.width(), (height - 2 * margin - 1.5 * unit - words) * dots)
    share = min(room.width() / image.width(), room.height() / image.height())
    shown = QRectF(0, 0, image.width() * share, image.height() * share)
    shown.moveCenter(room.center())
    shown.moveTop(room.top())
    painter = QPainter(writer)
    exact = image.width() * image.height() <= LOSSLESS
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering, exact)
    painter.drawImage(shown, image)
    paint_caption(painter, caption, box.translated(0, shown.bottom() + 1.5 * unit * dots), unit * dots)
    painter.end()
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
