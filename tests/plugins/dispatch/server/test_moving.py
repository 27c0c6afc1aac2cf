"""The hour's traffic and the heading of who moves count in the list, and are recorded with the order."""

from __future__ import annotations

import time

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


def heading_that_counts(router: Router, start: LonLat, goal: LonLat) -> tuple[float, float]:
    """A heading from which the way takes longer than from a stand, and those seconds."""
    at = np.array([start])
    free = router.times(at, goal, Means.BICYCLE).seconds[0]
    for heading in range(0, 360, 45):
        facing = Facing(heading=np.array([float(heading)]), level=np.array([np.nan]))
        seconds = router.times(at, goal, Means.BICYCLE, facing=facing).seconds[0]
        if seconds > free + 5:
            return float(heading), float(seconds)
    pytest.skip("every direction is as good as another here")


def test_what_made_the_list_is_recorded_and_makes_the_same_times_again(city: City) -> None:
    router: Router = city.app.state.core.services.get("router")
    event, start = city.new_event(place=9), city.places[WEST][3]
    goal = tuple(event["where"])
    heading, seconds = heading_that_counts(router, start, goal)
    city.report(RIDER, start, speed=4 * KNOTS, bearing=heading)
    city.until(lambda: len(city.app.state.core.board.rows()) > 0)
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
