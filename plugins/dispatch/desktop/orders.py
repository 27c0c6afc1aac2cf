"""Orders with their states and live arrival times; what waits in the outbox stands among them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from console.sdk import Waiting
from console.sdk.records import OPEN_ORDER_STATES, Escalation, Order, OrderState
from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.framing import show_order
from plugins.dispatch.desktop.words import ESCALATIONS, ORDER_STATES, ORDER_TONES, Tr, clock_text, span_text

RIGHT = "orders.write"
DETAILS = "onemap.dispatch.order"
"""Panel of one order."""
UNANSWERED = frozenset({OrderState.SENT, OrderState.DELIVERED, OrderState.READ})
ARRIVING_SECONDS = 30.0
"""What an expected arrival is out by: nearer to it seconds are not told, beyond it they should be there."""
_COMING = OPEN_ORDER_STATES - {OrderState.ARRIVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: an order, or intent that waits or was refused."""

    key: str
    state: str
    tone: str
    who: str
    what: str
    eta: str = ""
    order: Order | None = None
    waiting: Waiting | None = None


def order_lines(desk: DispatchDesk) -> list[Line]:
    """Waiting intent first, then orders."""
    tr = desk.ctx.tr
    lines = [
        Line(
            key=f"waiting/{entry.id}",
            state=tr("Refused by the backend") if entry.error else tr("Waiting to be sent"),
            tone="error" if entry.error else "warning",
            who="",
            what=f"{entry.title} {entry.error}".strip(),
            waiting=entry,
        )
        for entry in desk.waiting()
    ]
    return lines + [_line_of(desk, order) for order in desk.listed_orders()]


def _line_of(desk: DispatchDesk, order: Order) -> Line:
    tr, event = desk.ctx.tr, desk.events.get(order.event)
    title = event.title if event else order.event
    return Line(
        key=order.id,
        state=state_text(order, tr),
        tone="error" if pursued(order) is Escalation.ESCALATED else ORDER_TONES[order.state],
        who=desk.name_of(order.staff),
        what=f"{title} · {order.reason}" if order.reason else title,
        eta=eta_text(order, desk.now, tr) if desk.ctx.backend.connected else eta_kept(order, tr),
        order=order,
    )


def pursued(order: Order) -> Escalation:
    """How far an order that nobody answered was pursued; nothing once they did."""
    return order.escalation if order.state in UNANSWERED else Escalation.NONE


def state_text(order: Order, tr: Tr) -> str:
    """The state; before it, whether they were reminded in vain, which must be read in a narrow column."""
    state, how = tr(ORDER_STATES[order.state]), pursued(order)
    return f"{tr(ESCALATIONS[how])} · {state}" if how else state


def eta_text(order: Order, now: float, tr: Tr) -> str:
    """How long until they arrive, in words when that is a matter of seconds; empty once they have."""
    if order.state not in _COMING or order.eta is None:
        return ""
    left = order.eta - now
    if left >= ARRIVING_SECONDS:
        return span_text(left, tr)
    return tr("arriving") if left > -ARRIVING_SECONDS else tr("due")


def eta_kept(order: Order, tr: Tr) -> str:
    """The arrival as expected when the backend was last heard: a time of day, which does not run on."""
    if order.state not in _COMING or order.eta is None:
        return ""
    return tr("was {time}", time=clock_text(order.eta))


class Orders(Page):
    """Table and what can be done with the chosen line. Call ``refresh`` each second for the times."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._layout.setContentsMargins(0, 0, 0, 0)
        columns = [
            Column(tr("State"), lambda line: line.state, 74, color=lambda line: line.tone),
            Column(tr("Who"), lambda line: line.who, 64),
            Column(tr("Arrives"), lambda line: line.eta, 84, "right"),
            Column(tr("Event"), lambda line: line.what),
        ]
        hint = tr("Who is sent appears here with state and time.")
        empty = EmptyState(tr("No orders"), hint, icon="dispatch")
        self._table = RecordTable(
            columns, key=lambda line: line.key, empty=empty, name="onemap.dispatch.orders"
        )
        self._table.on_select(lambda _: self._on_chosen())
        self._table.on_activate(lambda _: self._jump())
        self._cancel = button(tr("Cancel the order"), self._on_cancel, "close")
        self._take_back = button(tr("Take back"), self._on_take_back, "undo", tooltip=tr("Not sent yet"))
        self._dismiss = button(tr("Delete what was refused"), self._on_dismiss, "trash")
        self._jump_to = button(
            tr("Show"), self._jump, "locate", tooltip=tr("Who goes, their way and the event on the map")
        )
        self._details = button(
            tr("Details"), self._on_details, "history", tooltip=tr("History and attachments of the order")
        )
        self.add(self._table, 1)
        self.add(row(self._jump_to, self._details, self._cancel, self._take_back, self._dismiss, None))
        desk.orders_changed.connect(self.refresh)
        self.refresh()

    @property
    def table(self) -> QWidget:
        """The table, for the focus."""
        return self._table

    def refresh(self) -> None:
        """Show orders and times as they are now, the one just sent chosen."""
        lines = order_lines(self._desk)
        self._table.set_rows(lines)
        sent = next((line for line in lines if line.order and line.order.id == self._desk.latest), None)
        if sent is not None:
            self._desk.latest = ""
            self._table.select_key(sent.key)
        self._show_acts()

    def _show_acts(self) -> None:
        line: Line | None = self._table.selected
        order, waiting = (line.order, line.waiting) if line else (None, None)
        may = self._desk.ctx.backend.allowed(RIGHT)
        self._jump_to.setVisible(order is not None)
        self._details.setVisible(order is not None)
        self._cancel.setVisible(may and order is not None and order.state in OPEN_ORDER_STATES)
        self._dismiss.setVisible(waiting is not None and bool(waiting.error))
        self._take_back.setVisible(waiting is not None and not waiting.error and not waiting.under_way)

    def _on_chosen(self) -> None:
        """The details follow the table once an order was looked at."""
        self._show_acts()
        line, selection = self._table.selected, self._desk.ctx.selection
        if line and line.order and selection.current and selection.current[0] == "order":
            selection.select("order", line.order.id)

    def _jump(self) -> None:
        line: Line | None = self._table.selected
        if line and line.order:
            show_order(self._desk, line.order)

    def _on_details(self) -> None:
        line: Line | None = self._table.selected
        if line and line.order:
            self._desk.ctx.selection.select("order", line.order.id)
            self._desk.ctx.panels.show(DETAILS)

    def _on_cancel(self) -> None:
        line: Line | None = self._table.selected
        if line and line.order:
            self._desk.cancel(line.order)

    def _on_take_back(self) -> None:
        line: Line | None = self._table.selected
        if line and line.waiting:
            self._desk.ctx.tasks.start(self._withdraw(line.waiting))

    async def _withdraw(self, entry: Waiting) -> None:
        """Out of the outbox, with a way to undo that; too late once it was sent."""
        ctx = self._desk.ctx
        put_back = await ctx.backend.withdraw(entry.id)
        if put_back is None:
            ctx.notify(ctx.tr("Too late, it is on its way: {title}", title=entry.title))
        else:
            ctx.notify(ctx.tr("Taken back: {title}", title=entry.title), action=(ctx.tr("Undo"), put_back))

    def _on_dismiss(self) -> None:
        line: Line | None = self._table.selected
        if line and line.waiting:
            self._desk.ctx.backend.dismiss(line.waiting.id)
