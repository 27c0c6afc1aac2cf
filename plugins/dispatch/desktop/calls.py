"""Calls to many (群呼): by area, role or drawn polygon; below, how far each group has come."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from console.sdk import MissingService, OneMapError
from console.sdk.records import OPEN_ORDER_STATES, LonLat, Order, OrderGroup, OrderState
from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from plugins.dispatch.desktop.compose import Compose
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.words import ROLES, Tr, clock_text

RIGHT = "orders.write"
_AGREED = frozenset({OrderState.ACCEPTED, OrderState.UNDER_WAY, OrderState.ARRIVED, OrderState.DONE})
_SAID = _AGREED | {OrderState.REFUSED}


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a group got, read, accepted, refused it."""

    delivered: int
    read: int
    accepted: int
    refused: int


def progress_of(orders: Sequence[Order]) -> Progress:
    """Who answered has read it, and who read it has got it."""
    states = [order.state for order in orders]
    said = sum(state in _SAID for state in states)
    read = said + states.count(OrderState.READ)
    agreed = sum(state in _AGREED for state in states)
    delivered = read + states.count(OrderState.DELIVERED)
    return Progress(delivered, read, agreed, states.count(OrderState.REFUSED))


def progress_text(progress: Progress, size: int, tr: Tr) -> str:
    """``delivered 9 · read 7 · accepted 5 of 12``."""
    text = tr(
        "got {delivered} · read {read} · accepted {accepted} of {size}",
        delivered=progress.delivered,
        read=progress.read,
        accepted=progress.accepted,
        size=size,
    )
    return f"{text} · {tr('refused {n}', n=progress.refused)}" if progress.refused else text


class Calls(Page):
    """The form above, the groups below."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        self._area, self._polygon = "", list[LonLat]()
        tr = desk.ctx.tr
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._role = QComboBox()
        self._role.setAccessibleName(tr("Role"))
        self._role.addItem(tr("All roles"), "")
        for role, title in ROLES.items():
            self._role.addItem(tr(title), role)
        self._role.currentIndexChanged.connect(lambda _: self._preview())
        self._draw = button(tr("Draw an area"), self._on_draw, "measure", tooltip=tr("Those seen in it"))
        self._for_event = QCheckBox(tr("To the selected event"))
        self._for_event.toggled.connect(lambda _: self._preview())
        self._meant = QLabel(wordWrap=True)
        self._meant.setObjectName("muted")
        self._compose = Compose(desk, tr("What all are told"), tr("What all are told"), self._send)
        self._call = button(tr("Call"), self._send, "phone", primary=True, tooltip=tr("Enter"))
        self._take_back = button(tr("Take the call back"), self._on_take_back, "close")
        self._silent = QLabel(wordWrap=True)
        self._silent.setObjectName("muted")
        self._table = RecordTable(
            _columns(desk),
            key=lambda group: group.id,
            empty=EmptyState(tr("No calls"), tr("Calls of the last day appear here."), icon="phone"),
            name="onemap.dispatch.calls",
        )
        self._table.on_select(lambda _: self._show_chosen())
        self._lay_out()
        desk.groups_changed.connect(self.refresh)
        desk.orders_changed.connect(self.refresh)
        desk.connection_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show groups and their progress as they are now."""
        may = self._desk.ctx.backend.allowed(RIGHT)
        for part in (self._form, self._compose, self._call, self._meant):
            part.setVisible(may)
        self._table.set_rows(sorted(self._desk.groups.all(), key=lambda group: -group.sent_at))
        self._show_chosen()

    def _lay_out(self) -> None:
        self._form = Page()
        form = self._form.layout()
        if form is not None:
            form.setContentsMargins(0, 0, 0, 0)
        picker = self._picker()
        self._form.add(row(*([picker] if picker else []), self._role, self._draw, None))
        self._form.add(self._for_event)
        self.add(self._form)
        self.add(row(self._compose, self._call))
        self.add(self._meant)
        self.add(self._table, 1)
        self.add(self._silent)
        self.add(row(self._take_back, None))

    def _picker(self) -> Any | None:
        try:
            return self._desk.ctx.services.get("areas").picker(self._on_area)
        except MissingService:
            return None

    def _on_area(self, code: str) -> None:
        self._area = code
        self._preview()

    def _on_draw(self) -> None:
        self._desk.ctx.tasks.start(self._draw_polygon())

    async def _draw_polygon(self) -> None:
        ctx = self._desk.ctx
        drawn = await ctx.map.draw("polygon", ctx.tr("Draw around those to call; double-click ends"))
        self._polygon = drawn or []
        self._preview()

    def _selection(self) -> dict[str, Any]:
        user = self._desk.ctx.backend.user
        chosen: dict[str, Any] = {}
        if self._area:
            chosen["area"] = self._area
        if self._role.currentData():
            chosen["role"] = self._role.currentData()
        if self._polygon:
            chosen["polygon"] = [list(point) for point in self._polygon]
        if not chosen and user is not None and user.areas:
            chosen["area"] = user.areas[0]
        return chosen

    def _preview(self) -> None:
        self._desk.ctx.tasks.start(self._ask_who())

    async def _ask_who(self) -> None:
        tr = self._desk.ctx.tr
        try:
            answer = await self._desk.ctx.backend.post("/dispatch/groups/preview", self._selection())
        except OneMapError as error:
            self._meant.setText(str(error))
        else:
            self._meant.setText(tr("Goes to {n} people on duty", n=len(answer["staff"])))

    def _send(self) -> None:
        desk, text = self._desk, self._compose.text
        event = desk.event_id if self._for_event.isChecked() else None
        if not text and not event:
            self._meant.setText(desk.ctx.tr("Write what all are told first"))
            return
        body = {"id": str(uuid.uuid4()), "select": self._selection(), "text": text, "event": event}
        body["attachments"] = self._compose.take_files()
        title = desk.ctx.tr("Call: {text}", text=text or (desk.event.title if desk.event else ""))
        desk.submit(title, "POST", "/dispatch/groups", body)
        self._compose.clear()
        self._polygon = []

    def _show_chosen(self) -> None:
        group: OrderGroup | None = self._table.selected
        orders = self._desk.orders_of(group.id) if group else []
        still = [order for order in orders if order.state in OPEN_ORDER_STATES]
        self._take_back.setVisible(bool(still) and self._desk.ctx.backend.allowed(RIGHT))
        names = [self._desk.name_of(o.staff) for o in still if o.state not in _AGREED]
        tr = self._desk.ctx.tr
        self._silent.setVisible(bool(names))
        more = f" … +{len(names) - 20}" if len(names) > 20 else ""
        self._silent.setText(tr("No answer yet: {names}", names=tr(", ").join(names[:20])) + more)

    def _on_take_back(self) -> None:
        group: OrderGroup | None = self._table.selected
        if group is not None:
            title = self._desk.ctx.tr("Take the call back")
            self._desk.submit(title, "POST", f"/dispatch/groups/{group.id}/actions", {"action": "cancel"})


def _columns(desk: DispatchDesk) -> list[Column]:
    tr = desk.ctx.tr

    def progress(group: OrderGroup) -> str:
        return progress_text(progress_of(desk.orders_of(group.id)), group.size, tr)

    def text(group: OrderGroup) -> str:
        event = desk.events.get(group.event) if group.event else None
        return " · ".join(part for part in (event.title if event else "", group.text) if part)

    return [
        Column(tr("Sent at"), lambda g: clock_text(g.sent_at), 56),
        Column(tr("Progress"), progress, 236),
        Column(tr("Text"), text),
        Column(tr("By"), lambda g: g.by, 70),
    ]
