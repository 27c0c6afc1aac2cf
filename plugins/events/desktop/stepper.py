"""The closed loop as a row of steps: done, present, to come, each with its time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.sdk.records import EventState, HistoryEntry
from console.sdk.ui import color
from plugins.events.desktop.words import STATES

LOOP = (
    EventState.REPORTED,
    EventState.ACCEPTED,
    EventState.DISPATCHED,
    EventState.HANDLING,
    EventState.FED_BACK,
    EventState.CLOSED,
)
RADIUS = 7.0


class Stepper(QWidget):
    """A returned event stands at handling again; a cancelled one has no present step."""

    def __init__(self, tr: Callable[..., str]) -> None:
        super().__init__()
        self._tr = tr
        self._state = EventState.REPORTED
        self._reported_at = 0.0
        self._times: dict[str, float] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(360, round(RADIUS * 2 + QFontMetricsF(self.font()).height() * 2 + 10))

    def set_state(self, state: EventState, reported_at: float) -> None:
        """Where the event stands, and when it was reported (s since 1970)."""
        self._state, self._reported_at = state, reported_at
        self.setAccessibleName(self._tr(STATES[state]))
        self.setToolTip(" → ".join(self._title(step) for step in LOOP))
        self.update()

    def set_history(self, entries: Sequence[HistoryEntry]) -> None:
        """When each state was last entered; a step that the next one implies has its time.

        Closing implies nothing: an event closed with nobody sent must not look as if somebody had been.
        """
        self._times, before = {}, ""
        for entry in entries:
            if entry.state and entry.state != before:
                self._times[entry.state] = entry.at
                before = entry.state
        for step, after in reversed([*itertools.pairwise(LOOP[:-1])]):
            if after.value in self._times:
                self._times.setdefault(step.value, self._times[after.value])
        self.update()

    def time_of(self, step: EventState) -> float | None:
        """When a step of the loop was taken, s since 1970; None when that is not known."""
        return self._reported_at if step is EventState.REPORTED else self._times.get(step.value)

    def is_skipped(self, step: EventState) -> bool:
        """Whether the event was closed without this step."""
        return EventState.CLOSED in self._times and self.time_of(step) is None

    @property
    def present(self) -> int:
        """Index of the present step; -1 when cancelled."""
        if self._state is EventState.RETURNED:
            return LOOP.index(EventState.ACCEPTED)
        return LOOP.index(self._state) if self._state in LOOP else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = self.width() / len(LOOP)
        places = [QPointF(step * (at + 0.5), RADIUS + 2) for at in range(len(LOOP))]
        for at, (before, after) in enumerate(itertools.pairwise(places)):
            tone = color("success" if at < self.present else "border.strong")
            painter.setPen(QPen(QColor(tone), 2))
            painter.drawLine(before + QPointF(RADIUS + 3, 0), after - QPointF(RADIUS + 3, 0))
        for at, place in enumerate(places):
            self._draw_step(painter, at, place, step)

    def _draw_step(self, painter: QPainter, at: int, place: QPointF, width: float) -> None:
        over = self._state is EventState.CLOSED
        done = (at < self.present or over) and not self.is_skipped(LOOP[at])
        now = at == self.present and not over
        tone = color("success" if done else "accent.text" if now else "border.strong")
        painter.setPen(QPen(QColor(tone), 2))
        painter.setBrush(QColor(tone) if done or now else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, RADIUS - 1, RADIUS - 1)
        if done:  # a tick as well: never colour alone
            painter.setPen(QPen(QColor(color("surface")), 2))
            painter.drawPolyline([place + QPointF(*p) for p in ((-3, 0), (-1, 2.5), (3.5, -2.5))])
        line = QFontMetricsF(self.font()).height()
        box = QRectF(place.x() - width / 2, RADIUS * 2 + 5, width, line)
        painter.setPen(QColor(color("text.strong" if now else "text" if done else "text.muted")))
        shown = QFontMetricsF(self.font()).elidedText(
            self._title(LOOP[at]), Qt.TextElideMode.ElideRight, width - 4
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        at_time = self.time_of(LOOP[at])
        if at_time and (done or now):
            painter.setPen(QColor(color("text.muted")))
            text = f"{datetime.fromtimestamp(at_time):%H:%M}"
            painter.drawText(box.translated(0, line), Qt.AlignmentFlag.AlignCenter, text)

    def _title(self, state: EventState) -> str:
        if self._state is EventState.RETURNED and state is EventState.ACCEPTED:
            state = EventState.RETURNED
        return self._tr(STATES[state])
