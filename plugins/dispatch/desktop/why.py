"""Why not this one: a name is searched, and where they stand and what parts them from the best is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.sdk import OneMapError, Undo
from console.sdk.records import Candidate
from console.sdk.ui import KeyValues, SearchField
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.parts import MOST_SECONDS
from plugins.dispatch.desktop.words import Tr, reason_text, span_text, why_not_text
from plugins.dispatch.model import Looked, Placed

MOST = 5
"""People told of at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Answer of ``POST /dispatch/why``."""

    found: tuple[Placed, ...] = ()
    best: Candidate | None = None
    of: int = 0


class WhyNotThisOne(QWidget):
    """A search box with its answer; asks for the event of the desk."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._asking: Undo | None = None
        self._field = SearchField(tr("Why not …? Type a name"))
        self._field.on_search(self._search)
        self._pairs, self._none = KeyValues(), QLabel(wordWrap=True)
        self._none.setObjectName("muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._field, self._none, self._pairs):
            layout.addWidget(part)
        desk.event_changed.connect(self._field.clear)
        desk.ranked.connect(self._again)
        self._show(None)

    def _again(self) -> None:
        self._search(self._field.text().strip())

    def _search(self, name: str) -> None:
        if self._asking:
            self._asking()
        if name and self._desk.event_id:
            self._asking = self._desk.ctx.tasks.start(self._ask(name, self._desk.event_id))
        else:
            self._show(None)

    async def _ask(self, name: str, event_id: str) -> None:
        body: dict[str, Any] = {"event": event_id, "name": name, "limit": MOST}
        try:
            found = msgspec.convert(await self._desk.ctx.backend.post("/dispatch/why", body), Found)
        except OneMapError as error:
            self._show(None, str(error))
        else:
            none = "" if found.found else self._desk.ctx.tr("Nobody of that name in your areas")
            self._show(found, none)

    def _show(self, found: Found | None, none: str = "") -> None:
        self._none.setText(none)
        self._none.setVisible(bool(none))
        pairs = answers(found, self._desk.ctx.tr) if found else []
        self._pairs.set_pairs(pairs)
        self._pairs.setVisible(bool(pairs))


def answers(found: Found, tr: Tr) -> list[tuple[str, str]]:
    """Name and place of each, and why they do not come first."""
    return [
        (
            f"{each.candidate.name}\n{tr('place {place} of {of}', place=each.place, of=found.of)}",
            difference(each.candidate, found.best, tr),
        )
        for each in found.found
    ]


def difference(candidate: Candidate, best: Candidate | None, tr: Tr) -> str:
    """What parts somebody from the best, the greatest part first."""
    if not candidate.able:
        return why_not_text(candidate, tr)
    if best is None or best.staff == candidate.staff:
        return tr("They are the best")
    ours = {reason.what: reason.seconds for reason in best.reasons}
    parts = [
        (reason.seconds - ours.get(reason.what, 0.0), reason)
        for reason in candidate.reasons
        if reason.seconds < MOST_SECONDS
    ]
    parts.sort(key=lambda part: -part[0])
    more = [_more(span, reason_text(reason, tr), reason.what, tr) for span, reason in parts if span >= 1]
    behind = tr("{span} behind {best}", span=span_text(candidate.score - best.score, tr), best=best.name)
    return "\n".join([behind, *more])


def _more(seconds: float, text: str, what: str, tr: Tr) -> str:
    span = f"+ {span_text(seconds, tr)}"
    return f"{span}  {tr('longer by road') if what == Looked.ETA else text}"
