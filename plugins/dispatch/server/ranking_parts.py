"""What each part of a ranking adds, in seconds, for all staff at once."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np

from console.sdk.records import Duty, Staff
from plugins.dispatch.model import Looked, Nearness, Rules, WhyNot
from plugins.dispatch.server.ranking_roster import Floats, Roster

FRESH_SECONDS = 60.0
"""Up to this age a fix counts as present."""
SILENT_SECONDS = 600.0
LOW_BATTERY = 0.2
_NEARNESS_DIGITS = ((15, Nearness.OWN), (12, Nearness.COMMUNITY), (9, Nearness.STREET))


def parts_of(
    roster: Roster, eta: Floats, near: Sequence[Nearness], lacking: Sequence[Sequence[str]], rules: Rules
) -> dict[Looked, Floats]:
    """Seconds by what was looked at, (n,) each, before what forbids somebody is added."""
    staff = roster.staff
    cost = {
        Nearness.OWN: 0.0,
        Nearness.NEIGHBOUR: rules.neighbour,
        Nearness.COMMUNITY: rules.community,
        Nearness.STREET: rules.street,
        Nearness.OTHER: rules.other,
    }
    empty = np.clip(LOW_BATTERY - roster.battery, 0.0, LOW_BATTERY) / LOW_BATTERY
    late = np.clip(roster.age - FRESH_SECONDS, 0.0, SILENT_SECONDS)
    return {
        Looked.ETA: np.where(np.isfinite(eta), eta, 0.0) * rules.road,
        Looked.JOB: np.array([rules.job if member.job else 0.0 for member in staff]),
        Looked.GRID: np.array([cost[each] for each in near]),
        Looked.SKILL: np.array([rules.lacks * len(each) for each in lacking]),
        Looked.LOAD: rules.load * np.array([roster.load.get(member.id, 0) for member in staff], float),
        Looked.BATTERY: rules.battery * np.nan_to_num(empty),
        Looked.POSITION_AGE: rules.age * np.nan_to_num(late),
    }


def nearness(own: str, area: str, beside: Set[str]) -> Nearness:
    """How *own* lies to *area*, whose neighbours are *beside*: a leader of the whole street is of it."""
    if area.startswith(own) or own.startswith(area):
        return Nearness.OWN
    if own in beside:
        return Nearness.NEIGHBOUR
    return next((near for digits, near in _NEARNESS_DIGITS if own[:digits] == area[:digits]), Nearness.OTHER)


def missing(skills: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Those of *wanted* that somebody with *skills* does not have."""
    return tuple(each for each in wanted if each not in skills)


def obstacles(roster: Roster, eta: Floats, rules: Rules) -> list[WhyNot | None]:
    """Why each cannot be sent; None who can."""
    facts = zip(
        roster.staff,
        np.isnan(roster.age).tolist(),
        roster.bad.tolist(),
        (roster.age > SILENT_SECONDS).tolist(),
        np.isfinite(eta).tolist(),
        strict=True,
    )
    return [_first_obstacle(rules.must, *each) for each in facts]


def _first_obstacle(
    must: Sequence[str], member: Staff, nowhere: bool, bad: bool, silent: bool, reachable: bool
) -> WhyNot | None:
    if member.duty is not Duty.ON:
        return WhyNot.OFF_DUTY
    if nowhere:
        return WhyNot.NO_POSITION
    if bad:
        return WhyNot.BAD_POSITION
    if silent:
        return WhyNot.SILENT
    if must and missing(member.skills, must):
        return WhyNot.LACKS_SKILL
    return None if reachable else WhyNot.NO_ROAD
