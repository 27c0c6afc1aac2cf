"""Orders to many, silence, ready texts and attachments over REST."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

import pytest

from tests.plugins.city import EAST, STAFF_A_STREET, WEST, City, grid_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
DIGEST = hashlib.sha256(PNG).hexdigest()


@pytest.fixture(autouse=True)
def _everybody_reports(city: City) -> None:
    for staff in city.devices:
        street = WEST if staff[1] == "1" else EAST
        city.report(staff, city.places[street][int(staff[2:]) + 10])
    city.until(lambda: len(city.app.state.core.board.rows()) >= 2 * (STAFF_A_STREET - 1))


def orders_of(city: City, group: str) -> list[dict[str, Any]]:
    return [o for o in city.ok("whole", "GET", "/dispatch/orders?state=all") if o["group"] == group]


def step(city: City, order: str, staff: str, action: str, note: str = "") -> Any:
    answer = city.device(staff, "POST", f"/dispatch/device/orders/{order}", {"action": action, "note": note})
    assert answer.status_code == 200, answer.text
    return answer.json()


def call(city: City, who: str, group: str, select: dict[str, Any], **more: Any) -> Any:
    body = {"id": group, "select": select, "text": "请到街道集合", **more}
    return city.call(who, "POST", "/dispatch/groups", body, **{"Idempotency-Key": f"key-{group}"})


def test_a_mass_call_is_one_group_and_one_order_a_person_exactly_once(city: City) -> None:
    meant = city.ok("whole", "POST", "/dispatch/groups/preview", {"area": EAST})["staff"]
    assert meant == [f"s2{i:02d}" for i in range(STAFF_A_STREET - 1)]  # the last is off duty
    group = call(city, "whole", "call-1", {"area": EAST}).json()
    assert (group["size"], group["area"], group["event"]) == (len(meant), grid_of(EAST), "")
    assert call(city, "whole", "call-1", {"area": EAST}).json() == group
    again = {"id": "call-1", "select": {"area": EAST}, "text": "x"}
    assert city.ok("whole", "POST", "/dispatch/groups", again)["size"] == len(meant)  # by another key
    sent = orders_of(city, "call-1")
    assert sorted(o["staff"] for o in sent) == meant
    assert city.ok("whole", "GET", "/staff/s201")["job"] == ""

    mine = next(o["id"] for o in sent if o["staff"] == "s201")
    told = [step(city, mine, "s201", action)["state"] for action in ("delivered", "read", "read", "accept")]
    assert told == ["delivered", "read", "read", "accepted"]
    assert step(city, mine, "s201", "done", "已到")["reason"] == "已到"
    city.ok("whole", "POST", "/dispatch/groups/call-1/actions", {"action": "cancel"})
    states = {o["staff"]: o["state"] for o in orders_of(city, "call-1")}
    assert states.pop("s201") == "done"
    assert set(states.values()) == {"cancelled"}


def test_a_group_goes_to_an_event_and_gets_its_ways_when_it_accepts(city: City) -> None:
    event = city.new_event()
    group = call(city, "whole", "team-1", {"staff": ["s101", "s102"]}, event=event["id"]).json()
    assert group["event"] == event["id"]
    assert city.ok("whole", "GET", f"/events/{event['id']}")["state"] == "dispatched"
    mine = next(o["id"] for o in orders_of(city, "team-1") if o["staff"] == "s101")
    step(city, mine, "s101", "accept")
    city.until(lambda: next(o for o in orders_of(city, "team-1") if o["id"] == mine)["route"], 15)
    city.ok("whole", "POST", "/dispatch/groups/team-1/actions", {"action": "cancel"})
    assert city.ok("whole", "GET", f"/events/{event['id']}")["state"] == "accepted"


def test_who_is_meant_is_cut_by_polygon_role_and_command(city: City) -> None:
    lon, lat = city.places[WEST][10]
    box = [
        [lon - 1e-4, lat - 1e-4],
        [lon + 1e-4, lat - 1e-4],
        [lon + 1e-4, lat + 1e-4],
        [lon - 1e-4, lat + 1e-4],
    ]
    inside = city.ok("whole", "POST", "/dispatch/groups/preview", {"polygon": box})["staff"]
    assert "s100" in inside
    assert len(inside) < STAFF_A_STREET
    nobody = city.ok("whole", "POST", "/dispatch/groups/preview", {"area": WEST, "role": "grid_leader"})
    assert nobody["staff"] == []
    assert call(city, "whole", "none", {"area": WEST, "role": "grid_leader"}).json()["code"] == "nobody_meant"
    for select in ({"area": EAST}, {"staff": ["s101", "s201"]}):
        refused = call(city, "west", "foreign", select)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_commanded")
    assert call(city, "looker", "no-right", {"area": WEST}).status_code == 403
    assert call(city, "whole", "nobody-said", {}).status_code == 422


def test_silence_is_reminded_escalated_told_to_the_leader_and_the_next_one_is_sent(city: City) -> None:
    rule = {"kind": "flood", "remind_after": 1, "escalate_after": 2, "then": "send_next"}
    assert city.call("looker", "PUT", "/dispatch/escalations/flood", rule).status_code == 403
    assert city.ok("whole", "PUT", "/dispatch/escalations/flood", rule)["then"] == "send_next"
    assert city.call("whole", "PUT", "/dispatch/escalations/other", rule).json()["code"] == "rule_exists"
    with city.app.state.core.database.write() as session:
        desk = city.app.state.core.services.get("staff")
        leader = desk.row(session, "s105", ["31"])
        leader.role = "grid_leader"
        desk.announce(session, leader)
    event = city.new_event(kind="flood")
    body = {"event": event["id"], "staff": "s103", "text": "带水泵"}
    first = city.ok("whole", "POST", "/dispatch/orders", body)

    def replaced() -> Any:
        city.report("s210", city.places[EAST][20])  # news let the backend look at its orders
        orders = city.ok("whole", "GET", "/dispatch/orders?state=all")
        time.sleep(0.5)
        return next((o for o in orders if o["event"] == event["id"] and o["staff"] != "s103"), None)

    second = city.until(replaced, 20)
    assert second["text"] == "带水泵"
    history = city.ok("whole", "GET", f"/dispatch/orders/{first['id']}/history")
    assert [h["action"] for h in history if h["actor"] == "rule"] == ["remind", "escalate", "cancel"]
    assert city.ok("whole", "GET", f"/events/{event['id']}")["state"] == "dispatched"
    told = city.device("s105", "GET", "/dispatch/device/orders").json()
    assert any("未应答" in entry["order"]["text"] and not entry["order"]["event"] for entry in told)
    city.ok("whole", "DELETE", "/dispatch/escalations/flood")
    city.call("whole", "POST", f"/dispatch/orders/{second['id']}/actions", {"action": "cancel"})


def test_ready_texts_are_there_and_edited_by_those_who_may(city: City) -> None:
    text = {"kind": "fire", "zh": "带灭火器", "en": "Bring an extinguisher"}
    assert city.call("looker", "PUT", "/dispatch/templates/mine", text).status_code == 403
    stored = city.ok("whole", "PUT", "/dispatch/templates/mine", text)
    assert (stored["zh"], stored["by"]) == ("带灭火器", "whole")
    changed = city.ok("whole", "PUT", "/dispatch/templates/mine", text | {"zh": "带水带"})
    assert changed["version"] > stored["version"]
    city.ok("whole", "DELETE", "/dispatch/templates/mine")
    assert city.call("whole", "DELETE", "/dispatch/templates/mine").status_code == 404


def test_attachments_are_checked_kept_once_and_read_with_the_order_alone(city: City) -> None:
    def upload(who: str, data: bytes, name: str = "现场.png") -> Any:
        body = {"name": name, "data": base64.b64encode(data).decode()}
        return city.call(who, "POST", "/dispatch/attachments", body)

    kept = upload("whole", PNG).json()
    assert (kept["id"], kept["media_type"], kept["size"]) == (DIGEST, "image/png", len(PNG))
    assert upload("whole", b"MZ\x90 program").json()["code"] == "bad_file_type"
    assert upload("whole", PNG + bytes(6 << 20)).status_code in (413, 422)
    event = city.new_event()
    body = {"event": event["id"], "staff": "s104", "attachments": [DIGEST]}
    refused = city.call("west", "POST", "/dispatch/orders", body)
    assert refused.json()["code"] == "unknown_attachment"  # only who has it can give it on
    order = city.ok("whole", "POST", "/dispatch/orders", body)
    assert [each["name"] for each in order["attachments"]] == ["现场.png"]
    path = f"/dispatch/orders/{order['id']}/attachments/{DIGEST}"
    shown = city.ok("west", "GET", path)
    assert (base64.b64decode(shown["data"]), shown["media_type"]) == (PNG, "image/png")
    assert city.call("east", "GET", path).status_code == 404
    assert city.call("whole", "GET", path.replace(DIGEST, "0" * 64)).status_code == 404
    mine = f"/dispatch/device/orders/{order['id']}/attachments/{DIGEST}"
    answer = city.device("s104", "GET", mine)
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert "attachment" in answer.headers["content-disposition"]
    assert city.device("s106", "GET", mine).status_code == 404
    city.call("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})


def test_attachments_are_added_to_a_sent_order_and_its_device_is_told(city: City) -> None:
    def upload(number: int) -> str:
        data = base64.b64encode(b"%PDF-1.4 sheet " + bytes([65 + number])).decode()
        return city.ok("whole", "POST", "/dispatch/attachments", {"name": f"{number}.pdf", "data": data})[
            "id"
        ]

    event = city.new_event()
    order = city.ok("whole", "POST", "/dispatch/orders", {"event": event["id"], "staff": "s105"})
    path, hashes = f"/dispatch/orders/{order['id']}/attachments", [upload(number) for number in range(6)]
    before = city.device("s105", "GET", "/dispatch/device/orders").headers["ETag"]
    body = {"attachments": hashes[:2]}
    assert city.call("looker", "POST", path, body).status_code == 403
    assert city.call("east", "POST", path, body).status_code == 404
    assert city.call("west", "POST", path, body).json()["code"] == "unknown_attachment"
    for _ in range(2):
        added = city.ok("whole", "POST", path, body)
        assert [each["name"] for each in added["attachments"]] == ["0.pdf", "1.pdf"]
    news = city.device("s105", "GET", "/dispatch/device/orders")
    assert news.headers["ETag"] != before
    (entry,) = [each for each in news.json() if each["order"]["id"] == order["id"]]
    assert len(entry["order"]["attachments"]) == 2
    mine = f"/dispatch/device/orders/{order['id']}/attachments/{hashes[1]}"
    assert city.device("s105", "GET", mine).content.startswith(b"%PDF")
    history = city.ok("whole", "GET", f"/dispatch/orders/{order['id']}/history")
    assert [(h["actor"], h["note"]) for h in history if h["action"] == "attach"] == [
        ("whole", "0.pdf, 1.pdf")
    ]
    many = city.call("whole", "POST", path, {"attachments": hashes[2:6]})
    assert (many.status_code, many.json()["code"]) == (409, "too_many_attachments")
    city.ok("whole", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
    over = city.call("whole", "POST", path, {"attachments": hashes[2:3]})
    assert (over.status_code, over.json()["code"]) == (409, "wrong_state")


def test_a_giant_body_is_cut_off(city: City) -> None:
    def chunks() -> Any:
        for _ in range(10):
            yield b" " * (1 << 20)

    answer = city.client.post(
        "/api/v1/session", content=chunks(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413
