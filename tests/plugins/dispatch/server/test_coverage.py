"""Coverage: places of an area in parts, honest times, and sites that reach what nobody reaches."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.dispatch.server.coverage import most_helpful, road_places, thin
from tests.plugins.city import EAST, STAFF_A_STREET, WEST, City, load_roads


@pytest.fixture
def _everybody_reports(city: City) -> None:
    for staff in city.devices:
        street = WEST if staff[1] == "1" else EAST
        city.report(staff, city.places[street][int(staff[2:]) + 10])
    city.until(lambda: len(city.app.state.core.board.rows()) >= 2 * (STAFF_A_STREET - 1))


def survey(city: City, who: str, area: str) -> tuple[list[Any], list[Any]]:
    points: list[Any] = []
    seconds: list[Any] = []
    parts = 1
    for part in range(50):
        if part == parts:
            return points, seconds
        answer = city.ok(who, "POST", "/dispatch/coverage", {"area": area, "part": part})
        assert len(answer["points"]) == len(answer["seconds"])
        points, seconds, parts = points + answer["points"], seconds + answer["seconds"], answer["parts"]
    raise AssertionError("no end of parts")


@pytest.mark.usefixtures("_everybody_reports")
def test_a_survey_covers_its_area_and_one_more_reaches_what_nobody_does(city: City) -> None:
    points, seconds = survey(city, "west", WEST)
    assert 200 < len(points) <= 1200
    assert all(lon <= city.middle[0] for lon, _ in points)
    rank = city.ok("west", "POST", "/dispatch/rank", {"where": points[0], "limit": 50})["candidates"]
    soonest = min(c["eta_seconds"] for c in rank if c["able"])
    assert seconds[0] == pytest.approx(soonest, abs=1.0)
    unreached = [row for row, each in enumerate(seconds) if each is None or each > 300]
    assert unreached
    body = {"area": WEST, "unreached": unreached, "minutes": 5, "means": "bicycle"}
    sites = city.ok("west", "POST", "/dispatch/coverage/sites", body)
    gains = [site["places"] for site in sites]
    assert gains == sorted(gains, reverse=True)
    assert 0 < gains[0] <= len(unreached)
    assert city.app.state.core.layers.area_at(tuple(sites[0]["where"])).startswith(WEST)
    assert city.ok("west", "POST", "/dispatch/coverage/sites", body | {"unreached": []}) == []


def test_a_survey_is_for_ones_own_area(city: City) -> None:
    for path, more in (
        ("/dispatch/coverage", {}),
        ("/dispatch/coverage/sites", {"unreached": [1], "minutes": 5}),
    ):
        assert city.call("west", "POST", path, {"area": EAST} | more).status_code == 422
        assert city.call("looker", "POST", path, {"area": EAST} | more).status_code == 403


def test_places_lie_on_the_roads_and_are_thinned_evenly(shared_data) -> None:
    places = road_places(load_roads(shared_data, "shanghai_center.osm.pbf"))
    kept, metres = thin(places, 500)
    assert 250 < len(kept) <= 500
    assert len({tuple(each) for each in kept.tolist()}) == len(kept)
    assert {tuple(each) for each in kept.tolist()} <= {tuple(each) for each in places.tolist()}
    assert metres > 60


@given(
    reach=st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=5).map(np.array),
    count=st.integers(1, 3),
)
def test_the_first_site_is_the_best_and_all_are_near_it(reach: np.ndarray, count: int) -> None:
    found = most_helpful(reach, count)
    covered = sum(len(added) for _, added in found)
    best = max(
        int(reach[list(sites)].any(axis=0).sum())
        for sites in combinations(range(len(reach)), min(count, len(reach)))
    )
    assert covered >= best * (1 - 1 / np.e)
    if found:
        assert len(found[0][1]) == reach.sum(axis=1).max()
