"""A camera in a widget: its newest picture, and in words what is not as it should be."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from shiboken6 import isValid

from console.media.engine import MediaEngine
from console.media.memory import Picture
from console.media.session import Viewing
from console.media.view.closer import Closer
from console.media.view.strip import MUTED, TEXT, Strip
from console.media.view.words import headline, outlook
from console.model.looks import Look
from console.model.replays import Progress
from console.model.streams import Metadata, Reason, Source, State, Status, Still
from console.sdk.ui.theming import color

BLACK = QColor(0, 0, 0)
VEIL = QColor(8, 12, 18, 150)
"""Over a picture that is not of now: nobody shall take it for one."""
SMALL = 90
"""Logical pixels of height under which what comes next is not said."""


class CameraTile(QWidget):
    """Raster; painted when there is another picture or another state. No picture is kept."""

    enlarged = Signal()
    """Enter, or a double click."""
    status_changed = Signal()
    """Another state, or another reason."""
    metadata_changed = Signal()

    def __init__(self, engine: MediaEngine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._source: Source | None = None
        self._viewing: Viewing | None = None
        self._strip = Strip()
        self._closer = Closer()
        self._dragged_from: QPointF | None = None
        self._said = ("", "", "")
        self._told = (State.IDLE, Reason.NONE)
        self.painted = 0
        """Pictures painted so far, each counted once."""
        self._painted_number = 0
        self._keep = 0.0
        self._look = Look()
        self._metadata: Metadata | None = None
        self._overlays: list[Callable[[QPainter, QRectF], None]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(48, 36)

    @property
    def source(self) -> Source | None:
        """What it shows."""
        return self._source

    @property
    def status(self) -> Status:
        """How it goes."""
        return self._viewing.status if self._viewing else Status()

    @property
    def metadata(self) -> Metadata | None:
        """See ``console.sdk.media.Tile``."""
        return self._viewing.metadata if self._viewing else None

    def show_source(self, source: Source | None) -> None:
        """Another camera, or none."""
        if source == self._source:
            return
        self.let_go()
        self._source = source
        self._said = ("", "", "")
        self.setAccessibleName(source.title if source else "")
        if source is not None:
            self._viewing = self._engine.watch(source, self._on_change)
            self._viewing.keep = self._keep
            self._viewing.look_so(self._look)
            self._closing = self.destroyed.connect(self._viewing.close)
            if self.hasFocus():
                self._tell_focus()
            self._tell_size()
        self._on_change()

    def say(self, title: str, text: str, hint: str) -> None:
        """Without a source: whose picture this is, why there is none, what can be done."""
        self._said = (title, text, hint)
        if self._source is None:
            self.setAccessibleName(title)
            self.setAccessibleDescription(text)
        self.update()

    def overlay(self, paint: Callable[[QPainter, QRectF], None]) -> Callable[[], None]:
        """See ``console.sdk.media.Tile``."""
        self._overlays.append(paint)
        self.update()

        def undo() -> None:
            if paint in self._overlays:
                self._overlays.remove(paint)
                if isValid(self):
                    self.update()

        return undo

    def picture_place(self) -> QRectF | None:
        """See ``console.sdk.media.Tile``."""
        picture = self._viewing.newest() if self._viewing else None
        return QRectF(self._place(picture)) if picture else None

    def _on_change(self) -> None:
        now = (self.status.state, self.status.reason)
        if self.metadata != self._metadata:
            self._metadata = self.metadata
            self.metadata_changed.emit()
        if now != self._told:
            self._told = now
            self.status_changed.emit()
        self.update()

    def let_go(self) -> None:
        """Look at nothing."""
        if self._viewing is not None:
            self._viewing.close()
            self.disconnect(self._closing)
        self._viewing, self._source, self._painted_number = None, None, 0
        self._closer.reset()
        self._dragged_from = None

    def retry(self) -> None:
        """Try at once, whatever was refused."""
        if self._viewing is not None:
            self._viewing.retry()

    def keep(self, seconds: float) -> None:
        """See ``console.sdk.media.Tile``."""
        self._keep = seconds
        if self._viewing is not None:
            self._viewing.keep = seconds

    def still(self, handler: Callable[[Still | None], None]) -> None:
        """See ``console.sdk.media.Tile``."""
        self._engine.jobs.still(self._viewing.session.shown if self._viewing else None, handler)

    def clip(self, path: str, about: dict[str, str], on_progress: Callable[[Progress], None]) -> None:
        """See ``console.sdk.media.Tile``."""
        feed = self._viewing.session.shown if self._viewing else None
        self._engine.jobs.clip(feed, path, self._keep, about, on_progress)

    def look(self, look: Look) -> None:
        """See ``console.sdk.media.Tile``."""
        self._look = look
        if self._viewing is not None:
            self._viewing.look_so(look)

    def hear(self, on: bool) -> None:
        """Its sound, and no other's; without *on* it is silent again."""
        if on or self.status.sound:
            self._engine.hear(self._viewing if on else None)

    def _tell_size(self) -> None:
        if self._viewing is None:
            return
        ratio = self.devicePixelRatioF()
        seen = self.isVisible()
        self._viewing.show_at(
            round(self.width() * ratio) if seen else 0, round(self.height() * ratio) if seen else 0
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, the words over it."""
        painter = QPainter(self)
        picture = self._viewing.newest() if self._viewing else None
        self._paint_picture(painter, picture)
        if picture is not None:
            place = QRectF(self._place(picture))
            for paint in self._overlays:
                painter.save()
                paint(painter, place)
                painter.restore()
            self._paint_times(painter)
        status, now = self.status, time.monotonic()
        if self._source is not None:
            if status.state not in (State.LIVE, State.IDLE):
                over, words = picture is not None, (headline(status), outlook(status, now))
                self._paint_matter(painter, *words, over_picture=over)
            self._paint_name(painter, self._source.title, status, now)
        elif any(self._said):
            title, text, hint = self._said
            self._paint_matter(painter, text, hint, over_picture=False)
            self._paint_name(painter, title, status, now)
        if self.hasFocus():
            painter.setPen(QColor(color("focus")))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        if picture is not None and self._viewing is not None and not self._viewing.holds(picture):
            self.update()  # it was written over while it was painted

    def _paint_name(self, painter: QPainter, name: str, status: Status, now: float) -> None:
        """A name without room for it is told whole to who rests the pointer here."""
        self._strip.paint(painter, self.rect(), name, status, now)
        whole = name if self._strip.cut else ""
        if whole != self.toolTip():
            self.setToolTip(whole)

    def _paint_picture(self, painter: QPainter, picture: Picture | None) -> None:
        if picture is None:
            painter.fillRect(self.rect(), BLACK)
            return
        place = self._place(picture)
        if place.width() < self.width():
            painter.fillRect(0, 0, place.left(), self.height(), BLACK)
            painter.fillRect(place.right() + 1, 0, self.width() - place.right() - 1, self.height(), BLACK)
        if place.height() < self.height():
            painter.fillRect(0, 0, self.width(), place.top(), BLACK)
            painter.fillRect(0, place.bottom() + 1, self.width(), self.height() - place.bottom() - 1, BLACK)
        form = QImage.Format.Format_RGB32
        image = QImage(picture.pixels, picture.width, picture.height, picture.stride, form)
        painter.drawImage(place, image)
        if picture.number != self._painted_number:
            self._painted_number = picture.number
            self.painted += 1

    def _paint_times(self, painter: QPainter) -> None:
        """That this is a part alone: nobody shall take it for all that the camera sees."""
        if self._closer.times == 1.0:
            return
        words = f"×{self._closer.times:.1f}"
        metrics = painter.fontMetrics()
        box = QRect(0, 0, metrics.horizontalAdvance(words) + 12, metrics.height() + 4)
        box.moveBottomRight(self.rect().bottomRight())
        painter.fillRect(box, VEIL)
        painter.setPen(TEXT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _place(self, picture: Picture) -> QRect:
        """Where all of it goes, in logical pixels: beyond the edges when a part is shown closer."""
        return self._closer.place(self._whole(picture), self.rect())

    def _whole(self, picture: Picture) -> QRect:
        """Where it goes when nothing is closer: in the middle, in its own shape."""
        ratio = self.devicePixelRatioF()
        width, height = picture.width / ratio, picture.height / ratio
        scale = min(self.width() / width, self.height() / height)
        if 0.98 < scale < 1.02:
            scale = 1.0  # made for this size: not scaled again for the half pixel that rounding left
        wide, high = min(self.width(), round(width * scale)), min(self.height(), round(height * scale))
        return QRect((self.width() - wide) // 2, (self.height() - high) // 2, wide, high)

    def _paint_matter(self, painter: QPainter, matter: str, hint: str, *, over_picture: bool) -> None:
        """What is the matter above the middle, what comes next below it."""
        if over_picture:
            painter.fillRect(self.rect(), VEIL)
        strip = painter.fontMetrics().height() + 4
        upper, lower = self.rect().adjusted(6, strip, -6, 0), self.rect().adjusted(6, strip, -6, 0)
        next_words = hint if self.height() >= SMALL else ""
        if next_words:
            upper.setBottom((self.height() + strip) // 2)
            lower.setTop((self.height() + strip) // 2 + 4)
        wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        where = Qt.AlignmentFlag.AlignBottom if next_words else Qt.AlignmentFlag.AlignVCenter
        painter.setPen(TEXT)
        painter.drawText(upper, wrapped | where, matter)
        painter.setPen(MUTED)
        painter.drawText(lower, wrapped | Qt.AlignmentFlag.AlignTop, next_words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell_size()

    def showEvent(self, event: QShowEvent) -> None:
        self._tell_size()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._viewing is not None:
            self._viewing.show_at(0, 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._tell_focus()
        super().focusInEvent(event)

    def _tell_focus(self) -> None:
        if self._viewing is not None:
            self._viewing.focused_at = time.monotonic()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme, language or font."""
        self._strip.forget()
        super().changeEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The whole picture again; of a whole one, the whole panel."""
        if self._closer.times == 1.0:
            self.enlarged.emit()
        else:
            self._closer.reset()
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Closer to what is under the pointer, and back."""
        notches = event.angleDelta().y() / 120
        picture = self._viewing.newest() if self._viewing else None
        if picture is None or not notches or (notches < 0 and self._closer.times == 1.0):
            super().wheelEvent(event)
            return
        self._closer.zoom(notches, event.position(), self._whole(picture), self.rect())
        event.accept()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag a part that is shown closer."""
        if event.button() == Qt.MouseButton.LeftButton and self._closer.times > 1.0:
            self._dragged_from = event.position()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        picture = self._viewing.newest() if self._viewing else None
        if self._dragged_from is None or picture is None:
            super().mouseMoveEvent(event)
            return
        self._closer.pan(event.position() - self._dragged_from, self._whole(picture), self.rect())
        self._dragged_from = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It stays there."""
        self._dragged_from = None
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: enlarge; R: try again at once; M: its sound, or silence."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enlarged.emit()
        elif event.key() == Qt.Key.Key_R and not event.modifiers() and self._viewing is not None:
            self.retry()
        elif event.key() == Qt.Key.Key_M and not event.modifiers() and self._viewing is not None:
            self.hear(not self.status.sound)
        else:
            super().keyPressEvent(event)
