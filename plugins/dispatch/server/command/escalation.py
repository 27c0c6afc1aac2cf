"""What follows when an order stays unanswered: a reminder, then others look after it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console.sdk.records import Duty, Escalation, EscalationRule, Event, Order, OrderState, Role, Staff, Then
from console.sdk.server import ApiError, Caller, ServerContext
from plugins.dispatch.server.chooser import Chooser
from plugins.dispatch.server.command.settings import CommandSettings, rule_for
from plugins.dispatch.server.dispatcher import Dispatcher, NewOrder, Prepared
from plugins.dispatch.server.orders import RULE, OrderBook
from plugins.dispatch.server.ports import StaffService
from plugins.dispatch.server.states import CANCEL, UNANSWERED
from plugins.dispatch.server.tables import OrderRow

LEADER = "grid_leader"
_TRIES = 5
"""Candidates that are tried for the place of somebody silent."""


def due(order: Order, rule: EscalationRule | None, now: float) -> Escalation:
    """How far *order* should be pursued at *now* (seconds since 1970)."""
    if rule is None or order.state not in UNANSWERED:
        return order.escalation
    waited = now - order.sent_at
    if waited >= rule.escalate_after:
        return Escalation.ESCALATED
    if waited >= rule.remind_after and order.escalation is Escalation.NONE:
        return Escalation.REMINDED
    return order.escalation


@dataclass(frozen=True, slots=True)
class Following:
    """An order in place of one that stayed unanswered."""

    new: NewOrder
    prepared: Prepared
    caller: Caller


class Pursuer:
    """Called by the follower at each turn; each step is stored once, whoever else looks as well."""

    def __init__(
        self,
        server: ServerContext,
        dispatcher: Dispatcher,
        chooser: Chooser,
        orders: OrderBook,
        settings: CommandSettings,
    ) -> None:
        self._server, self._dispatcher, self._chooser = server, dispatcher, chooser
        self._orders, self._settings = orders, settings

    def turn(self, orders: Sequence[Order], events: Mapping[str, Event], now: float) -> None:
        """Look at every open order once."""
        silent = [o for o in orders if o.state in UNANSWERED and o.escalation is not Escalation.ESCALATED]
        if not silent:
            return
        with self._server.session(write=False) as session:
            rules = self._settings.rules(session)
        for order in silent:
            event = events.get(order.event)
            rule = rule_for(rules, event)
            how = due(order, rule, now)
            if rule is not None and how is not order.escalation:
                self._pursue(order, event, rule, how)

    def _pursue(self, order: Order, event: Event | None, rule: EscalationRule, how: Escalation) -> None:
        following = None
        if how is Escalation.ESCALATED and rule.then is Then.SEND_NEXT and event and not order.group:
            following = self._find_next(order)
        with self._server.session(write=True) as session:
            row = session.get(OrderRow, order.id)
            if row is None or row.version != order.version:
                return  # they answered, or another process was faster
            self._orders.pursue(session, row, how)
            if how is Escalation.ESCALATED and event is not None:
                self._tell_leader(session, row, event)
            if following is not None:
                self._replace(session, row, following)

    def _find_next(self, order: Order) -> Following | None:
        """The best who can go and has not been asked for this event, as the sender would choose."""
        with self._server.session(write=False) as session:
            row = session.get(OrderRow, order.id)
            areas = tuple(row.ranking.get("areas", ())) if row else ()
            files = row.attachments if row else []
            asked = self._orders.asked_for(session, order.event)
        caller = _by_rule(areas)
        try:
            choice = self._chooser.choose(self._chooser.ask_for_event(order.event, caller), caller)
            ranked = self._chooser.explain(choice, choice.ranking.order[: _TRIES + len(asked)].tolist())
            best = next((c for c in ranked if c.able and c.staff not in asked), None)
            if best is None:
                return None
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{order.id}/next"))
            new = NewOrder(event=order.event, staff=best.staff, text=order.text, id=key, files=files)
            return Following(new, self._dispatcher.prepare(new, caller), caller)
        except ApiError as error:
            self._server.log.info("nobody found instead of %s: %s", order.staff, error.message)
            return None

    def _replace(self, session: Session, row: OrderRow, following: Following) -> None:
        """The next one goes, the silent one need not any more; both or neither."""
        try:
            self._dispatcher.send(session, following.new, following.prepared, following.caller)
        except ApiError as error:
            self._server.log.info("nobody sent instead of %s: %s", row.staff, error.message)
            return
        self._orders.move(session, row, CANCEL, RULE, "未应答，已改派 / no answer, another was sent")

    def _tell_leader(self, session: Session, row: OrderRow, event: Event) -> None:
        """A call to the grid leader on duty who is nearest in the order of areas."""
        leader = _leader(self._staff.roster(session, [event.area[:9]]), event.area, row.staff)
        if leader is None:
            return
        name = self._orders.name_of(session, row)
        call = OrderRow(
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{row.id}/leader")),
            event="",
            staff=leader.id,
            area=leader.area,
            state=OrderState.SENT,
            text=f"{name} 未应答指令，请跟进：{event.title} / No answer, please look after it",
            reason="",
            route=None,
            eta=None,
            sent_at=time.time(),
            ended_at=None,
            ranking={},
            escalation=Escalation.ESCALATED,  # a leader who is silent too is nobody's to pursue
        )
        self._orders.send(session, call, RULE)

    @property
    def _staff(self) -> StaffService:
        return self._server.service("staff")


def _leader(staff: Sequence[Staff], area: str, silent: str) -> Staff | None:
    """The leader on duty whose own area shares most with *area*; not the silent one."""
    leaders = [s for s in staff if s.role == LEADER and s.duty is Duty.ON and s.id != silent]
    return max(leaders, key=lambda s: (_shared(s.area, area), s.id), default=None)


def _shared(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))


def _by_rule(areas: tuple[str, ...]) -> Caller:
    """Who sends when nobody does: bounded by the areas of who sent the first order."""
    return Caller(
        user_id=RULE, username=RULE, name=RULE, role=Role.DISPATCHER, areas=areas, rights=frozenset()
    )
