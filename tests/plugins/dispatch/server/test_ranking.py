"""Ranking: seconds with reasons, the same list for the same input, honest about who cannot go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from console.sdk import PositionFlag, Positions
from console.sdk.records import Closure, Duty, LonLat, Means, Route, Staff
from plugins.dispatch.model import Looked, WhyNot
from plugins.dispatch.server.ranking import UNABLE, Ranking, explain, make_roster, rank

NOW = 1_000_000.0
GOAL = (121.0, 31.0)
AREA = "310101001001001"


class CrowFlies:
    """A router without roads: straight at one metre a second; none east of 121.5."""

    def times(
        self, starts: np.ndarray, goal: LonLat, means: Means, closures: Sequence[Closure] = ()
    ) -> np.ndarray:
        seconds = np.hypot(starts[:, 0] - goal[0], starts[:, 1] - goal[1]) * 100_000
        return np.where(starts[:, 0] > 121.5, np.inf, seconds)

    def lengths(
        self, starts: np.ndarray, goal: LonLat, means: Means, closures: Sequence[Closure] = ()
    ) -> list[float | None]:
        return [None] * len(starts)

    def route(
        self, start: LonLat, goal: LonLat, means: Means, closures: Sequence[Closure] = ()
    ) -> Route | None:
        return None


def member(number: int, **more) -> Staff:
    given = {"name": f"员{number}", "area": AREA, "duty": Duty.ON} | more
    return Staff(id=f"s{number:03d}", handle=number, **given)


def fixes(rows: Sequence[tuple[int, float, float, float, int]]) -> Positions:
    """(handle, lon, lat, age, flags) as columns."""
    handle, lon, lat, age, flags = (np.array(column) for column in zip(*rows, strict=True))
    blank = np.full(len(rows), np.nan, np.float32)
    return Positions(
        handle=handle.astype(np.uint32),
        lon=lon,
        lat=lat,
        time=NOW - age,
        speed=blank,
        heading=blank,
        accuracy=blank,
        battery=blank,
        flags=flags.astype(np.uint8),
    )


def ranked(staff: Sequence[Staff], positions: Positions) -> Ranking:
    return rank(make_roster(staff, positions, NOW), GOAL, AREA, CrowFlies())


def ids(ranking: Ranking) -> list[str]:
    return [ranking.roster.staff[row].id for row in ranking.order]


def test_score_is_the_sum_of_its_reasons() -> None:
    staff = [
        member(1, job="o1"),
        member(2, area="310101002001001", means=Means.BICYCLE),
        member(3, duty=Duty.OFF),
        member(4),
    ]
    positions = fixes([(1, 121.001, 31.0, 5, 0), (2, 121.002, 31.0, 200, 0), (3, 121.0, 31.0, 5, 0)])
    ranking = ranked(staff, positions)
    for row in range(len(staff)):
        candidate = explain(ranking, [row])[0]
        assert candidate.score == pytest.approx(sum(reason.seconds for reason in candidate.reasons), abs=0.01)
        assert [reason.what for reason in candidate.reasons] == list(Looked)
        assert candidate.able == (candidate.score < UNABLE)


def test_a_job_or_another_street_may_cost_the_first_place() -> None:
    staff = [member(1, job="o1"), member(2, area="310101002001001"), member(3)]
    positions = fixes([(1, 121.0001, 31.0, 5, 0), (2, 121.0002, 31.0, 5, 0), (3, 121.0005, 31.0, 5, 0)])
    ranking = ranked(staff, positions)
    assert ids(ranking) == ["s003", "s002", "s001"]
    assert ranking.straight_first == "s001"


@pytest.mark.parametrize(
    ("more", "fix", "why"),
    [
        ({"duty": Duty.OFF}, (1, 121.0, 31.0, 5, 0), WhyNot.OFF_DUTY),
        ({}, (9, 121.0, 31.0, 5, 0), WhyNot.NO_POSITION),
        ({}, (1, 121.0, 31.0, 5, int(PositionFlag.JUMP)), WhyNot.BAD_POSITION),
        ({}, (1, 121.0, 31.0, 601, 0), WhyNot.SILENT),
        ({}, (1, 121.6, 31.0, 5, 0), WhyNot.NO_ROAD),
    ],
)
def test_who_cannot_go_comes_last_and_says_why(more: dict, fix: tuple, why: WhyNot) -> None:
    staff = [member(1, **more), member(2)]
    ranking = ranked(staff, fixes([fix, (2, 121.4, 31.0, 5, 0)]))
    assert ids(ranking) == ["s002", "s001"]
    candidate = explain(ranking, [0])[0]
    assert (candidate.able, candidate.why_not) == (False, why)


def test_an_sos_flag_is_no_bad_position() -> None:
    ranking = ranked([member(1)], fixes([(1, 121.0, 31.0, 5, int(PositionFlag.SOS))]))
    assert explain(ranking, [0])[0].able


def test_same_input_same_list_whatever_the_order() -> None:
    chance = np.random.default_rng(1)
    staff = [member(i, job="j" if i % 5 == 0 else "") for i in range(1, 200)]
    rows = [(i, 121 + (i % 7) / 1000, 31.0, float(i % 3), 0) for i in range(1, 200)]
    first = ids(ranked(staff, fixes(rows)))
    shuffled = [staff[i] for i in chance.permutation(len(staff))]
    assert ids(ranked(shuffled, fixes([rows[i] for i in chance.permutation(len(rows))]))) == first


def test_nobody_and_no_positions() -> None:
    assert len(ranked([], Positions()).order) == 0
    ranking = ranked([member(1)], Positions())
    assert explain(ranking, [0])[0].why_not == WhyNot.NO_POSITION
    assert ranking.straight_first == ""
