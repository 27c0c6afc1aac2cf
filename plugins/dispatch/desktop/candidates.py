"""The ranked list, and what the list as a whole must be told with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex

from console.sdk.records import Candidate, FoundBy
from console.sdk.ui import Column, EmptyState, RecordTable
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.parts import PartsDelegate
from plugins.dispatch.desktop.words import metres_text, remarks, span_short, span_text

AGAINST = 3
"""Column of what speaks against somebody; in a narrow panel the total and the way's length are scrolled out,
not this: the bar beneath it shows the total, its words say why."""
AGAINST_LEAST = 182
"""Logical pixels that the first thing said against somebody needs, in either language."""


class CandidateTable(RecordTable):
    """Arrows choose, the pointer looks, Enter sends."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._nobody = EmptyState("", icon="users")
        name = "onemap.dispatch.ranking"
        super().__init__(_columns(desk), key=lambda candidate: candidate.staff, empty=self._nobody, name=name)
        self._desk = desk
        self._folded = True
        self._event_id: str | None = None
        self._order: list[str] = []
        """Staff ids as the rows stand."""
        self.on_select(self._choose)
        self.view.clicked.connect(lambda index: desk.choose(self.shown[index.row()].staff))
        self.view.setItemDelegateForColumn(AGAINST, PartsDelegate(self, desk))
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
        desk, tr = self._desk, self._desk.ctx.tr
        if desk.seeking:
            self._nobody.set_text(tr("Looking for who is nearest by road…"))
        else:
            hint = tr("Select an open event: who is nearest by road appears here.")
            self._nobody.set_text(tr("Nobody to send yet"), hint)
        candidates = [each for each in desk.ranking.candidates if each.able or not self._folded]
        self.set_rows(self._in_order(candidates))
        self._follow()

    @property
    def held(self) -> bool:
        """Whether rows keep their places, because the pointer or the keyboard is among them."""
        return bool(self._order) and (self.view.underMouse() or self.view.hasFocus())

    def _in_order(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """As ranked; but as before while the user's hand is in the list: no row moves under a click."""
        if self._event_id != self._desk.event_id or not self.held:
            self._event_id, self._order = self._desk.event_id, [each.staff for each in candidates]
            return list(candidates)
        places = {staff: at for at, staff in enumerate(self._order)}
        kept = sorted(candidates, key=lambda each: places.get(each.staff, len(places)))
        self._order = [each.staff for each in kept]
        return kept

    @property
    def is_stale(self) -> bool:
        """Whether the rows stand in another order than they are ranked."""
        ranked = {each.staff: at for at, each in enumerate(self._desk.ranking.candidates)}
        places = [ranked[each.staff] for each in self.shown if each.staff in ranked]
        return places != sorted(places) and self.held

    def order_anew(self) -> None:
        """Put the rows into the order of the present ranking."""
        self._order = []
        self.refresh()

    def _follow(self) -> None:
        self.select_key(self._desk.chosen)

    def _choose(self, staff_id: str | None) -> None:
        if staff_id is not None and staff_id != self._desk.chosen:  # else the table follows the desk
            self._desk.choose(staff_id)

    def _look(self, index: QModelIndex) -> None:
        self._desk.way.show(self.shown[index.row()].staff)

    def _send(self, staff_id: str) -> None:
        self._desk.choose(staff_id)
        self._desk.send_chosen()


def _columns(desk: DispatchDesk) -> list[Column]:
    tr = desk.ctx.tr

    def rank(candidate: Candidate) -> int:
        return desk.ranking.candidates.index(candidate) + 1 if candidate in desk.ranking.candidates else 0

    def note(candidate: Candidate) -> str:
        refused = desk.event_id is not None and candidate.staff in desk.refused_by(desk.event_id)
        if (desk.event_id, candidate.staff) in desk.waiting_pairs():
            return tr("Waiting to be sent")
        member = desk.staff.get(candidate.staff)
        lent = tr("Lent") if member is not None and member.home else ""
        said = tr("Refused") if refused else remarks(candidate, tr)
        return " · ".join(part for part in (lent, said) if part)

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
            tr("Against"),
            note,
            color=lambda each: "text.muted" if each.able else "warning",
            least=AGAINST_LEAST,
        ),
        Column(
            tr("Total"),
            lambda each: span_short(each.score, tr) if each.able else "–",
            60,
            "right",
            color=tone,
            sort=lambda each: each.score,
        ),
        Column(
            tr("Way"),
            lambda each: metres_text(each.metres if each.metres is not None else each.straight_metres, tr),
            52,
            "right",
            color=tone,
            sort=lambda each: each.metres if each.metres is not None else each.straight_metres,
        ),
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
    if desk.problem and desk.ranking.candidates and not desk.ranking.straight:
        age = span_text(desk.now - desk.ranked_at, tr)
        return tr("The backend is away: this is the list by road of {age} ago", age=age)
    if desk.ranking.straight:
        return tr("The backend is away: by straight line, times by road unknown")
    if desk.ranking.guessed:
        return tr("No router answers: times are guessed from the straight line")
    return ""


def choice_note(desk: DispatchDesk) -> str:
    """How the choice stands to the best of the list; empty when it is the best and was before."""
    tr, best, chosen = desk.ctx.tr, desk.best, desk.candidate(desk.chosen)
    if chosen is not None and desk.second == (desk.event_id, chosen.staff):
        return tr("Somebody goes already. Once more sends {name} as well", name=chosen.name)
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
