"""The choice for one or several events: everything that counts is read once, then ranked and explained."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select

from console.sdk.records import Candidate, Closure, EventClass, FoundBy, LonLat, OrderState, Staff
from console.sdk.server import ApiError, Caller, Router, ServerContext, Session
from plugins.dispatch.model import KeptRules, Placed
from plugins.dispatch.server.closures import ClosureBook
from plugins.dispatch.server.ports import EventService, StaffService
from plugins.dispatch.server.ranking import Ranking, explain, rank
from plugins.dispatch.server.ranking_roster import Roster, make_roster
from plugins.dispatch.server.ranking_times import NO_ANSWER
from plugins.dispatch.server.rules import RulesBook
from plugins.dispatch.server.tables import OrderRow

NO_LOAD = (OrderState.REFUSED, OrderState.CANCELLED)
"""Orders that ended so were no work."""


@dataclass(frozen=True, slots=True)
class Ask:
    """For whom and what somebody is sought."""

    where: LonLat
    area: str
    kind: EventClass = EventClass.OTHER


@dataclass(frozen=True, slots=True)
class Choice:
    """A ranking and all that it was made by."""

    ask: Ask
    ranking: Ranking
    rules: KeptRules
    closures: Sequence[Closure]

    @property
    def guessed(self) -> bool:
        """Whether any time in it is made from the straight line."""
        return FoundBy.STRAIGHT in self.ranking.by.values()


class Chooser:
    """Ranks a caller's staff. Route searches run outside of transactions."""

    def __init__(
        self, server: ServerContext, router: Router, closures: ClosureBook, rules: RulesBook
    ) -> None:
        self._server = server
        self._router = router
        self._closures = closures
        self._rules = rules

    def ask_for_event(self, event_id: str, caller: Caller) -> Ask:
        """What is asked for an event. Raises ApiError 404."""
        with self._server.session(write=False) as session:
            event = self._events.get(session, event_id, caller.areas)
        return Ask(event.where, event.area, event.kind)

    def ask_for_place(self, where: LonLat, caller: Caller) -> Ask:
        """What is asked for a place. Raises ApiError 422 outside the caller's areas."""
        area = self._server.layers.area_at(where)
        if area is None or not caller.may_see(area):
            raise ApiError(422, "outside_areas", "The place lies outside your areas", "该位置不在您的辖区内")
        return Ask(where, area)

    def choose(self, ask: Ask, caller: Caller) -> Choice:
        """The caller's staff for one event."""
        return self.choose_all([ask], caller)[0]

    def choose_all(self, asks: Sequence[Ask], caller: Caller) -> list[Choice]:
        """The same staff for each of several events."""
        roster, closures = self.present(caller)
        with self._server.session(write=False) as session:
            rules = [self._rules.in_force(session, ask.kind, ask.area) for ask in asks]
        return [self._choice(ask, roster, kept, closures) for ask, kept in zip(asks, rules, strict=True)]

    def present(self, caller: Caller) -> tuple[Roster, list[Closure]]:
        """The caller's staff as they are now, and the closures in force."""
        with self._server.session(write=False) as session:
            staff = self._staff.roster(session, caller.areas)
            closures = self._closures.in_force(session)
            load = orders_since(session, _midnight())
        return make_roster(staff, self._server.positions.latest(), time.time(), load), closures

    def _choice(self, ask: Ask, roster: Roster, kept: KeptRules, closures: Sequence[Closure]) -> Choice:
        beside = self._server.layers.beside(ask.area)
        ranking = rank(roster, ask.where, ask.area, self._router, closures, kept.rules, beside)
        return Choice(ask, ranking, kept, closures)

    def explain(self, choice: Choice, rows: Sequence[int]) -> list[Candidate]:
        """*rows* of the roster with reasons and the lengths of their ways."""
        ranking, roster = choice.ranking, choice.ranking.roster
        known = [row for row in rows if np.isfinite(ranking.eta[row])]
        lengths: dict[int, float | None] = {}
        for means in {roster.staff[row].means for row in known}:
            same = [row for row in known if roster.staff[row].means is means]
            try:
                starts, where = roster.lonlat[same], choice.ask.where
                metres = self._router.lengths(starts, where, means, choice.closures, trip=roster.trip)
            except NO_ANSWER:
                continue
            lengths |= dict(zip(same, metres, strict=True))
        return explain(ranking, rows, lengths)

    def find(self, choice: Choice, name: str, limit: int) -> list[Placed]:
        """Those whose name holds *name*, or whose id it is, with their places in the whole list."""
        staff = choice.ranking.roster.staff
        hits = [
            (place, row)
            for place, row in enumerate(choice.ranking.order.tolist(), 1)
            if name in staff[row].name or name == staff[row].id
        ][:limit]
        candidates = self.explain(choice, [row for _, row in hits])
        return [
            Placed(candidate=candidate, place=place)
            for candidate, (place, _) in zip(candidates, hits, strict=True)
        ]

    @property
    def _staff(self) -> StaffService:
        return self._server.service("staff")

    @property
    def _events(self) -> EventService:
        return self._server.service("events")


def orders_since(session: Session, since: float) -> dict[str, int]:
    """How many orders each staff member was given since then, without calls, refused and cancelled ones."""
    query = select(OrderRow.staff, func.count()).where(
        OrderRow.sent_at >= since, OrderRow.state.not_in(NO_LOAD), OrderRow.event != ""
    )
    return dict(session.execute(query.group_by(OrderRow.staff)).tuples().all())


def row_of(staff: Sequence[Staff], staff_id: str) -> int:
    """Row of somebody who is known to be in the roster."""
    return next(row for row, member in enumerate(staff) if member.id == staff_id)


def _midnight() -> float:
    """When today began where the backend stands, s since 1970."""
    now = time.localtime()
    return time.mktime((now.tm_year, now.tm_mon, now.tm_mday, 0, 0, 0, 0, 0, -1))
