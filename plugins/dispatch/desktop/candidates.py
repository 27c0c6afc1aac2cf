"""The ranked list, the parts of one ranking as words and bars, and the note on the straight line."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.sdk.records import Candidate
from console.sdk.ui import Column, EmptyState, KeyValues, RecordTable, color
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.words import Tr, metres_text, reason_text, remarks, span_text, why_not_text
from plugins.dispatch.model import Looked

PART_COLORS = {
    Looked.ETA: "map.route",
    Looked.JOB: "event.critical",
    Looked.GRID: "event.urgent",
    Looked.POSITION_AGE: "staff.silent",
}
"""Parts that can add seconds; the others are words only."""
MOST_SECONDS = 86_400.0
"""Parts beyond a day mean "not at all" and are not drawn to scale."""


class CandidateTable(RecordTable):
    """Arrows choose, the pointer looks, Enter sends."""

    def __init__(self, desk: DispatchDesk) -> None:
        tr = desk.ctx.tr
        hint = tr("Select an open event: who is nearest by road appears here.")
        empty = EmptyState(tr("Nobody to send yet"), hint, icon="users")
        name = "onemap.dispatch.candidates"
        super().__init__(_columns(desk), key=lambda candidate: candidate.staff, empty=empty, name=name)
        self._desk = desk
        self._folded = True
        self.on_select(lambda key: None if key is None else desk.choose(key))
        self.on_activate(self._send)
        self.view.setMouseTracking(True)
        self.view.entered.connect(self._look)
        desk.ranked.connect(self.refresh)
        desk.chosen_changed.connect(self._follow)
        self.refresh()

    @property
    def unable(self) -> int:
        """How many of the list cannot go."""
        return sum(not each.able for each in self._desk.ranking.candidates)

    def fold(self, folded: bool) -> None:
        """Hide those who cannot go."""
        self._folded = folded
        self.refresh()

    def refresh(self) -> None:
        """Show the list as it is now."""
        candidates = self._desk.ranking.candidates
        self.set_rows([each for each in candidates if each.able or not self._folded])
        self._follow()

    def _follow(self) -> None:
        self.select_key(self._desk.chosen)

    def _look(self, index: QModelIndex) -> None:
        self._desk.show_way(self.shown[index.row()].staff)

    def _send(self, staff_id: str) -> None:
        self._desk.choose(staff_id)
        self._desk.send_chosen()


def _columns(desk: DispatchDesk) -> list[Column]:
    tr = desk.ctx.tr

    def rank(candidate: Candidate) -> int:
        return desk.ranking.candidates.index(candidate) + 1 if candidate in desk.ranking.candidates else 0

    def note(candidate: Candidate) -> str:
        refused = desk.event_id is not None and candidate.staff in desk.refused_by(desk.event_id)
        return tr("Refused") if refused else remarks(candidate, tr)

    def tone(candidate: Candidate) -> str:
        return "" if candidate.able else "text.muted"

    return [
        Column("#", rank, 28, "right", sort=rank),
        Column(tr("Name"), lambda each: each.name, 62, color=tone),
        Column(tr("ETA"), lambda each: span_text(each.eta_seconds, tr), 78, "right", color=tone, sort=_eta),
        Column(
            tr("Way"),
            lambda each: metres_text(each.metres if each.metres is not None else each.straight_metres),
            58,
            "right",
            color=tone,
            sort=lambda each: each.metres if each.metres is not None else each.straight_metres,
        ),
        Column(tr("Against"), note, color=lambda each: "text.muted" if each.able else "warning"),
    ]


def _eta(candidate: Candidate) -> float:
    return candidate.eta_seconds if candidate.eta_seconds is not None else float("inf")


class PartsBar(QWidget):
    """The seconds of a ranking side by side, to the scale of the longest in the list."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[tuple[str, float]] = []
        self._scale = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, 10)

    def set_parts(self, parts: list[tuple[str, float]], scale: float) -> None:
        """Colour tokens with seconds; *scale* is the seconds of the whole width."""
        self._parts, self._scale = parts, max(scale, 1.0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, left = QPainter(self), 0.0
        painter.fillRect(self.rect(), QColor(color("surface.input")))
        for token, seconds in self._parts:
            width = seconds / self._scale * self.width()
            painter.fillRect(QRectF(left, 0, max(width - 1, 1), self.height()), QColor(color(token)))
            left += width


class Parts(QWidget):
    """Why the chosen candidate stands where they stand."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        self._bar, self._pairs, self._why = PartsBar(), KeyValues(), QLabel(wordWrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._bar, self._why, self._pairs):
            layout.addWidget(part)
        desk.chosen_changed.connect(self.refresh)
        desk.ranked.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen candidate."""
        candidate, tr = self._desk.candidate(self._desk.chosen), self._desk.ctx.tr
        self.setVisible(candidate is not None and bool(candidate.reasons))
        if candidate is None:
            return
        self._why.setText(why_not_text(candidate, tr))
        self._why.setVisible(not candidate.able)
        self._pairs.set_pairs(_pairs_of(candidate, tr))
        scores = [each.score for each in self._desk.ranking.candidates if each.able]
        self._bar.set_parts(_drawn(candidate), max(scores, default=1.0))


def _drawn(candidate: Candidate) -> list[tuple[str, float]]:
    return [
        (PART_COLORS[Looked(reason.what)], reason.seconds)
        for reason in candidate.reasons
        if reason.what in set(PART_COLORS) and 0 < reason.seconds < MOST_SECONDS
    ]


def _pairs_of(candidate: Candidate, tr: Tr) -> list[tuple[str, str]]:
    """Each part: what it adds, and what it says."""
    pairs: list[tuple[str, str]] = []
    for reason in candidate.reasons:
        text = reason_text(reason, tr)
        if text:
            adds = 0 < reason.seconds < MOST_SECONDS
            pairs.append((f"+ {span_text(reason.seconds, tr)}" if adds else "–", text))
    return pairs


def straight_note(desk: DispatchDesk) -> str:
    """What a straight line would have got wrong; empty when it is right."""
    tr = desk.ctx.tr
    if desk.ranking.straight:
        return tr("The backend is away: by straight line, times by road unknown")
    found = desk.ranking.detour()
    if found is None:
        return ""
    naive, seconds = found
    if seconds >= 30:
        return tr(
            "Nearest by straight line is {name}, but {span} longer by road",
            name=naive.name,
            span=span_text(seconds, tr),
        )
    why = remarks(naive, tr)
    return tr("Nearest by straight line is {name}: {why}", name=naive.name, why=why) if why else ""
