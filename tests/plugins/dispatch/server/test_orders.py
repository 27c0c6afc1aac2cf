"""The way of an order over REST: ranked, sent, taken, followed to the door, fed back."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests.plugins.city import EAST, STAFF_A_STREET, WEST, City


@pytest.fixture(autouse=True)
def _everybody_reports(city: City) -> None:
    for staff in city.devices:
        street = WEST if staff[1] == "1" else EAST
        city.report(staff, city.places[street][int(staff[2:]) + 10])
    city.until(
        lambda: len(city.app.state.core.board.rows()) == 2 * (STAFF_A_STREET - 1)
    )  # off duty: not kept


def send(city: City, event: str, staff: str, **more: Any) -> Any:
    return city.ok("whole", "POST", "/dispatch/orders", {"event": event, "staff": staff, **more})


def step(city: City, order: str, staff: str, action: str, note: str = "") -> Any:
    answer = city.device(staff, "POST", f"/dispatch/device/orders/{order}", {"action": action, "note": note})
    assert answer.status_code == 200, answer.text
    return answer.json()


def free(city: City, order: str) -> None:
    city.call("whole", "POST", f"/dispatch/orders/{order}/actions", {"action": "cancel"})


def test_ranking_explains_itself(city: City) -> None:
    event = city.new_event()
    answer = city.ok("whole", "POST", "/dispatch/rank", {"event": event["id"], "limit": 50})
    again = city.ok("whole", "POST", "/dispatch/rank", {"where": event["where"], "limit": 50})
    candidates = answer["candidates"]
    assert len(candidates) == 2 * STAFF_A_STREET
    assert [c["staff"] for c in again["candidates"]] == [c["staff"] for c in candidates]
    assert answer["straight_first"] in {c["staff"] for c in candidates}
    scores = [c["score"] for c in candidates]
    assert scores == sorted(scores)
    able = [c for c in candidates if c["able"]]
    assert all(c["metres"] >= c["straight_metres"] * 0.99 for c in able)
    assert {c["why_not"] for c in candidates if not c["able"]} == {"off_duty"}
    assert (
        len(city.ok("west", "POST", "/dispatch/rank", {"event": event["id"]})["candidates"]) == STAFF_A_STREET
    )


def test_an_order_given_while_cut_off_tells_both_times_and_counts_from_its_arrival(city: City) -> None:
    event, given = city.new_event(), time.time() - 240
    body = {"event": event["id"], "staff": "s103", "given_at": given}
    answer = city.call("whole", "POST", "/dispatch/orders", body, **{"Idempotency-Key": "given-1"})
    order = answer.json()
    (step,) = city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/history")
    assert step["at"] == pytest.approx(given)
    assert abs(step["received_at"] - time.time()) < 60 and order["sent_at"] > given + 200
    free(city, order["id"])
    at_once = send(city, event["id"], "s103", given_at=given)  # without a key nothing has waited
    (step,) = city.ok("whole", "GET", f"/dispatch/orders/{at_once['id']}/history")
    assert step["received_at"] is None and step["at"] > given + 200
    free(city, at_once["id"])


def test_the_whole_way_of_an_order(city: City) -> None:
    event = city.new_event(place=5, reporter="李四", address="南京东路 1 号")
    order = send(city, event["id"], "s101", text="请立即前往")
    assert order["state"] == "sent"
    assert order["route"]["path"][-1] == pytest.approx(event["where"])
    assert order["eta"] > order["sent_at"]
    assert city.ok("whole", "GET", "/staff/s101")["job"] == order["id"]
    assert city.ok("whole", "GET", f"/events/{event['id']}")["state"] == "dispatched"

    entries = city.device("s101", "GET", "/dispatch/device/orders").json()
    assert [entry["order"]["id"] for entry in entries] == [order["id"]]
    assert entries[0]["event"]["address"] == "南京东路 1 号"
    assert "李" not in str(entries)
    for action, state in (("delivered", "delivered"), ("accept", "accepted"), ("start", "under_way")):
        assert step(city, order["id"], "s101", action)["state"] == state

    near = (event["where"][0] + 1e-4, event["where"][1])
    for _ in range(2):
        city.report("s101", near)
        time.sleep(1.3)
    city.until(lambda: _state(city, order["id"]) == "arrived")
    assert city.ok("whole", "GET", f"/events/{event['id']}")["state"] == "handling"
    assert step(city, order["id"], "s101", "done", "已疏通")["reason"] == "已疏通"
    assert city.ok("whole", "GET", f"/events/{event['id']}")["state"] == "fed_back"
    assert city.ok("whole", "GET", "/staff/s101")["job"] == ""
    closed = city.ok("whole", "POST", f"/events/{event['id']}/actions", {"action": "close"})
    assert closed["state"] == "closed"
    history = city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/history")
    told = [(h["action"], h["actor"]) for h in history if h["action"] != "reroute"]
    device = city.ok("whole", "GET", "/staff/s101")["name"]
    assert told == [
        ("send", "whole"),
        ("delivered", device),
        ("accept", device),
        ("start", device),
        ("arrive", "geofence"),
        ("done", device),
    ]
    kept = city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/ranking")
    assert kept["of"] == 2 * STAFF_A_STREET
    assert "s101" in {c["staff"] for c in kept["candidates"]}


def _state(city: City, order: str) -> str:
    orders = city.ok("whole", "GET", "/dispatch/orders?state=all")
    return next(o["state"] for o in orders if o["id"] == order)


def test_sending_is_done_once(city: City) -> None:
    event = city.new_event()
    body = {"event": event["id"], "staff": "s102", "id": "order-from-the-outbox"}
    first = city.ok("whole", "POST", "/dispatch/orders", body, **{"Idempotency-Key": "send-1"})
    again = city.ok("whole", "POST", "/dispatch/orders", body, **{"Idempotency-Key": "send-1"})
    assert again["id"] == first["id"] == "order-from-the-outbox"
    city.device("s102", "POST", f"/dispatch/device/orders/{first['id']}", {"action": "accept"})
    other_key = city.call("whole", "POST", "/dispatch/orders", body, **{"Idempotency-Key": "send-2"})
    assert other_key.status_code in (200, 409)
    assert len([o for o in city.ok("whole", "GET", "/dispatch/orders") if o["event"] == event["id"]]) == 1
    free(city, first["id"])


def test_busy_or_off_duty_needs_the_senders_word(city: City) -> None:
    first, second = city.new_event(), city.new_event(place=3)
    order = send(city, first["id"], "s103")
    refused = city.call("whole", "POST", "/dispatch/orders", {"event": second["id"], "staff": "s103"})
    assert refused.status_code == 409
    assert refused.json()["fields"] == {"duty": "on", "job": order["id"]}
    off = f"s1{STAFF_A_STREET - 1}"
    refused = city.call("whole", "POST", "/dispatch/orders", {"event": second["id"], "staff": off})
    assert refused.json()["fields"] == {"duty": "off", "job": ""}
    more = send(city, second["id"], "s103", anyway=True)
    free(city, more["id"])
    assert city.ok("whole", "GET", "/staff/s103")["job"] == order["id"]
    free(city, order["id"])
    assert city.ok("whole", "GET", "/staff/s103")["job"] == ""
    assert city.ok("whole", "GET", f"/events/{first['id']}")["state"] == "accepted"


def test_refusal_frees_the_event_and_wrong_steps_conflict(city: City) -> None:
    event = city.new_event()
    order = send(city, event["id"], "s104")
    early = city.device("s104", "POST", f"/dispatch/device/orders/{order['id']}", {"action": "done"})
    assert early.status_code == 409
    assert early.json()["fields"] == {"state": "sent"}
    assert step(city, order["id"], "s104", "refuse", "车坏了")["reason"] == "车坏了"
    assert step(city, order["id"], "s104", "refuse")["state"] == "refused"
    assert city.ok("whole", "GET", f"/events/{event['id']}")["state"] == "accepted"
    cancel = city.call("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
    assert cancel.status_code == 409
    assert cancel.json()["message_zh"] == "指令已被拒绝，不能取消"


def test_nobody_is_sent_to_a_closed_event(city: City) -> None:
    event = city.new_event()
    city.ok("whole", "POST", f"/events/{event['id']}/actions", {"action": "cancel"})
    answer = city.call("whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": "s105"})
    assert (answer.status_code, answer.json()["code"]) == (409, "event_ended")


def test_a_device_sees_and_touches_its_own_orders_only(city: City) -> None:
    event = city.new_event()
    order = send(city, event["id"], "s105")
    path = f"/dispatch/device/orders/{order['id']}"
    assert city.device("s106", "GET", "/dispatch/device/orders").json() == []
    assert city.device("s106", "POST", path, {"action": "accept"}).status_code == 404
    device, _ = city.devices["s105"]
    forged = city.client.get("/api/v1/dispatch/device/orders", auth=(device, "guess"))
    assert forged.status_code == 401
    assert city.client.get("/api/v1/dispatch/device/orders").status_code == 401
    assert city.call("whole", "GET", "/dispatch/device/orders").status_code == 401
    free(city, order["id"])


def test_long_poll_answers_at_once_when_an_order_comes(city: City) -> None:
    tag = city.device("s107", "GET", "/dispatch/device/orders").headers["ETag"]
    quiet = city.device("s107", "GET", "/dispatch/device/orders?wait=0.2", **{"If-None-Match": tag})
    assert quiet.status_code == 304
    heard: list[Any] = []

    def listen() -> None:
        answer = city.device("s107", "GET", "/dispatch/device/orders?wait=20", **{"If-None-Match": tag})
        heard.append((answer.status_code, len(answer.json()), time.monotonic()))

    listener = threading.Thread(target=listen)
    listener.start()
    time.sleep(0.5)
    order = send(city, city.new_event()["id"], "s107")
    sent = time.monotonic()
    listener.join(25)
    assert heard[0][:2] == (200, 1)
    assert heard[0][2] - sent < 4
    free(city, order["id"])


def test_a_closure_on_the_way_pushes_another_route(city: City) -> None:
    event = city.new_event(place=7)
    order = send(city, event["id"], "s108")
    path = order["route"]["path"]
    middle = path[len(path) // 2]
    body = {"shape": "point", "points": [middle], "reason": "塌陷"}
    closure = city.ok("whole", "POST", "/dispatch/closures", body)

    def rerouted() -> bool:
        now = next(o for o in city.ok("whole", "GET", "/dispatch/orders") if o["id"] == order["id"])
        return now["route"] is None or middle not in now["route"]["path"]

    city.until(rerouted, 15)
    assert "road closed" in notes_of(city, order["id"])
    city.ok("whole", "DELETE", f"/dispatch/closures/{closure['id']}")
    city.until(lambda: "road open again" in notes_of(city, order["id"]), 15)
    now = next(o for o in city.ok("whole", "GET", "/dispatch/orders") if o["id"] == order["id"])
    assert now["route"]["seconds"] == pytest.approx(order["route"]["seconds"], rel=0.05)
    free(city, order["id"])


def notes_of(city: City, order: str) -> list[str]:
    return [h["note"] for h in city.ok("whole", "GET", f"/dispatch/orders/{order}/history")]


def test_a_planned_closure_holds_from_its_time_and_ended_ones_are_kept(city: City) -> None:
    place = city.places[WEST][2]
    begins = time.time() + 2.5
    body = {"shape": "point", "points": [place], "reason": "燃气泄漏", "since": begins, "until": begins + 600}
    planned = city.ok("whole", "POST", "/dispatch/closures", body)
    assert planned["since"] == pytest.approx(begins)
    goal = city.places[WEST][9]
    asked = {"start": place, "goal": goal, "means": "foot"}
    city.ok("whole", "POST", "/dispatch/route", asked)  # nothing is closed yet
    assert planned["id"] in {c["id"] for c in city.ok("west", "GET", "/dispatch/closures")}
    wrong = city.call("whole", "POST", "/dispatch/closures", body | {"until": begins - 1})
    assert wrong.status_code == 422
    city.ok("west", "DELETE", f"/dispatch/closures/{planned['id']}")
    assert city.call("west", "DELETE", f"/dispatch/closures/{planned['id']}").status_code == 404
    ended = city.ok("west", "GET", "/dispatch/closures/history")[0]
    assert (ended["id"], ended["ended_by"], ended["reason"]) == (planned["id"], "west", "燃气泄漏")
    assert ended["ended_at"] < begins
    assert planned["id"] not in {c["id"] for c in city.ok("east", "GET", "/dispatch/closures/history")}


def test_closures_are_checked_shared_and_ended(city: City) -> None:
    inside, other = city.places[WEST][1], city.places[EAST][1]
    for body, status in (
        ({"shape": "polygon", "points": [inside, inside]}, 422),
        ({"shape": "point", "points": []}, 422),
        ({"shape": "point", "points": [inside], "until": 5}, 422),
        ({"shape": "point", "points": [inside], "means": []}, 422),
        ({"shape": "line", "points": [inside, other]}, 422),
    ):
        assert city.call("west", "POST", "/dispatch/closures", body).status_code == status, body
    both = city.ok("whole", "POST", "/dispatch/closures", {"shape": "line", "points": [inside, other]})
    assert both["area"] == "310101"
    own = city.ok(
        "west",
        "POST",
        "/dispatch/closures",
        {"shape": "point", "points": [inside], "until": time.time() + 1.5},
    )
    assert own["id"] in {c["id"] for c in city.ok("whole", "GET", "/dispatch/closures")}
    assert city.ok("east", "GET", "/dispatch/closures") == []
    city.until(lambda: own["id"] not in {c["id"] for c in city.ok("west", "GET", "/dispatch/closures")})
    city.ok("whole", "DELETE", f"/dispatch/closures/{both['id']}")


def test_route_and_graph(city: City) -> None:
    start, goal = city.places[WEST][3], city.places[WEST][8]
    route = city.ok("looker", "POST", "/dispatch/route", {"start": start, "goal": goal, "means": "foot"})
    assert route["path"][0] == pytest.approx(start)
    assert route["seconds"] > 0
    nowhere = city.call("looker", "POST", "/dispatch/route", {"start": [0, 0], "goal": goal})
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "no_road")
    assert city.call("looker", "GET", "/dispatch/graph").content[:8] == b"ONEMAPL1"
    assert city.call("looker", "POST", "/dispatch/rank", {"where": goal}).status_code == 403
