"""The panel of one order: what it says, its attachments, its way, its group, each step of its history."""

from __future__ import annotations

from datetime import datetime

import msgspec
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from console.sdk import OneMapError, Undo
from console.sdk.records import HistoryEntry, Order
from console.sdk.ui import EmptyState, KeyValues, Page, Section, scrolling
from plugins.dispatch.desktop.calls import progress_of, progress_text
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.directions import Directions
from plugins.dispatch.desktop.order_files import OrderFiles
from plugins.dispatch.desktop.orders import DETAILS as PANEL
from plugins.dispatch.desktop.orders import state_text
from plugins.dispatch.desktop.words import STEP_ACTORS, STEP_NOTES, STEPS, Tr

__all__ = ["PANEL", "OrderDetails"]


class OrderDetails(Page):
    """Follows the selected order while it is shown."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        self._order_id = ""
        self._version = -1
        self._reading: Undo | None = None
        tr = desk.ctx.tr
        self._empty = EmptyState(tr("No order selected"), tr("Choose an order and press Details."))
        self._facts, self._steps, self._files = KeyValues(), KeyValues(), OrderFiles(desk)
        self._files.paste_within(self)
        self._directions = Directions(desk)
        self._problem = QLabel(wordWrap=True)
        self._problem.setObjectName("muted")
        body = Page(
            self._facts, self._files, self._directions, Section(tr("History")), self._problem, self._steps
        )
        body.add(QWidget(), 1)
        self._body = scrolling(body)
        self.add(self._empty, 1)
        self.add(self._body, 1)
        desk.orders_changed.connect(self.refresh)
        desk.groups_changed.connect(self.refresh)
        desk.connection_changed.connect(self._again)
        self._undo_selection = desk.ctx.selection.on_change(self._on_selection)
        self.destroyed.connect(lambda _=None, undo=self._undo_selection: undo())
        self._on_selection(desk.ctx.selection.current)

    def refresh(self) -> None:
        """Show the order as it is now; its history is read anew when it has changed."""
        order = self._desk.orders.get(self._order_id) if self._order_id else None
        self._empty.setVisible(order is None)
        self._body.setVisible(order is not None)
        if order is None or not self.isVisible():
            return
        self._facts.set_pairs(_facts(self._desk, order))
        self._files.show_order(order)
        self._directions.show_order(order)
        if order.version != self._version:
            self._version = order.version
            if self._reading:
                self._reading()
            self._reading = self._desk.ctx.tasks.start(self._read(order.id))

    def showEvent(self, event: QShowEvent) -> None:
        """See Qt."""
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """See Qt."""
        self._version = -1

    def _on_selection(self, current: tuple[str, str] | None) -> None:
        if current is not None and current[0] == "order" and current[1] != self._order_id:
            self._order_id, self._version = current[1], -1
            self._steps.set_pairs([])
        self.refresh()

    def _again(self) -> None:
        self._version = -1
        self._directions.again()
        self.refresh()

    async def _read(self, order_id: str) -> None:
        try:
            answer = await self._desk.ctx.backend.get(f"/dispatch/orders/{order_id}/history")
        except OneMapError as error:
            self._problem.setText(str(error))
        else:
            self._problem.setText("")
            entries = msgspec.convert(answer, list[HistoryEntry])
            self._steps.set_pairs([step_texts(each, self._desk.ctx.tr) for each in reversed(entries)])
        self._problem.setVisible(bool(self._problem.text()))


def _facts(desk: DispatchDesk, order: Order) -> list[tuple[str, str]]:
    """Titles and values; empty ones are left out."""
    tr = desk.ctx.tr
    event, group = desk.events.get(order.event), desk.groups.get(order.group) if order.group else None
    together = progress_text(progress_of(desk.orders_of(order.group)), group.size, tr) if group else ""
    pairs = [
        (tr("Who"), desk.name_of(order.staff)),
        (tr("State"), state_text(order, tr)),
        (tr("Event"), event.title if event else order.event),
        (tr("Text"), order.text),
        (tr("Answer"), order.reason),
        (tr("Sent together"), together),
    ]
    return [(title, text) for title, text in pairs if text]


def step_texts(entry: HistoryEntry, tr: Tr) -> tuple[str, str]:
    """When; what, by whom and with which words."""
    note = tr(STEP_NOTES[entry.note]) if entry.note in STEP_NOTES else entry.note
    actor = tr(STEP_ACTORS[entry.actor]) if entry.actor in STEP_ACTORS else entry.actor
    words = (tr(STEPS[entry.action]) if entry.action in STEPS else entry.action, actor, note)
    if entry.received_at is not None:
        words = (*words, tr("reached the backend {time}", time=_clock(entry.received_at)))
    return _clock(entry.at), " · ".join(word for word in words if word)


def _clock(at: float) -> str:
    moment = datetime.fromtimestamp(at)
    return f"{moment:%H:%M:%S}" if moment.date() == datetime.now().date() else f"{moment:%m-%d %H:%M}"
