"""Turn restrictions, barriers and private ground on small nets whose answers one can see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.sdk.records import Closure, ClosureShape, LonLat, Means
from console.sdk.server import Facing, Trip
from plugins.dispatch.server.routing.graph import build_graph
from plugins.dispatch.server.routing.router import EmbeddedRouter
from tests.plugins.city import load_roads

STEP = 0.002
"""Degrees between crossings, some 200 m."""


def place(column: float, row: float) -> LonLat:
    """A place of the lattice near the equator, where degrees are alike."""
    return (column * STEP, row * STEP)


def lattice(folder: Path, extra: str = "", tags: dict[int, str] | None = None) -> EmbeddedRouter:
    """Three by three crossings, numbered 1 to 9 from the south-west; streets 10, 11, 12 run east
    (rows 0, 1, 2) and 20, 21, 22 north (columns 0, 1, 2)."""
    nodes = [
        f'<node id="{1 + c + 3 * r}" lon="{place(c, r)[0]}" lat="{place(c, r)[1]}"/>'
        for r in range(3)
        for c in range(3)
    ]
    lines = {10 + r: [1 + c + 3 * r for c in range(3)] for r in range(3)}
    lines |= {20 + c: [1 + c + 3 * r for r in range(3)] for c in range(3)}
    ways: list[str] = []
    for way, refs in lines.items():
        members = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        street = f'<tag k="highway" v="residential"/><tag k="name" v="{way}路"/>{(tags or {}).get(way, "")}'
        ways.append(f'<way id="{way}">{members}{street}</way>')
    path = folder / "lattice.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}{extra}</osm>', encoding="utf-8")
    return EmbeddedRouter.of(build_graph(load_roads(folder, path.name)))


def restriction(kind: str, origin: int, via: str, target: int, more: str = "") -> str:
    member, ref = via.split("/")
    return (
        f'<relation id="{origin}{target}"><member type="way" ref="{origin}" role="from"/>'
        f'<member type="{member}" ref="{ref}" role="via"/><member type="way" ref="{target}" role="to"/>'
        f'<tag k="type" v="restriction"/><tag k="restriction" v="{kind}"/>{more}</relation>'
    )


WEST, NORTH = place(0.3, 1), place(1, 1.7)
"""From the west street to the north street: 0.7 blocks east, a left turn, 0.7 blocks north."""


def blocks(router: EmbeddedRouter, means: Means, start: LonLat = WEST, goal: LonLat = NORTH) -> float:
    """Length of the way in blocks."""
    route = router.route(start, goal, means)
    assert route is not None
    return route.metres / (STEP * 111_195)


def test_no_left_turn_binds_vehicles_and_not_walkers(tmp_path: Path) -> None:
    free = lattice(tmp_path)
    bound = lattice(tmp_path, restriction("no_left_turn", 11, "node/5", 21))
    assert blocks(free, Means.CAR) == pytest.approx(1.4, abs=0.02)
    for means in (Means.CAR, Means.MOTORCYCLE, Means.BICYCLE):
        assert blocks(bound, means) > 1.9
    assert blocks(bound, Means.FOOT) == pytest.approx(1.4, abs=0.02)


def test_exceptions_and_keys_of_one_means_hold_for_it_alone(tmp_path: Path) -> None:
    spared = '<tag k="except" v="bicycle"/>'
    router = lattice(tmp_path, restriction("no_left_turn", 11, "node/5", 21, spared))
    assert blocks(router, Means.BICYCLE) == pytest.approx(1.4, abs=0.02)
    assert blocks(router, Means.CAR) > 1.9


def test_only_straight_on_forbids_all_other_turns(tmp_path: Path) -> None:
    router = lattice(tmp_path, restriction("only_straight_on", 11, "node/5", 11))
    assert blocks(router, Means.CAR) > 1.9
    assert blocks(router, Means.CAR, goal=place(1, 0.3)) > 1.9
    assert blocks(router, Means.CAR, goal=place(1.7, 1)) == pytest.approx(1.4, abs=0.02)


def test_restriction_over_a_way_binds_only_who_has_come_over_all_of_it(tmp_path: Path) -> None:
    """From street 20 (north along the west edge) over street 11 into street 21."""
    router = lattice(tmp_path, restriction("no_left_turn", 20, "way/11", 21))
    assert blocks(router, Means.CAR) == pytest.approx(1.4, abs=0.02), "begins on the way in between"
    south, goal = place(0, 0.6), place(1, 1.4)
    free = lattice(tmp_path)
    assert blocks(free, Means.CAR, south, goal) == pytest.approx(1.8, abs=0.02)
    assert blocks(router, Means.CAR, south, goal) == pytest.approx(3.0, abs=0.02)


def test_nobody_turns_round_in_the_middle_of_a_road(tmp_path: Path) -> None:
    """Facing east, a car must go round a block to get to what lies behind it."""
    router = lattice(tmp_path)
    start, behind = place(0.7, 1), place(0.3, 1)
    facing = Facing(heading=np.array([90.0]), level=np.array([np.nan]))
    assert blocks(router, Means.CAR, start, behind) == pytest.approx(0.4, abs=0.02)
    route = router.route(start, behind, Means.CAR, facing=facing)
    times = router.times(np.array([start]), behind, Means.CAR, facing=facing).seconds
    assert route is not None and route.metres / (STEP * 111_195) == pytest.approx(3.6, abs=0.02)
    assert times[0] == pytest.approx(route.seconds, abs=0.01)


def test_private_ground_is_entered_but_not_crossed(tmp_path: Path) -> None:
    private = {11: '<tag k="access" v="private"/>'}
    router = lattice(tmp_path, tags=private)
    through = (place(0, 0.8), place(2, 0.8))
    route = router.route(*through, Means.CAR)
    assert route is not None and "11路" not in route.roads
    into = router.route(place(0, 0.8), place(0.5, 1), Means.CAR)
    assert into is not None and into.seconds < 120
    assert router.times(np.array([place(0, 0.8)]), place(0.5, 1), Means.CAR).seconds[0] == pytest.approx(
        into.seconds, abs=0.01
    )
    assert blocks(router, Means.EMERGENCY, *through) == pytest.approx(2.4, abs=0.02), "blue light passes"


def test_blue_light_goes_against_the_one_way_street_when_allowed(tmp_path: Path) -> None:
    router = lattice(tmp_path, tags={11: '<tag k="oneway" v="yes"/>'})
    start, goal = place(1.7, 1), place(0.3, 1)
    obeying = router.route(start, goal, Means.EMERGENCY)
    against = router.route(start, goal, Means.EMERGENCY, trip=Trip(counter_flow=True))
    assert obeying is not None and against is not None
    assert against.metres < 0.5 * obeying.metres
    assert router.route(start, goal, Means.CAR, trip=Trip(counter_flow=True)) == router.route(
        start, goal, Means.CAR
    )


def test_closures_hold_in_their_time_and_for_their_means(tmp_path: Path) -> None:
    router = lattice(tmp_path)
    closure = Closure(
        id="c",
        area="1",
        shape=ClosureShape.POINT,
        points=(place(0.6, 1),),
        means=(Means.CAR,),
        since=1000.0,
        until=2000.0,
    )

    def length(means: Means, at: float | None) -> float:
        route = router.route(WEST, NORTH, means, [closure], trip=Trip(at=at))
        assert route is not None
        return route.metres / (STEP * 111_195)

    assert length(Means.CAR, 1500.0) > 1.9
    assert length(Means.CAR, None) > 1.9
    for means, at in ((Means.CAR, 2000.0), (Means.CAR, 999.0), (Means.EMERGENCY, 1500.0)):
        assert length(means, at) == pytest.approx(1.4, abs=0.02)


def test_alternatives_differ_and_say_how(tmp_path: Path) -> None:
    found = lattice(tmp_path).alternatives(place(0.1, 0), place(1.9, 2), Means.CAR)
    assert len(found) == 3
    assert found[0].shared == 1.0 and found[0].more_seconds == 0.0
    assert all(other.shared <= 0.7 and other.more_seconds >= 0 for other in found[1:])
    assert all(other.only_here for other in found[1:])
