"""The ranked list, and what the list as a whole must be told with."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex

from console.sdk.records import Candidate, FoundBy
from console.sdk.ui import Column, EmptyState, RecordTable
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.parts import PartsDelegate
from plugins.dispatch.desktop.words import metres_text, remarks, span_short, span_text


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
        self.on_select(self._choose)
        self.view.clicked.connect(lambda index: desk.choose(self.shown[index.row()].staff))
        self.view.setItemDelegateForColumn(len(_columns(desk)) - 1, PartsDelegate(self, desk))
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

    def _choose(self, staff_id: str | None) -> None:
        if staff_id is not None and staff_id != self._desk.chosen:  # else the table follows the desk
            self._desk.choose(staff_id)

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

    def eta(candidate: Candidate) -> str:
        guessed = candidate.by is FoundBy.STRAIGHT and candidate.eta_seconds is not None
        return ("≈ " if guessed else "") + span_short(candidate.eta_seconds, tr)

    def trust(candidate: Candidate) -> str:
        return "error" if candidate.by is FoundBy.STRAIGHT else tone(candidate)

    def tone(candidate: Candidate) -> str:
        return "" if candidate.able else "text.muted"

    return [
        Column("#", rank, 22, "right", sort=rank),
        Column(tr("Name"), lambda each: each.name, 56, color=tone),
        Column(tr("ETA"), eta, 66, "right", color=trust, sort=_eta),
        Column(
            tr("Way"),
            lambda each: metres_text(each.metres if each.metres is not None else each.straight_metres),
            52,
            "right",
            color=tone,
            sort=lambda each: each.metres if each.metres is not None else each.straight_metres,
        ),
        Column(tr("Against"), note, color=lambda each: "text.muted" if each.able else "warning", least=96),
    ]


def _eta(candidate: Candidate) -> float:
    return candidate.eta_seconds if candidate.eta_seconds is not None else float("inf")


def straight_note(desk: DispatchDesk) -> str:
    """What a straight line would have got wrong; empty when it is right."""
    tr = desk.ctx.tr
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


def loud_note(desk: DispatchDesk) -> str:
    """Why the times must not be trusted; empty when a router found them."""
    tr = desk.ctx.tr
    if desk.ranking.straight:
        return tr("The backend is away: by straight line, times by road unknown")
    if desk.ranking.guessed:
        return tr("No router answers: times are guessed from the straight line")
    return ""


def choice_note(desk: DispatchDesk) -> str:
    """How the choice stands to the best of the list; empty when it is the best and was before."""
    tr, best, chosen = desk.ctx.tr, desk.best, desk.candidate(desk.chosen)
    if best is None or chosen is None:
        return ""
    if not desk.own_choice:
        followed = tr("{name} is the best now, before it was {before}", name=best.name, before=desk.followed)
        return followed if desk.followed and best.staff == chosen.staff else ""
    if best.staff == chosen.staff:
        return ""
    gain = (chosen.eta_seconds or 0.0) - (best.eta_seconds or 0.0)
    names = {"name": chosen.name, "best": best.name}
    if gain >= 1 and best.eta_seconds is not None:
        return tr("You chose {name}; {best} would be there {span} sooner", span=span_text(gain, tr), **names)
    return tr("You chose {name}; {best} is the best of the list", **names)
