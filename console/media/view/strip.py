"""The line over a picture: the camera's name, how it goes, how old the picture is. Kept as a pixmap."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from console.media.view.words import age_words, rate_words, sound_words
from console.model.streams import State, Status
from console.sdk.ui.theming import color

GROUND = QColor(8, 12, 18, 165)
TEXT, MUTED = QColor(244, 248, 251), QColor(200, 210, 220)
DOT, MARGIN = 8, 6
_COLORS = {State.LIVE: "success", State.CONNECTING: "info", State.IDLE: "text.muted"}
"""Of the dot; whatever else it is, is a warning."""


class Strip:
    """Text costs more to draw than to copy, and changes seldom."""

    def __init__(self) -> None:
        self._made_of: tuple[object, ...] = ()
        self._pixmap = QPixmap()
        self.cut = False
        """Whether there was no room for the whole name."""

    def forget(self) -> None:
        """Make it anew with the next painting."""
        self._made_of = ()

    def paint(self, painter: QPainter, tile: QRect, title: str, status: Status, now: float) -> None:
        """Along the upper edge of *tile*."""
        age = age_words(status, now)
        aside = " · ".join(text for text in (sound_words(status), rate_words(status), age) if text)
        ratio = painter.device().devicePixelRatioF()
        made_of = (title, status.state, aside, tile.width(), ratio, painter.font().key())
        if made_of != self._made_of:
            self._made_of = made_of
            self._pixmap = self._make(painter, tile.width(), title, status.state, aside, bool(age), ratio)
        painter.drawPixmap(tile.topLeft(), self._pixmap)

    def _make(
        self, on: QPainter, width: int, title: str, state: State, aside: str, old: bool, ratio: float
    ) -> QPixmap:
        height = on.fontMetrics().height() + 4
        made = QPixmap(round(width * ratio), round(height * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(GROUND)
        painter = QPainter(made)
        painter.setFont(on.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color(_COLORS.get(state, "warning"))))
        painter.drawEllipse(QPoint(MARGIN + DOT // 2, height // 2), DOT // 2, DOT // 2)
        metrics = painter.fontMetrics()
        right = metrics.horizontalAdvance(aside) + MARGIN if aside else 0
        place = QRect(2 * MARGIN + DOT, 0, width - right - 3 * MARGIN - DOT, height)
        painter.setPen(TEXT)
        middle = Qt.AlignmentFlag.AlignVCenter
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, place.width())  # names differ at ends
        self.cut = shown != title
        painter.drawText(place, middle, shown)
        painter.setPen(QColor(color("warning")) if old else MUTED)
        painter.drawText(QRect(0, 0, width - MARGIN, height), middle | Qt.AlignmentFlag.AlignRight, aside)
        painter.end()
        return made
