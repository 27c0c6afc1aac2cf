"""From what was planned to the spans of time in which somebody is on duty. Pure: no clock, no database.

The latest override wins over leave, leave over the rota, a date of the rota over
its standard week. Who is on no rota at all has a standing duty.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the standard week, as the rota names them."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Minutes after local midnight; ``ends`` at or before ``starts`` means the next day."""

    id: str
    starts: int
    ends: int

    def on(self, day: date) -> tuple[float, float]:
        """Begin and end on *day* of the backend's local time, s since 1970."""
        midnight = datetime(day.year, day.month, day.day)
        ends = self.ends if self.ends > self.starts else self.ends + 24 * 60
        begin, end = (midnight + timedelta(minutes=m) for m in (self.starts, ends))
        return begin.timestamp(), end.timestamp()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the rota; an empty shift is a free day."""

    shift: str
    lead: bool = False
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """On duty from *since* until before *until*; *why* is rota, substitute, override or standing."""

    since: float
    until: float
    why: str
    shift: str = ""
    lead: bool = False

    def holds(self, time: float) -> bool:
        """Whether *time* lies inside."""
        return self.since <= time < self.until


@dataclass(frozen=True, slots=True)
class Override:
    """A leader's word, from *since* until *until* (inf: until the next one)."""

    since: float
    until: float
    on: bool


@dataclass(slots=True)
class Plan:
    """All that was planned for one person."""

    standing: bool = False
    cells: dict[str, Cell] = field(default_factory=dict[str, Cell])
    stands_in: list[tuple[str, Cell]] = field(default_factory=list[tuple[str, Cell]])
    """(day, cell) of others whom this person stands in for."""
    leave: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    overrides: list[Override] = field(default_factory=list[Override])


def spans_of(plan: Plan, shifts: Mapping[str, Shift], since: float, until: float) -> list[Span]:
    """When they are on duty between two times (s since 1970), in order; shifts reach over the edges."""
    spans = list(_planned(plan, shifts, since, until))
    for begin, end in plan.leave:
        spans = cut_out(spans, begin, end)
    for override in sorted(plan.overrides, key=lambda each: each.since):
        spans = cut_out(spans, override.since, override.until)
        if override.on:
            spans.append(Span(override.since, override.until, "override"))
    return sorted((s for s in spans if s.until > since and s.since <= until), key=lambda s: s.since)


def cut_out(spans: Sequence[Span], begin: float, end: float) -> list[Span]:
    """*spans* without the time from *begin* to *end*."""
    kept: list[Span] = []
    for span in spans:
        if span.since < begin:
            kept.append(replace(span, until=min(span.until, begin)))
        if span.until > end:
            kept.append(replace(span, since=max(span.since, end)))
    return kept


def next_change(spans: Sequence[Span], time: float) -> float:
    """The first begin or end of a span after *time*; inf without one."""
    edges = (edge for span in spans for edge in (span.since, span.until) if edge > time)
    return min(edges, default=math.inf)


def _planned(plan: Plan, shifts: Mapping[str, Shift], since: float, until: float) -> Iterator[Span]:
    if not plan.cells and not plan.stands_in:
        if plan.standing:
            yield Span(-math.inf, math.inf, "standing")
        return
    for day in _days(since, until):
        iso, weekday = day.isoformat(), WEEKDAYS[day.weekday()]
        cell = plan.cells.get(iso) or plan.cells.get(weekday)
        if cell is not None and not cell.substitute and cell.shift in shifts:
            yield Span(*shifts[cell.shift].on(day), "rota", cell.shift, cell.lead)
        for at, taken in plan.stands_in:
            if at == iso and taken.shift in shifts:
                yield Span(*shifts[taken.shift].on(day), "substitute", taken.shift, taken.lead)


def _days(since: float, until: float) -> Iterator[date]:
    """Days whose shifts may touch the time between."""
    day = date.fromtimestamp(since) - timedelta(days=1)
    last = date.fromtimestamp(until)
    while day <= last:
        yield day
        day += timedelta(days=1)
