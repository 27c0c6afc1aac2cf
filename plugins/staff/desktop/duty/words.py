"""How duty is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

Tr = Callable[..., str]

WHY = {
    "rota": "By the rota",
    "substitute": "Stands in",
    "override": "By a leader's word",
    "standing": "On no rota",
}
LEAVE_KINDS = {"annual": "Annual leave", "sick": "Sick leave", "training": "Training", "other": "Other leave"}
WEEKDAYS = {
    "mon": "Mon",
    "tue": "Tue",
    "wed": "Wed",
    "thu": "Thu",
    "fri": "Fri",
    "sat": "Sat",
    "sun": "Sun",
}


def clock_text(minutes: int) -> str:
    """Minutes after midnight as ``08:00``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def day_text(day: str, tr: Tr) -> str:
    """A day of the rota as heading: the weekday, and the date where there is one."""
    if day in WEEKDAYS:
        return tr(WEEKDAYS[day])
    on = date.fromisoformat(day)
    return f"{tr(tuple(WEEKDAYS.values())[on.weekday()])} {on.month}-{on.day:02d}"


def moment_text(at: float | None) -> str:
    """A time as ``11-23 20:00``; empty for none."""
    return "" if at is None else f"{datetime.fromtimestamp(at):%m-%d %H:%M}"
