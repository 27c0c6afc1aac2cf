"""Words that both halves of the events plugin share; the record is ``console.sdk.records.Event``."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from console.sdk.records import Event, EventState

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
