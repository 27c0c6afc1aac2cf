"""The ranked list as the backend gives it, and a poor man's list while it is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from console.sdk import LivePositions, haversine
from console.sdk.records import Candidate, Duty, Event, FoundBy, Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Who could go, the best first."""

    candidates: tuple[Candidate, ...] = ()
    straight_first: str = ""
    """Staff id of who is nearest by straight line."""
    of: int = 0
    """How many were ranked; the list holds the first of them."""
    took_ms: float = 0.0
    straight: bool = False
    """Made here by straight line, because the backend is away."""

    @property
    def guessed(self) -> bool:
        """Whether times are made from the straight line, because no router answered."""
        return any(each.by is FoundBy.STRAIGHT for each in self.candidates)

    def detour(self) -> tuple[Candidate, float] | None:
        """Who is nearest by straight line but slower by road than the best, and by how many seconds."""
        best = next((each for each in self.candidates if each.able), None)
        naive = next((each for each in self.candidates if each.staff == self.straight_first), None)
        if best is None or naive is None or best.staff == naive.staff:
            return None
        if best.eta_seconds is None or naive.eta_seconds is None:
            return None
        return naive, naive.eta_seconds - best.eta_seconds


def by_straight_line(event: Event, staff: Sequence[Staff], positions: LivePositions, limit: int) -> Ranked:
    """Those on duty without a job whose last place is known, nearest first; no times by road."""
    free = [member for member in staff if member.duty is Duty.ON and not member.job]
    rows = positions.rows(np.array([member.handle for member in free], np.int64))
    columns = positions.columns()
    known = np.flatnonzero(rows >= 0)
    place = rows[known]
    metres = haversine(columns.lon[place], columns.lat[place], *map(np.float64, event.where))
    order = np.argsort(metres, kind="stable")[:limit]
    candidates = tuple(
        Candidate(
            staff=free[known[at]].id,
            name=free[known[at]].name,
            score=float(metres[at]),
            eta_seconds=None,
            metres=None,
            straight_metres=float(metres[at]),
            able=True,
            by=FoundBy.STRAIGHT,
        )
        for at in order
    )
    return Ranked(candidates=candidates, straight=True)
