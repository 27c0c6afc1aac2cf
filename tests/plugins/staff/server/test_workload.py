"""Workload: jobs, metres and time, cut by area; sums, no judgement."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from plugins.staff.server.workload.meter import Meter
from tests.plugins.city import EAST, WEST, City
from tests.plugins.desktop_console import positions

STEP = 1 / 111_195
TODAY = f"first={date.today()}&last={date.today()}"


def loads(city: City, who: str = "whole") -> dict[str, Any]:
    return {load["staff"]: load for load in city.ok(who, "GET", f"/staff/workload?{TODAY}")}


def test_a_phone_that_lies_still_does_not_walk() -> None:
    meter = Meter(None)  # type: ignore[arg-type]
    for n in range(100):
        meter.take(positions(handle=[1], lon=[121.0], lat=[31.2 + n % 3 * 5 * STEP], time=[1e9 + n * 5]))
    assert meter.waiting == 0
    for n in range(11):
        meter.take(positions(handle=[1], lon=[121.0], lat=[31.2 + n * 10 * STEP], time=[1e9 + 500 + n * 5]))
    assert meter.waiting == pytest.approx(90, abs=15)


def test_sums_of_the_day(city: City) -> None:
    lon, lat = city.places[WEST][0]
    now = time.time()
    for n in range(6):
        city.report("s108", (lon, lat + n * 30 * STEP), timestamp=now - 60 + n * 10)
        time.sleep(0.08)  # a batch keeps the last place of each tick
    event = city.new_event()
    order = city.ok("whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": "s108"})
    time.sleep(0.1)
    city.ok("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
    load = loads(city)["s108"]
    assert load["jobs"] == 1
    assert 0 < load["job_seconds"] < 60
    midnight = time.mktime(date.today().timetuple())
    assert load["duty_seconds"] == pytest.approx(time.time() - midnight, abs=30)
    assert loads(city)["s111"]["duty_seconds"] == 0
    assert {staff[:2] for staff in loads(city, "east")} == {f"s{EAST[-1]}"}
    assert city.call("looker", "GET", f"/staff/workload?{TODAY}").status_code == 403
    assert city.call("whole", "GET", "/staff/workload?first=2026-01-01&last=2026-12-31").status_code == 422
