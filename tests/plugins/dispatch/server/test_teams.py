"""Several at once over REST: teams, several events together, and whom to free for something bigger."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.city import EAST, STAFF_A_STREET, WEST, City


@pytest.fixture(autouse=True)
def _everybody_reports(city: City) -> None:
    for staff in city.devices:
        street = WEST if staff[1] == "1" else EAST
        city.report(staff, city.places[street][int(staff[2:]) + 10])
    city.until(lambda: len(city.app.state.core.board.rows()) >= 2 * (STAFF_A_STREET - 1))


def team(city: City, event: str, seats: list[Any], apart: str = "nothing", who: str = "whole") -> list[Any]:
    body = {"event": event, "seats": seats, "apart": apart}
    return city.ok(who, "POST", "/dispatch/team", body)["members"]


def test_a_team_is_the_best_of_the_list_and_from_different_units_when_asked(city: City) -> None:
    event = city.new_event()
    ranked = city.ok("whole", "POST", "/dispatch/rank", {"event": event["id"]})["candidates"]
    three = team(city, event["id"], [{"count": 3}])
    assert {m["candidate"]["staff"] for m in three} == {c["staff"] for c in ranked[:3]}
    units = team(city, event["id"], [{"count": 3}], "unit")
    sent = [m["candidate"]["staff"] for m in units if m["candidate"]]
    assert sorted(staff[:2] for staff in sent) == ["s1", "s2"]
    assert ranked[0]["staff"] in sent


def test_a_place_that_nobody_can_fill_stays_empty_and_is_told(city: City) -> None:
    event = city.new_event()
    members = team(city, event["id"], [{"skill": "潜水"}, {"role": "grid_worker"}])
    assert [(m["seat"], m["candidate"] is None) for m in members] == [("潜水", True), ("grid_worker", False)]
    assert city.call("east", "POST", "/dispatch/team", {"event": "e1", "seats": [{}]}).status_code == 404
    assert city.call("whole", "POST", "/dispatch/team", {"event": "e1", "seats": []}).status_code == 422


def test_several_events_are_served_together_each_by_somebody_else(city: City) -> None:
    events = [city.new_event(place=place)["id"] for place in (0, 1, 2)]
    needs = [{"event": event, "count": 2} for event in events]
    answer = city.ok("whole", "POST", "/dispatch/several", {"events": needs})
    sent = [m["candidate"]["staff"] for m in answer["members"]]
    assert len(set(sent)) == 6
    assert sorted(m["event"] for m in answer["members"]) == sorted(events * 2)
    refused = city.call("east", "POST", "/dispatch/several", {"events": needs})
    assert refused.status_code == 404


def test_somebody_is_freed_only_for_something_bigger_and_the_cost_is_told(city: City) -> None:
    lesser = city.new_event(place=20, urgency="general")
    order = city.ok("whole", "POST", "/dispatch/orders", {"event": lesser["id"], "staff": "s100"})
    here = city.places[WEST][10]
    bigger = city.ok(
        "whole",
        "POST",
        "/events",
        {"title": "住宅起火", "where": here, "kind": "fire", "urgency": "critical"},
    )
    proposals = city.ok("whole", "POST", "/dispatch/release", {"event": bigger["id"]})
    best = next(each for each in proposals if each["order"] == order["id"])
    assert (best["event"], best["freed"]["staff"]) == (lesser["id"], "s100")
    assert best["sooner_seconds"] > 0
    assert best["instead"]["staff"] != "s100"
    assert isinstance(best["later_seconds"], float)
    assert city.ok("whole", "POST", "/dispatch/release", {"event": lesser["id"]}) == []
    assert next(o for o in city.ok("whole", "GET", "/dispatch/orders") if o["id"] == order["id"])
    city.ok("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
