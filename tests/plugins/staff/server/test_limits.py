"""Shifts, watch rules and activity ranges are changed over REST, and what was before undoes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from console.server.tables import Audit
from tests.plugins.city import EAST, WEST, City, grid_of

SHIFT = {"name_zh": "夜市班", "name_en": "Night market", "starts": 17 * 60, "ends": 60}


def shifts(city: City) -> dict[str, Any]:
    return {shift["id"]: shift for shift in city.ok("looker", "GET", "/staff/duty/shifts")}


def test_a_shift_is_made_changed_and_taken_away(city: City) -> None:
    path = "/staff/duty/shifts/market"
    assert city.ok("whole", "PUT", path, SHIFT) == {"before": None}
    made = {"id": "market", **SHIFT}
    assert shifts(city)["market"] == made
    assert city.ok("whole", "PUT", path, SHIFT | {"name_zh": "早市班"})["before"] == made
    assert city.ok("whole", "DELETE", path)["before"]["name_zh"] == "早市班"
    assert "market" not in shifts(city)
    assert city.call("whole", "DELETE", path).status_code == 404
    assert {"staff.shift", "staff.shift_drop"} <= logged(city)


def logged(city: City) -> set[str]:
    """Actions in the audit log."""
    with city.app.state.core.database.read() as session:
        return set(session.scalars(select(Audit.action)))


@pytest.mark.parametrize(
    "wrong",
    [{"starts": 600, "ends": 600}, {"starts": 1440}, {"ends": -1}, {"name_zh": " "}, {"name_en": "x" * 33}],
)
def test_a_shift_that_makes_no_sense_is_refused(city: City, wrong: dict[str, Any]) -> None:
    assert city.call("whole", "PUT", "/staff/duty/shifts/market", SHIFT | wrong).status_code == 422
    assert "market" not in shifts(city)


def test_duty_follows_new_times_of_a_shift_at_once(city: City) -> None:
    now = datetime.now()
    minute = now.hour * 60 + now.minute
    away = {"starts": (minute + 120) % 1440, "ends": (minute + 180) % 1440}
    around = {"starts": (minute - 60) % 1440, "ends": (minute + 60) % 1440}
    path = "/staff/duty/shifts/moving"
    city.ok("whole", "PUT", path, SHIFT | away)
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    cells = [{"staff": "s110", "day": day, "shift": "moving"} for day in days]
    before = city.ok("west", "PUT", "/staff/duty/week", {"cells": cells})["before"]
    assert city.ok("west", "GET", "/staff/s110")["duty"] == "off"
    city.ok("whole", "PUT", path, SHIFT | around)
    assert city.ok("west", "GET", "/staff/s110")["duty"] == "on"
    assert city.call("whole", "DELETE", path).json()["code"] == "shift_in_use"
    city.ok("west", "PUT", "/staff/duty/week", {"cells": before})
    city.ok("whole", "DELETE", path)


def test_the_rule_of_a_role_goes_so_that_the_one_of_all_holds(city: City) -> None:
    path = "/staff/alarms/rules/volunteer"
    city.ok("whole", "PUT", path, {"silent_minutes": 30, "range_digits": 12})
    city.ok("whole", "DELETE", path)
    assert "volunteer" not in city.ok("east", "GET", "/staff/alarms/rules")
    assert city.call("whole", "DELETE", path).status_code == 404
    assert city.call("looker", "DELETE", path).status_code == 403


def test_ranges_are_listed_and_a_drawn_polygon_gives_the_grids_of_ones_own(city: City) -> None:
    city.ok("east", "PUT", "/staff/s208/range", {"areas": [EAST, grid_of(WEST)]})
    listed = city.ok("east", "GET", "/staff/alarms/ranges")
    assert [(each["staff"], each["areas"]) for each in listed] == [("s208", [grid_of(WEST), EAST])]
    assert city.ok("west", "GET", "/staff/alarms/ranges") == []
    lon, lat = city.middle
    box = [(lon - 0.01, lat), (lon + 0.01, lat), (lon + 0.01, lat + 0.01), (lon - 0.01, lat + 0.01)]
    found = {
        who: city.ok(who, "POST", "/staff/alarms/ranges/within", {"polygon": box})["areas"]
        for who in ("whole", "east")
    }
    assert found == {"whole": [grid_of(WEST), grid_of(EAST)], "east": [grid_of(EAST)]}
    line = {"polygon": box[:2]}
    assert city.call("east", "POST", "/staff/alarms/ranges/within", line).status_code == 422
    crossed = [box[0], box[2], box[1], box[3]]  # a bow tie is a polygon, too
    assert city.ok("whole", "POST", "/staff/alarms/ranges/within", {"polygon": crossed})["areas"]
    assert city.call("looker", "POST", "/staff/alarms/ranges/within", {"polygon": box}).status_code == 403
