"""Tells what the people sent say: accepted, refused, arrived, done; a refusal offers the next one."""

from __future__ import annotations

from console.sdk import Change, Severity
from console.sdk.records import OPEN_ORDER_STATES, Escalation, Order, OrderState
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.orders import pursued

_WORDS: dict[OrderState, tuple[str, Severity]] = {
    OrderState.ACCEPTED: ("{name} has accepted: {title}", Severity.INFO),
    OrderState.REFUSED: ("{name} has refused: {title}", Severity.WARNING),
    OrderState.ARRIVED: ("{name} has arrived: {title}", Severity.SUCCESS),
    OrderState.DONE: ("{name} reports it done: {title}", Severity.SUCCESS),
}


class OrderNews:
    """Follows the live orders. What a snapshot brings is known already, so it is not news."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._desk = desk
        orders = [order for order in desk.orders.all() if order.event]
        self._states = {order.id: order.state for order in orders}
        self._silent = {order.id for order in orders if pursued(order) is Escalation.ESCALATED}
        desk.orders.on_change(self._look)
        self._count()

    def _look(self, change: Change) -> None:
        for order_id in change.gone:
            self._states.pop(order_id, None)
        for order_id in change.put:
            order = self._desk.orders.get(order_id)
            if order is None or not order.event:
                continue
            before = self._states.get(order_id)
            self._states[order_id] = order.state
            if not change.reset and before is not order.state and order.state in _WORDS:
                self._tell(order)
            silent, was = pursued(order) is Escalation.ESCALATED, order_id in self._silent
            if silent and not was:
                self._silent.add(order_id)
                if not change.reset:
                    self._tell_silence(order)
        self._count()

    def _tell(self, order: Order) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        words, severity = _WORDS[order.state]
        event = desk.events.get(order.event)
        refused = order.state is OrderState.REFUSED
        desk.ctx.notify(
            tr(words, name=desk.name_of(order.staff), title=event.title if event else order.event),
            severity,
            detail=order.reason,
            action=(tr("Next candidate") if refused else tr("Show"), lambda: self._go(order)),
            key=f"onemap.dispatch.{order.id}",
        )
        if refused and desk.event_id == order.event:
            desk.choose(None)
            desk.rank()

    def _tell_silence(self, order: Order) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        event = desk.events.get(order.event)
        desk.ctx.notify(
            tr(
                "{name} does not answer: {title}",
                name=desk.name_of(order.staff),
                title=event.title if event else "",
            ),
            Severity.ERROR,
            action=(tr("Next candidate"), lambda: self._go(order)),
            key=f"onemap.dispatch.{order.id}",
        )

    def _go(self, order: Order) -> None:
        self._desk.jump(order.event)
        if order.state is OrderState.REFUSED or pursued(order):
            self._desk.choose(None)
            self._desk.rank()

    def _count(self) -> None:
        open_orders = sum(state in OPEN_ORDER_STATES for state in self._states.values())
        self._desk.ctx.panels.set_badge("onemap.dispatch.dispatch", str(open_orders) if open_orders else "")
