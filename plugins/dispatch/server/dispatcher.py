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
    Duty,
    Event,
    Order,
    OrderState,
    Route,
    Staff,
)
from console.sdk.server import ApiError, Caller, Router, ServerContext, Session, conflict
from plugins.dispatch.server.chooser import Ask, Choice, Chooser, row_of
from plugins.dispatch.server.command.stations import commanded
from plugins.dispatch.server.moving import route_heading
from plugins.dispatch.server.orders import OrderBook, route_values, to_record
from plugins.dispatch.server.ports import EventService
from plugins.dispatch.server.ranking_roster import Roster
from plugins.dispatch.server.ranking_times import NO_ANSWER
from plugins.dispatch.server.tables import OrderRow

KEPT_CANDIDATES = 5
"""Candidates of the ranking that are kept with an order, beside the chosen one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What the sender decided."""

    event: str
    staff: str
    text: str = ""
    id: str | None = None
    anyway: bool = False
    """Send even to somebody off duty or with an open order."""
    files: Sequence[dict[str, Any]] = ()
    """Records ``Attachment`` as plain values, checked already."""
    given_at: float | None = None
    """When the sender gave it, s since 1970; None: now."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order worked out beside the database transaction that will store it."""

    event: Event
    member: Staff
    route: Route | None
    ranking: dict[str, Any]


class Dispatcher:
    """Prepares and sends. Route searches run outside of writing transactions."""

    def __init__(self, server: ServerContext, router: Router, orders: OrderBook, chooser: Chooser) -> None:
        self._server = server
        self._router = router
        self._orders = orders
        self._chooser = chooser

    def prepare(self, new: NewOrder, caller: Caller) -> Prepared:
        """Route and ranking of an order. Raises ApiError 404 or 409."""
        with self._server.session(write=False) as session:
            event = self._events.get(session, new.event, caller.areas)
            member = commanded(session, self._server, new.staff, caller)
        check_possible(event, member, new.anyway)
        choice = self._chooser.choose(Ask(event.where, event.area, event.kind), caller)
        row = row_of(choice.ranking.roster.staff, member.id)
        return Prepared(event, member, self._route(choice, row), self._snapshot(choice, row, caller))

    def _route(self, choice: Choice, row: int) -> Route | None:
        """The way of one of the roster; None without a good position, a road or a router."""
        roster = choice.ranking.roster
        lon, lat = roster.lonlat[row].tolist()
        if not np.isfinite(lon) or roster.bad[row]:
            return None
        means, heading = roster.staff[row].means, float(roster.heading[row])
        goal, closures = choice.ask.where, choice.closures
        try:
            return route_heading(self._router, (lon, lat), goal, means, closures, roster.at, heading)
        except NO_ANSWER:
            return None

    def _snapshot(self, choice: Choice, row: int, caller: Caller) -> dict[str, Any]:
        """What is kept of a ranking with the order, to answer later why this one was sent."""
        order, roster = choice.ranking.order.tolist(), choice.ranking.roster
        kept = dict.fromkeys([*order[:KEPT_CANDIDATES], row])
        return {
            "at": roster.at,
            "by": caller.user_id,
            "areas": list(caller.areas),
            "closures": [closure.id for closure in choice.closures],
            "straight_first": choice.ranking.straight_first,
            "rules": msgspec.to_builtins(choice.rules),
            "guessed": choice.guessed,
            "place": order.index(row) + 1,
            "of": len(order),
            "starts": {roster.staff[each].id: _start(roster, each) for each in kept},
            "candidates": msgspec.to_builtins(self._chooser.explain(choice, list(kept))),
        }

    def send(self, session: Session, new: NewOrder, prepared: Prepared, caller: Caller) -> Order:
        """Store what was prepared, if it is still possible. Raises ApiError 409."""
        known = session.get(OrderRow, new.id) if new.id else None
        if known is not None:
            if not caller.may_see(known.area):
                raise conflict("id_taken", "This id belongs to another order", "该编号已被占用")
            return to_record(known)
        event = self._events.get(session, new.event, caller.areas)
        check_possible(event, commanded(session, self._server, new.staff, caller), new.anyway)
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
            attachments=list(new.files),
        )
        order = self._orders.send(session, row, caller.name, new.given_at)
        self._server.audit(session, caller, "orders.send", f"order/{row.id}", reason=new.text, area=row.area)
        return order

    @property
    def _events(self) -> EventService:
        return self._server.service("events")


def _start(roster: Roster, row: int) -> dict[str, Any]:
    """From where somebody would have gone, and in which direction they moved; None where unknown."""
    where, heading = roster.lonlat[row], float(roster.heading[row])
    return {
        "where": where.tolist() if np.isfinite(where).all() else None,
        "heading": round(heading, 1) if np.isfinite(heading) else None,
    }


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
