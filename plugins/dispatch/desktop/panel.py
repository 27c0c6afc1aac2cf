"""The panel 派单: the event, who could go and why, sending; below, orders and closures."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QSizePolicy, QSplitter

from console.sdk.records import OPEN_EVENT_STATES
from console.sdk.ui import Badge, Page, Tabs, button, row
from plugins.dispatch.desktop.calls import Calls
from plugins.dispatch.desktop.candidates import CandidateTable, choice_note, loud_note, straight_note
from plugins.dispatch.desktop.closures import Closures
from plugins.dispatch.desktop.compose import Compose
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.messages import Messages
from plugins.dispatch.desktop.orders import Orders
from plugins.dispatch.desktop.parts import Parts
from plugins.dispatch.desktop.room import Line, keep_room
from plugins.dispatch.desktop.seen_by import SeenBy
from plugins.dispatch.desktop.served import has_served, is_served
from plugins.dispatch.desktop.why import WhyNotThisOne
from plugins.dispatch.desktop.words import ORDER_STATES

PANEL = "onemap.dispatch.dispatch"
RIGHT = "orders.write"


class DispatchPanel(Page):
    """Keeps the ranking fresh and counts times while it can be seen."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._event = QLabel(wordWrap=True)
        self._event.setObjectName("title")
        # A line that wraps gives way to anything beside it, down to a word a line.
        self._event.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._straight = Badge(tr("Straight line"), "error")
        self._held = button(
            tr("Order held"),
            self._candidates_anew,
            "refresh",
            tooltip=tr("Rows keep their places while you are in the list. F5: order anew"),
        )
        self._sent, self._choice = Line("muted"), Line("muted")
        self._note, self._loud = Line(), Line("banner")
        self._candidates, self._parts = CandidateTable(desk), Parts(desk)
        self._seen_by = SeenBy(desk)
        self._unable = QCheckBox()
        self._unable.toggled.connect(lambda on: self._candidates.fold(not on))
        self._text = Compose(desk, tr("Instruction"), tr("Instruction (may stay empty)"), desk.send_chosen)
        self._text.line.textChanged.connect(self._on_text)
        desk.take_files = self._text.take_files
        self._send = button(tr("Send"), desk.send_chosen, "dispatch", primary=True, tooltip=tr("Enter"))
        self._orders = Orders(desk)
        self._below = Tabs(
            [
                (tr("Orders"), lambda: self._orders),
                (tr("Closures"), lambda: self._closures),
                (tr("Calls"), lambda: Calls(desk)),
                (tr("Messages"), lambda: Messages(desk)),
            ]
        )
        self._lay_out()
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._orders.refresh)
        desk.event_changed.connect(self._show_event)
        desk.ranked.connect(self._show_ranking)
        desk.chosen_changed.connect(self._show_chosen)
        desk.orders_changed.connect(self._count)
        desk.orders_changed.connect(self._show_sent)
        desk.connection_changed.connect(self._show_chosen)
        desk.closures_changed.connect(self._count)
        desk.groups_changed.connect(self._count)
        desk.messages_changed.connect(self._count)
        desk.closure_drawn.connect(self._ask_closure)
        desk.closure_picked.connect(self._show_closure)
        desk.sent.connect(self._text.clear)
        desk.sent.connect(self._show_orders)
        self._show_event()
        self._show_ranking()
        self._count()
        if desk.drawn is not None:  # while this panel was not there
            self._ask_closure()

    def _lay_out(self) -> None:
        # what comes and goes stands just below the list, or has its room: no row moves under the pointer
        for part in (self._straight, self._held, self._unable):
            keep_room(part)
        upper = Page(self._event, row(self._sent, self._straight), self._note, self._loud)
        upper.add(self._candidates, 1)
        upper.add(self._seen_by)
        upper.add(self._parts)
        upper.add(row(self._unable, None, self._held))
        upper.add(WhyNotThisOne(self._desk))
        upper.add(self._choice)
        upper.add(row(self._text, self._send))
        lower = Page(self._below.chips)
        lower.add(self._below, 1)
        split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        split.addWidget(_bare(upper))
        split.addWidget(_bare(lower))
        split.setSizes([680, 220])
        self.add(split, 1)
        self.setFocusProxy(self._candidates)
        again = QShortcut(QKeySequence("F5"), self)
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again.activated.connect(self._candidates_anew)

    def showEvent(self, event: QShowEvent) -> None:
        self._desk.watch(True)
        self._seen_by.refresh()
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._desk.watch(False)
        self._desk.way.show(None)
        self._second.stop()

    def _candidates_anew(self) -> None:
        self._candidates.order_anew()
        self._desk.rank()

    def _show_held(self) -> None:
        self._held.setVisible(self._candidates.is_stale)

    def _show_orders(self) -> None:
        self._below.turn(0)

    @cached_property
    def _closures(self) -> Closures:
        return Closures(self._desk)

    def _ask_closure(self) -> None:
        """What was drawn on the map gets its reason here."""
        self._below.turn(1)
        self._closures.ask_reason()

    def _show_closure(self, closure_id: str) -> None:
        self._below.turn(1)
        self._closures.choose(closure_id)

    def _show_event(self) -> None:
        event, tr = self._desk.event, self._desk.ctx.tr
        if event is None:
            self._event.setText(tr("No event selected"))
        elif event.state not in OPEN_EVENT_STATES:
            self._event.setText(tr("{title} (over)", title=event.title))
        else:
            self._event.setText(event.title)
        self._show_sent()
        self._show_chosen()

    def _show_sent(self) -> None:
        """Who is on the way already, so that nobody is sent twice unawares."""
        desk, tr = self._desk, self._desk.ctx.tr
        event = desk.event
        orders = desk.under_way(event.id) if event else []
        words = [f"{desk.name_of(order.staff)} ({tr(ORDER_STATES[order.state])})" for order in orders]
        said = tr("Sent already: {names}", names=tr(", ").join(words)) if orders else ""
        if event is not None and event.state in OPEN_EVENT_STATES and is_served(desk.orders.all(), event):
            names = tr(", ").join(desk.name_of(staff) for staff in has_served(desk.orders.all(), event.id))
            said = tr("Done by {names}: check, then close the event", names=names)
        self._sent.say(said)

    def _show_ranking(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        ranking = desk.ranking
        took = tr("Ranked in {n} ms", n=f"{ranking.took_ms:.0f}") if ranking.took_ms else ""
        loud = loud_note(desk)
        self._loud.say(f"{loud}\n{desk.problem}".strip() if loud else "")
        self._loud.setVisible(bool(loud))
        self._straight.setVisible(ranking.straight or ranking.guessed)
        self._event.setToolTip(took)
        self._show_held()
        self._note.say(straight_note(desk))
        self._note.setHidden(bool(loud))  # the two have one room
        unable = self._candidates.unable
        self._unable.setText(tr("Show {n} who cannot go, and why", n=unable))
        self._unable.setVisible(bool(unable))
        self._show_chosen()

    def _show_chosen(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        candidate = desk.candidate(desk.chosen)
        may = desk.ctx.backend.allowed(RIGHT)
        self._choice.say(choice_note(desk))
        event = desk.event
        open_ = event is not None and event.state in OPEN_EVENT_STATES
        self._text.setVisible(may)
        self._send.setVisible(may)
        self._send.setEnabled(open_ and candidate is not None and candidate.able)
        self._send.setText(tr("Send {name}", name=candidate.name) if candidate else tr("Send"))

    def _on_text(self, text: str) -> None:
        self._desk.order_text = text.strip()

    def _count(self) -> None:
        tr, desk = self._desk.ctx.tr, self._desk
        orders = len(desk.listed_orders()) + len(desk.waiting())
        self._below.set_title(0, f"{tr('Orders')} {orders}")
        self._below.set_title(1, f"{tr('Closures')} {len(desk.closures)}")
        self._below.set_title(2, f"{tr('Calls')} {len(desk.groups)}")
        self._below.set_title(3, f"{tr('Messages')} {len(desk.messages)}")


def _bare(page: Page) -> Page:
    """Without margins of its own: it stands in a page."""
    layout = page.layout()
    if layout is not None:
        layout.setContentsMargins(0, 0, 0, 0)
    return page
