"""Ranking: seconds with reasons, the same list for the same input, honest about who cannot go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sdk import PositionFlag, Positions
from console.sdk.records import Closure, Duty, FoundBy, LonLat, Means, Staff
from console.sdk.server import Facing, NoRoads, Times, Trip
from plugins.dispatch.model import Looked, Rules, WhyNot
from plugins.dispatch.server.ranking import UNABLE, USUAL, Ranking, explain, rank
from plugins.dispatch.server.ranking_roster import make_roster

NOW = 1_000_000.0
GOAL = (121.0, 31.0)
AREA = "310101001001001"


class CrowFlies:
    """A router without roads: straight at one metre a second; none east of 121.5. ``error`` is raised.

    ``asked`` keeps when people set out and where they are heading, by means.
    """

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self.asked: dict[Means, tuple[Trip, Facing | None]] = {}

    def times(
        self,
        starts: np.ndarray,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        facing: Facing | None = None,
    ) -> Times:
        if self._error:
            raise self._error
        self.asked[means] = trip, facing
        seconds = np.hypot(starts[:, 0] - goal[0], starts[:, 1] - goal[1]) * 100_000
        return Times(seconds=np.where(starts[:, 0] > 121.5, np.inf, seconds), by=FoundBy.EMBEDDED)


def member(number: int, **more) -> Staff:
    given = {"name": f"员{number}", "area": AREA, "duty": Duty.ON} | more
    return Staff(id=f"s{number:03d}", handle=number, **given)


def fixes(rows: Sequence[tuple[int, float, float, float, int]], battery: float = np.nan) -> Positions:
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
        battery=np.full(len(rows), battery, np.float32),
        flags=flags.astype(np.uint8),
    )


def ranked(staff: Sequence[Staff], positions: Positions, rules: Rules = USUAL) -> Ranking:
    return rank(make_roster(staff, positions, NOW), GOAL, AREA, CrowFlies(), (), rules)


def seconds_of(ranking: Ranking, row: int = 0) -> dict[str, float]:
    return {reason.what: reason.seconds for reason in explain(ranking, [row])[0].reasons}


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


def test_people_set_out_now_and_those_who_move_just_now_go_on_as_they_are_heading() -> None:
    staff = [member(i, means=Means.CAR) for i in range(1, 5)] + [member(5)]
    positions = replace(
        fixes([(i, 121.001, 31.0, 40 if i == 3 else 5, 0) for i in range(1, 6)]),
        speed=np.array([8.0, 1.0, 8.0, np.nan, 3.0], np.float32),
        heading=np.full(5, 90.0, np.float32),
    )
    router = CrowFlies()
    rank(make_roster(staff, positions, NOW), GOAL, AREA, router)
    trip, facing = router.asked[Means.CAR]
    assert trip == Trip(at=NOW)
    assert facing is not None
    assert facing.heading.tolist() == pytest.approx([90.0, np.nan, np.nan, np.nan], nan_ok=True)
    assert router.asked[Means.FOOT] == (Trip(at=NOW), None), "who walks turns at will"


def test_a_heading_that_leads_nowhere_is_not_believed() -> None:
    class OneWay(CrowFlies):
        """Nobody may go on to the west."""

        def times(self, starts: np.ndarray, goal: LonLat, means: Means, closures=(), **more) -> Times:
            found, facing = super().times(starts, goal, means, closures, **more), more.get("facing")
            against = np.zeros(len(starts), bool) if facing is None else facing.heading == 270.0
            return Times(seconds=np.where(against, np.inf, found.seconds), by=found.by)

    staff = [member(1, means=Means.CAR), member(2, means=Means.CAR)]
    positions = replace(
        fixes([(1, 121.001, 31.0, 5, 0), (2, 121.002, 31.0, 5, 0)]),
        speed=np.full(2, 8.0, np.float32),
        heading=np.array([270.0, 90.0], np.float32),
    )
    ranking = rank(make_roster(staff, positions, NOW), GOAL, AREA, OneWay())
    assert ids(ranking) == ["s001", "s002"]
    assert ranking.eta.tolist() == pytest.approx([100.0, 200.0])


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


def test_a_grid_that_touches_is_nearer_than_one_of_the_same_community() -> None:
    beside, same = "310101002001001", "310101001001009"
    staff = [member(1, area=beside), member(2, area=same)]
    roster = make_roster(staff, fixes([(1, 121.001, 31.0, 5, 0), (2, 121.001, 31.0, 5, 0)]), NOW)
    ranking = rank(roster, GOAL, AREA, CrowFlies(), beside=frozenset({beside}))
    assert [seconds_of(ranking, row)["grid"] for row in (0, 1)] == [USUAL.neighbour, USUAL.community]
    assert ids(ranking) == ["s001", "s002"]


def test_what_must_be_forbids_and_what_is_wished_costs() -> None:
    staff = [member(1, skills=("急救",)), member(2), member(3, skills=("急救", "消防"))]
    positions = fixes([(i, 121.0001 * 1.0 + i / 1e6, 31.0, 5, 0) for i in (1, 2, 3)])
    ranking = ranked(staff, positions, Rules(must=("急救",), wish=("消防",), lacks=100.0))
    assert ids(ranking) == ["s003", "s001", "s002"]
    assert explain(ranking, [1])[0].why_not == WhyNot.LACKS_SKILL
    skill = next(r for r in explain(ranking, [0])[0].reasons if r.what == Looked.SKILL)
    assert (skill.value, skill.seconds) == ("消防", 100.0)


def test_orders_of_today_and_an_empty_battery_cost() -> None:
    positions = fixes([(1, 121.0, 31.0, 5, 0)], battery=0.05)
    ranking = rank(make_roster([member(1)], positions, NOW, {"s001": 3}), GOAL, AREA, CrowFlies())
    assert seconds_of(ranking)["load"] == 3 * USUAL.load
    assert seconds_of(ranking)["battery"] == pytest.approx(USUAL.battery * 0.75, abs=0.01)
    assert seconds_of(ranked([member(1)], fixes([(1, 121.0, 31.0, 5, 0)], battery=0.9)))["battery"] == 0


@pytest.mark.parametrize("error", [NoRoads("none"), ConnectionError("away")])
def test_without_a_router_times_are_made_from_the_straight_line_and_marked(error: Exception) -> None:
    staff = [member(1), member(2)]
    positions = fixes([(1, 121.002, 31.0, 5, 0), (2, 121.001, 31.0, 5, 0)])
    ranking = rank(make_roster(staff, positions, NOW), GOAL, AREA, CrowFlies(error))
    assert ids(ranking) == ["s002", "s001"]
    first = explain(ranking, [1])[0]
    assert (first.by, first.able) == (FoundBy.STRAIGHT, True)
    assert first.eta_seconds and first.eta_seconds > first.straight_metres / 1.2


PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 700), st.sampled_from(["", "j"]), st.sampled_from(list(Duty)),
        st.sampled_from([(), ("急救",)]), st.floats(0, 1), st.integers(0, 4),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@given(people=PEOPLE, shuffle=st.randoms(use_true_random=False))
def test_any_input_gives_one_list_and_every_score_is_its_reasons(people: list, shuffle) -> None:
    rules = Rules(must=("急救",), wish=("消防",))
    order = list(range(len(people)))
    lists = []
    for _ in range(2):
        staff = [member(i, job=people[i][2], duty=people[i][3], skills=people[i][4]) for i in order]
        rows = [(i, 121 + people[i][0] / 1000, 31.0, float(people[i][1]), 0) for i in order]
        load = {f"s{i:03d}": people[i][6] for i in order}
        roster = make_roster(staff, fixes(rows, battery=people[0][5]), NOW, load)
        ranking = rank(roster, GOAL, AREA, CrowFlies(), (), rules)
        lists.append(explain(ranking, ranking.order.tolist()))
        shuffle.shuffle(order)
    assert lists[0] == lists[1]
    for candidate in lists[0]:
        assert candidate.score == pytest.approx(sum(r.seconds for r in candidate.reasons), abs=0.02)
