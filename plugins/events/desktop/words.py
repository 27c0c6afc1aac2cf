"""How events are written and drawn: titles, glyphs, tones, ages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from console.sdk.records import EventClass, EventState, Urgency
from plugins.events.model import EventAction, allowed_actions, correct_action

Tr = Callable[..., str]

CLASSES: dict[EventClass, str] = {
    EventClass.FIRE: "Fire",
    EventClass.MEDICAL: "Medical",
    EventClass.TRAFFIC: "Traffic",
    EventClass.SECURITY: "Security",
    EventClass.FACILITY: "Facility",
    EventClass.SANITATION: "Sanitation",
    EventClass.FLOOD: "Flood",
    EventClass.DISPUTE: "Dispute",
    EventClass.OTHER: "Other",
}
URGENCIES: dict[Urgency, str] = {
    Urgency.CRITICAL: "Critical",
    Urgency.URGENT: "Urgent",
    Urgency.GENERAL: "General",
}
_WITH_THE_FIELD = frozenset({EventState.DISPATCHED, EventState.HANDLING})
"""States that the people who were sent lead out of."""
RANKS = {urgency: rank for rank, urgency in enumerate(URGENCIES)}
"""Most urgent first."""
STATES: dict[EventState, str] = {
    EventState.REPORTED: "Reported",
    EventState.ACCEPTED: "Accepted",
    EventState.DISPATCHED: "Dispatched",
    EventState.HANDLING: "Being handled",
    EventState.FED_BACK: "Fed back",
    EventState.CLOSED: "Closed",
    EventState.RETURNED: "Returned",
    EventState.CANCELLED: "Cancelled",
}
STATE_TONES: dict[EventState, str] = {
    EventState.REPORTED: "error",
    EventState.ACCEPTED: "warning",
    EventState.DISPATCHED: "info",
    EventState.HANDLING: "info",
    EventState.FED_BACK: "success",
    EventState.CLOSED: "muted",
    EventState.RETURNED: "warning",
    EventState.CANCELLED: "muted",
}
URGENCY_TONES = {Urgency.CRITICAL: "error", Urgency.URGENT: "warning", Urgency.GENERAL: "info"}
ACTIONS: dict[str, str] = {
    EventAction.ACCEPT: "Accept",
    EventAction.CLOSE: "Close the event",
    EventAction.RETURN: "Return",
    EventAction.CANCEL: "Cancel the event",
    EventAction.REOPEN: "Reopen",
    EventAction.NOTE: "Add note",
    "report": "Report",
    "correct_title": "Title corrected",
    "correct_kind": "Class corrected",
    "correct_urgency": "Level corrected",
    "dispatched": "Dispatch",
    "handling": "Handle",
    "fed_back": "Feed back",
    "withdrawn": "Order ended without success",
    "assess": "Assess",
}
"""Titles of steps, those of the history included."""
ACTORS = {"geofence": "Geofence", "router": "Router"}
"""Who acts without being a person."""
_GLYPHS_ZH = dict(zip(CLASSES, "火医交治设卫汛纠其", strict=True))
_GLYPHS_EN = dict(zip(CLASSES, "FMTSIWLDO", strict=True))


def glyph(kind: EventClass, language: str) -> str:
    """One character that stands for the class on the map."""
    return (_GLYPHS_EN if language == "en" else _GLYPHS_ZH)[kind]


def action_text(action: str, tr: Tr) -> str:
    """Title of a step of the history; an unknown one is shown as it is."""
    return tr(ACTIONS[action]) if action in ACTIONS else action


def not_now_text(state: EventState, action: EventAction, tr: Tr) -> str:
    """Why a step is not possible in *state*, and what is instead."""
    text = tr(
        "{step} is not possible: the event is “{state}”. Possible now: {steps}",
        step=tr(ACTIONS[action]),
        state=tr(STATES[state]),
        steps=tr(", ").join(tr(ACTIONS[each]) for each in allowed_actions(state)),
    )
    if state not in _WITH_THE_FIELD:
        return text
    return f"{text}\n{tr('It goes on when who was sent feeds back, or when their order is cancelled.')}"


def note_text(action: str, note: str, tr: Tr) -> str:
    """The note of a step; values of a correction (``old → new``) in the user's words."""
    words: dict[str, str] = {}
    if action == correct_action("kind"):
        words = {kind.value: title for kind, title in CLASSES.items()}
    elif action == correct_action("urgency"):
        words = {urgency.value: title for urgency, title in URGENCIES.items()}
    return " → ".join(tr(words[part]) if part in words else part for part in note.split(" → "))


def actor_text(actor: str, tr: Tr) -> str:
    """Name of who did a step."""
    return tr(ACTORS[actor]) if actor in ACTORS else actor


def age_text(seconds: float, tr: Tr) -> str:
    """How long something has lasted."""
    minutes = max(0, int(seconds // 60))
    if minutes < 60:
        return tr("{n} min", n=minutes)
    if minutes < 24 * 60:
        return tr("{h} h {m} min", h=minutes // 60, m=minutes % 60)
    return tr("{d} d {h} h", d=minutes // 1440, h=minutes % 1440 // 60)


def clock_text(at: float, now: float) -> str:
    """Local time, with the date when that is another day."""
    when = datetime.fromtimestamp(at)
    same_day = when.date() == datetime.fromtimestamp(now).date()
    return when.strftime("%H:%M:%S" if same_day else "%m-%d %H:%M")
