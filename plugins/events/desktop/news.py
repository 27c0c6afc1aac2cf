"""Tells of new events and of those that come back, and counts those that wait."""

from __future__ import annotations

from console.sdk import Change, Severity
from console.sdk.records import Event, EventState, Urgency
from plugins.events.desktop.desk import RECORD, EventDesk
from plugins.events.desktop.words import CLASSES, RANKS, URGENCIES

SEVERITIES = {
    Urgency.CRITICAL: Severity.ERROR,
    Urgency.URGENT: Severity.WARNING,
    Urgency.GENERAL: Severity.INFO,
}


class News:
    """Follows the live events. What a snapshot brings is known already, so it is not news."""

    def __init__(self, desk: EventDesk) -> None:
        self._desk = desk
        self._events = desk.ctx.live.collection(RECORD)
        self._states = {event.id: event.state for event in self._events.all()}
        self._events.on_change(self._look)
        desk.changed.connect(self._count)
        self._count()

    def _look(self, change: Change) -> None:
        for event_id in change.gone:
            self._states.pop(event_id, None)
        for event_id in change.put:
            event = self._events.get(event_id)
            if event is not None:
                before = self._states.get(event_id)
                self._states[event_id] = event.state
                if not change.reset:
                    self._tell(event, before)

    def _tell(self, event: Event, before: EventState | None) -> None:
        tr = self._desk.ctx.tr
        if before is None and event.state is EventState.REPORTED:
            least = Urgency(self._desk.ctx.settings.get("tell_urgency"))
            if RANKS[event.urgency] <= RANKS[least] and not self._desk.is_mine(event.id):
                self._notify(event, tr("New event"), SEVERITIES[event.urgency])
        elif before is not event.state and event.state is EventState.FED_BACK:
            self._notify(event, tr("Fed back, please check and close"), Severity.SUCCESS)
        elif before is EventState.DISPATCHED and event.state is EventState.ACCEPTED:
            self._notify(event, tr("Nobody is on the way any more"), Severity.WARNING)

    def _notify(self, event: Event, what: str, severity: Severity) -> None:
        tr = self._desk.ctx.tr
        words = [tr(URGENCIES[event.urgency]), tr(CLASSES[event.kind]), event.address]
        self._desk.ctx.notify(
            f"{what}: {event.title}",
            severity,
            detail=" · ".join(word for word in words if word),
            action=(tr("Show"), lambda: self._desk.jump(event.id)),
            key=f"onemap.events.{event.id}",
        )

    def _count(self) -> None:
        """Open events, as the list counts them."""
        count = self._desk.count("open")
        self._desk.ctx.panels.set_badge("onemap.events.events", str(count) if count else "")
