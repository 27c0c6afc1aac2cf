"""The choice over REST: rules by area and class with versions, load of the day, why not somebody."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from plugins.dispatch.model import Rules
from tests.plugins.city import EAST, STAFF_A_STREET, WEST, City


@pytest.fixture(autouse=True)
def _everybody_reports(city: City) -> None:
    for staff in city.devices:
        street = WEST if staff[1] == "1" else EAST
        city.report(staff, city.places[street][int(staff[2:]) + 10])
    city.until(lambda: len(city.app.state.core.board.rows()) >= 2 * (STAFF_A_STREET - 1))


def put(city: City, who: str, kind: str, area: str, version: int, **changes: Any) -> Any:
    body = {"area": area, "version": version, "rules": asdict(Rules()) | changes}
    return city.call(who, "PUT", f"/dispatch/rules/{kind}", body)


def rank(city: City, event: str, **more: Any) -> Any:
    return city.ok("whole", "POST", "/dispatch/rank", {"event": event, "limit": 50, **more})


def test_rules_have_versions_hold_below_and_count_at_once(city: City) -> None:
    usual = {each["kind"]: each for each in city.ok("whole", "GET", "/dispatch/rules")}
    assert usual["medical"]["rules"]["wish"] == ["急救"]
    assert (usual["flood"]["version"], usual["flood"]["area"]) == (0, "")
    first = put(city, "whole", "flood", "310101", 0, street=700.0).json()
    assert (first["version"], first["area"], first["by"]) == (1, "310101", "whole")
    assert put(city, "whole", "flood", "310101", 0).json()["fields"] == {"version": 1}
    assert put(city, "west", "flood", WEST, 0, other=999.0).json()["version"] == 1
    answer = rank(city, "e1")
    assert answer["rules"]["area"] == WEST
    grid = {
        r["value"]: r["seconds"] for c in answer["candidates"] for r in c["reasons"] if r["what"] == "grid"
    }
    assert grid["neighbour"] == Rules().neighbour
    assert rank(city, "e2")["rules"]["area"] == "310101"


def test_who_may_set_rules_and_within_what(city: City) -> None:
    assert put(city, "looker", "fire", "310101", 0).status_code == 403
    assert put(city, "west", "fire", EAST, 0).status_code == 422
    assert put(city, "west", "fire", "310101", 0).status_code == 422
    assert put(city, "whole", "fire", "310101", 0, job=-1).status_code == 422
    assert put(city, "whole", "fire", "310101", 0, wish=["x" * 40]).status_code == 422
    assert put(city, "whole", "no-such-class", "310101", 0).status_code == 422
    assert city.call("west", "GET", f"/dispatch/rules?area={EAST}").status_code == 422


def test_a_demand_that_nobody_meets_leaves_nobody_and_says_why(city: City) -> None:
    assert put(city, "whole", "sanitation", "310101", 0, must=["潜水"]).status_code == 200
    event = city.new_event(kind="sanitation")
    candidates = rank(city, event["id"])["candidates"]
    assert {c["why_not"] for c in candidates} == {"lacks_skill", "off_duty"}


def test_why_not_answers_for_anybody_with_their_place(city: City) -> None:
    event = city.new_event()
    order = [c["staff"] for c in rank(city, event["id"])["candidates"]]
    off = f"s1{STAFF_A_STREET - 1}"
    answer = city.ok("whole", "POST", "/dispatch/why", {"event": event["id"], "name": off})
    assert answer["of"] == len(order)
    assert answer["best"]["staff"] == order[0]
    (found,) = answer["found"]
    assert (found["candidate"]["staff"], found["candidate"]["why_not"]) == (off, "off_duty")
    assert found["place"] == order.index(off) + 1
    many = city.ok("whole", "POST", "/dispatch/why", {"event": event["id"], "name": "王小", "limit": 5})
    assert [each["candidate"]["staff"] for each in many["found"]] == order[:5]
    other = city.ok("west", "POST", "/dispatch/why", {"event": event["id"], "name": "s201"})
    assert other["found"] == []


def test_an_order_adds_to_the_load_of_the_day_and_keeps_its_rules(city: City) -> None:
    event = city.new_event(place=6)
    body = {"event": event["id"], "staff": "s106"}
    order = city.ok("whole", "POST", "/dispatch/orders", body)
    mine = next(c for c in rank(city, event["id"])["candidates"] if c["staff"] == "s106")
    assert {r["what"]: r["value"] for r in mine["reasons"]}["load"] == "1"
    kept = city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/ranking")
    assert kept["rules"]["kind"] == "facility"
    assert kept["candidates"][-1]["reasons"]
    city.ok("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
    mine = next(c for c in rank(city, event["id"])["candidates"] if c["staff"] == "s106")
    assert {r["what"]: r["value"] for r in mine["reasons"]}["load"] == ""


def test_a_call_is_no_load(city: City) -> None:
    body = {"id": "call-load", "select": {"staff": ["s107"]}, "text": "到岗签到"}
    city.ok("whole", "POST", "/dispatch/groups", body)
    mine = next(c for c in rank(city, city.new_event(place=6)["id"])["candidates"] if c["staff"] == "s107")
    assert {r["what"]: r["value"] for r in mine["reasons"]}["load"] == ""
    city.ok("whole", "POST", "/dispatch/groups/call-load/actions", {"action": "cancel"})
