"""The panel 统筹派员: a team, several events together, or somebody freed; proposed here, sent by a human."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from console.sdk.ui import Chips, Column, EmptyState, Page, RecordTable, button, row
from plugins.dispatch.desktop.proposals import Line, Proposal, Proposer, unserved
from plugins.dispatch.desktop.words import ROLES, Tr, remarks, span_short, span_text
from plugins.dispatch.model import Apart

PANEL = "onemap.dispatch.together"
RIGHT = "orders.write"
_MOST_SEATS = 5
_APART = {Apart.NOTHING: "From anywhere", Apart.UNIT: "Different units", Apart.ROLE: "Different roles"}


class Seat(QWidget):
    """How many of what: a role, a skill, or anybody."""

    def __init__(self, skills: list[str], tr: Tr) -> None:
        super().__init__()
        self._what, self._count = QComboBox(), QSpinBox(minimum=1, maximum=30)
        self._what.setAccessibleName(tr("Skill or role"))
        self._count.setAccessibleName(tr("How many"))
        self._what.addItem(tr("Anybody"), {})
        for role, title in ROLES.items():
            self._what.addItem(tr(title), {"role": role})
        for skill in skills:
            self._what.addItem(skill, {"skill": skill})
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._what, 1)
        layout.addWidget(self._count)

    @property
    def wanted(self) -> dict[str, Any]:
        """As the backend takes it."""
        return {**self._what.currentData(), "count": self._count.value()}


class TeamForm(Page):
    """Which places a team for the selected event has."""

    def __init__(self, proposer: Proposer) -> None:
        super().__init__()
        self._proposer = proposer
        tr = proposer.desk.ctx.tr
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._seats: list[Seat] = []
        self._rows = QVBoxLayout()
        self._apart = Chips([(key.value, tr(title)) for key, title in _APART.items()], lambda _: None)
        self._more = button(tr("Add a place"), self._add, "plus")
        self.add(self._rows)
        self.add(self._apart)
        self.add(row(self._more, None, button(tr("Propose a team"), self._ask, "users")))
        self._add()

    def _add(self) -> None:
        desk = self._proposer.desk
        skills = sorted({skill for member in desk.staff.all() for skill in member.skills})
        seat = Seat(skills, desk.ctx.tr)
        self._seats.append(seat)
        self._rows.addWidget(seat)
        self._more.setEnabled(len(self._seats) < _MOST_SEATS)

    def _ask(self) -> None:
        self._proposer.team([seat.wanted for seat in self._seats], self._apart.value)


class SeveralForm(Page):
    """How many of the events that nobody goes to."""

    def __init__(self, proposer: Proposer) -> None:
        super().__init__()
        self._proposer = proposer
        tr = proposer.desk.ctx.tr
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._open = QLabel(wordWrap=True)
        self._open.setObjectName("muted")
        self._most = QSpinBox(minimum=1, maximum=30, value=5)
        self._most.setAccessibleName(tr("How many events"))
        ask = button(tr("Propose for the most urgent"), lambda: proposer.several(self._most.value()), "users")
        self.add(self._open)
        self.add(row(self._most, None, ask))

    def showEvent(self, event: QShowEvent) -> None:
        """See Qt."""
        count = len(unserved(self._proposer.desk))
        self._open.setText(self._proposer.desk.ctx.tr("{n} open events that nobody goes to", n=count))


class TogetherPanel(Page):
    """The forms as chips, the proposal as a table, and the word that sends it."""

    def __init__(self, proposer: Proposer) -> None:
        super().__init__()
        self._proposer = proposer
        tr = proposer.desk.ctx.tr
        self._event, self._note = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._event.setObjectName("title")
        self._note.setObjectName("muted")
        self._forms = QStackedWidget()
        hint = QLabel(tr("Who is at something lesser and would be there sooner; what it costs is told."))
        hint.setWordWrap(True)
        free = Page(hint, row(None, button(tr("Propose whom to free"), proposer.release, "users")))
        for form in (TeamForm(proposer), SeveralForm(proposer), free):
            self._forms.addWidget(form)
        kinds = [("0", tr("Team")), ("1", tr("Several events")), ("2", tr("Free somebody"))]
        self._kinds = Chips(kinds, self._turn)
        empty = EmptyState(tr("No proposal yet"), tr("Nothing is sent before you say so."), icon="users")
        self._table = RecordTable(_columns(proposer), key=lambda line: line.key, empty=empty, name=PANEL)
        self._table.on_select(lambda _: self._show())
        self._detail = QLabel(wordWrap=True)
        self._one = button(tr("Send this one"), self._send_one, "dispatch")
        self._all = button(tr("Send all"), proposer.send_all, "dispatch", primary=True)
        for part in (self._event, self._kinds, self._forms, self._note):
            self.add(part)
        self.add(self._table, 1)
        self.add(self._detail)
        self.add(row(None, self._one, self._all))
        self.setFocusProxy(self._kinds)
        proposer.changed.connect(self._show)
        proposer.desk.event_changed.connect(self._on_event)
        self._show()

    def _turn(self, at: str) -> None:
        self._forms.setCurrentIndex(int(at))
        self._proposer.clear()

    def _on_event(self) -> None:
        if self._kinds.value != "1":  # several events do not hang on the selected one
            self._proposer.clear()

    def _send_one(self) -> None:
        if self._table.selected is not None:
            self._proposer.send(self._table.selected)

    def _show(self) -> None:
        desk, proposal, tr = self._proposer.desk, self._proposer.proposal, self._proposer.desk.ctx.tr
        event = desk.event
        self._event.setText(event.title if event else tr("No event selected"))
        self._event.setVisible(self._kinds.value != "1")
        self._forms.setEnabled(event is not None or self._kinds.value == "1")
        note = note_text(proposal, tr)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._table.set_rows(list(proposal.lines))
        chosen: Line | None = self._table.selected
        self._detail.setText(detail_text(self._proposer, chosen))
        self._detail.setVisible(chosen is not None)
        may = desk.ctx.backend.allowed(RIGHT)
        left = [line for line in proposal.lines if line.candidate and line.key not in proposal.sent]
        self._all.setVisible(may and self._kinds.value != "2")
        self._all.setEnabled(bool(left))
        self._all.setText(tr("Send all {n}", n=len(left)))
        self._one.setVisible(may)
        self._one.setEnabled(chosen in left)
        freeing = chosen is not None and chosen.release is not None
        self._one.setText(tr("Free and send") if freeing else tr("Send this one"))


def note_text(proposal: Proposal, tr: Tr) -> str:
    """When the proposal was made and what it saves, or why there is none."""
    if proposal.problem or not proposal.lines:
        return proposal.problem
    made = tr(
        "Proposed at {time}; nothing is sent yet", time=time.strftime("%H:%M:%S", time.localtime(proposal.at))
    )
    if proposal.saved_seconds is None or proposal.saved_seconds < 1:
        return made
    saved = tr("{span} less on the way than event by event", span=span_text(proposal.saved_seconds, tr))
    return f"{made}\n{saved}"


def _columns(proposer: Proposer) -> list[Column]:
    tr = proposer.desk.ctx.tr

    def who(line: Line) -> str:
        return line.candidate.name if line.candidate else tr("nobody")

    def eta(line: Line) -> str:
        return span_short(line.candidate.eta_seconds, tr) if line.candidate else ""

    def what(line: Line) -> str:
        return tr("Sent") if line.key in proposer.proposal.sent else detail_text(proposer, line)

    def tone(line: Line) -> str:
        return "warning" if line.candidate is None else ""

    return [
        Column(tr("Who"), who, 56, color=tone),
        Column(tr("ETA"), eta, 66, "right"),
        Column(tr("What for"), what, color=tone, least=120),
    ]


def detail_text(proposer: Proposer, line: Line | None) -> str:
    """What a line is for, and what speaks against it."""
    if line is None:
        return ""
    if line.release is not None:
        return release_text(proposer, line)
    tr = proposer.desk.ctx.tr
    against = remarks(line.candidate, tr) if line.candidate else tr("Nobody free can do this")
    return " · ".join(text for text in (line.seat, proposer.title_of(line.event), against) if text)


def release_text(proposer: Proposer, line: Line) -> str:
    """What freeing somebody brings and costs."""
    tr, release = proposer.desk.ctx.tr, line.release
    if release is None:
        return ""
    gain = (
        tr("nobody else can go")
        if release.only
        else tr("{span} sooner", span=span_text(release.sooner_seconds, tr))
    )
    title = proposer.title_of(release.event)
    if release.instead is None or release.later_seconds is None:
        cost = tr("{title} is left to nobody", title=title)
    else:
        later = span_text(max(release.later_seconds, 0.0), tr)
        cost = tr("{title}: {name} {span} later", title=title, name=release.instead.name, span=later)
    return " · ".join([gain, cost, *([tr("is there already")] if release.arrived else [])])
