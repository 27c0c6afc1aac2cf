"""The rota over REST: duty follows it, by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.plugins.city import EAST, WEST, City, grid_of

TODAY = date.today().isoformat()
REASON = {"reason": "顶岗"}


def monday(weeks: int = 0) -> str:
    today = date.today()
    return (today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)).isoformat()


def put(city: City, *cells: dict[str, Any], who: str = "whole") -> list[Any]:
    return city.ok(who, "PUT", "/staff/duty/week", {"cells": list(cells)})["before"]


def duty(city: City, staff: str) -> str:
    return city.ok("whole", "GET", f"/staff/{staff}")["duty"]


@pytest.fixture
def rota(city: City) -> Iterator[City]:
    """The city; cells of the people that these tests use are taken out again."""
    yield city
    for staff in ("s101", "s102", "s103"):
        put(city, *({"staff": staff, "day": day, "shift": None} for day in (TODAY, "mon", "sun")))


def test_duty_follows_the_rota_at_once_and_back(rota: City) -> None:
    before = put(rota, {"staff": "s101", "day": TODAY, "shift": ""})
    assert before == [{"staff": "s101", "day": TODAY, "shift": None}]
    assert duty(rota, "s101") == "off"
    put(rota, {"staff": "s101", "day": TODAY, "shift": "whole", "lead": True})
    assert duty(rota, "s101") == "on"
    first = rota.ok("west", "GET", "/staff/duty/now")[0]
    assert (first["staff"], first["lead"], first["why"], first["shift"]) == ("s101", True, "rota", "whole")
    put(rota, *before)
    assert duty(rota, "s101") == "on"  # as they stood before they had a rota


def test_what_was_read_before_a_change_does_not_undo_it(rota: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock reads all plans, and while it has not installed them somebody's plan is changed."""
    put(rota, {"staff": "s101", "day": TODAY, "shift": ""})
    book = rota.app.state.core.services.get("staff.watch")._book
    read: Any = book._read
    changed: list[bool] = []

    def read_slowly(session: Any, staff: Any, at: float) -> Any:
        found = read(session, staff, at)
        if threading.current_thread() is threading.main_thread() and not changed:
            changed.append(True)
            put(rota, {"staff": "s101", "day": TODAY, "shift": "whole", "lead": True})
        return found

    monkeypatch.setattr(book, "_read", read_slowly)
    while not changed:  # the clock of the server may have renewed them just now
        monkeypatch.setattr(book, "_read_at", -1e9)
        book.follow(time.time())
    first = rota.ok("west", "GET", "/staff/duty/now")[0]
    assert (first["staff"], first["lead"]) == ("s101", True)


def test_the_clock_ends_a_shift_by_itself(rota: City) -> None:
    put(rota, {"staff": "s101", "day": TODAY, "shift": "whole"})
    body = {"duty": "off", "until": time.time() + 0.5} | REASON
    assert rota.ok("west", "POST", "/staff/s101/duty", body)["duty"] == "off"
    rota.until(lambda: duty(rota, "s101") == "on")


def test_an_override_needs_a_reason_a_right_and_a_future(rota: City) -> None:
    assert rota.call("whole", "POST", "/staff/s102/duty", {"duty": "off"}).status_code == 422
    assert rota.call("looker", "POST", "/staff/s102/duty", {"duty": "off"} | REASON).status_code == 403
    past = {"duty": "off", "until": 1000.0} | REASON
    assert rota.call("whole", "POST", "/staff/s102/duty", past).status_code == 422


def test_a_substitute_takes_the_shift(rota: City) -> None:
    cell = {"staff": "s101", "day": TODAY, "shift": "whole", "substitute": "s111"}
    put(rota, cell)
    assert (duty(rota, "s101"), duty(rota, "s111")) == ("off", "on")
    put(rota, cell | {"substitute": ""})
    assert (duty(rota, "s101"), duty(rota, "s111")) == ("on", "off")


def test_leave_takes_off_duty_and_its_end_brings_back(rota: City) -> None:
    body = {"staff": "s103", "since": time.time() - 3600, "until": time.time() + 3600, "kind": "sick"}
    leave = rota.ok("west", "POST", "/staff/duty/leave", body)
    assert leave["since"] > body["since"]  # what was recorded stays lawful
    assert duty(rota, "s103") == "off"
    assert [entry["id"] for entry in rota.ok("west", "GET", "/staff/duty/leave")] == [leave["id"]]
    assert rota.ok("east", "GET", "/staff/duty/leave") == []
    rota.ok("west", "DELETE", f"/staff/duty/leave/{leave['id']}")
    assert duty(rota, "s103") == "on"


def test_weeks_are_read_copied_and_undone(rota: City) -> None:
    put(
        rota,
        {"staff": "s101", "day": "mon", "shift": "day"},
        {"staff": "s101", "day": "sun", "shift": "night"},
    )
    body = {"source": "standard", "target": monday(1), "area": WEST}
    before = rota.ok("west", "POST", "/staff/duty/week/copy", body)["before"]
    week = rota.ok("west", "GET", f"/staff/duty/week?monday={monday(1)}")
    assert week["total"] == len(week["lines"]) == 12
    cells = next(line for line in week["lines"] if line["staff"] == "s101")["cells"]
    assert [cell["shift"] for cell in cells] == ["day", None, None, None, None, None, "night"]
    assert not cells[0]["standard"]
    put(rota, *before)
    week = rota.ok("west", "GET", f"/staff/duty/week?monday={monday(1)}")
    assert next(line for line in week["lines"] if line["staff"] == "s101")["cells"][0]["standard"]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ({"staff": "s101", "day": "2020-01-06", "shift": "day"}, 409),
        ({"staff": "s101", "day": TODAY, "shift": "noon"}, 422),
        ({"staff": "s101", "day": "2026-02-30", "shift": "day"}, 422),
        ({"staff": "s101", "day": TODAY, "shift": "day", "substitute": "s101"}, 422),
        ({"staff": "s101", "day": TODAY, "shift": "day", "substitute": "s201"}, 404),
        ({"staff": "s201", "day": TODAY, "shift": "day"}, 404),
    ],
)
def test_what_cannot_be_is_refused_whole(rota: City, cell: dict[str, Any], status: int) -> None:
    good = {"staff": "s102", "day": TODAY, "shift": ""}
    answer = rota.call("west", "PUT", "/staff/duty/week", {"cells": [good, cell]})
    assert answer.status_code == status, answer.text
    assert duty(rota, "s102") == "on"


def test_a_hand_over_is_taken_by_somebody_else_once(city: City) -> None:
    body = {"area": grid_of(WEST), "shift": "day", "note": "中山路路灯未修复，请跟进"}
    note = city.ok("west", "POST", "/staff/duty/handovers", body)
    path = f"/staff/duty/handovers/{note['id']}/take"
    assert city.call("west", "POST", path).status_code == 409
    assert city.call("east", "POST", path).status_code == 404
    assert city.ok("whole", "POST", path)["taken_by"] == "whole"
    assert city.call("whole", "POST", path).status_code == 409
    assert city.ok("east", "GET", "/staff/duty/handovers") == []
    assert city.call("east", "POST", "/staff/duty/handovers", body).status_code == 422
    assert city.ok("east", "POST", "/staff/duty/handovers", body | {"area": grid_of(EAST)})
