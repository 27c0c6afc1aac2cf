"""Closures get another shape: who may, what is kept, who hears of it, and that ways follow."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.city import EAST, WEST, City
from tests.support.server import Client, Feed


def close(city: City, *points: Any, who: str = "whole", shape: str = "point") -> dict[str, Any]:
    body = {"shape": shape, "points": list(points), "reason": "路面塌陷"}
    return city.ok(who, "POST", "/dispatch/closures", body)


def reshape(city: City, closure: dict[str, Any], *points: Any, who: str = "whole", **more: Any) -> Any:
    body = {"points": list(points), "version": closure["version"]} | more
    return city.call(who, "PATCH", f"/dispatch/closures/{closure['id']}", body)


def test_another_shape_is_checked_and_the_old_one_kept(city: City) -> None:
    here, there, foreign = city.places[WEST][3], city.places[WEST][4], city.places[EAST][3]
    closure = close(city, here, there, who="west", shape="line")
    assert reshape(city, closure, here, who="west").status_code == 422
    assert reshape(city, closure, here, foreign, who="west").json()["code"] == "outside_areas"
    assert reshape(city, closure, here, there, who="east").status_code == 404
    assert reshape(city, closure, here, there, who="looker").status_code == 403
    changed = reshape(city, closure, there, here, who="west").json()
    assert changed["points"] == [list(there), list(here)] and changed["version"] > closure["version"]
    assert changed["reason"] == "路面塌陷" and changed["since"] == closure["since"]
    late = reshape(city, closure, here, there)
    assert (late.status_code, late.json()["fields"]) == (409, {"version": changed["version"]})
    (former,) = city.ok("west", "GET", f"/dispatch/closures/{closure['id']}/shapes")
    assert (former["points"], former["changed_by"]) == ([list(here), list(there)], "west")
    assert city.call("east", "GET", f"/dispatch/closures/{closure['id']}/shapes").status_code == 404
    city.ok("whole", "DELETE", f"/dispatch/closures/{closure['id']}")
    assert reshape(city, changed, here, there).status_code == 404
    assert len(city.ok("whole", "GET", f"/dispatch/closures/{closure['id']}/shapes")) == 1


def test_former_shapes_of_other_areas_are_not_shown(city: City) -> None:
    closure = close(city, city.places[WEST][3])
    assert reshape(city, closure, city.places[EAST][3]).status_code == 200
    path = f"/dispatch/closures/{closure['id']}"
    assert city.ok("east", "GET", f"{path}/shapes") == []
    assert len(city.ok("whole", "GET", f"{path}/shapes")) == 1
    city.ok("whole", "DELETE", path)


def test_the_same_key_reshapes_once(city: City) -> None:
    here, there = city.places[WEST][3], city.places[WEST][4]
    closure = close(city, here)
    path, body = f"/dispatch/closures/{closure['id']}", {"points": [there], "version": closure["version"]}
    first = city.ok("whole", "PATCH", path, body, **{"Idempotency-Key": f"shape-{closure['id']}"})
    again = city.ok("whole", "PATCH", path, body, **{"Idempotency-Key": f"shape-{closure['id']}"})
    assert again == first
    assert len(city.ok("whole", "GET", f"{path}/shapes")) == 1
    city.ok("whole", "DELETE", path)


def test_consoles_hear_of_it_and_lose_what_leaves_their_area(city: City, served: str) -> None:
    for who in ("whole", "west", "east"):
        city.ok(who, "GET", "/me")
    consoles = {w: Client(served, {"access_token": city.tokens[w]}) for w in ("whole", "west", "east")}
    closure = close(city, city.places[WEST][5])
    opened = {who: console.live(areas=None, resume=None) for who, console in consoles.items()}
    with opened["whole"] as whole, opened["west"] as west, opened["east"] as east:
        for feed in (whole, west, east):
            feed.next("snapshot")
        goal = city.places[EAST][5]
        body = {"points": [goal], "version": closure["version"]}
        path = f"{served}/dispatch/closures/{closure['id']}"
        assert consoles["whole"].http.patch(path, json=body, timeout=20).status_code == 200
        assert last(whole, closure["id"])[0] == "put"
        assert last(west, closure["id"])[0] == "drop"
        assert last(east, closure["id"])[0] == "put"
    city.ok("whole", "DELETE", f"/dispatch/closures/{closure['id']}")


def last(feed: Feed, closure_id: str) -> list[Any]:
    """What the first delta that speaks of the closure says of it in the end."""
    while True:
        found = [each for each in feed.next("delta")["records"] if each[1:3] == ["closure", closure_id]]
        if found:
            return found[-1]


def able(city: City, event: str, staff: str) -> bool:
    """Whether the backend knows where somebody is."""
    found = city.ok("whole", "POST", "/dispatch/why", {"event": event, "name": staff})["found"]
    return bool(found) and all(each["candidate"]["able"] for each in found)


def test_ways_follow_the_new_shape(city: City) -> None:
    city.report("s108", city.places[WEST][18])
    event = city.new_event(place=7)
    city.until(lambda: able(city, event["id"], "s108"), 20)
    body = {"event": event["id"], "staff": "s108"}
    order = city.ok("whole", "POST", "/dispatch/orders", body)
    path = order["route"]["path"]
    middle = path[len(path) // 2]
    closure = close(city, city.places[WEST][11])

    def route() -> Any:
        orders = city.ok("whole", "GET", "/dispatch/orders")
        return next(each for each in orders if each["id"] == order["id"])["route"]

    def notes() -> list[str]:
        return [h["note"] for h in city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/history")]

    moved = reshape(city, closure, middle)
    assert moved.status_code == 200
    city.until(lambda: route() is None or middle not in route()["path"], 30)
    assert "road closed" in notes()
    assert reshape(city, moved.json(), city.places[WEST][11]).status_code == 200
    city.until(lambda: "road open again" in notes(), 30)
    assert route()["seconds"] == pytest.approx(order["route"]["seconds"], rel=0.05)
    city.ok("whole", "DELETE", f"/dispatch/closures/{closure['id']}")
    city.ok("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
