"""What the events plugin knows, has selected and does; layer and panel follow its signals."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import Change, Context, MissingService, OneMapError, Severity, Waiting
from console.sdk.records import OPEN_EVENT_STATES, Event, EventClass, EventState, LonLat, Urgency
from plugins.events.desktop.words import ACTIONS, RANKS
from plugins.events.model import EventAction, allowed_actions

RECORD = "event"
RIGHT = "events.write"
CLOSE_ZOOM = 16.5
NEEDS_NOTE = frozenset({EventAction.RETURN, EventAction.CANCEL})
_KEPT_MINE = 2000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are shown."""

    scope: str = "open"
    """``open``, ``mine`` or ``all``."""
    kind: EventClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event that is being written down."""

    title: str
    where: LonLat
    kind: EventClass
    urgency: Urgency
    address: str = ""
    detail: str = ""
    reporter: str = ""
    reporter_phone: str = ""


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
        self._mine: dict[str, None] = {}
        self._events = ctx.live.collection(RECORD)
        self._events.on_change(self._on_events)
        ctx.backend.on_waiting(self.waiting_changed.emit)
        ctx.backend.on_connection(lambda up: self.connected.emit() if up else None)
        ctx.selection.on_change(self._on_selection)
        self._on_selection(ctx.selection.current)
        ctx.tasks.start(self._recall_mine())

    @property
    def now(self) -> float:
        """The backend's clock, s since 1970."""
        return self.ctx.live.server_time

    @property
    def may_write(self) -> bool:
        """Whether the user may report and change events."""
        return self.ctx.backend.allowed(RIGHT)

    def event(self, event_id: str | None) -> Event | None:
        """One event."""
        return None if event_id is None else self._events.get(event_id)

    def shown(self) -> list[Event]:
        """Events that the filter lets through: most urgent, then newest first."""
        events = [event for event in self._events.all() if self._passes(event)]
        return sorted(events, key=lambda event: (RANKS[event.urgency], -event.reported_at))

    def count(self, scope: str) -> int:
        """How many events a scope has, whatever the class."""
        return sum(self._in_scope(event, scope) for event in self._events.all())

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

    def jump(self, event_id: str) -> None:
        """Select and show on the map."""
        self.select(event_id)
        if self.event(event_id) is not None:
            self.show_selected()

    def select_next(self) -> None:
        """Jump to the most urgent event that waits for somebody; again: to the one after it."""
        waits = {EventState.REPORTED, EventState.ACCEPTED, EventState.RETURNED, EventState.FED_BACK}
        ids = [event.id for event in self._sorted_open() if event.state in waits]
        if not ids:
            self._say(self.ctx.tr("No event waits"))
            return
        at = ids.index(self.selected) + 1 if self.selected in ids else 0
        self.jump(ids[at % len(ids)])

    def waiting(self, event_id: str = "") -> Sequence[Waiting]:
        """What the outbox holds about events, or about one of them."""
        prefix = f"/events/{event_id}/" if event_id else "/events"
        return [entry for entry in self.ctx.backend.waiting() if entry.path.startswith(prefix)]

    def ask(self, action: EventAction) -> None:
        """A step with the selected event by command; steps that need a reason ask for it in the panel."""
        event = self.event(self.selected)
        if event is None:
            self._say(self.ctx.tr("Select an event first"))
        elif action not in allowed_actions(event.state):
            self._say(self.ctx.tr("This step is not possible in the present state"))
        elif action in NEEDS_NOTE:
            self.ctx.panels.show("onemap.events.events")
            self.note_wanted.emit(action.value)
        else:
            self.act(event, action)

    def act(self, event: Event, action: EventAction, note: str = "") -> None:
        """Give a step to the backend; the echo on the live feed changes what is shown."""
        title = f"{self.ctx.tr(ACTIONS[action])} · {event.number} {event.title}"
        body = {"action": action.value, "note": note}
        self.ctx.tasks.start(self._submit(title, f"/events/{event.id}/actions", body))
        self._remember(event.id)

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
        }
        title = f"{self.ctx.tr('Report')} · {draft.title}"
        self.ctx.tasks.start(self._submit(title, "/events", body))
        self._remember(event_id)
        self.select(event_id)
        return event_id

    async def _submit(self, title: str, path: str, body: dict[str, Any]) -> None:
        try:
            await self.ctx.backend.submit(title, "POST", path, body)
        except OneMapError as error:
            self.ctx.notify(title, Severity.ERROR, detail=str(error))

    def _passes(self, event: Event) -> bool:
        wanted = self.filter.kind is None or event.kind is self.filter.kind
        return wanted and self._in_scope(event, self.filter.scope)

    def _in_scope(self, event: Event, scope: str) -> bool:
        if scope == "mine":
            return event.id in self._mine
        return scope == "all" or event.state in OPEN_EVENT_STATES

    def _sorted_open(self) -> list[Event]:
        events = [event for event in self._events.all() if event.state in OPEN_EVENT_STATES]
        return sorted(events, key=lambda event: (RANKS[event.urgency], event.reported_at))

    def _on_events(self, change: Change) -> None:
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

    def _remember(self, event_id: str) -> None:
        """Note an event as mine, for the filter; the newest are kept."""
        self._mine.pop(event_id, None)
        self._mine[event_id] = None
        while len(self._mine) > _KEPT_MINE:
            del self._mine[next(iter(self._mine))]
        self.ctx.tasks.start(self._keep_mine(list(self._mine)))

    def _mine_path(self) -> Path:
        user = self.ctx.backend.user
        return Path(self.ctx.data_dir()) / f"mine-{user.id if user else 'nobody'}.json"

    async def _recall_mine(self) -> None:
        """Losing this list loses a filter, nothing else."""
        with contextlib.suppress(OSError, ValueError):
            text = await self.ctx.tasks.run(self._mine_path().read_text, "utf-8")
            self._mine = dict.fromkeys(str(event_id) for event_id in json.loads(text))
            self.filtered.emit()

    async def _keep_mine(self, ids: list[str]) -> None:
        with contextlib.suppress(OSError):
            await self.ctx.tasks.run(self._mine_path().write_text, json.dumps(ids), "utf-8")


def _areas(ctx: Context) -> Any | None:
    """The service ``areas``, which knows names of areas; None without it."""
    try:
        return ctx.services.get("areas")
    except MissingService:
        return None
