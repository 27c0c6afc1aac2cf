"""Closed events summed by class or by street: organisations, never people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from plugins.events.model import Assessed, Stage

STREET_DIGITS = 9
"""Digits of the code of a street, whose office is the unit that answers for the event."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a group of closed events adds up to."""

    key: str
    closed: int
    assessed: int
    in_time: dict[Stage, float | None]
    """Share, 0 to 1, of the events where the stage happened; None when it never did."""
    score: float | None
    """Mean of the assessed ones."""


def street_of(found: Assessed) -> str:
    """Code of the street whose office answers for it; of a larger area when no street is known."""
    return found.area[:STREET_DIGITS]


def sums(events: Iterable[Assessed], key: Callable[[Assessed], str]) -> list[Sum]:
    """One sum for each group, those with most closed events first."""
    groups: dict[str, list[Assessed]] = {}
    for each in events:
        groups.setdefault(key(each), []).append(each)
    return sorted((_sum(name, group) for name, group in groups.items()), key=lambda s: (-s.closed, s.key))


def _sum(key: str, group: Sequence[Assessed]) -> Sum:
    scores = [each.score for each in group if each.score is not None]
    return Sum(
        key=key,
        closed=len(group),
        assessed=len(scores),
        in_time={stage: _share(group, stage) for stage in Stage},
        score=sum(scores) / len(scores) if scores else None,
    )


def _share(group: Sequence[Assessed], stage: Stage) -> float | None:
    kept = [
        timing.in_time
        for each in group
        for timing in each.timings
        if timing.stage is stage and timing.in_time is not None
    ]
    return sum(kept) / len(kept) if kept else None
