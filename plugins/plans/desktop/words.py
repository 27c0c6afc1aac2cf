"""How plans are written: classes, times, figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from console.sdk.records import EventClass, Plan, PlanItem, PlanItemKind
from console.sdk.symbol_set import SYMBOLS

Tr = Callable[..., str]
ANY_CLASS = "All classes"
CLASSES: dict[str, str] = {
    "": ANY_CLASS,
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
KINDS = {"point": "Place", "line": "Line", "polygon": "Area"}


def class_text(event_class: str, tr: Tr) -> str:
    """A class that this console does not know is shown as it is."""
    return tr(CLASSES[event_class]) if event_class in CLASSES else event_class


def time_text(at: float) -> str:
    """Local date and time; empty for a plan that was not saved yet."""
    return f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M}" if at else ""


def what_text(item: PlanItem, tr: Tr, language: str) -> str:
    """What a thing is: the name of its symbol, else its kind."""
    symbol = SYMBOLS.get(item.symbol)
    return symbol.title.get(language) if symbol is not None else tr(KINDS[item.kind])


def offered_name(kind: PlanItemKind, items: Iterable[PlanItem], tr: Tr) -> str:
    """A name for one thing more: its kind with the first number that no other has."""
    taken, number = {item.title for item in items}, 1
    while (name := f"{tr(KINDS[kind])} {number}") in taken:
        number += 1
    return name


def holds_text(plan: Plan, tr: Tr) -> str:
    """How much is in a plan."""
    return tr("{steps} steps · {items} drawn", steps=len(plan.steps), items=len(plan.items))
