"""Events over REST: numbers, the closed loop, masks, areas."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from console.sdk.records import EventState
from console.server.tables import Audit
from plugins.events.model import ALLOWED, COURSE, EventAction, allowed_actions
from tests.plugins.city import EAST, WEST, City, grid_of


def test_reported_event_gets_number_area_and_history(city: City) -> None:
    first = city.new_event(reporter="张三丰", reporter_phone="13700001111", address="人民路 1 号")
    second = city.new_event(street=EAST)
    assert first["number"].startswith(time.strftime("SJ%Y%m%d-"))
    assert int(second["number"][-4:]) == int(first["number"][-4:]) + 1
    assert first["area"] == grid_of(WEST)
    assert (first["reporter"], first["reporter_phone"]) == ("张*", "137****1111")
    history = city.ok("west", "GET", f"/events/{first['id']}/history")
    assert [(step["action"], step["actor"], step["state"]) for step in history] == [
        ("report", "whole", "reported")
    ]


def test_closed_loop_and_conflict(city: City) -> None:
    event = city.new_event()
    path = f"/events/{event['id']}/actions"
    refused = city.call("west", "POST", path, {"action": "return"})
    assert refused.status_code == 409
    assert refused.json()["fields"] == {"state": "reported"}
    assert refused.json()["message_zh"] == "事件已上报，不能退回；现在可以：受理、作废、添加备注"
    states = [
        city.ok("west", "POST", path, {"action": a, "note": "好"})["state"]
        for a in ("accept", "note", "close")
    ]
    assert states == ["accepted", "accepted", "closed"]
    assert city.ok("west", "GET", f"/events/{event['id']}")["closed_at"] > 0
    assert city.call("west", "POST", path, {"action": "cancel"}).status_code == 409
    assert event["id"] not in {e["id"] for e in city.ok("west", "GET", "/events")}
    assert event["id"] in {e["id"] for e in city.ok("west", "GET", "/events?state=all")}


def test_same_report_twice_is_one_event(city: City) -> None:
    body = {"title": "路灯不亮", "where": city.places[WEST][2], "id": "given-by-client"}
    first = city.ok("whole", "POST", "/events", body, **{"Idempotency-Key": "k1"})
    assert city.ok("whole", "POST", "/events", body, **{"Idempotency-Key": "k1"}) == first
    assert city.ok("whole", "POST", "/events", body, **{"Idempotency-Key": "k2"})["number"] == first["number"]
    assert city.call("east", "POST", "/events", body | {"where": city.places[EAST][2]}).status_code == 409


def test_a_report_written_while_cut_off_keeps_its_time(city: City) -> None:
    written = time.time() - 900
    body = {"title": "路灯不亮", "where": city.places[WEST][2], "reported_at": written}
    event = city.ok("west", "POST", "/events", body, **{"Idempotency-Key": "away-1"})
    assert event["reported_at"] == written
    (step,) = city.ok("west", "GET", f"/events/{event['id']}/history")
    assert step["at"] == written
    assert abs(step["received_at"] - time.time()) < 60
    path = f"/events/{event['id']}/actions"
    city.ok(
        "west", "POST", path, {"action": "accept", "given_at": written + 60}, **{"Idempotency-Key": "away-2"}
    )
    steps = city.ok("west", "GET", f"/events/{event['id']}/history")
    assert [step["at"] for step in steps] == [written, written + 60]
    with city.app.state.core.database.read() as session:
        reasons = session.scalars(select(Audit.reason).where(Audit.subject == f"event/{event['id']}")).all()
    assert all("given" in reason and "received" in reason for reason in reasons)
    assert len(reasons) == 2


@pytest.mark.parametrize("told", [-8 * 86_400, 600])
def test_times_that_cannot_be_are_not_believed(city: City, told: float) -> None:
    body = {"title": "路灯不亮", "where": city.places[WEST][2], "reported_at": time.time() + told}
    event = city.ok("west", "POST", "/events", body, **{"Idempotency-Key": f"far{told}"})
    assert abs(event["reported_at"] - time.time()) < 60
    soon = city.ok("west", "POST", "/events", body | {"reported_at": time.time() - 900})
    assert abs(soon["reported_at"] - time.time()) < 60, (
        "only a write that may have waited has a time of its own"
    )


def test_what_was_reported_wrong_is_put_right_with_history(city: City) -> None:
    event = city.new_event()
    path = f"/events/{event['id']}"
    changed = city.ok("west", "POST", f"{path}/correct", {"kind": "fire", "urgency": "critical"})
    assert (changed["kind"], changed["urgency"], changed["state"]) == ("fire", "critical", "reported")
    steps = city.ok("west", "GET", f"{path}/history")
    assert ("correct_kind", f"{event['kind']} → fire") in [(s["action"], s["note"]) for s in steps]
    city.ok("west", "POST", f"{path}/actions", {"action": "cancel", "note": "误报"})
    assert city.call("west", "POST", f"{path}/correct", {"title": "x"}).status_code == 409
    assert city.call("east", "POST", f"{path}/correct", {"title": "x"}).status_code == 404


def test_made_up_events_have_happened_when_they_say(city: City) -> None:
    seeded = city.ok("whole", "GET", f"/events/e{WEST[-1]}")
    (step, *_) = city.ok("whole", "GET", f"/events/{seeded['id']}/history")
    assert (step["at"], step["received_at"]) == (seeded["reported_at"], None)


def test_place_outside_the_callers_areas_is_refused(city: City) -> None:
    for who, where in (("west", city.places[EAST][0]), ("whole", (10.0, 10.0))):
        answer = city.call(who, "POST", "/events", {"title": "x", "where": where})
        assert answer.status_code == 422
        assert answer.json()["code"] == "outside_areas"


def test_limits(city: City) -> None:
    where = city.places[WEST][0]
    for body in (
        {"title": "", "where": where},
        {"title": "长" * 121, "where": where},
        {"title": "x", "where": [200, 0]},
        {"title": "x", "where": where, "detail": "y" * 4001},
        {"title": "x", "where": where, "id": "no spaces please"},
    ):
        assert city.call("whole", "POST", "/events", body).status_code == 422, body


def test_unmask_needs_right_and_reason(city: City) -> None:
    path = "/events/e1/unmask"
    assert city.call("west", "POST", path, {"reason": "abc"}).status_code == 422
    assert city.call("looker", "POST", path, {"reason": "回访报告人"}).status_code == 403
    whole = city.ok("west", "POST", path, {"reason": "回访报告人"})
    assert whole == {"reporter": "李建国", "reporter_phone": "13912345678"}


def test_nothing_personal_leaves_by_search_or_list(city: City) -> None:
    found = city.ok("west", "GET", "/search?q=路面积水1")
    assert "event/e1" in {place["ref"] for place in found}
    shown = str(found) + city.call("whole", "GET", "/events?state=all").text
    assert "李建国" not in shown
    assert "13912345678" not in shown
    assert not [p for p in city.ok("east", "GET", "/search?q=李建国") if p["kind"] == "event"]


def test_every_state_but_the_ends_has_a_way_on() -> None:
    ends = {EventState.CLOSED, EventState.CANCELLED}
    for state in set(EventState) - ends:
        by_orders = any(state in states for states, _ in COURSE.values())
        assert by_orders or allowed_actions(state) != [EventAction.NOTE], state
    assert allowed_actions(EventState.CLOSED) == [EventAction.REOPEN, EventAction.NOTE]
    assert allowed_actions(EventState.CANCELLED) == [EventAction.NOTE]


@given(st.lists(st.sampled_from([*EventAction]), max_size=20))
def test_only_reopening_leaves_an_end(actions: list[EventAction]) -> None:
    state = EventState.REPORTED
    for action in actions:
        if action in ALLOWED and state in ALLOWED[action][0]:
            assert state is not EventState.CANCELLED
            assert state is not EventState.CLOSED or action is EventAction.REOPEN
            state = ALLOWED[action][1]
