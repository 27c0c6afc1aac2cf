"""The endpoints of results on a running server: rights, areas, limits, answers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.plugins.city import EAST, STAFF_A_STREET, WEST, City


def send(city: City, staff: str) -> dict:
    city.report(staff, city.places[WEST][3])
    city.until(lambda: len(city.app.state.core.board.rows()) > 0)
    event = city.new_event(place=9)
    return city.ok("whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": staff})


def test_a_way_is_told_step_by_step(city: City) -> None:
    start, goal = city.places[WEST][3], city.places[WEST][9]
    found = city.ok("looker", "POST", "/dispatch/guide", {"start": start, "goal": goal, "means": "car"})
    steps, route = found["steps"], found["route"]
    assert [steps[0]["turn"], steps[-1]["turn"]] == ["depart", "arrive"]
    assert sum(step["metres"] for step in steps) == pytest.approx(route["metres"], rel=0.01, abs=5)
    assert steps[-1]["zh"].startswith("到达目的地")
    far = {"start": start, "goal": [0.0, 0.0]}
    assert city.call("looker", "POST", "/dispatch/guide", far).status_code == 404
    assert city.client.post("/api/v1/dispatch/guide", json=far).status_code == 401


def test_steps_of_an_order_are_for_those_who_may_see_it(city: City) -> None:
    order = send(city, "s101")
    path = f"/dispatch/orders/{order['id']}/steps"
    steps = city.ok("west", "GET", path)
    assert steps[0]["turn"] == "depart"
    assert city.call("east", "GET", path).status_code == 404
    own = city.device("s101", "GET", f"/dispatch/device/orders/{order['id']}/steps")
    assert own.json() == steps
    other = city.device("s102", "GET", f"/dispatch/device/orders/{order['id']}/steps")
    assert other.status_code == 404


def test_reach_of_a_place_and_of_the_own_staff(city: City) -> None:
    for staff in city.devices:
        street = WEST if staff[1] == "1" else EAST
        city.report(staff, city.places[street][int(staff[2:]) + 10])
    city.until(lambda: len(city.app.state.core.board.rows()) >= 2 * (STAFF_A_STREET - 1))
    where = city.places[WEST][0]
    small = city.ok("west", "POST", "/dispatch/reach", {"where": where, "minutes": 3})
    assert small["starts"] == 1
    assert len(small["polygons"][0][0]) > 3
    outside = {"where": city.places[EAST][0], "minutes": 3}
    assert city.call("west", "POST", "/dispatch/reach", outside).status_code == 422
    assert city.call("west", "POST", "/dispatch/reach", {"minutes": 61}).status_code == 422
    own = city.ok("west", "POST", "/dispatch/reach", {"minutes": 5})
    everybody = city.ok("whole", "POST", "/dispatch/reach", {"minutes": 5, "means": "foot"})
    # one is off duty, and one jumped here from another test's place
    assert STAFF_A_STREET - 2 <= own["starts"] <= STAFF_A_STREET - 1
    assert everybody["starts"] == own["starts"] + STAFF_A_STREET - 1


def test_tours_and_their_limits(city: City) -> None:
    stops = city.places[WEST][:8]
    open_ = city.ok("looker", "POST", "/dispatch/tour", {"stops": stops})
    assert sorted(open_["order"]) == list(range(8))
    assert open_["order"][0] == 0
    assert open_["exact"]
    assert sum(open_["legs"]) == pytest.approx(open_["seconds"])
    closed = city.ok("looker", "POST", "/dispatch/tour", {"stops": stops, "closed": True})
    assert len(closed["legs"]) == 8
    assert closed["seconds"] >= open_["seconds"]
    kept = city.ok("looker", "POST", "/dispatch/tour", {"stops": stops, "last": True})
    assert kept["order"][-1] == 7
    many = {"stops": [stops[0]] * 21}
    assert city.call("looker", "POST", "/dispatch/tour", many).status_code == 422
    lost = {"stops": [stops[0], [0.0, 0.0]]}
    assert city.call("looker", "POST", "/dispatch/tour", lost).status_code == 404


def test_tracks_and_places(city: City) -> None:
    body = {"start": city.places[WEST][3], "goal": city.places[WEST][9]}
    route = city.ok("looker", "POST", "/dispatch/route", body)
    points = (
        np.array(route["path"]) + np.random.default_rng(1).normal(0, 3e-5, (len(route["path"]), 2))
    ).tolist()
    runs = city.ok("looker", "POST", "/dispatch/match", {"points": points})
    assert len(runs) == 1
    assert runs[0]["metres"] == pytest.approx(route["metres"], rel=0.15, abs=60)
    far = [[121.4, 31.2], [121.5, 31.2]] * 10
    for wrong in (
        {"points": points[:1]},
        {"points": points, "times": [1.0]},
        {"points": [[0, 0]] * 1001},
        {"points": far},
    ):
        assert city.call("looker", "POST", "/dispatch/match", wrong).status_code == 422
    lon, lat = route["path"][len(route["path"]) // 2]
    found = city.ok("looker", "GET", f"/dispatch/where?lon={lon}&lat={lat}")
    assert found["zh"].startswith(found["road"])
    assert city.call("looker", "GET", "/dispatch/where?lon=0&lat=0").status_code == 404
    assert city.call("looker", "GET", "/dispatch/where?lon=nan&lat=0").status_code == 422
    assert city.call("looker", "GET", "/dispatch/where?lon=0&lat=91").status_code == 422
    services = city.app.state.core.services
    assert services.get("roads.where")((lon, lat)).zh == found["zh"]
