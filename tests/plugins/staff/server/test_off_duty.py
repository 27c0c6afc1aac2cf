"""Positions are recorded on duty only: off-duty reports leave no trace, through real HTTP ingest."""

from __future__ import annotations

import logging
import time

import pytest

from console.server.tables import PositionHistory, PositionLast
from tests.plugins.city import EAST, WEST, City

OFF = "s111"
"""Off duty since they were seeded."""


def handle_of(city: City, staff: str) -> int:
    return city.ok("whole", "GET", f"/staff/{staff}")["handle"]


def traces(city: City, staff: str) -> list[float]:
    """Times of all that the backend keeps of somebody: history, last place, board."""
    core, handle = city.app.state.core, handle_of(city, staff)
    with core.database.read() as session:
        kept = [
            row.time
            for table in (PositionHistory, PositionLast)
            for row in session.query(table).filter(table.handle == handle)
        ]
    board = core.board
    return kept + board.columns(board.handles_to_rows([handle])).time.tolist()


def settle(city: City) -> None:
    """Until what was reported before has been written: a fix of somebody on duty has."""
    before = len(traces(city, "s201"))
    city.report("s201", city.places[EAST][0])
    city.until(lambda: len(traces(city, "s201")) > before)


def set_duty(city: City, staff: str, duty: str) -> None:
    city.ok("whole", "POST", f"/staff/{staff}/duty", {"duty": duty, "reason": "临时调整"})


def test_off_duty_reports_leave_no_trace(city: City, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "onemap")
    city.report(OFF, (121.487654, 31.234567))
    device, secret = city.devices[OFF]
    body = {"_type": "location", "lat": 31.234567, "lon": 121.487654, "tst": int(time.time())}
    answer = city.client.post("/api/v1/ingest/owntracks", json=body, auth=(device, secret))
    assert answer.status_code == 200  # else the phone would repeat it for ever
    settle(city)
    assert traces(city, OFF) == []
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]  # the test's own
    assert ours and not any("31.234567" in record.getMessage() for record in ours)


def test_what_was_taken_off_duty_is_refused_later_and_what_was_taken_on_duty_is_kept(city: City) -> None:
    staff, place = "s112" if "s112" in city.devices else "s105", city.places[WEST][3]
    city.report(staff, place)
    before = 3  # on the board at once, then in the history and as the last place
    city.until(lambda: len(traces(city, staff)) == before)
    set_duty(city, staff, "off")
    taken_off = time.time()
    city.report(staff, place)
    time.sleep(0.02)
    set_duty(city, staff, "on")
    city.report(staff, place, timestamp=taken_off)  # kept by the phone until now
    settle(city)
    assert len(traces(city, staff)) == before
    city.report(staff, place)
    city.until(lambda: len(traces(city, staff)) > before)


def test_a_second_device_of_the_same_person_is_no_way_round(city: City) -> None:
    core = city.app.state.core
    with core.database.write() as session:
        handle, secret = core.devices.add(session, "second-phone", OFF, "310101001001001")
    query = {"id": "second-phone", "lon": 121.48, "lat": 31.23, "timestamp": time.time()}
    city.client.get("/api/v1/ingest/osmand", params=query, auth=("second-phone", secret))
    settle(city)
    with core.database.read() as session:
        assert session.query(PositionHistory).filter(PositionHistory.handle == handle).count() == 0
    assert len(core.board.handles_to_rows([handle])) == 0


def test_who_calls_for_help_off_duty_is_heard_but_not_located(city: City) -> None:
    city.report(OFF, city.places[WEST][5], alarm="sos")
    city.until(lambda: city.ok("west", "GET", f"/staff/{OFF}")["sos"])
    settle(city)
    assert traces(city, OFF) == []
    city.ok("west", "POST", f"/staff/{OFF}/sos/clear")
