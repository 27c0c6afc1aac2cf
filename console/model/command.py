"""Records of command (指挥): what follows silence, files with orders, orders to many, ready texts, help
between stations.

Like those of ``console.model.records``; what has no ``area`` is everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Escalation(StrEnum):
    """How far an unanswered order was pursued."""

    NONE = ""
    REMINDED = "reminded"
    ESCALATED = "escalated"
    """Others must look after it: the leader was told, the next one proposed or sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A picture or document that goes with an order; its bytes are asked for by ``id``."""

    id: str
    name: str
    media_type: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGroup:
    """One act of sending to many: for an event, or as a mass call (群呼)."""

    id: str
    area: str
    text: str
    event: str = ""
    by: str = ""
    sent_at: float = 0.0
    size: int = 0
    """How many people got an order; how far they are is told by their orders."""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTemplate:
    """A ready text for orders, for all who send; may hold ``{title}`` and ``{address}`` of the event."""

    id: str
    kind: str = ""
    """An EventClass, or empty for all."""
    zh: str = ""
    en: str = ""
    by: str = ""
    version: int = 0


class Then(StrEnum):
    """What follows when an order stays unanswered to the end."""

    PROPOSE = "propose"
    """The console proposes the next candidate."""
    SEND_NEXT = "send_next"
    """The backend takes the order back and sends the next candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRule:
    """How unanswered orders are pursued; of several rules that fit, the most precise holds."""

    id: str
    kind: str = ""
    """An EventClass, or empty for all."""
    urgency: str = ""
    """An Urgency, or empty for all."""
    remind_after: float = 120.0
    """Seconds since sending."""
    escalate_after: float = 300.0
    """Seconds since sending."""
    then: Then = Then.PROPOSE
    version: int = 0


class HelpState(StrEnum):
    """States of a request for help between stations."""

    OPEN = "open"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRequest:
    """A station asks the one above it for staff; ``area`` is that of the station that asks."""

    id: str
    area: str
    what: str
    count: int
    needed_by: float
    """Seconds since 1970."""
    until: float
    """How long the help is needed, seconds since 1970."""
    state: HelpState = HelpState.OPEN
    by: str = ""
    at: float = 0.0
    answer: str = ""
    answered_by: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """Somebody commanded by another station for a time; ``area`` is where they are at home."""

    id: str
    staff: str
    name: str
    area: str
    borrower: str
    """Area of the station that commands them now."""
    since: float
    until: float
    request: str = ""
    by: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldText:
    """What somebody in the field wrote without an order; with one it is a note of that order."""

    id: str
    staff: str
    name: str
    area: str
    """Of the sender."""
    text: str
    at: float
    """Arrival, seconds since 1970."""
    version: int = 0
