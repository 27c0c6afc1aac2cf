"""Assessment of closed events over REST: times from the history, who said what, areas, rights."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from console.sdk.records import EventClass, HistoryEntry
from console.server.tables import Audit
from plugins.events.model import LIMITS, Stage, timings_of
from tests.plugins.city import EAST, WEST, City, grid_of


def act(city: City, event: Any, action: str, at: float, note: str = "") -> None:
    body = {"action": action, "note": note, "given_at": at}
    path = f"/events/{event['id']}/actions"
    city.ok("whole", "POST", path, body, **{"Idempotency-Key": f"{event['id']}/{action}/{at}"})


def closed_event(city: City, street: str = WEST, minutes: float = 60, **more: Any) -> Any:
    """Reported *minutes* ago, accepted a minute later, closed ten minutes after that with nobody sent."""
    at = time.time() - minutes * 60
    body = {"title": "占道经营", "where": city.places[street][3], "reported_at": at, "kind": "facility"}
    event = city.ok("whole", "POST", "/events", body | more, **{"Idempotency-Key": f"{street}/{at}"})
    act(city, event, "accept", at + 60)
    act(city, event, "close", at + 660, "核实无需到场")
    return event


def listed(city: City, who: str, query: str = "") -> list[Any]:
    last = date.today() + timedelta(days=1)  # the backend may live in another zone
    path = f"/events/assessments?first={last - timedelta(days=20)}&last={last}{query}"
    return city.ok(who, "GET", path)


def test_times_are_from_the_events_own_history(city: City) -> None:
    event = closed_event(city)
    found = city.ok("west", "GET", f"/events/{event['id']}/assessment")
    accept, arrive, close = found["timings"]
    limits = LIMITS[EventClass.FACILITY]
    assert (accept["stage"], accept["limit"]) == ("accept", limits[Stage.ACCEPT])
    assert abs(accept["took"] - 60) < 1
    assert arrive["took"] is None, "nobody was sent: neither in time nor late"
    assert abs(close["took"] - 660) < 1
    assert (found["score"], found["by"], found["at"]) == (None, "", None)


def test_an_assessment_says_who_and_when_in_history_and_audit(city: City) -> None:
    event = closed_event(city)
    path = f"/events/{event['id']}/assessment"
    city.ok("west", "POST", path, {"score": 2, "remark": " 现场照片不全 "})
    city.ok("west", "POST", path, {"score": 4, "remark": "已补照片"})
    found = city.ok("west", "GET", path)
    assert (found["score"], found["remark"], found["by"]) == (4, "已补照片", "west")
    assert abs(found["at"] - time.time()) < 60
    steps = [s for s in city.ok("west", "GET", f"/events/{event['id']}/history") if s["action"] == "assess"]
    assert [step["note"] for step in steps] == ["2/5 现场照片不全", "4/5 已补照片"], (
        "nothing is overwritten there"
    )
    with city.app.state.core.database.read() as session:
        query = select(Audit.reason).where(
            Audit.subject == f"event/{event['id']}", Audit.action == "events.assess"
        )
        assert len(session.scalars(query).all()) == 2


def test_an_event_that_was_reopened_must_be_assessed_again(city: City) -> None:
    event = closed_event(city)
    path = f"/events/{event['id']}/assessment"
    city.ok("west", "POST", path, {"score": 5})
    city.ok("west", "POST", f"/events/{event['id']}/actions", {"action": "reopen", "note": "又来了"})
    assert city.call("west", "GET", path).status_code == 409
    refused = city.call("west", "POST", path, {"score": 5})
    assert refused.json()["message_zh"] == "只能考核已结案的事件"
    for action in ("accept", "close"):
        city.ok("west", "POST", f"/events/{event['id']}/actions", {"action": action, "note": "好"})
    assert city.ok("west", "GET", path)["score"] is None


def test_sent_twice_it_is_one_assessment_with_the_time_of_the_console(city: City) -> None:
    event = closed_event(city)
    body, key = {"score": 3, "given_at": time.time() - 300}, {"Idempotency-Key": f"a/{event['id']}"}
    for _ in range(2):
        city.ok("west", "POST", f"/events/{event['id']}/assessment", body, **key)
    assert city.ok("west", "GET", f"/events/{event['id']}/assessment")["at"] == body["given_at"]
    steps = city.ok("west", "GET", f"/events/{event['id']}/history")
    assert [step["action"] for step in steps].count("assess") == 1


def test_lists_are_cut_by_area_class_and_day(city: City) -> None:
    west = closed_event(city, minutes=90)["id"]
    fire = closed_event(city, EAST, minutes=95, kind="fire")["id"]
    old = closed_event(city, minutes=6 * 24 * 60)["id"]
    everything = {each["event"] for each in listed(city, "whole")}
    assert {west, fire, old} <= everything
    assert {each["area"] for each in listed(city, "east")} == {grid_of(EAST)}
    assert {each["area"] for each in listed(city, "whole", f"&area={WEST}")} == {grid_of(WEST)}
    assert [each["event"] for each in listed(city, "whole", "&kind=fire")] == [fire]
    today = date.today()
    path = f"/events/assessments?first={today - timedelta(days=2)}&last={today + timedelta(days=1)}"
    assert old not in {each["event"] for each in city.ok("whole", "GET", path)}
    too_long = "/events/assessments?first=2026-01-01&last=2026-06-01"
    assert city.call("whole", "GET", too_long).status_code == 422


def test_only_who_may_assess_does_and_only_in_their_area(city: City) -> None:
    event = closed_event(city)
    path = f"/events/{event['id']}/assessment"
    assert city.ok("looker", "GET", path)["event"] == event["id"]
    assert city.call("looker", "POST", path, {"score": 3}).status_code == 403
    assert city.call("east", "POST", path, {"score": 3}).status_code == 404
    assert city.call("west", "POST", path, {"score": 6}).status_code == 422


def test_who_was_sent_has_been_accepted_and_who_feeds_back_has_been_there() -> None:
    history = [
        HistoryEntry(at=100.0, actor="a", action="report", state="reported"),
        HistoryEntry(at=130.0, actor="a", action="note", state="reported"),
        HistoryEntry(at=160.0, actor="a", action="dispatched", state="dispatched"),
        HistoryEntry(at=1000.0, actor="b", action="fed_back", state="fed_back"),
    ]
    limits = {Stage.ACCEPT: 60.0, Stage.ARRIVE: 600.0, Stage.CLOSE: 2000.0}
    timings = timings_of(100.0, 2000.0, history, limits)
    assert [timing.took for timing in timings] == [60.0, 900.0, 1900.0]
    assert [timing.in_time for timing in timings] == [True, False, True]
