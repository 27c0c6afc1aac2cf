"""Words that both halves of the events plugin share; the record is ``console.sdk.records.Event``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from console.sdk.records import Event, EventClass, EventState, HistoryEntry, Urgency

PERSONAL_FIELDS = ("reporter", "reporter_phone")
"""Fields of an event that travel masked and can be unmasked with a reason."""
TITLE_LIMIT = 120
ADDRESS_LIMIT = 200
DETAIL_LIMIT = 4000
CORRECTABLE = ("title", "kind", "urgency")
"""Fields that may be corrected after the report, while the event is open."""


class Events(Protocol):
    """What the desktop half offers others as the service ``events``."""

    def event(self, event_id: str | None) -> Event | None:
        """One event, one whose report still waits to be sent included."""
        ...

    def is_pending(self, event_id: str) -> bool:
        """Whether the report itself has not reached the backend yet: it is unknown there."""
        ...


class EventAction(StrEnum):
    """What an operator may do with an event."""

    ACCEPT = "accept"
    CLOSE = "close"
    RETURN = "return"
    CANCEL = "cancel"
    REOPEN = "reopen"
    """Closed too early: back to handling."""
    NOTE = "note"


class Course(StrEnum):
    """What orders do to their event."""

    DISPATCHED = "dispatched"
    HANDLING = "handling"
    FED_BACK = "fed_back"
    WITHDRAWN = "withdrawn"
    """The last open order was refused or cancelled: the event waits for somebody again."""


ALLOWED: dict[EventAction, tuple[frozenset[EventState], EventState]] = {
    EventAction.ACCEPT: (frozenset({EventState.REPORTED, EventState.RETURNED}), EventState.ACCEPTED),
    EventAction.CLOSE: (frozenset({EventState.ACCEPTED, EventState.FED_BACK}), EventState.CLOSED),
    EventAction.RETURN: (frozenset({EventState.FED_BACK}), EventState.RETURNED),
    EventAction.REOPEN: (frozenset({EventState.CLOSED}), EventState.RETURNED),
    EventAction.CANCEL: (
        frozenset({EventState.REPORTED, EventState.ACCEPTED, EventState.RETURNED}),
        EventState.CANCELLED,
    ),
}
"""From which states an action is allowed, and the state it leads to. A note changes nothing."""


def correct_action(field: str) -> str:
    """Action of the history's step that says that a field was corrected; its note is ``old → new``."""
    return f"correct_{field}"


def allowed_actions(state: EventState) -> list[EventAction]:
    """What may be done in *state*, for menus and for the check on the backend alike."""
    changes = [action for action, (states, _) in ALLOWED.items() if state in states]
    return [*changes, EventAction.NOTE]


COURSE: dict[Course, tuple[frozenset[EventState], EventState]] = {
    Course.DISPATCHED: (
        frozenset({EventState.REPORTED, EventState.ACCEPTED, EventState.RETURNED, EventState.FED_BACK}),
        EventState.DISPATCHED,
    ),
    Course.HANDLING: (frozenset({EventState.DISPATCHED}), EventState.HANDLING),
    Course.FED_BACK: (frozenset({EventState.DISPATCHED, EventState.HANDLING}), EventState.FED_BACK),
    Course.WITHDRAWN: (frozenset({EventState.DISPATCHED, EventState.HANDLING}), EventState.ACCEPTED),
}
"""In which states an order moves its event, and where to; in others it stays."""


# ---- Assessment of a closed event: about events and the streets that handle them; nobody's name but the
# assessor's is in it.

BEST = 5
"""Quality is scored from 1 to this."""
REMARK_LIMIT = 500
LONGEST_DAYS = 92
"""Of one list."""
ACTION = "assess"
"""Of the step in the event's history."""
RIGHT = "events.assess"


class Stage(StrEnum):
    """What must happen in time, counted from the report."""

    ACCEPT = "accept"
    ARRIVE = "arrive"
    CLOSE = "close"


_MINUTE, _HOUR = 60.0, 3600.0
LIMITS: dict[EventClass, dict[Stage, float]] = {
    kind: dict(zip(Stage, seconds, strict=True))
    for kind, seconds in {
        EventClass.FIRE: (2 * _MINUTE, 10 * _MINUTE, 4 * _HOUR),
        EventClass.MEDICAL: (2 * _MINUTE, 10 * _MINUTE, 2 * _HOUR),
        EventClass.TRAFFIC: (5 * _MINUTE, 15 * _MINUTE, 4 * _HOUR),
        EventClass.SECURITY: (5 * _MINUTE, 15 * _MINUTE, 8 * _HOUR),
        EventClass.FLOOD: (5 * _MINUTE, 20 * _MINUTE, 12 * _HOUR),
        EventClass.FACILITY: (30 * _MINUTE, 2 * _HOUR, 24 * _HOUR),
        EventClass.SANITATION: (30 * _MINUTE, 2 * _HOUR, 24 * _HOUR),
        EventClass.DISPUTE: (30 * _MINUTE, 1 * _HOUR, 72 * _HOUR),
        EventClass.OTHER: (30 * _MINUTE, 2 * _HOUR, 48 * _HOUR),
    }.items()
}
"""Seconds from the report, by class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One stage against its limit, in seconds from the report."""

    stage: Stage
    limit: float
    took: float | None = None
    """None: it never happened, as when nobody was sent."""

    @property
    def in_time(self) -> bool | None:
        """None when it never happened: that is neither in time nor late."""
        return None if self.took is None else self.took <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A closed event with its times, and with its assessment once there is one."""

    event: str
    number: str
    title: str
    kind: EventClass
    urgency: Urgency
    area: str
    reported_at: float
    closed_at: float
    timings: tuple[Timing, ...]
    score: int | None = None
    """1 to ``BEST``; None: not assessed yet."""
    remark: str = ""
    by: str = ""
    """Name of who assessed."""
    at: float | None = None
    """When, s since 1970."""


def timings_of(
    reported_at: float, closed_at: float, history: Sequence[HistoryEntry], limits: dict[Stage, float]
) -> tuple[Timing, ...]:
    """How an event kept *limits*, by its own *history* (oldest first); times in s since 1970.

    Sending somebody implies that it was accepted, feeding back that somebody was there.
    """
    at = {
        Stage.ACCEPT: _first(history, set(EventState) - {EventState.REPORTED}),
        Stage.ARRIVE: _first(history, {EventState.HANDLING, EventState.FED_BACK}),
        Stage.CLOSE: closed_at,
    }
    return tuple(
        Timing(stage=stage, limit=limits[stage], took=None if when is None else max(when - reported_at, 0.0))
        for stage, when in at.items()
    )


def _first(history: Sequence[HistoryEntry], states: set[EventState]) -> float | None:
    return next((entry.at for entry in history if entry.state in states), None)
