"""Numbers by which grids can be coloured: of grids, events and duty; never of a single person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plugins.grids.desktop.overview import Overview


@dataclass(frozen=True, slots=True)
class Number:
    """What is counted or measured in a grid."""

    title: str
    """In English."""
    of: Callable[[Overview, str, float], float]
    """From the counts, the grid's code and its square kilometres; nan: there is none."""


def _share(count: float, of: float) -> float:
    return count / of if of > 0 else float("nan")


NUMBERS = {
    "open_events": Number("Open events", lambda o, code, km2: o.open_events[code]),
    "on_duty": Number("Staff on duty", lambda o, code, km2: o.on_duty[code]),
    "events_each": Number(
        "Open events for each on duty", lambda o, code, km2: _share(o.open_events[code], o.on_duty[code])
    ),
    "events_km2": Number("Open events per km²", lambda o, code, km2: _share(o.open_events[code], km2)),
    "on_duty_km2": Number("Staff on duty per km²", lambda o, code, km2: _share(o.on_duty[code], km2)),
    "area": Number("Area in km²", lambda o, code, km2: km2),
}
TITLES = [number.title for number in NUMBERS.values()]
