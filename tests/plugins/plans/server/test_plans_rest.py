"""Plans over REST and the live feed: rights, areas, editions, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugins.city import DISTRICT, EAST, WEST, City, grid_of
from tests.support.server import Client, Feed


def body(city: City, area: str = WEST, version: int = 0, **more: Any) -> dict[str, Any]:
    here, there, third = (city.places[WEST][number] for number in (1, 2, 3))
    items = [
        {"kind": "point", "points": [here], "title": "集合点", "symbol": "command-post"},
        {"kind": "polygon", "points": [here, there, third], "title": "疏散区", "color": "#ffaa00"},
    ]
    steps = [{"who": "社区网格员", "what": "组织疏散"}, {"who": "消防站", "what": "灭火"}]
    plan = {"version": version, "area": area, "title": "高层火灾预案", "event_class": "fire"}
    return plan | {"note": "先报警", "steps": steps, "items": items} | more


def save(city: City, plan: str, given: dict[str, Any], who: str = "west", **headers: str) -> Any:
    return city.call(who, "PUT", f"/plans/{plan}", given, **headers)


def test_a_plan_is_saved_in_editions_and_comes_back_after_deletion(city: City) -> None:
    first = save(city, "p1", body(city)).json()
    assert (first["edition"], first["by"], first["area"]) == (1, "west", WEST)
    assert first["items"][0]["symbol"] == "command-post" and first["steps"][1]["who"] == "消防站"
    second = save(city, "p1", body(city, version=first["version"], title="高层火灾"), "whole").json()
    assert (second["edition"], second["by"]) == (2, "whole")
    late = save(city, "p1", body(city, version=first["version"]))
    assert (late.status_code, late.json()["fields"]) == (409, {"version": second["version"]})
    assert save(city, "p1", body(city)).status_code == 409, "it is there already"
    told = [(e["edition"], e["title"], e["by"]) for e in city.ok("west", "GET", "/plans/p1/editions")]
    assert told == [(2, "高层火灾", "whole"), (1, "高层火灾预案", "west")]
    city.ok("west", "DELETE", "/plans/p1")
    assert city.call("west", "DELETE", "/plans/p1").status_code == 404
    assert "p1" not in {plan["id"] for plan in city.ok("whole", "GET", "/plans")}
    back = save(city, "p1", body(city)).json()
    assert back["edition"] == 3 and back["version"] > second["version"]
    city.ok("west", "DELETE", "/plans/p1")


def test_plans_belong_to_areas_and_rights(city: City) -> None:
    save(city, "p2", body(city))
    district = save(city, "p3", body(city, DISTRICT), "whole").json()
    assert district["area"] == DISTRICT
    assert {plan["id"] for plan in city.ok("west", "GET", "/plans")} == {"p2"}
    assert city.ok("east", "GET", "/plans") == []
    assert {plan["id"] for plan in city.ok("looker", "GET", "/plans")} == {"p2", "p3"}
    assert save(city, "p2", body(city), "looker").status_code == 403
    assert save(city, "p2", body(city, EAST), "east").json()["code"] == "id_taken"
    assert save(city, "p4", body(city, EAST)).json()["code"] == "outside_areas"
    assert save(city, "p4", body(city, "999999")).json()["code"] == "outside_areas"
    assert city.call("east", "DELETE", "/plans/p2").status_code == 404
    assert city.call("east", "GET", "/plans/p2/editions").status_code == 404
    assert city.call("west", "GET", "/plans/p3/editions").status_code == 404
    assert city.client.get("/api/v1/plans").status_code == 401
    for plan in ("p2", "p3"):
        city.ok("whole", "DELETE", f"/plans/{plan}")


def test_the_same_key_saves_once(city: City) -> None:
    key = {"Idempotency-Key": "plan-once"}
    assert save(city, "p5", body(city), **key).json() == save(city, "p5", body(city), **key).json()
    assert len(city.ok("west", "GET", "/plans/p5/editions")) == 1
    city.ok("west", "DELETE", "/plans/p5")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"title": "a\x00b"},
        {"event_class": "nonsense"},
        {"items": [{"kind": "polygon", "points": [[121.0, 31.0], [121.1, 31.0]]}]},
        {"items": [{"kind": "point", "points": [[121.0, 31.0], [121.1, 31.0]]}]},
        {"items": [{"kind": "line", "points": [[200.0, 31.0], [121.1, 31.0]]}]},
        {"items": [{"kind": "point", "points": [[121.0, 31.0]], "color": "red"}]},
        {"items": [{"kind": "point", "points": [[121.0, 31.0]], "symbol": "<svg>"}]},
        {"steps": [{"who": "", "what": ""}]},
        {"items": [{"kind": "line", "points": [[121.0, 31.0]] * 20_001}]},
    ],
    ids=["blank", "nul", "class", "two-corners", "two-points", "nowhere", "color", "symbol", "step", "many"],
)
def test_what_is_no_plan_is_refused(city: City, wrong: dict[str, Any]) -> None:
    assert save(city, "p6", body(city) | wrong).status_code == 422


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
plain = st.none() | st.booleans() | numbers | st.text(max_size=20)
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["title", "event_class", "note", "steps", "items", "version", "area"]), anything)
def test_nothing_that_is_sent_breaks_it(city: City, field: str, value: Any) -> None:
    answer = save(city, "p7", body(city) | {field: value})
    assert answer.status_code in (200, 409, 422), answer.text


def test_consoles_hear_of_plans_and_lose_what_leaves_their_area(city: City, served: str) -> None:
    for who in ("west", "east"):
        city.ok(who, "GET", "/me")
    consoles = {who: Client(served, {"access_token": city.tokens[who]}) for who in ("west", "east")}
    opened = [consoles[who].live(areas=None, resume=None) for who in ("west", "east")]
    with opened[0] as west, opened[1] as east:
        for feed in (west, east):
            feed.next("snapshot")
        first = save(city, "p8", body(city, grid_of(WEST)), "whole").json()
        assert last(west, "p8")[0] == "put"
        save(city, "p8", body(city, EAST, version=first["version"]), "whole")
        assert last(west, "p8")[0] == "drop"
        assert last(east, "p8")[0] == "put"
    city.ok("whole", "DELETE", "/plans/p8")


def last(feed: Feed, plan: str) -> list[Any]:
    """What the first delta that speaks of the plan says of it in the end."""
    while True:
        found = [each for each in feed.next("delta")["records"] if each[1:3] == ["plan", plan]]
        if found:
            return found[-1]
