"""What the dispatcher works on: the event, who could go, the orders, the closures."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import Change, Context, OneMapError, Severity, Undo, Waiting
from console.sdk.records import (
    OPEN_EVENT_STATES,
    OPEN_ORDER_STATES,
    Candidate,
    Closure,
    ClosureShape,
    Event,
    LonLat,
    Order,
    OrderState,
)
from plugins.dispatch.desktop.areas import areas_of
from plugins.dispatch.desktop.pending import pending_event
from plugins.dispatch.desktop.ranked import Ranked, by_straight_line
from plugins.dispatch.desktop.served import is_served, listed, place_of
from plugins.dispatch.desktop.way import WayPreview

CANDIDATES = 30
AGAIN_SECONDS = 20.0
"""Seconds after which the list is made anew while it is looked at: people move."""
RECENT_SECONDS = 3600.0
"""Ended orders are listed for so long."""


class DispatchDesk(QObject):
    """Follows the selected event. Nothing here changes records: intent goes to the backend."""

    event_changed = Signal()
    ranked = Signal()
    chosen_changed = Signal()
    orders_changed = Signal()
    closures_changed = Signal()
    groups_changed, help_changed, staff_changed, named = Signal(), Signal(), Signal(), Signal()
    messages_changed = Signal()
    settings_changed = Signal()
    """Ready texts or rules for silence."""
    connection_changed = Signal()
    """The backend came or went; after a sign-in the user's rights are known."""
    sent = Signal()
    """The chosen candidate was sent."""
    closure_drawn = Signal(object, object)
    """ClosureShape and points: the panel asks for the reason."""
    step_shown = Signal(object)
    """Place of a step that is looked at, or None."""
    closure_picked = Signal(str)
    """Id of a closure that was clicked on the map."""
    closure_settled = Signal()
    """What was drawn was sent or discarded."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.event_id: str | None = None
        self.ranking = Ranked()
        self.problem = ""
        """Why there is no list by road, in the user's words."""
        self.ranked_at = 0.0
        """When the list was made by road, s since 1970; it is kept while the backend is away."""
        self.seeking = False
        """A list is being made."""
        self.drawn: tuple[ClosureShape, Sequence[LonLat]] | None = None
        """A closure that was drawn and waits for its reason."""
        self.chosen_closure = ""
        self.second: tuple[str, str] | None = None
        """Event and staff id of a second one who was asked to be sent: once more does it."""
        self.latest = ""
        """Id of the order sent last, until it stands in the list."""
        self.chosen: str | None = None
        """Staff id of the candidate chosen in the list."""
        self.own_choice = False
        """The user chose; else the choice follows the best of each new list."""
        self.followed = ""
        """Name of who was the best before, when the choice has followed the best."""
        self.order_text = ""
        """What the order shall say beside the event, as written in the panel."""
        self.take_files: Callable[[], list[str]] = list
        """Gives the panel's attachments to the outbox; the order that follows names their hashes."""
        self.way = WayPreview(ctx, lambda: self.event)
        self._watched = self._served = False
        self._busy: frozenset[tuple[str, str]] = frozenset()
        self._ranking: Undo | None = None
        live = ctx.live
        self.staff, self.events = live.collection("staff"), live.collection("event")
        self.orders, self.closures = live.collection("order"), live.collection("closure")
        self.groups, self.templates = live.collection("order_group"), live.collection("order_template")
        self.rules = live.collection("order_rule")
        self.messages = live.collection("field_text")
        self.requests, self.loans = live.collection("help_request"), live.collection("loan")
        self._areas = areas_of(ctx, self.named.emit)
        self._by_group: dict[str, list[Order]] = {}
        self.events.on_change(self._on_events)
        self.orders.on_change(self._on_orders)
        self.closures.on_change(self._on_closures)
        self.groups.on_change(lambda _: self.groups_changed.emit())
        self.messages.on_change(lambda _: self.messages_changed.emit())
        for help_ in (self.requests, self.loans):
            help_.on_change(lambda _: self.help_changed.emit())
        self.staff.on_change(lambda _: self.staff_changed.emit())
        for settings in (self.templates, self.rules):
            settings.on_change(lambda _: self.settings_changed.emit())
        self._group_orders()
        ctx.backend.on_waiting(self.orders_changed.emit)
        ctx.backend.on_connection(self._on_connection)
        ctx.selection.on_change(self._on_selection)
        ctx.tasks.every(AGAIN_SECONDS, self.rank)
        self._on_selection(ctx.selection.current)

    @property
    def now(self) -> float:
        """The backend's clock, s since 1970."""
        return self.ctx.live.server_time

    @property
    def event(self) -> Event | None:
        """The event that somebody is sought for."""
        if self.event_id is None:
            return None
        return self.events.get(self.event_id) or pending_event(self.ctx, self.event_id)

    def watch(self, on: bool) -> None:
        """Whether the list is looked at; only then it is kept fresh."""
        self._watched = on
        if on:
            self.rank()

    # ---- who could go

    def rank(self) -> None:
        """Make the list anew, if an open event is selected and somebody looks."""
        event = self.event
        if self._ranking:
            self._ranking()
            self._ranking = None
        if event is not None and event.state not in OPEN_EVENT_STATES:
            self._forget_ranking()  # nobody is sought any more
        elif self._watched and event is not None:
            self.seeking = True
            if not self.ranking.candidates:
                self.ranked.emit()  # the list says that it is being made
            self._ranking = self.ctx.tasks.start(self._rank(event))

    async def _rank(self, event: Event) -> None:
        known = self.events.get(event.id) is not None
        body: dict[str, Any] = {"event": event.id} if known else {"where": list(event.where)}
        try:
            answer = await self.ctx.backend.post("/dispatch/rank", body | {"limit": CANDIDATES})
            found = msgspec.convert(answer, Ranked)
            self.problem, self.ranked_at = "", self.now
        except OneMapError as error:
            self.problem = str(error)
            found = self._without_backend(event)
        self.seeking = False
        self._take(event, found)

    def _without_backend(self, event: Event) -> Ranked:
        """The last list by road, which is told with its age; by straight line only where there is none."""
        if self.ranking.candidates and not self.ranking.straight:
            return self.ranking
        return by_straight_line(event, list(self.staff.all()), self.ctx.live.positions, CANDIDATES)

    def _take(self, event: Event, found: Ranked) -> None:
        refused = self.refused_by(event.id)
        willing = [each for each in found.candidates if each.staff not in refused]
        unwilling = [each for each in found.candidates if each.staff in refused]
        before = self.candidate(self.chosen)
        self.ranking = replace(found, candidates=(*willing, *unwilling))
        self.ranked.emit()
        if self.candidate(self.chosen) is None:
            self.own_choice = False
        if not self.own_choice:
            self._follow_best(event, before)
        self.way.renew(self.chosen)

    def _follow_best(self, event: Event, before: Candidate | None) -> None:
        """Choose the best of the new list; *before* was the best until now.

        Nobody is, while somebody goes or when the work is done: Enter must not send another one unawares.
        """
        if self._is_sent(event) or is_served(self.orders.all(), self.event or event):
            if self.candidate(self.chosen) is None:
                self._set_chosen(None)
            return
        best = self._first()
        if before is not None and best is not None and best != before.staff:
            self.followed = before.name
        self._set_chosen(best)

    def candidate(self, staff_id: str | None) -> Candidate | None:
        """A candidate of the present list."""
        return next((each for each in self.ranking.candidates if each.staff == staff_id), None)

    @property
    def best(self) -> Candidate | None:
        """The first who can go and has not refused."""
        return self.candidate(self._first())

    def choose(self, staff_id: str | None) -> None:
        """The user's own choice, which stays; None gives it back to the best of each new list."""
        self.own_choice, self.followed = staff_id is not None, ""
        self._set_chosen(staff_id)
        self.chosen_changed.emit()

    def _set_chosen(self, staff_id: str | None) -> None:
        if staff_id != self.chosen:
            self.chosen = staff_id
            self.chosen_changed.emit()
            self.way.show(staff_id)

    def choose_next(self) -> None:
        """Choose the next one who can go."""
        able = [each.staff for each in self.ranking.candidates if each.able]
        if able:
            at = able.index(self.chosen) + 1 if self.chosen in able else 0
            self.choose(able[at % len(able)])

    def refused_by(self, event_id: str) -> set[str]:
        """Who refused an order for this event."""
        orders: Sequence[Order] = list(self.orders.all())
        return {o.staff for o in orders if o.event == event_id and o.state is OrderState.REFUSED}

    # ---- orders

    def send_chosen(self) -> None:
        """Send the chosen candidate to the event, with ``order_text``."""
        tr, event, candidate = self.ctx.tr, self.event, self.candidate(self.chosen)
        if event is None or candidate is None:
            self._say(tr("Select an event and a candidate first"))
        elif not candidate.able:
            self._say(tr("{name} cannot go now", name=candidate.name))
        elif (event.id, candidate.staff) in self.waiting_pairs():
            self._say(tr("The order to {name} waits to be sent already", name=candidate.name))
        elif self._is_sent(event, candidate.staff):
            self._say(tr("{name} is sent already", name=candidate.name))
        elif self._is_sent(event) and self.second != (event.id, candidate.staff):
            self.second = event.id, candidate.staff
            self.chosen_changed.emit()
        else:
            self.second = None
            order = {"id": str(uuid.uuid4()), "event": event.id, "staff": candidate.staff}
            title = tr("Order to {name}: {title}", name=candidate.name, title=event.title)
            order |= {"text": self.order_text, "attachments": self.take_files(), "given_at": self.now}
            self.submit(title, "POST", "/dispatch/orders", order)
            self.latest = order["id"]
            self.order_text = ""
            self.sent.emit()

    def _is_sent(self, event: Event, staff_id: str | None = None) -> bool:
        """Whether somebody (or *staff_id*) has an order for the event, or one that waits to be sent."""
        sent = {order.staff for order in self.under_way(event.id)}
        sent |= {staff for event_id, staff in self.waiting_pairs() if event_id == event.id}
        return bool(sent) if staff_id is None else staff_id in sent

    def waiting_pairs(self) -> set[tuple[str, str]]:
        """Event and staff id of orders that wait to be sent."""
        entries = [entry for entry in self.waiting() if entry.path == "/dispatch/orders" and not entry.error]
        return {(entry.body["event"], entry.body["staff"]) for entry in entries}

    def cancel(self, order: Order) -> None:
        """Take an order back."""
        title = self.ctx.tr("Cancel the order to {name}", name=self.name_of(order.staff))
        self.submit(title, "POST", f"/dispatch/orders/{order.id}/actions", {"action": "cancel"})

    def under_way(self, event_id: str) -> list[Order]:
        """Open orders for one event."""
        return [o for o in self.orders.all() if o.event == event_id and o.state in OPEN_ORDER_STATES]

    def listed_orders(self) -> list[Order]:
        """Open orders, and those that were sent lately; the newest first."""
        return listed(self.orders.all(), self.now - RECENT_SECONDS)

    def area_name(self, code: str) -> str:
        """Name of an area, or its code when names are not known."""
        return self._areas.name(code) if self._areas else code

    def orders_of(self, group_id: str) -> list[Order]:
        """Orders that were sent together."""
        return self._by_group.get(group_id, [])

    def _group_orders(self) -> None:
        self._by_group = {}
        for order in self.orders.all():
            if order.group:
                self._by_group.setdefault(order.group, []).append(order)

    def waiting(self) -> list[Waiting]:
        """What of dispatch waits in the outbox, refused entries included."""
        return [entry for entry in self.ctx.backend.waiting() if entry.path.startswith("/dispatch/")]

    def name_of(self, staff_id: str) -> str:
        """Name of somebody, or their id when they are not known here."""
        member = self.staff.get(staff_id)
        return member.name if member else staff_id

    def jump(self, event_id: str) -> None:
        """Select an event, show it and the list of who could go."""
        self.ctx.selection.select("event", event_id)
        self.ctx.panels.show("onemap.dispatch.dispatch")
        event = self.events.get(event_id)
        if event is not None:
            self.ctx.map.center_on(*event.where)

    def show_person(self, staff_id: str) -> None:
        """Select somebody, and show where they were seen last."""
        self.ctx.selection.select("staff", staff_id)
        where = self.seen_at(staff_id)
        if where is not None:
            self.ctx.map.center_on(*where)

    def seen_at(self, staff_id: str) -> LonLat | None:
        """Where somebody was seen last."""
        return place_of(self.ctx.live.positions, self.staff.get(staff_id))

    # ---- closures

    def open_road(self, closure: Closure) -> None:
        """End a closure."""
        title = self.ctx.tr("Open the road again: {reason}", reason=closure.reason or closure.id[:8])
        self.submit(title, "DELETE", f"/dispatch/closures/{closure.id}")

    def submit(self, title: str, method: str, path: str, body: Any = None) -> None:
        """Give intent to the outbox; what the backend refuses is told."""
        self.ctx.tasks.start(self.submitted(title, method, path, body))

    async def submitted(self, title: str, method: str, path: str, body: Any) -> None:
        """``submit`` that can be waited for."""
        try:
            await self.ctx.backend.submit(title, method, path, body)
        except OneMapError as error:
            self.ctx.notify(title, Severity.ERROR, detail=str(error))

    def _first(self) -> str | None:
        refused = self.refused_by(self.event_id) if self.event_id else set[str]()
        able = [each for each in self.ranking.candidates if each.able and each.staff not in refused]
        return able[0].staff if able else None

    def _on_selection(self, current: tuple[str, str] | None) -> None:
        # A staff member or camera selected beside the event leaves it what it is.
        if current is None or current[0] != "event" or current[1] == self.event_id:
            return
        self.event_id, self._served = current[1], False
        self._forget_ranking()
        self.rank()

    def _forget_ranking(self) -> None:
        self.ranking, self.problem, self.second = Ranked(), "", None
        self.choose(None)
        self.event_changed.emit()
        self.ranked.emit()

    def _on_events(self, change: Change) -> None:
        if self.event_id in change.put or self.event_id in change.gone:
            self.event_changed.emit()
            over = self.event is not None and self.event.state not in OPEN_EVENT_STATES
            self._let_go_if_served()
            if over or not self.ranking.candidates:
                self.rank()

    def _on_orders(self, _change: Change) -> None:
        """Who is sent is busy, who is through is free: make the list anew, but not for a new ETA."""
        busy = frozenset((o.id, o.staff) for o in self.orders.all() if o.state in OPEN_ORDER_STATES)
        self._group_orders()
        self.orders_changed.emit()
        if busy != self._busy:
            self._busy = busy
            self._let_go_if_served()
            self.rank()

    def _let_go_if_served(self) -> None:
        """Who has done it is not offered again; whom the user then chooses stays chosen."""
        event, before = self.event, self._served
        self._served = event is not None and is_served(self.orders.all(), event)
        if self._served and not before:
            self.choose(None)

    def _on_connection(self, _connected: bool) -> None:
        self.connection_changed.emit()
        self.rank()

    def _on_closures(self, _change: Change) -> None:
        """A closed road changes who is nearest: make the list anew at once."""
        self.closures_changed.emit()
        self.rank()
        self.way.show(self.chosen)

    def _say(self, text: str) -> None:
        self.ctx.notify(text, key="onemap.dispatch.hint")
