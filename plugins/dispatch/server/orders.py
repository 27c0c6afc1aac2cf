"""The orders as the backend keeps them: steps, history, the feed, and what follows for staff and event."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import (
    OPEN_ORDER_STATES,
    Attachment,
    Escalation,
    HistoryEntry,
    Order,
    OrderState,
    Route,
)
from console.sdk.server import ServerContext, announce, conflict, not_found
from plugins.dispatch.model import DeviceAction
from plugins.dispatch.server.bodies import MAX_ATTACHMENTS
from plugins.dispatch.server.ports import EventService, StaffService
from plugins.dispatch.server.states import CANCEL, WrongStep, after
from plugins.dispatch.server.tables import OrderRow, OrderStep

RULE = "rule"
"""Actor of what the backend does by rule."""
KEPT_AFTER_END = 86_400.0
"""Seconds that an ended order stays on new consoles."""

LATE = 5.0
"""Seconds from deed to arrival from which on the history tells both."""


def to_record(row: OrderRow) -> Order:
    """The row as it travels."""
    return Order(
        id=row.id,
        event=row.event,
        staff=row.staff,
        area=row.area,
        state=OrderState(row.state),
        text=row.text,
        reason=row.reason,
        route=None if row.route is None else msgspec.convert(row.route, Route),
        eta=row.eta,
        sent_at=row.sent_at,
        version=row.version,
        group=row.group,
        escalation=Escalation(row.escalation),
        attachments=tuple(msgspec.convert(each, Attachment) for each in row.attachments),
    )


class OrderBook:
    """Reading cut by area, and every change with its history."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def row(self, session: Session, order_id: str, areas: Sequence[str]) -> OrderRow:
        """One row. Raises ApiError 404 outside *areas*."""
        in_areas = self._server.in_areas(OrderRow.area, areas)
        row = session.scalar(select(OrderRow).where(OrderRow.id == order_id, in_areas))
        if row is None:
            raise not_found()
        return row

    def row_of_staff(self, session: Session, order_id: str, staff: str) -> OrderRow:
        """One row of *staff*'s own. Raises ApiError 404."""
        row = session.get(OrderRow, order_id)
        if row is None or row.staff != staff:
            raise not_found()
        return row

    def open_of_staff(self, session: Session, staff: str) -> list[Order]:
        """Open orders of one member, oldest first."""
        query = select(OrderRow).where(OrderRow.staff == staff, OrderRow.state.in_(OPEN_ORDER_STATES))
        return [to_record(row) for row in session.scalars(query.order_by(OrderRow.sent_at, OrderRow.id))]

    def asked_for(self, session: Session, event_id: str) -> set[str]:
        """Who ever got an order for an event."""
        return set(session.scalars(select(OrderRow.staff).where(OrderRow.event == event_id)))

    def open_everywhere(self, session: Session) -> list[Order]:
        """All open orders, for following them; not for a caller."""
        query = select(OrderRow).where(OrderRow.state.in_(OPEN_ORDER_STATES))
        return [to_record(row) for row in session.scalars(query.order_by(OrderRow.id))]

    def all(self, session: Session, areas: Sequence[str], *, only_open: bool, limit: int) -> list[Order]:
        """Orders of *areas*, newest first."""
        query = select(OrderRow).where(self._server.in_areas(OrderRow.area, areas))
        if only_open:
            query = query.where(OrderRow.state.in_(OPEN_ORDER_STATES))
        rows = session.scalars(query.order_by(OrderRow.sent_at.desc(), OrderRow.id).limit(limit))
        return [to_record(row) for row in rows]

    def current(self, session: Session, areas: Sequence[str]) -> list[Order]:
        """What a new console needs: open orders, and those ended within a day."""
        recent = OrderRow.ended_at >= time.time() - KEPT_AFTER_END
        query = select(OrderRow).where(self._server.in_areas(OrderRow.area, areas))
        rows = session.scalars(query.where(OrderRow.state.in_(OPEN_ORDER_STATES) | recent))
        return [to_record(row) for row in rows]

    def history(self, session: Session, order_id: str) -> list[HistoryEntry]:
        """Steps of one order, oldest first."""
        steps = session.scalars(
            select(OrderStep).where(OrderStep.order_id == order_id).order_by(OrderStep.id)
        )
        return [
            HistoryEntry(
                at=s.at,
                actor=s.actor,
                action=s.action,
                note=s.note,
                state=s.state,
                received_at=s.received_at,
            )
            for s in steps
        ]

    def name_of(self, session: Session, row: OrderRow) -> str:
        """Name of who is sent."""
        return self._staff.name_of(session, row.staff)

    def send(self, session: Session, row: OrderRow, actor: str, given: float | None = None) -> Order:
        """Store a new order; its event is dispatched, its staff member has a job (not by a call).

        *given*: when it was, if the console was cut off then; the order itself counts from its arrival.
        """
        session.add(row)
        session.flush()
        order = self._step(session, row, actor, "send", row.text, given)
        if row.event:
            self._staff.set_job(session, row.staff, row.id)
            self._events.follow(session, row.event, "dispatched", actor, self.name_of(session, row))
        return order

    def pursue(self, session: Session, row: OrderRow, how: Escalation) -> Order:
        """Note that nobody answered: the device rings again, or others look after it."""
        row.escalation = how
        return self._step(session, row, RULE, "remind" if how is Escalation.REMINDED else "escalate", "")

    def move(self, session: Session, row: OrderRow, action: str, actor: str, note: str) -> Order:
        """One step of the order. Raises ApiError 409 when the state does not allow it."""
        try:
            state = after(OrderState(row.state), action, call=not row.event)
        except WrongStep as error:
            raise conflict("wrong_state", str(error), error.chinese, state=row.state) from error
        if state is None:
            return to_record(row)
        row.state = state
        if action in (DeviceAction.REFUSE, DeviceAction.DONE, CANCEL):
            row.reason = note
        if state not in OPEN_ORDER_STATES:
            row.ended_at, row.eta = time.time(), None
        order = self._step(session, row, actor, action, note)
        self._settle(session, row, actor, note)
        return order

    def attach(self, session: Session, row: OrderRow, files: Sequence[dict[str, Any]], actor: str) -> Order:
        """Add files (``Attachment`` as plain values) that the order has not yet.

        Raises ApiError 409 when the order is over, or would have too many.
        """
        if row.state not in OPEN_ORDER_STATES:
            raise conflict("wrong_state", "The order is over", "指令已结束", state=row.state)
        has = {each["id"] for each in row.attachments}
        new = [each for each in files if each["id"] not in has]
        if len(has) + len(new) > MAX_ATTACHMENTS:
            raise conflict(
                "too_many_attachments",
                f"An order has {MAX_ATTACHMENTS} attachments at most",
                f"每条指令最多 {MAX_ATTACHMENTS} 个附件",
            )
        if not new:
            return to_record(row)
        row.attachments = [*row.attachments, *new]
        return self._step(session, row, actor, "attach", ", ".join(each["name"] for each in new))

    def note(self, session: Session, row: OrderRow, actor: str, text: str) -> Order:
        """Something said about the order; its state stays."""
        return self._step(session, row, actor, "note", text)

    def _settle(self, session: Session, row: OrderRow, actor: str, note: str) -> None:
        """What the new state of an order means for its staff member and its event."""
        if row.state == OrderState.ARRIVED and row.event:
            self._events.follow(session, row.event, "handling", actor, note)
        if row.state in OPEN_ORDER_STATES or not row.event:
            return
        still = [order for order in self.open_of_staff(session, row.staff) if order.event]
        self._staff.set_job(session, row.staff, still[-1].id if still else "")
        query = select(OrderRow.id).where(OrderRow.event == row.event, OrderRow.state.in_(OPEN_ORDER_STATES))
        if session.scalars(query.limit(1)).first() is None:
            course = "fed_back" if row.state == OrderState.DONE else "withdrawn"
            self._events.follow(session, row.event, course, actor, note)

    def reroute(
        self, session: Session, row: OrderRow, route: Route | None, eta: float | None, why: str
    ) -> Order:
        """Push another route."""
        row.route, row.eta = route_values(route), eta
        return self._step(session, row, "router", "reroute", why)

    def expect(self, session: Session, row: OrderRow, eta: float) -> Order:
        """A new expected arrival; no step of the history."""
        row.eta = eta
        return self._announce(session, row)

    def _step(
        self,
        session: Session,
        row: OrderRow,
        actor: str,
        action: str,
        note: str,
        given: float | None = None,
    ) -> Order:
        now = time.time()
        step = OrderStep(
            order_id=row.id, at=given or now, actor=actor, action=action, note=note, state=row.state
        )
        if now - step.at > LATE:
            step.received_at = now
        session.add(step)
        return self._announce(session, row)

    def _announce(self, session: Session, row: OrderRow) -> Order:
        return announce(self._server, session, "order", row, to_record)

    @property
    def _staff(self) -> StaffService:
        return self._server.service("staff")

    @property
    def _events(self) -> EventService:
        return self._server.service("events")


def route_values(route: Route | None) -> dict[str, Any] | None:
    """The route as plain JSON values."""
    return None if route is None else msgspec.to_builtins(route)
