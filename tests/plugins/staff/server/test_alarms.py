"""Alarms: SOS at once, silence and ranges left quietly, acknowledged, cut by area."""

from __future__ import annotations

import time
from typing import Any

from plugins.staff.server.alarms.rules import WatchRule, is_outside, is_silent, rule_of
from tests.plugins.city import EAST, WEST, City


def of(city: City, staff: str, kind: str, who: str = "whole") -> list[Any]:
    found = city.ok(who, "GET", "/staff/alarms")
    return [alarm for alarm in found if alarm["staff"] == staff and alarm["kind"] == kind]


def look(city: City, later: float) -> None:
    """The watch, so many seconds later."""
    city.app.state.core.services.get("staff.watch").look(time.time() + later)


def test_sos_is_an_alarm_until_it_is_over_and_seen(city: City) -> None:
    place = city.places[EAST][2]
    city.report("s202", place, alarm="sos")
    (alarm,) = city.until(lambda: of(city, "s202", "sos"))
    assert tuple(alarm["where"]) == place
    assert of(city, "s202", "sos", "west") == []
    path = f"/staff/alarms/{alarm['id']}/acknowledge"
    assert city.call("west", "POST", path, {}).status_code == 404
    assert city.call("looker", "POST", path, {}).status_code == 403
    assert city.ok("east", "POST", path, {"note": "已联系本人"})["taken_by"] == "east"
    assert city.ok("whole", "POST", path, {})["taken_by"] == "east"  # the first one counts
    city.ok("east", "POST", "/staff/s202/sos/clear")
    (ended,) = of(city, "s202", "sos")
    assert ended["ended"] is not None


def test_a_call_for_help_of_who_never_had_a_place_is_an_alarm(city: City) -> None:
    city.report("s206", (0.0, 0.0), alarm="sos")  # indoors since they came on duty
    (alarm,) = city.until(lambda: of(city, "s206", "sos"))
    assert alarm["where"] is None
    assert of(city, "s206", "sos", "west") == []
    assert city.ok("east", "GET", "/staff/s206")["sos"]
    city.ok("east", "POST", "/staff/s206/sos/clear")


def test_who_falls_silent_on_duty_raises_a_quiet_alarm_that_ends_with_the_next_fix(city: City) -> None:
    city.report("s203", city.places[EAST][4])
    city.until(lambda: "s203" in str(city.ok("east", "GET", "/search?q=王小娜203")) or True)
    look(city, 11 * 60)
    assert of(city, "s203", "silent")[0]["ended"] is None
    assert of(city, "s211", "silent") == []  # off duty
    city.report("s203", city.places[EAST][4])
    city.until(lambda: _again(city, "s203"))
    assert len(of(city, "s203", "silent")) == 1


def _again(city: City, staff: str) -> bool:
    look(city, 0)
    return of(city, staff, "silent")[0]["ended"] is not None


def test_who_leaves_the_range_for_minutes_is_told_and_a_wider_range_ends_it(city: City) -> None:
    city.report("s104", max(city.places[EAST]))  # s104 belongs to the western street
    city.until(lambda: _at(city, "s104"))
    look(city, 0)
    look(city, 320)
    assert of(city, "s104", "left_range") == []  # the grid beside one's own belongs to the range of a role
    city.ok("west", "PUT", "/staff/s104/range", {"areas": [WEST]})
    look(city, 0)
    assert of(city, "s104", "left_range") == []  # a step over the border is nothing
    look(city, 310)
    assert of(city, "s104", "left_range")[0]["ended"] is None
    assert city.ok("west", "PUT", "/staff/s104/range", {"areas": [WEST, EAST]}) == {"areas": [WEST, EAST]}
    look(city, 311)
    assert of(city, "s104", "left_range")[0]["ended"] is not None
    assert city.call("east", "PUT", "/staff/s104/range", {"areas": []}).status_code == 404


def _at(city: City, staff: str) -> bool:
    handle = city.ok("whole", "GET", f"/staff/{staff}")["handle"]
    return len(city.app.state.core.board.handles_to_rows([handle])) > 0


def test_rules_are_the_districts(city: City) -> None:
    body = {"silent_minutes": 7, "range_digits": 12}
    assert city.call("west", "PUT", "/staff/alarms/rules/medic", body).status_code == 403
    city.ok("whole", "PUT", "/staff/alarms/rules/medic", body)
    assert city.ok("west", "GET", "/staff/alarms/rules")["medic"] == body
    assert city.call("whole", "PUT", "/staff/alarms/rules/x'y", body).status_code == 422


def test_rules_of_silence_and_range() -> None:
    rules = {"*": WatchRule(10, 9), "patrol": WatchRule(5, 6)}
    assert (rule_of(rules, "patrol").silent_minutes, rule_of(rules, "cook").silent_minutes) == (5, 10)
    never = float("-inf")
    assert is_silent(never, 0, 601, 10) and not is_silent(never, 0, 599, 10)
    assert not is_silent(never, never, 1e9, 10)
    assert not is_outside("310101002", "310101001001001", ["310101002"], 9)
    assert is_outside("", "310101001001001", [], 9) and not is_outside(
        "310101001002", "310101001001001", [], 9
    )
    assert not is_outside("310101002", "310101001001001", [], 9, {"310101002"})
