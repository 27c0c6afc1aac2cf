"""Proposals for several at once: what is asked, and what a human's word sends. Nothing goes by itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import OneMapError, Undo
from console.sdk.records import OPEN_EVENT_STATES, Candidate, Event, Urgency
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.model import Release, Together

_URGENCY = {Urgency.CRITICAL: 0, Urgency.URGENT: 1, Urgency.GENERAL: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a proposal: somebody to an event, perhaps taken from another."""

    key: str
    event: str
    seat: str = ""
    candidate: Candidate | None = None
    release: Release | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the backend proposes, as of a time (s since 1970)."""

    lines: tuple[Line, ...] = ()
    at: float = 0.0
    saved_seconds: float | None = None
    """Travel time saved over each event taking its best in turn."""
    problem: str = ""
    sent: frozenset[str] = field(default_factory=frozenset[str])
    """Keys of lines that were sent."""


class Proposer(QObject):
    """Asks for proposals and sends what is confirmed."""

    changed = Signal()

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self.desk = desk
        self.proposal = Proposal()
        self._asking: Undo | None = None

    def team(self, seats: Sequence[dict[str, Any]], apart: str) -> None:
        """A team for the selected event."""
        body = {"event": self.desk.event_id, "seats": list(seats), "apart": apart}
        self._start(self._ask_together("/dispatch/team", body))

    def several(self, most: int) -> None:
        """One person each for the most urgent events that nobody goes to."""
        needs = [{"event": event.id} for event in unserved(self.desk)[:most]]
        if needs:
            self._start(self._ask_together("/dispatch/several", {"events": needs}))
        else:
            self._show(Proposal(problem=self.desk.ctx.tr("Somebody goes to every open event")))

    def release(self) -> None:
        """Whom to free for the selected event."""
        self._start(self._ask_release({"event": self.desk.event_id}))

    def clear(self) -> None:
        """Forget the proposal."""
        if self._asking:
            self._asking()
        self._show(Proposal())

    def send_all(self) -> None:
        """Send everybody of the proposal who was not sent yet."""
        for line in self.proposal.lines:
            self.send(line)

    def send(self, line: Line) -> None:
        """Send one line, once."""
        if line.candidate is None or line.key in self.proposal.sent:
            return
        if line.release is not None:
            self._free(line.release)
        self._order(line.candidate, line.event)
        if line.release is not None and line.release.instead is not None:
            self._order(line.release.instead, line.release.event)
        self._show(replace(self.proposal, sent=self.proposal.sent | {line.key}))

    def title_of(self, event_id: str) -> str:
        """Title of an event, or its id when it is not known here."""
        event = self.desk.events.get(event_id)
        return event.title if event else event_id

    def _free(self, release: Release) -> None:
        tr = self.desk.ctx.tr
        title = tr("Cancel the order to {name}", name=release.freed.name)
        body = {"action": "cancel", "note": tr("Called to something bigger")}
        self.desk.submit(title, "POST", f"/dispatch/orders/{release.order}/actions", body)

    def _order(self, candidate: Candidate, event_id: str) -> None:
        title = self.desk.ctx.tr(
            "Order to {name}: {title}", name=candidate.name, title=self.title_of(event_id)
        )
        body: dict[str, Any] = {"id": str(uuid.uuid4()), "event": event_id, "staff": candidate.staff}
        body["given_at"] = self.desk.now
        self.desk.submit(title, "POST", "/dispatch/orders", body)

    def _start(self, coroutine: Any) -> None:
        if self._asking:
            self._asking()
        self._asking = self.desk.ctx.tasks.start(coroutine)

    async def _ask_together(self, path: str, body: Any) -> None:
        try:
            found = msgspec.convert(await self.desk.ctx.backend.post(path, body), Together)
        except OneMapError as error:
            self._show(Proposal(problem=str(error)))
            return
        lines = [
            Line(key=str(at), event=member.event, seat=member.seat, candidate=member.candidate)
            for at, member in enumerate(found.members)
        ]
        turns = found.in_turn_seconds
        saved = None if turns is None else turns - found.seconds
        self._show(Proposal(lines=tuple(lines), at=self.desk.now, saved_seconds=saved))

    async def _ask_release(self, body: Any) -> None:
        try:
            found = msgspec.convert(
                await self.desk.ctx.backend.post("/dispatch/release", body), list[Release]
            )
        except OneMapError as error:
            self._show(Proposal(problem=str(error)))
            return
        lines = [
            Line(key=each.order, event=body["event"], candidate=each.freed, release=each) for each in found
        ]
        none = "" if lines else self.desk.ctx.tr("Nobody who is at something lesser would be there sooner")
        self._show(Proposal(lines=tuple(lines), at=self.desk.now, problem=none))

    def _show(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.changed.emit()


def unserved(desk: DispatchDesk) -> list[Event]:
    """Open events without an open order, the most urgent and oldest first."""
    open_events = [e for e in desk.events.all() if e.state in OPEN_EVENT_STATES and not desk.under_way(e.id)]
    return sorted(open_events, key=lambda event: (_URGENCY[event.urgency], event.reported_at, event.id))
