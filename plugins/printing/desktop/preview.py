"""The sheet as it would be printed, drawn anew a moment after each change."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.sdk import Context, Undo
from console.sdk.printing import PrintFailed
from console.sdk.ui import color
from plugins.printing.desktop.room import PrintRoom

SOON = 350
"""Milliseconds without a change before it is drawn."""
EDGE = 10
LEAST_HEIGHT = 210


class Preview(QWidget):
    """One drawing at a time; the last change wins."""

    def __init__(self, ctx: Context, room: PrintRoom) -> None:
        super().__init__()
        self._ctx, self._room = ctx, room
        self._image: QImage | None = None
        self._error = ""
        self._drawing = False
        self._leave_off: Undo | None = None
        self._late = False
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._draw)
        self.setAccessibleName(ctx.tr("Preview"))
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        room.changed.connect(self.refresh)

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    @property
    def error(self) -> str:
        """Why there is none; empty when there is."""
        return self._error

    def sizeHint(self) -> QSize:
        return QSize(320, 260)

    def refresh(self) -> None:
        """Draw anew, soon."""
        self._late = True
        if self.isVisible() and not self._room.busy:
            self._soon.start()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()
        if self._drawing and self._leave_off is not None:
            self._leave_off()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def _draw(self) -> None:
        if not self._drawing and self._late:
            self._drawing = True
            self._leave_off = self._ctx.tasks.start(self._drawn())

    async def _drawn(self) -> None:
        self._late = False
        ratio = self.devicePixelRatioF()
        room = [max(round((length - 2 * EDGE) * ratio), 64) for length in (self.width(), self.height())]
        try:
            self._image = await self._ctx.map.printing.preview(self._room.sheet, *room)
            self._error = ""
        except PrintFailed as error:
            self._image, self._error = None, str(error)
        except OSError as error:
            self._image, self._error = None, error.strerror or str(error)
        finally:
            self._drawing = False
        if self._late:
            self.refresh()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image is not None:
            ratio = self.devicePixelRatioF()
            width, height = self._image.width() / ratio, self._image.height() / ratio
            share = min((self.width() - 2 * EDGE) / width, (self.height() - 2 * EDGE) / height)
            box = QRectF(0, 0, width * share, height * share)
            box.moveCenter(QRectF(self.rect()).center())
            painter.fillRect(box.translated(2, 3), QColor(0, 0, 0, 70))
            painter.drawImage(box, self._image)
        text = self._error or (self._ctx.tr("Drawing the preview …") if self._late or self._drawing else "")
        if text:
            self._paint_text(painter, text)
        painter.end()

    def _paint_text(self, painter: QPainter, text: str) -> None:
        """In the middle without a picture, small at the lower edge with one."""
        box = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
        place = Qt.AlignmentFlag.AlignVCenter if self._image is None else Qt.AlignmentFlag.AlignBottom
        where = painter.boundingRect(box, flags | place, text)
        ground = QColor(color("surface.overlay"))
        ground.setAlphaF(0.85)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(where.adjusted(-8, -3, 8, 3), 4, 4)
        painter.setPen(QColor(color("warning" if self._error else "text.muted")))
        painter.drawText(box, flags | place, text)
