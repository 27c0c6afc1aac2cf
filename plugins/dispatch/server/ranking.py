"""Who should go: staff ranked by seconds, each second with its reason.

The score is the sum of the parts; whoever cannot go at all carries ``UNABLE``
on the reason that forbids it and comes last. The same input gives the same
list: ties are broken by the staff id.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from console.sdk.records import Candidate, Closure, FoundBy, LonLat, Means, Reason
from console.sdk.server import Router
from plugins.dispatch.model import Looked, Nearness, Rules, WhyNot
from plugins.dispatch.server.ranking_parts import missing, nearness, obstacles, parts_of
from plugins.dispatch.server.ranking_roster import Floats, Roster
from plugins.dispatch.server.ranking_times import straight_metres, travel_seconds

UNABLE = 1_000_000.0
"""Seconds that put somebody behind everybody who can go."""
USUAL = Rules()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranked list: rows of the roster in order, and what made the order."""

    roster: Roster
    order: npt.NDArray[np.int64]
    eta: Floats
    by: Mapping[Means, FoundBy]
    """How the times were found; of those who could be asked for."""
    parts: Mapping[Looked, Floats]
    """Seconds that each part adds, (n,) each."""
    score: Floats
    straight: Floats
    nearness: Sequence[Nearness]
    lacking: Sequence[Sequence[str]]
    """What is missing of the skills wished, or of those demanded."""
    why_not: Sequence[WhyNot | None]
    straight_first: str
    """Who would be first by straight line, or empty."""


def rank(
    roster: Roster,
    where: LonLat,
    area: str,
    router: Router,
    closures: Sequence[Closure] = (),
    rules: Rules = USUAL,
    beside: Set[str] = frozenset(),
) -> Ranking:
    """Order the roster for *where* in *area*, whose neighbours are *beside*, by *rules*."""
    straight = straight_metres(roster, where)
    eta, by = travel_seconds(roster, where, router, closures, straight)
    # Many share an area and few lists of skills are different: each is looked at once.
    lies = {own: nearness(own, area, beside) for own in {member.area for member in roster.staff}}
    lacks = {has: missing(has, (*rules.must, *rules.wish)) for has in {m.skills for m in roster.staff}}
    near = [lies[member.area] for member in roster.staff]
    lacking = [lacks[member.skills] for member in roster.staff]
    why_not = obstacles(roster, eta, rules)
    parts = parts_of(roster, eta, near, lacking, rules)
    unable = np.array([reason is not None for reason in why_not], bool)
    score = np.sum(list(parts.values()), axis=0) + np.where(unable, UNABLE, 0.0)
    far = np.nan_to_num(straight, nan=np.inf)
    return Ranking(
        roster=roster,
        order=_in_order(roster, score, np.where(unable, far, 0.0)),
        eta=eta,
        by=by,
        parts=parts,
        score=score,
        straight=straight,
        nearness=near,
        lacking=lacking,
        why_not=why_not,
        straight_first=_straight_first(roster, far, why_not),
    )


def _in_order(roster: Roster, score: Floats, far: Floats) -> npt.NDArray[np.int64]:
    if not roster.staff:
        return np.zeros(0, np.int64)
    ids = np.array([member.id for member in roster.staff])
    return np.lexsort((ids, far, np.round(score, 3)))


def _straight_first(roster: Roster, far: Floats, why_not: Sequence[WhyNot | None]) -> str:
    """Id of the nearest as the crow flies among those who may go, or whom only the roads keep away."""
    rows = [row for row, reason in enumerate(why_not) if reason in (None, WhyNot.NO_ROAD)]
    return min(((far[row], roster.staff[row].id) for row in rows), default=(0.0, ""))[1]


def explain(
    ranking: Ranking, rows: Sequence[int], metres: Mapping[int, float | None] | None = None
) -> list[Candidate]:
    """*rows* of the roster with their reasons; *metres* are lengths of their ways by road."""
    lengths = metres or {}
    return [_candidate(ranking, row, lengths.get(row)) for row in rows]


def _candidate(ranking: Ranking, row: int, metres: float | None) -> Candidate:
    roster, why_not = ranking.roster, ranking.why_not[row]
    member, eta, straight = roster.staff[row], float(ranking.eta[row]), float(ranking.straight[row])
    said = {
        Looked.ETA: _whole(eta),
        Looked.DUTY: member.duty,
        Looked.JOB: member.job,
        Looked.GRID: ranking.nearness[row],
        Looked.MEANS: member.means,
        Looked.SKILL: ",".join(ranking.lacking[row]),
        Looked.LOAD: str(roster.load.get(member.id, "")),
        Looked.BATTERY: _whole(float(roster.battery[row]) * 100),
        Looked.POSITION_AGE: _whole(float(roster.age[row])),
    }
    adds = {what: float(part[row]) for what, part in ranking.parts.items()}
    forbids = _FORBIDS[why_not] if why_not else None
    return Candidate(
        staff=member.id,
        name=member.name,
        score=round(float(ranking.score[row]), 3),
        eta_seconds=eta if math.isfinite(eta) else None,
        metres=metres,
        straight_metres=straight if math.isfinite(straight) else 0.0,
        able=why_not is None,
        why_not=why_not or "",
        reasons=tuple(_reason(what, said[what], adds.get(what, 0.0), what is forbids) for what in Looked),
        by=ranking.by.get(member.means, FoundBy.EMBEDDED),
    )


_FORBIDS = {
    WhyNot.OFF_DUTY: Looked.DUTY,
    WhyNot.NO_POSITION: Looked.POSITION_AGE,
    WhyNot.BAD_POSITION: Looked.POSITION_AGE,
    WhyNot.SILENT: Looked.POSITION_AGE,
    WhyNot.LACKS_SKILL: Looked.SKILL,
    WhyNot.NO_ROAD: Looked.ETA,
}


def _whole(number: float) -> str:
    return str(round(number)) if math.isfinite(number) else ""


@lru_cache(8192)
def _reason(what: Looked, value: str, seconds: float, forbids: bool) -> Reason:
    """Most reasons say the same of many people; making a record takes longer than finding it."""
    return Reason(what=what, value=value, seconds=round(seconds + UNABLE * forbids, 3))
