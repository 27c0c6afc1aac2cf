"""The hour's traffic and the heading of who moves count in the list, and are recorded with the order."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np
import pytest

from console.sdk import Positions
from console.sdk.records import Duty, LonLat, Means, Staff
from console.sdk.server import Facing, Router, Trip
from plugins.dispatch.server.ranking import rank
from plugins.dispatch.server.ranking_roster import make_roster
from tests.plugins.city import WEST, City, grid_of

RIDER = "s103"
"""Goes by bicycle."""
KNOTS = 1 / 0.514444
MONDAY = 2
"""Of November 2026, as a day of the month."""


def heading_that_counts(
    router: Router, starts: Sequence[LonLat], goal: LonLat
) -> tuple[LonLat, float, float]:
    """One of *starts* and a heading from which the way is longer than from a stand; its seconds."""
    for start in starts:
        at = np.array([start])
        free = router.times(at, goal, Means.BICYCLE).seconds[0]
        for heading in range(0, 360, 45):
            facing = Facing(heading=np.array([float(heading)]), level=np.array([np.nan]))
            seconds = router.times(at, goal, Means.BICYCLE, facing=facing).seconds[0]
            if free + 5 < seconds < math.inf:
                return start, float(heading), float(seconds)
    raise AssertionError("every direction is as good as another here")


def located(city: City, event: str, staff: str) -> bool:
    """Whether the backend knows where *staff* is."""
    answer = city.ok("whole", "POST", "/dispatch/why", {"event": event, "name": staff})
    return all(each["candidate"]["able"] for each in answer["found"])


def test_what_made_the_list_is_recorded_and_makes_the_same_times_again(city: City) -> None:
    router: Router = city.app.state.core.services.get("router")
    event = city.new_event(place=9)
    goal = tuple(event["where"])
    start, heading, seconds = heading_that_counts(router, city.places[WEST][:9], goal)
    city.report(RIDER, start, speed=4 * KNOTS, bearing=heading)
    city.until(lambda: located(city, event["id"], RIDER))
    order = city.ok("whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": RIDER})
    kept = city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/ranking")
    mine = next(c for c in kept["candidates"] if c["staff"] == RIDER)
    assert mine["eta_seconds"] == pytest.approx(seconds, abs=0.1)
    assert order["route"]["seconds"] == pytest.approx(seconds, rel=0.02)
    from_record = kept["starts"][RIDER]
    assert from_record["heading"] == heading
    facing = Facing(heading=np.array([from_record["heading"]]), level=np.array([np.nan]))
    starts = np.array([from_record["where"]])
    again = router.times(starts, goal, Means.BICYCLE, trip=Trip(at=kept["at"]), facing=facing)
    assert again.seconds[0] == pytest.approx(mine["eta_seconds"], abs=0.001)
    others = [each for staff, each in kept["starts"].items() if staff != RIDER]
    assert others
    assert {each["heading"] for each in others} == {None}
    body = {"start": start, "goal": goal, "means": "bicycle", "heading": heading}
    shown = city.ok("whole", "POST", "/dispatch/route", body)
    assert shown["seconds"] == pytest.approx(seconds, rel=0.02)
    city.ok("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})


def test_who_leaves_the_way_is_led_on_as_they_are_heading(city: City) -> None:
    router: Router = city.app.state.core.services.get("router")
    rider, event = "s106", city.new_event(place=9)
    city.report(rider, city.places[WEST][3], timestamp=time.time() - 90)
    city.until(lambda: located(city, event["id"], rider))
    order = city.ok("whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": rider})
    for action in ("accept", "start"):
        city.device(rider, "POST", f"/dispatch/device/orders/{order['id']}", {"action": action})
    elsewhere, heading, seconds = heading_that_counts(router, city.places[WEST][20:], event["where"])
    city.report(rider, elsewhere, speed=4 * KNOTS, bearing=heading)

    def led_anew() -> float | None:
        orders = city.ok("whole", "GET", "/dispatch/orders")
        way = next(each["route"] for each in orders if each["id"] == order["id"])
        return way["seconds"] if way["path"][0] == list(elsewhere) else None

    assert city.until(led_anew, 20.0) == pytest.approx(seconds, rel=0.02)
    city.ok("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})


def test_cars_take_longer_in_the_rush_hour(city: City) -> None:
    router = city.app.state.core.services.get("router")
    driver = Staff(id="d", handle=1, name="王", area=grid_of(WEST), duty=Duty.ON, means=Means.CAR)
    lon, lat = city.places[WEST][3]

    def seconds(hour: int) -> float:
        at = time.mktime((2026, 11, MONDAY, hour, 0, 0, 0, 0, -1))
        unknown = np.full(1, np.nan, np.float32)
        positions = Positions(
            handle=np.array([1], np.uint32),
            lon=np.array([lon]),
            lat=np.array([lat]),
            time=np.array([at]),
            speed=unknown,
            heading=unknown,
            accuracy=unknown,
            battery=unknown,
            flags=np.zeros(1, np.uint8),
        )
        return float(rank(make_roster([driver], positions, at), city.places[WEST][9], WEST, router).eta[0])

    assert seconds(8) > seconds(3)
