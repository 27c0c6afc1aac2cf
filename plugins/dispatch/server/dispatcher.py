"""Choosing and sending: the ranking for a place, and an order made from it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from console.sdk.records import (
    OPEN_EVENT_STATES,
    Candidate,
    Closure,
    Duty,
    Event,
    LonLat,
    Order,
    OrderState,
    Route,
    Staff,
)
from console.sdk.server import ApiError, Caller, NoRoads, Router, ServerContext, Session, conflict
from plugins.dispatch.server.closures import ClosureBook
from plugins.dispatch.server.orders import OrderBook, route_values, to_record
from plugins.dispatch.server.ports import EventService, StaffService
from plugins.dispatch.server.ranking import Ranking, explain, make_roster, rank
from plugins.dispatch.server.tables import OrderRow

KEPT_CANDIDATES = 5
"""Candidates of the ranking that are kept with an order, beside the chosen one."""


@dataclass(frozen=True, slots=True)
class Ask:
    """For whom and what somebody is sought."""

    where: LonLat
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What the sender decided."""

    event: str
    staff: str
    text: str = ""
    id: str | None = None
    anyway: bool = False
    """Send even to somebody off duty or with an open order."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order worked out beside the database transaction that will store it."""

    event: Event
    member: Staff
    route: Route | None
    ranking: dict[str, Any]


class Dispatcher:
    """Ranks and sends. Route searches run outside of writing transactions."""

    def __init__(
        self, server: ServerContext, router: Router, orders: OrderBook, closures: ClosureBook
    ) -> None:
        self._server = server
        self._router = router
        self._orders = orders
        self._closures = closures

    def ask_for_event(self, event_id: str, caller: Caller) -> Ask:
        """What is asked for an event. Raises ApiError 404."""
        with self._server.session(write=False) as session:
            event = self._events.get(session, event_id, caller.areas)
        return Ask(event.where, event.area)

    def ask_for_place(self, where: LonLat, caller: Caller) -> Ask:
        """What is asked for a place. Raises ApiError 422 outside the caller's areas."""
        area = self._server.layers.area_at(where)
        if area is None or not caller.may_see(area):
            raise ApiError(422, "outside_areas", "The place lies outside your areas", "该位置不在您的辖区内")
        return Ask(where, area)

    def rank(self, ask: Ask, caller: Caller, limit: int) -> tuple[Ranking, list[Candidate]]:
        """The caller's staff ranked, the first *limit* explained. Raises ApiError 409 without roads."""
        with self._server.session(write=False) as session:
            staff = self._staff.roster(session, caller.areas)
            closures = self._closures.in_force(session)
        ranking = self._rank(ask, staff, closures)
        return ranking, self._explain(ranking, ranking.order[:limit].tolist(), ask.where, closures)

    def _rank(self, ask: Ask, staff: Sequence[Staff], closures: Sequence[Closure]) -> Ranking:
        roster = make_roster(staff, self._server.positions.latest(), time.time())
        try:
            return rank(roster, ask.where, ask.area, self._router, closures)
        except NoRoads as error:
            raise no_roads() from error

    def _explain(
        self, ranking: Ranking, rows: Sequence[int], where: LonLat, closures: Sequence[Closure]
    ) -> list[Candidate]:
        """The reasons of *rows* with the length of their way."""
        roster = ranking.roster
        lengths: dict[int, float | None] = {}
        for means in {roster.staff[row].means for row in rows}:
            same = [row for row in rows if roster.staff[row].means is means and np.isfinite(ranking.eta[row])]
            metres = self._router.lengths(roster.lonlat[same], where, means, closures)
            lengths |= dict(zip(same, metres, strict=True))
        return explain(ranking, rows, lengths)

    def prepare(self, new: NewOrder, caller: Caller) -> Prepared:
        """Route and ranking of an order. Raises ApiError 404 or 409."""
        with self._server.session(write=False) as session:
            event = self._events.get(session, new.event, caller.areas)
            member = self._staff.get(session, new.staff, caller.areas)
            staff = self._staff.roster(session, caller.areas)
            closures = self._closures.in_force(session)
        check_possible(event, member, new.anyway)
        ranking = self._rank(Ask(event.where, event.area), staff, closures)
        row = next(i for i, each in enumerate(staff) if each.id == member.id)
        route = self._route(ranking, row, event.where, closures)
        return Prepared(event, member, route, self._snapshot(ranking, row, event.where, closures, caller))

    def _route(self, ranking: Ranking, row: int, goal: LonLat, closures: Sequence[Closure]) -> Route | None:
        """The way of one of the roster; None without a good position or a road."""
        lon, lat = ranking.roster.lonlat[row].tolist()
        if not np.isfinite(lon) or ranking.roster.bad[row]:
            return None
        return self._router.route((lon, lat), goal, ranking.roster.staff[row].means, closures)

    def _snapshot(
        self, ranking: Ranking, row: int, where: LonLat, closures: Sequence[Closure], caller: Caller
    ) -> dict[str, Any]:
        """What is kept of a ranking with the order, to answer later why this one was sent."""
        order = ranking.order.tolist()
        kept = dict.fromkeys([*order[:KEPT_CANDIDATES], row])
        return {
            "at": time.time(),
            "by": caller.user_id,
            "closures": [closure.id for closure in closures],
            "straight_first": ranking.straight_first,
            "place": order.index(row) + 1,
            "of": len(order),
            "candidates": msgspec.to_builtins(self._explain(ranking, list(kept), where, closures)),
        }

    def send(self, session: Session, new: NewOrder, prepared: Prepared, caller: Caller) -> Order:
        """Store what was prepared, if it is still possible. Raises ApiError 409."""
        known = session.get(OrderRow, new.id) if new.id else None
        if known is not None:
            if not caller.may_see(known.area):
                raise conflict("id_taken", "This id belongs to another order", "该编号已被占用")
            return to_record(known)
        event = self._events.get(session, new.event, caller.areas)
        check_possible(event, self._staff.get(session, new.staff, caller.areas), new.anyway)
        if any(order.event == event.id for order in self._orders.open_of_staff(session, new.staff)):
            raise conflict("already_sent", "They have an open order for this event", "该人员已有此事件的指令")
        now, route = time.time(), prepared.route
        row = OrderRow(
            id=new.id or str(uuid.uuid4()),
            event=event.id,
            staff=new.staff,
            area=event.area,
            state=OrderState.SENT,
            text=new.text,
            reason="",
            route=route_values(route),
            eta=now + route.seconds if route else None,
            sent_at=now,
            ended_at=None,
            ranking=prepared.ranking,
        )
        order = self._orders.send(session, row, caller.name)
        self._server.audit(session, caller, "orders.send", f"order/{row.id}", reason=new.text, area=row.area)
        return order

    @property
    def _staff(self) -> StaffService:
        return self._server.service("staff")

    @property
    def _events(self) -> EventService:
        return self._server.service("events")


def check_possible(event: Event, member: Staff, anyway: bool) -> None:
    """Raises ApiError 409, with the present state, when nobody may be sent, or not this one."""
    if event.state not in OPEN_EVENT_STATES:
        raise conflict("event_ended", "The event is closed already", "事件已结束", state=event.state)
    if not anyway and (member.job or member.duty is not Duty.ON):
        raise conflict(
            "staff_unavailable",
            "They are off duty or have an open order",
            "该人员未值班或正在执行指令",
            duty=member.duty,
            job=member.job,
        )


def no_roads() -> ApiError:
    """409: without roads nobody can be ranked or guided."""
    return ApiError(409, "no_roads", "No road layer has been imported yet", "尚未导入路网图层")
