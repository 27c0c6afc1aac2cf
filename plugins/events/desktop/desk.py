"""What the events plugin knows, has selected and does; layer and panel follow its signals."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import Change, Context, MissingService, OneMapError, Severity, Undo, Waiting
from console.sdk.records import OPEN_EVENT_STATES, Event, EventClass, EventState
from plugins.events.desktop.drafts import Draft, Drafts
from plugins.events.desktop.mine import Mine
from plugins.events.desktop.pending import Pending, event_of, is_report
from plugins.events.desktop.words import ACTIONS, RANKS, not_now_text
from plugins.events.model import EventAction, allowed_actions

RECORD = "event"
RIGHT = "events.write"
ORDERS = "/dispatch/orders"
"""Where orders for events go to: one that waits says that its event is accepted."""
CLOSE_ZOOM = 16.5
NEEDS_NOTE = frozenset({EventAction.RETURN, EventAction.CANCEL, EventAction.REOPEN})
WAIT_FOR_OPERATOR = frozenset(
    {EventState.REPORTED, EventState.ACCEPTED, EventState.RETURNED, EventState.FED_BACK}
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are shown."""

    scope: str = "open"
    """``open``, ``mine`` or ``all``."""
    kind: EventClass | None = None


class EventDesk(QObject):
    """Live events, filter, selection, and the intent that goes back."""

    changed = Signal()
    filtered = Signal()
    selected_changed = Signal()
    waiting_changed = Signal()
    named = Signal()
    """Names of areas are known or have changed."""
    connected = Signal()
    """The backend is back."""
    drafted = Signal(object)
    """A place (LonLat) for a new event: the panel shows the form."""
    resumed = Signal(object)
    """A Draft that was left unfinished, or comes back: the panel shows the form with what it says."""
    corrected = Signal(object)
    """An Event whose title, class or level shall be put right: the panel shows the form for that."""
    marked = Signal(object)
    """Where the event that is being written down lies (LonLat), or None: the map shows a mark."""
    note_wanted = Signal(str)
    """An EventAction that needs a reason first: the panel asks for it."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.filter = Filter()
        self.selected: str | None = None
        self.areas: Any | None = _areas(ctx)
        if self.areas:
            self.areas.on_change(self.named.emit)
        self._mine = Mine(ctx, self.filtered.emit)
        self.drafts = Drafts(ctx, self.resumed.emit)
        self._pending = Pending()
        self._events = ctx.live.collection(RECORD)
        self._events.on_change(self._on_events)
        ctx.backend.on_waiting(self._on_waiting)
        ctx.backend.on_correct("/events", self._rewrite_refused)
        ctx.backend.on_connection(lambda up: self.connected.emit() if up else None)
        ctx.selection.on_change(self._on_selection)
        self._on_waiting()
        self._on_selection(ctx.selection.current)

    @property
    def now(self) -> float:
        """The backend's clock, s since 1970."""
        return self.ctx.live.server_time

    @property
    def may_write(self) -> bool:
        """Whether the user may report and change events."""
        return self.ctx.backend.allowed(RIGHT)

    def is_mine(self, event_id: str) -> bool:
        """Whether the user has reported or worked on it."""
        return event_id in self._mine

    def event(self, event_id: str | None) -> Event | None:
        """One event, those that wait to be sent included."""
        if event_id is None:
            return None
        return self._events.get(event_id) or self._pending.events.get(event_id)

    def all(self) -> list[Event]:
        """All events, those that wait to be sent included."""
        return [*self._pending.events.values(), *self._events.all()]

    def is_pending(self, event_id: str) -> bool:
        """Whether the report itself has not reached the backend yet."""
        return event_id in self._pending.events

    def shown(self) -> list[Event]:
        """Events that the filter lets through, and the selected one, as ``_in_turn``.

        An event that is closed stays until another is selected: nothing slips under the user's hands.
        """
        events = [event for event in self.all() if self._passes(event) or event.id == self.selected]
        return _in_turn(events)

    def count(self, scope: str) -> int:
        """How many events a scope has, whatever the class."""
        return sum(self._in_scope(event, scope) for event in self.all())

    def set_filter(self, **conditions: Any) -> None:
        """Change some conditions of the filter."""
        self.filter = replace(self.filter, **conditions)
        self.filtered.emit()

    def area_name(self, code: str) -> str:
        """Name of an area, or its code when names are not known."""
        return self.areas.name(code) if self.areas else code

    def select(self, event_id: str) -> None:
        """Select in all views."""
        self.ctx.selection.select(RECORD, event_id)

    def show_selected(self) -> None:
        """Bring the selected event into the middle of the map."""
        event = self.event(self.selected)
        if event is None:
            self._say(self.ctx.tr("Select an event first"))
            return
        self.ctx.map.center_on(*event.where, max(self.ctx.map.zoom(), CLOSE_ZOOM))

    def reveal(self, event: Event) -> None:
        """Move the map to an event that lies out of view; its zoom stays."""
        west, south, east, north = self.ctx.map.bounds()
        if not (west < event.where[0] < east and south < event.where[1] < north):
            self.ctx.map.center_on(*event.where)

    def jump(self, event_id: str) -> None:
        """Select and show on the map."""
        self.select(event_id)
        if self.event(event_id) is not None:
            self.show_selected()

    def select_next(self) -> None:
        """Jump to the first in turn that waits for the operator; again: to the one after it."""
        ids = [event.id for event in _in_turn(self._events.all()) if event.state in WAIT_FOR_OPERATOR]
        if not ids:
            self._say(self.ctx.tr("No event waits"))
            return
        at = ids.index(self.selected) + 1 if self.selected in ids else 0
        self.jump(ids[at % len(ids)])

    def waiting(self, event_id: str = "") -> Sequence[Waiting]:
        """What the outbox holds about events; or about one of them, an order for it included."""
        entries = self.ctx.backend.waiting()
        if not event_id:
            return [entry for entry in entries if entry.path.startswith("/events")]
        return [entry for entry in entries if event_id in _subjects(entry)]

    def waits(self, event_id: str) -> bool:
        """Whether the event or something about it waits to be sent."""
        return event_id in self.waiting_ids()

    def waiting_ids(self) -> set[str]:
        """Events that wait to be sent, or about which something does."""
        entries = [entry for entry in self.ctx.backend.waiting() if not entry.error]
        return {*self._pending.events, *(event_id for entry in entries for event_id in _subjects(entry))}

    def ask(self, action: EventAction) -> None:
        """A step with the selected event by command; steps that need a reason ask for it in the panel."""
        event = self.event(self.selected)
        if event is None:
            self._say(self.ctx.tr("Select an event first"))
        elif action not in allowed_actions(event.state):
            self._say(not_now_text(event.state, action, self.ctx.tr))
        elif needs_note(event, action):
            self.ctx.panels.show("onemap.events.events")
            self.note_wanted.emit(action.value)
        else:
            self.act(event, action)

    def act(self, event: Event, action: EventAction, note: str = "") -> None:
        """Give a step to the backend; the echo on the live feed changes what is shown."""
        title = f"{self.ctx.tr(ACTIONS[action])} · {event.number} {event.title}"
        body = {"action": action.value, "note": note, "given_at": self.now}
        self.ctx.tasks.start(self.submit(title, f"/events/{event.id}/actions", body))
        self._mine.add(event.id)
        if action is EventAction.CLOSE:
            self._offer_undo(event)

    def _offer_undo(self, event: Event) -> None:
        tr = self.ctx.tr
        self.ctx.notify(
            tr("Closed: {title}", title=event.title),
            Severity.SUCCESS,
            action=(tr("Undo"), lambda: self._undo_close(event)),
            key=f"onemap.events.{event.id}",
        )

    def _undo_close(self, event: Event) -> None:
        self.select(event.id)
        self.act(event, EventAction.REOPEN, self.ctx.tr("Closed by mistake"))

    def begin_correcting(self, event: Event | None) -> None:
        """Show the form for putting *event* right, unless a report is being written in it."""
        if event is not None and not self._is_writing():
            self.corrected.emit(event)

    def correct(self, event: Event, **changes: str) -> None:
        """Put title, class (``kind``) or level (``urgency``) right."""
        title = f"{self.ctx.tr('Correct')} · {event.number} {event.title}"
        self.ctx.tasks.start(self.submit(title, f"/events/{event.id}/correct", changes))
        self._mine.add(event.id)

    def report(self, draft: Draft) -> str:
        """Report an event; returns its id, which it has from now on, even while cut off."""
        event_id = str(uuid.uuid4())
        body = {
            "id": event_id,
            "title": draft.title,
            "where": list(draft.where),
            "kind": draft.kind.value,
            "urgency": draft.urgency.value,
            "address": draft.address,
            "detail": draft.detail,
            "reporter": draft.reporter,
            "reporter_phone": draft.reporter_phone,
            "reported_at": self.now,
        }
        title = f"{self.ctx.tr('Report')} · {draft.title}"
        self._pending.begin(body, draft.area)
        self.ctx.tasks.start(self._submit_report(title, body))
        if draft.replaces:
            self.ctx.backend.dismiss(draft.replaces)
        self._mine.add(event_id)
        self.changed.emit()
        self.select(event_id)
        return event_id

    async def _submit_report(self, title: str, body: dict[str, Any]) -> None:
        if not await self.submit(title, "/events", body):
            self._pending.end(body["id"])
            self._tell_pending()

    async def withdraw(self, event: Event) -> None:
        """Take a report back that was not sent yet, and what waits for it, with a way to undo both."""
        undo = await self._take_back(event.id)
        if undo is None:
            return
        tr, followers = self.ctx.tr, await self._take_back_followers(event.id)
        text = tr("Withdrawn: {title}", title=event.title)
        if followers:
            text = tr("Withdrawn: {title}, and {n} orders for it", title=event.title, n=len(followers))
        self.ctx.notify(text, action=(tr("Undo"), lambda: [back() for back in (undo, *followers)]))

    async def _take_back_followers(self, event_id: str) -> list[Undo]:
        """Orders and steps that wait for an event that will not come; each with its undo."""
        undos = [await self.ctx.backend.withdraw(entry.id) for entry in self.waiting(event_id)]
        return [undo for undo in undos if undo is not None]

    async def rewrite(self, event: Event) -> None:
        """Take a report back into the form, to be sent anew."""
        if not self._is_writing() and await self._take_back(event.id) is not None:
            self.resumed.emit(_draft_of(event))

    async def _take_back(self, event_id: str) -> Undo | None:
        """Out of the outbox; None when it is too late: the event will come or has come."""
        entry = next((e for e in self.waiting() if is_report(e) and e.body["id"] == event_id), None)
        undo = await self.ctx.backend.withdraw(entry.id) if entry is not None else None
        if undo is None:
            self._say(self.ctx.tr("Too late: the report is on its way"))
            return None
        self._pending.end(event_id)
        if self.selected == event_id:
            self.ctx.selection.clear()
        self._tell_pending()
        return undo

    def _rewrite_refused(self, entry: Waiting) -> None:
        self.ctx.panels.show("onemap.events.events")
        if not self._is_writing():
            self.resumed.emit(_draft_of(event_of(entry.body, entry.since), entry.id))

    def rewrite_refused(self) -> None:
        """Take the first report that the backend refused back into the form."""
        for entry in self.waiting():
            if entry.error and is_report(entry):
                self._rewrite_refused(entry)
                return

    def _is_writing(self) -> bool:
        """Whether another report would be lost; says so."""
        if self.drafts.current is None:
            return False
        self._say(self.ctx.tr("Send or discard first the report that you are writing"))
        return True

    async def submit(self, title: str, path: str, body: dict[str, Any]) -> bool:
        """Whether the backend took it, however late; what it refuses is told."""
        try:
            await self.ctx.backend.submit(title, "POST", path, body)
        except OneMapError as error:
            self.ctx.notify(title, Severity.ERROR, detail=str(error))
            return False
        return True

    def _passes(self, event: Event) -> bool:
        wanted = self.filter.kind is None or event.kind is self.filter.kind
        return wanted and self._in_scope(event, self.filter.scope)

    def _in_scope(self, event: Event, scope: str) -> bool:
        if scope == "mine":
            return self.is_mine(event.id)
        return scope == "all" or event.state in OPEN_EVENT_STATES

    def _on_waiting(self) -> None:
        if self._pending.follow(self.waiting(), self._is_known):
            self._tell_pending()
        self.waiting_changed.emit()

    def _is_known(self, event_id: str) -> bool:
        return self._events.get(event_id) is not None

    def _tell_pending(self) -> None:
        self.changed.emit()
        self.selected_changed.emit()

    def _on_events(self, change: Change) -> None:
        self._pending.follow(self.waiting(), self._is_known)
        self.changed.emit()
        if self.selected in change.put or self.selected in change.gone:
            self.selected_changed.emit()

    def _on_selection(self, current: tuple[str, str] | None) -> None:
        selected = current[1] if current is not None and current[0] == RECORD else None
        # An order or staff member of this event may be selected beside it: keep the event.
        if (selected is not None or current is None) and selected != self.selected:
            self.selected = selected
            self.selected_changed.emit()

    def _say(self, text: str) -> None:
        self.ctx.notify(text, key="onemap.events.hint")


def needs_note(event: Event, action: EventAction) -> bool:
    """Whether a step must say why: what goes back, and closing though nobody was sent."""
    return action in NEEDS_NOTE or (action is EventAction.CLOSE and event.state is EventState.ACCEPTED)


def _in_turn(events: Iterable[Event]) -> list[Event]:
    """The order of the list and of F8 alike: most urgent level first, then who has waited longest."""
    return sorted(events, key=lambda event: (RANKS[event.urgency], event.reported_at))


def _draft_of(event: Event, replaces: str = "") -> Draft:
    return Draft(
        title=event.title,
        where=event.where,
        kind=event.kind,
        urgency=event.urgency,
        address=event.address,
        detail=event.detail,
        reporter=event.reporter,
        reporter_phone=event.reporter_phone,
        area=event.area,
        replaces=replaces,
    )


def _subjects(entry: Waiting) -> list[str]:
    """The event that an entry of the outbox is a step of, or an order for."""
    if entry.path == ORDERS:
        return [str((entry.body or {}).get("event", ""))]
    parts = entry.path.split("/")
    return [parts[2]] if parts[1] == "events" and len(parts) > 2 else []


def _areas(ctx: Context) -> Any | None:
    """The service ``areas``, which knows names of areas; None without it."""
    try:
        return ctx.services.get("areas")
    except MissingService:
        return None
