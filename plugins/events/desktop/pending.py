"""Events that were reported here and have not reached the backend: shown as events, marked as waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from console.sdk import Waiting
from console.sdk.records import Event, EventClass, EventState, Urgency

PATH = "/events"
"""Where reports go to."""


class Pending:
    """Kept from the report until the feed brings the event, the backend refuses it, or it is withdrawn."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self._on_the_way: set[str] = set()
        self._areas: dict[str, str] = {}

    def begin(self, body: dict[str, Any], area: str) -> None:
        """A report was given to the outbox just now; *area* is the grid that the map knows, or empty."""
        event = event_of(body, float(body["reported_at"]), area)
        self.events[event.id] = event
        self._on_the_way.add(event.id)
        self._areas[event.id] = area

    def follow(self, waiting: Iterable[Waiting], is_known: Callable[[str], bool]) -> bool:
        """What the outbox holds now, and whether the feed brought an event; True when anything changed."""
        before = self.events
        held = {
            entry.body["id"]: event_of(entry.body, entry.since, self._areas.get(entry.body["id"], ""))
            for entry in waiting
            if is_report(entry) and not entry.error
        }
        begun = {event_id: event for event_id, event in before.items() if event_id in self._on_the_way}
        self.events = {key: event for key, event in (begun | held).items() if not is_known(key)}
        self._on_the_way &= set(self.events)
        return self.events != before

    def end(self, event_id: str) -> None:
        """It was refused or withdrawn."""
        self._on_the_way.discard(event_id)
        self.events = {key: event for key, event in self.events.items() if key != event_id}


def is_report(entry: Waiting) -> bool:
    """Whether an entry of the outbox is the report of an event."""
    return entry.method == "POST" and entry.path == PATH and "id" in (entry.body or {})


def event_of(body: dict[str, Any], since: float, area: str = "") -> Event:
    """The event as it will be, without the number that the backend gives it.

    What a report may leave out is as the backend fills it in.
    """
    lon, lat = body["where"]
    return Event(
        id=str(body["id"]),
        number="",
        title=str(body["title"]),
        area=area,
        where=(float(lon), float(lat)),
        kind=EventClass(body.get("kind", EventClass.OTHER)),
        urgency=Urgency(body.get("urgency", Urgency.GENERAL)),
        state=EventState.REPORTED,
        address=str(body.get("address", "")),
        detail=str(body.get("detail", "")),
        reporter=str(body.get("reporter", "")),
        reporter_phone=str(body.get("reporter_phone", "")),
        reported_at=float(body.get("reported_at") or since),
        closed_at=None,
        version=0,
    )
