"""Who should go: staff ranked by seconds, each second with its reason.

The score is the travel time by road plus penalties; whoever cannot go at all
carries ``UNABLE`` on the reason that forbids it and comes last. The same input
gives the same list: ties are broken by the staff id.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from console.sdk import PositionFlag, Positions, haversine
from console.sdk.records import Candidate, Closure, Duty, LonLat, Means, Reason, Staff
from console.sdk.server import Router
from plugins.dispatch.model import Looked, Nearness, WhyNot

Floats = npt.NDArray[np.float64]

UNABLE = 1_000_000.0
"""Seconds that put somebody behind everybody who can go."""
HAS_JOB_SECONDS = 900.0
FRESH_SECONDS = 60.0
"""Up to this age a fix counts as present."""
SILENT_SECONDS = 600.0
AGE_SHARE = 0.5
"""Seconds of penalty for each second that a fix is older than fresh."""
NEARNESS_SECONDS = {Nearness.OWN: 0.0, Nearness.COMMUNITY: 30.0, Nearness.STREET: 60.0, Nearness.OTHER: 120.0}
_NEARNESS_DIGITS = ((15, Nearness.OWN), (12, Nearness.COMMUNITY), (9, Nearness.STREET))
_BAD = PositionFlag.JUMP | PositionFlag.NULL_ISLAND


@dataclass(frozen=True, slots=True)
class Roster:
    """Staff beside their last fixes, row by row; NaN where there is no fix."""

    staff: Sequence[Staff]
    lonlat: Floats
    """(n, 2) WGS84 degrees."""
    age: Floats
    """Seconds since the last fix."""
    bad: npt.NDArray[np.bool_]
    """The last fix is flagged as wrong."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranked list: rows of the roster in order, and what made the order."""

    roster: Roster
    order: npt.NDArray[np.int64]
    eta: Floats
    score: Floats
    straight: Floats
    nearness: Sequence[Nearness]
    why_not: Sequence[WhyNot | None]
    straight_first: str
    """Who would be first by straight line, or empty."""


def make_roster(staff: Sequence[Staff], positions: Positions, now: float) -> Roster:
    """Join *staff* to their fixes by handle."""
    handles = np.array([member.handle for member in staff], np.int64)
    by_handle = np.argsort(positions.handle, kind="stable")
    sorted_handles = positions.handle[by_handle].astype(np.int64)
    at = np.minimum(np.searchsorted(sorted_handles, handles), max(len(sorted_handles) - 1, 0))
    known = sorted_handles[at] == handles if len(sorted_handles) else np.zeros(len(handles), bool)
    lonlat, age = np.full((len(handles), 2), np.nan), np.full(len(handles), np.nan)
    bad = np.zeros(len(handles), bool)
    row = by_handle[at[known]] if len(sorted_handles) else np.zeros(0, np.int64)
    lonlat[known] = np.column_stack([positions.lon[row], positions.lat[row]])
    age[known] = np.maximum(now - positions.time[row], 0.0)
    bad[known] = (positions.flags[row] & int(_BAD)) > 0
    return Roster(staff, lonlat, age, bad)


def rank(
    roster: Roster, where: LonLat, area: str, router: Router, closures: Sequence[Closure] = ()
) -> Ranking:
    """Order the roster for *where* in *area*; nobody off duty is asked of the router. Raises NoRoads."""
    straight = haversine(roster.lonlat[:, 0], roster.lonlat[:, 1], np.float64(where[0]), np.float64(where[1]))
    eta = _road_seconds(roster, where, router, closures)
    nearness = [_nearness(member.area, area) for member in roster.staff]
    why_not = _why_not(roster, eta)
    unable = np.array([reason is not None for reason in why_not], bool)
    score = _score(roster, eta, nearness, unable)
    ids = np.array([member.id for member in roster.staff])
    far = np.nan_to_num(straight, nan=np.inf)
    order = (
        np.lexsort((ids, np.where(unable, far, 0.0), np.round(score, 3))) if len(ids) else np.zeros(0, int)
    )
    reachable = np.array([reason in (None, WhyNot.NO_ROAD) for reason in why_not], bool)
    nearest = np.where(reachable, far, np.inf)
    first = int(nearest.argmin()) if len(ids) else -1
    straight_first = str(ids[first]) if first >= 0 and np.isfinite(nearest[first]) else ""
    return Ranking(roster, order, eta, score, straight, nearness, why_not, straight_first)


def _road_seconds(roster: Roster, where: LonLat, router: Router, closures: Sequence[Closure]) -> Floats:
    eta = np.full(len(roster.staff), np.inf)
    means = np.array([member.means for member in roster.staff], dtype=object)
    on_duty = np.array([member.duty is Duty.ON for member in roster.staff], bool)
    located = on_duty & np.isfinite(roster.lonlat).all(axis=1) & ~roster.bad
    for kind in Means:
        rows = np.flatnonzero(located & (means == kind))
        if len(rows):
            eta[rows] = router.times(roster.lonlat[rows], where, kind, closures).seconds
    return eta


def _nearness(own: str, area: str) -> Nearness:
    """How *own* lies to *area*: a leader of the whole community or street counts as of it."""
    if area.startswith(own) or own.startswith(area):
        return Nearness.OWN
    return next((near for digits, near in _NEARNESS_DIGITS if own[:digits] == area[:digits]), Nearness.OTHER)


def _why_not(roster: Roster, eta: Floats) -> list[WhyNot | None]:
    facts = zip(
        roster.staff,
        np.isnan(roster.age).tolist(),
        roster.bad.tolist(),
        (roster.age > SILENT_SECONDS).tolist(),
        np.isfinite(eta).tolist(),
        strict=True,
    )
    return [_first_obstacle(*each) for each in facts]


def _first_obstacle(member: Staff, nowhere: bool, bad: bool, silent: bool, reachable: bool) -> WhyNot | None:
    if member.duty is not Duty.ON:
        return WhyNot.OFF_DUTY
    if nowhere:
        return WhyNot.NO_POSITION
    if bad:
        return WhyNot.BAD_POSITION
    if silent:
        return WhyNot.SILENT
    return None if reachable else WhyNot.NO_ROAD


def _age_seconds(age: Floats) -> Floats:
    return np.nan_to_num(np.clip(age - FRESH_SECONDS, 0.0, SILENT_SECONDS) * AGE_SHARE)


def _score(
    roster: Roster, eta: Floats, nearness: Sequence[Nearness], unable: npt.NDArray[np.bool_]
) -> Floats:
    """The sum of the reasons that ``explain`` gives, for all rows at once."""
    job = np.array([HAS_JOB_SECONDS if member.job else 0.0 for member in roster.staff])
    grid = np.array([NEARNESS_SECONDS[near] for near in nearness])
    travel = np.where(np.isfinite(eta), eta, 0.0)
    return travel + job + grid + _age_seconds(roster.age) + np.where(unable, UNABLE, 0.0)


def explain(
    ranking: Ranking, rows: Sequence[int], metres: Mapping[int, float | None] | None = None
) -> list[Candidate]:
    """*rows* of the roster with their reasons; *metres* are lengths of their ways by road."""
    eta, score = ranking.eta.tolist(), ranking.score.tolist()
    straight, age = ranking.straight.tolist(), ranking.roster.age.tolist()
    lengths = metres or {}
    return [
        _candidate(ranking, row, eta[row], score[row], straight[row], age[row], lengths.get(row))
        for row in rows
    ]


def _candidate(
    ranking: Ranking,
    row: int,
    eta: float,
    score: float,
    straight: float,
    age: float,
    metres: float | None,
) -> Candidate:
    member, why_not = ranking.roster.staff[row], ranking.why_not[row]
    return Candidate(
        staff=member.id,
        name=member.name,
        score=round(score, 3),
        eta_seconds=eta if math.isfinite(eta) else None,
        metres=metres,
        straight_metres=straight if math.isfinite(straight) else 0.0,
        able=why_not is None,
        why_not=why_not or "",
        reasons=_reasons(member, ranking.nearness[row], why_not, eta, age),
    )


_FORBIDS = {
    WhyNot.OFF_DUTY: Looked.DUTY,
    WhyNot.NO_POSITION: Looked.POSITION_AGE,
    WhyNot.BAD_POSITION: Looked.POSITION_AGE,
    WhyNot.SILENT: Looked.POSITION_AGE,
    WhyNot.NO_ROAD: Looked.ETA,
}


def _reasons(
    member: Staff, near: Nearness, why_not: WhyNot | None, eta: float, age: float
) -> tuple[Reason, ...]:
    reachable, located = math.isfinite(eta), math.isfinite(age)
    late = min(max(age - FRESH_SECONDS, 0.0), SILENT_SECONDS) * AGE_SHARE if located else 0.0
    forbids = _FORBIDS[why_not] if why_not else None
    return (
        _reason(Looked.ETA, str(round(eta)) if reachable else "", eta if reachable else 0.0, forbids),
        _often(Looked.DUTY, member.duty, 0.0, forbids),
        _often(Looked.JOB, member.job, HAS_JOB_SECONDS if member.job else 0.0, forbids),
        _often(Looked.GRID, near, NEARNESS_SECONDS[near], forbids),
        _often(Looked.MEANS, member.means, 0.0, forbids),
        _reason(Looked.POSITION_AGE, str(round(age)) if located else "", late, forbids),
    )


def _reason(what: Looked, value: str, seconds: float, forbids: Looked | None) -> Reason:
    return Reason(what=what, value=value, seconds=round(seconds + UNABLE * (what is forbids), 3))


_often = lru_cache(4096)(_reason)
"""Most reasons say the same of many people; making a record takes longer than finding it."""
