"""How ranking, orders and closures are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from console.sdk.records import (
    Candidate,
    ClosureShape,
    Escalation,
    EventClass,
    HelpState,
    Means,
    OrderState,
    Reason,
    Then,
    Urgency,
)
from plugins.dispatch.model import Looked, Nearness, WhyNot

Tr = Callable[..., str]

ORDER_STATES: dict[OrderState, str] = {
    OrderState.SENT: "Sent",
    OrderState.DELIVERED: "Delivered",
    OrderState.READ: "Read",
    OrderState.ACCEPTED: "Accepted",
    OrderState.UNDER_WAY: "Under way",
    OrderState.ARRIVED: "Arrived",
    OrderState.DONE: "Done",
    OrderState.REFUSED: "Refused",
    OrderState.CANCELLED: "Cancelled",
}
ESCALATIONS: dict[Escalation, str] = {
    Escalation.REMINDED: "reminded",
    Escalation.ESCALATED: "no answer",
}
STEPS: dict[str, str] = {
    "send": "Sent",
    "delivered": "Delivered",
    "read": "Read",
    "accept": "Accepted",
    "start": "Under way",
    "arrive": "Arrived",
    "done": "Done",
    "refuse": "Refused",
    "cancel": "Cancelled",
    "note": "Note",
    "attach": "Attachments added",
    "remind": "Reminded",
    "escalate": "Escalated: no answer",
    "reroute": "Another way",
}
"""Steps of an order's history."""
STEP_ACTORS: dict[str, str] = {"rule": "By rule", "router": "Router", "geofence": "Geofence"}
"""Who acts without being a person."""
STEP_NOTES: dict[str, str] = {
    "off the route": "off the route",
    "road closed": "road closed",
    "road open again": "road open again",
}
"""What the backend itself writes."""
THEN: dict[str, str] = {
    Then.PROPOSE: "Propose the next one",
    Then.SEND_NEXT: "Send the next one",
}
"""What follows when nobody answers."""
ROLES: dict[str, str] = {
    "grid_worker": "Grid worker",
    "grid_leader": "Grid leader",
    "patrol": "Patrol",
    "police": "Police",
    "medic": "Medic",
    "firefighter": "Firefighter",
    "sanitation": "Sanitation worker",
    "city_management": "City management officer",
    "volunteer": "Volunteer",
}
KINDS: dict[str, str] = {
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
LEVELS: dict[str, str] = {
    Urgency.CRITICAL: "Critical",
    Urgency.URGENT: "Urgent",
    Urgency.GENERAL: "General",
}
HELP_STATES: dict[HelpState, tuple[str, str]] = {
    HelpState.OPEN: ("Open", "warning"),
    HelpState.GRANTED: ("Granted", "success"),
    HelpState.DECLINED: ("Declined", "error"),
    HelpState.WITHDRAWN: ("Withdrawn", "text.muted"),
}
"""Titles and tones."""
ORDER_TONES: dict[OrderState, str] = {
    OrderState.SENT: "warning",
    OrderState.DELIVERED: "warning",
    OrderState.READ: "warning",
    OrderState.ACCEPTED: "info",
    OrderState.UNDER_WAY: "info",
    OrderState.ARRIVED: "success",
    OrderState.DONE: "text.muted",
    OrderState.REFUSED: "error",
    OrderState.CANCELLED: "text.muted",
}
WHY_NOT: dict[str, str] = {
    WhyNot.OFF_DUTY: "Off duty",
    WhyNot.NO_POSITION: "No position",
    WhyNot.BAD_POSITION: "Position not credible",
    WhyNot.SILENT: "Silent for long",
    WhyNot.LACKS_SKILL: "Lacks what is demanded",
    WhyNot.NO_ROAD: "No road leads there",
}
MEANS: dict[Means, str] = {
    Means.FOOT: "On foot",
    Means.BICYCLE: "By bicycle",
    Means.CAR: "By car",
    Means.MOTORCYCLE: "By motorcycle",
    Means.EMERGENCY: "With blue light",
}
SHAPES: dict[ClosureShape, str] = {
    ClosureShape.POINT: "Point",
    ClosureShape.LINE: "Line",
    ClosureShape.POLYGON: "Area",
}
_NEARNESS: dict[str, str] = {
    Nearness.OWN: "Own grid",
    Nearness.NEIGHBOUR: "Neighbouring, not own grid",
    Nearness.COMMUNITY: "Same community, not own grid",
    Nearness.STREET: "Same street, not own grid",
    Nearness.OTHER: "Another street",
}


def span_text(seconds: float | None, tr: Tr) -> str:
    """A length of time, to the second below ten minutes; a dash when unknown."""
    if seconds is None:
        return "–"
    whole = max(0, round(seconds))
    if whole < 60:
        return tr("{s} s", s=whole)
    if whole < 600:
        return tr("{m} min {s} s", m=whole // 60, s=whole % 60)
    if whole < 3600:
        return tr("{m} min", m=whole // 60)
    return tr("{h} h {m} min", h=whole // 3600, m=whole % 3600 // 60)


def span_short(seconds: float | None, tr: Tr) -> str:
    """A length of time for narrow columns."""
    if seconds is None:
        return "–"
    whole = max(0, round(seconds))
    if whole < 3600:
        return tr("{m}m {s}s", m=whole // 60, s=whole % 60) if whole >= 60 else tr("{s} s", s=whole)
    return tr("{h}h {m}m", h=whole // 3600, m=whole % 3600 // 60)


def clock_text(at: float | None) -> str:
    """Hours and minutes of a local time (s since 1970); empty without one."""
    return f"{datetime.fromtimestamp(at):%H:%M}" if at else ""


def metres_text(metres: float | None, tr: Tr) -> str:
    """A distance; a dash when unknown."""
    if metres is None:
        return "–"
    return tr("{n} m", n=f"{metres:.0f}") if metres < 1000 else tr("{n} km", n=f"{metres / 1000:.1f}")


def reason_text(reason: Reason, tr: Tr) -> str:
    """One part of the ranking in words; empty when it says nothing worth reading."""
    if reason.what == Looked.ETA:
        return tr("By road {span}", span=span_text(float(reason.value), tr)) if reason.value else ""
    if reason.what == Looked.JOB:
        return tr("Has a job already") if reason.value else ""
    if reason.what == Looked.GRID:
        return tr(_NEARNESS.get(reason.value, "Another street"))
    if reason.what == Looked.MEANS:
        return tr(MEANS[Means(reason.value)]) if reason.value in list(Means) else ""
    if reason.what == Looked.SKILL:
        return tr("Lacks {skills}", skills=tr(", ").join(reason.value.split(","))) if reason.value else ""
    if reason.what == Looked.LOAD:
        return tr("{n} orders today", n=reason.value) if reason.value else ""
    if reason.what == Looked.BATTERY:
        return tr("Battery {n} %", n=reason.value) if reason.value else ""
    if reason.what == Looked.POSITION_AGE and reason.value:
        return tr("Seen {span} ago", span=span_text(float(reason.value), tr))
    return ""


def why_not_text(candidate: Candidate, tr: Tr) -> str:
    """Why somebody cannot go; an unknown word is shown as it is."""
    return tr(WHY_NOT[candidate.why_not]) if candidate.why_not in WHY_NOT else candidate.why_not


def remarks(candidate: Candidate, tr: Tr) -> str:
    """What speaks against a candidate, in a few words for the table."""
    if not candidate.able:
        return why_not_text(candidate, tr)
    against = [each for each in candidate.reasons if each.seconds > 0 and each.what != Looked.ETA]
    against.sort(key=lambda reason: -reason.seconds)
    return " · ".join(text for text in (reason_text(reason, tr) for reason in against) if text)
