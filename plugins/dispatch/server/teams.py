"""Several at once: a team for one event, one person each for several events, and whom to free."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from console.sdk.records import Event, OrderState, Staff, Urgency
from console.sdk.server import Caller, ServerContext
from plugins.dispatch.model import Apart, Member, Release, Together
from plugins.dispatch.server.assignment import Floats, Pairs, assign, assign_apart, assign_in_turn
from plugins.dispatch.server.chooser import Ask, Choice, Chooser
from plugins.dispatch.server.orders import OrderBook
from plugins.dispatch.server.ports import EventService
from plugins.dispatch.server.releases import Busy, releases

URGENCY_WEIGHT = {Urgency.GENERAL: 1.0, Urgency.URGENT: 2.0, Urgency.CRITICAL: 3.0}
"""A minute late at a critical event counts as three at a general one."""
_UNIT_DIGITS = 12
_MOST_EVENTS = 30
_AT_MOST = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One place of a team."""

    skill: str = ""
    role: str = ""

    def fits(self, member: Staff) -> bool:
        """Whether somebody may fill the place."""
        return self.skill in ("", *member.skills) and self.role in ("", member.role)


class Teams:
    """Proposes; sending is left to the dispatcher, order by order."""

    def __init__(self, server: ServerContext, chooser: Chooser, orders: OrderBook) -> None:
        self._server = server
        self._chooser = chooser
        self._orders = orders

    def team(self, event_id: str, wanted: Sequence[Wanted], apart: Apart, caller: Caller) -> Together:
        """The quickest team that fills most places. Raises ApiError 404."""
        choice = self._chooser.choose(self._chooser.ask_for_event(event_id, caller), caller)
        staff = choice.ranking.roster.staff
        scores = free_scores(choice)
        fits = np.array([[place.fits(member) for member in staff] for place in wanted], bool)
        cost = np.where(fits, scores, np.inf) if len(staff) else np.zeros((len(wanted), 0))
        pairs = assign(cost) if apart is Apart.NOTHING else assign_apart(cost, _kinds(staff, apart))
        seats = [(event_id, place.skill or place.role, choice) for place in wanted]
        return self._together(seats, pairs)

    def several(self, needs: Mapping[str, int], caller: Caller) -> Together:
        """People for several events at once, urgent ones counting more. Raises ApiError 404."""
        events = self._events_of(list(needs), caller)
        asks = [Ask(event.where, event.area, event.kind) for event in events]
        choices = self._chooser.choose_all(asks, caller)
        seats: list[tuple[str, str, Choice]] = []
        rows: list[Floats] = []
        for event, choice in sorted(zip(events, choices, strict=True), key=_most_urgent_first):
            seats += [(event.id, "", choice)] * needs[event.id]
            rows += [free_scores(choice) * URGENCY_WEIGHT[event.urgency]] * needs[event.id]
        cost = np.array(rows)
        pairs, in_turn = assign(cost), assign_in_turn(cost)
        answer = self._together(seats, pairs)
        if len(in_turn) < len(pairs):
            return answer
        turn_seconds = sum(float(seats[place][2].ranking.eta[row]) for place, row in in_turn)
        return Together(
            members=answer.members, seconds=answer.seconds, in_turn_seconds=round(turn_seconds, 1)
        )

    def releases(self, event_id: str, limit: int, caller: Caller) -> list[Release]:
        """Whom to free from lesser events for this one, the best proposal first. Raises ApiError 404."""
        (bigger,) = self._events_of([event_id], caller)
        with self._server.session(write=False) as session:
            orders = self._orders.all(session, caller.areas, only_open=True, limit=_AT_MOST)
            events = self._events.by_ids(session, sorted({order.event for order in orders}))
        lesser = {
            event.id: event
            for event in events.values()
            if URGENCY_WEIGHT[event.urgency] < URGENCY_WEIGHT[bigger.urgency] and caller.may_see(event.area)
        }
        kept = sorted(lesser)[:_MOST_EVENTS]
        asks = [Ask(event.where, event.area, event.kind) for event in [bigger, *(lesser[i] for i in kept)]]
        choice, *others = self._chooser.choose_all(asks, caller)
        by_event = dict(zip(kept, others, strict=True))
        busy = [
            Busy(order, URGENCY_WEIGHT[lesser[order.event].urgency], by_event[order.event])
            for order in orders
            if order.event in by_event and order.state is not OrderState.DONE
        ]
        weight = URGENCY_WEIGHT[bigger.urgency]
        return releases(choice, weight, busy, self._chooser.explain)[:limit]

    def _together(self, seats: Sequence[tuple[str, str, Choice]], pairs: Pairs) -> Together:
        who = dict(pairs)
        members = [
            Member(
                event=event,
                seat=seat,
                candidate=self._chooser.explain(choice, [who[at]])[0] if at in who else None,
            )
            for at, (event, seat, choice) in enumerate(seats)
        ]
        seconds = sum(each.candidate.eta_seconds or 0.0 for each in members if each.candidate)
        return Together(members=tuple(members), seconds=round(seconds, 1))

    def _events_of(self, ids: Sequence[str], caller: Caller) -> list[Event]:
        with self._server.session(write=False) as session:
            return [self._events.get(session, event_id, caller.areas) for event_id in ids]

    @property
    def _events(self) -> EventService:
        return self._server.service("events")


def free_scores(choice: Choice) -> Floats:
    """Seconds of everybody who can go and has no job; inf for the others."""
    ranking = choice.ranking
    free = [why is None and not m.job for why, m in zip(ranking.why_not, ranking.roster.staff, strict=True)]
    return np.where(np.array(free, bool), ranking.score, math.inf)


def _kinds(staff: Sequence[Staff], apart: Apart) -> list[Hashable]:
    if apart is Apart.ROLE:
        return [member.role for member in staff]
    return [member.area[:_UNIT_DIGITS] for member in staff]


def _most_urgent_first(pair: tuple[Event, Choice]) -> tuple[float, str]:
    return (-URGENCY_WEIGHT[pair[0].urgency], pair[0].id)
