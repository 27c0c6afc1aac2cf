"""Staff over REST: cut by area, masked, audited."""

from __future__ import annotations

import pytest

from plugins.staff.server.spelling import spelled
from tests.plugins.city import EAST, STAFF_A_STREET, WEST, City, grid_of


def test_list_is_cut_by_area(city: City) -> None:
    everybody = city.ok("whole", "GET", "/staff")
    west = city.ok("west", "GET", "/staff")
    assert len(everybody) == 2 * STAFF_A_STREET
    assert len(west) == STAFF_A_STREET
    assert {member["area"] for member in west} == {grid_of(WEST)}
    assert len({member["handle"] for member in everybody}) == len(everybody)


@pytest.mark.parametrize(("name", "letters"), [("孙燕秀", "syx"), ("孙燕秀", "sunyan"), ("王小明", "WXM")])
def test_names_are_spelled_by_pinyin_and_initials(name: str, letters: str) -> None:
    assert spelled(name, letters)
    assert not spelled(name, "yx")


def test_phone_is_masked_and_unmasking_is_audited(city: City) -> None:
    member = city.ok("west", "GET", "/staff/s101")
    assert member["phone"] == "138****1001"
    assert city.call("west", "POST", "/staff/s101/unmask", {"reason": "  x  "}).status_code == 422
    assert city.call("looker", "POST", "/staff/s101/unmask", {"reason": "核实情况"}).status_code == 403
    whole = city.ok("west", "POST", "/staff/s101/unmask", {"reason": "核实情况", "fields": ["phone"]})
    assert whole == {"phone": "13800001001"}
    with city.app.state.core.database.read() as session:
        from console.server.tables import Audit

        rows = session.query(Audit).filter(Audit.subject == "staff/s101").all()
    assert [(row.action, row.reason, row.area) for row in rows] == [
        ("staff.unmask:phone", "核实情况", grid_of(WEST))
    ]


def test_duty_change_is_done_once(city: City) -> None:
    before = city.ok("whole", "GET", "/staff/s102")
    headers = {"Idempotency-Key": "duty-key-1"}
    first = city.ok("whole", "POST", "/staff/s102/duty", {"duty": "off", "reason": "临时离岗"}, **headers)
    again = city.ok("whole", "POST", "/staff/s102/duty", {"duty": "off", "reason": "临时离岗"}, **headers)
    assert first["duty"] == "off"
    assert first["version"] > before["version"]
    assert again == first
    back = {"duty": "on", "reason": "返岗"}
    assert city.call("looker", "POST", "/staff/s102/duty", back).status_code == 403
    assert city.call("whole", "POST", "/staff/s102/duty", back | {"duty": "asleep"}).status_code == 422


def test_trail_leaves_out_what_is_wrong(city: City) -> None:
    places = city.places[WEST]
    city.report("s103", places[0])
    city.report("s103", (0.0, 0.0))
    points = city.until(lambda: city.ok("west", "GET", "/staff/s103/trail?minutes=10")["points"])
    assert [tuple(point[:2]) for point in points] == [places[0]]
    assert city.call("west", "GET", "/staff/s103/trail?minutes=-1").status_code == 422


def test_sos_is_raised_by_the_device_and_cleared_by_the_operator(city: City) -> None:
    city.report("s201", city.places[EAST][3], alarm="sos")
    city.until(lambda: city.ok("east", "GET", "/staff/s201")["sos"])
    assert city.ok("east", "POST", "/staff/s201/sos/clear")["sos"] is False


def test_search_by_name_shows_nothing_personal(city: City) -> None:
    city.report("s104", city.places[WEST][4])
    places = city.until(
        lambda: [p for p in city.ok("west", "GET", "/search?q=王小明104") if p["kind"] == "staff"]
    )
    assert places[0]["ref"] == "staff/s104"
    assert "1380000" not in str(places)
    assert not [p for p in city.ok("east", "GET", "/search?q=王小明104") if p["kind"] == "staff"]
