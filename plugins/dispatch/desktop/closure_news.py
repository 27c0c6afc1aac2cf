"""What a new closure means for those who could go, told in one line."""

from __future__ import annotations

from console.sdk.records import Candidate
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.ranked import Ranked
from plugins.dispatch.desktop.words import Tr

DETOUR = 1.05
"""Times the metres of before from which a way counts as another one: people move meanwhile."""
NAMED = 3
"""So many who cannot be reached any more are named, of more the number is told."""


def effect_text(before: Ranked, after: Ranked, tr: Tr) -> str:
    """Who cannot come any more and how many go round; empty when nothing changed."""
    was = {each.staff: each for each in before.candidates if each.able}
    now = [each for each in after.candidates if each.staff in was]
    cut = [each.name for each in now if not each.able and each.eta_seconds is None]
    round_ = sum(each.able and _goes_round(was[each.staff], each) for each in now)
    parts = []
    if cut:
        who = tr(", ").join(cut) if len(cut) <= NAMED else tr("{n} people", n=len(cut))
        parts.append(tr("{who} cannot get there", who=who))
    if round_:
        parts.append(tr("{n} go round", n=round_))
    return tr("After the closure: {what}", what=tr("; ").join(parts)) if parts else ""


def _goes_round(before: Candidate, after: Candidate) -> bool:
    return bool(before.metres and after.metres and after.metres > before.metres * DETOUR)


class ClosureNews:
    """Compares the list by road from before a closure with the first one after it."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._desk = desk
        self._known = self._present()
        self._before: tuple[str | None, Ranked] | None = None
        desk.closures_changed.connect(self._look)
        desk.ranked.connect(self._compare)

    def _present(self) -> frozenset[str]:
        return frozenset(closure.id for closure in self._desk.closures.all())

    def _look(self) -> None:
        desk, present = self._desk, self._present()
        if present - self._known and desk.ranking.candidates and not desk.ranking.straight:
            self._before = desk.event_id, desk.ranking
        self._known = present

    def _compare(self) -> None:
        desk = self._desk
        if self._before is None or desk.seeking:
            return
        (event_id, before), self._before = self._before, None
        if event_id == desk.event_id and not desk.ranking.straight:
            text = effect_text(before, desk.ranking, desk.ctx.tr)
            if text:
                desk.ctx.notify(text, key="onemap.dispatch.closure_effect")
