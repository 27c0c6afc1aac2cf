"""Looking through cameras: who may, by area and owner; with a ticket, recorded, ended when forgotten."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from plugins.cameras.server import viewing
from plugins.cameras.server.streams import Streams
from tests.plugins.city import City

PASSWORD = "hunter2-und-mehr"
MAIN, SUB = "rtsp://127.0.0.1:9/main?channel=1", "rtsp://127.0.0.1:9/sub"
WITH_PICTURE = ("c10", "c11", "c12", "c21")


@pytest.fixture(autouse=True)
def streams(city: City, root: str) -> Iterator[None]:
    """Cameras with pictures in both streets, the estate's ones among them; no rules."""
    core = city.app.state.core
    with core.database.write() as session:
        for camera in WITH_PICTURE:
            signed = Streams(main=MAIN.replace("//", f"//ada:{PASSWORD}@"), sub=SUB)
            core.services.get("cameras.streams").put(session, camera, signed)
        session.connection().exec_driver_sql("update cameras_camera set owner = '小区物业' where id = 'c11'")
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": []})
    yield
    with core.database.write() as session:
        session.connection().exec_driver_sql("delete from cameras_viewing")


def ticket(city: City, who: str, camera: str, **wish: Any) -> Any:
    return city.ok(who, "POST", f"/cameras/{camera}/ticket", wish)


def refused(city: City, who: str, camera: str, **wish: Any) -> tuple[int, str]:
    answer = city.call(who, "POST", f"/cameras/{camera}/ticket", wish)
    return answer.status_code, answer.json()["code"]


def past(city: City, **asked: str) -> list[Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return city.ok("root", "GET", f"/cameras/viewings?{query}")


def test_a_ticket_has_addresses_and_the_sign_in_apart(city: City) -> None:
    given = ticket(city, "west", "c10", height=900)
    assert (given["main"], given["sub"], given["prefer"]) == (MAIN, SUB, "main")
    assert (given["user"], given["password"]) == ("ada", PASSWORD)
    assert time.time() + 30 < given["expires"] < time.time() + 90
    assert ticket(city, "west", "c10", height=200)["prefer"] == "sub"


def test_addresses_and_sign_ins_are_on_no_list_and_unreadable_at_rest(city: City) -> None:
    listed = city.call("whole", "GET", "/cameras")
    assert {c["id"] for c in listed.json() if c["live"]} == set(WITH_PICTURE)
    assert "127.0.0.1" not in listed.text
    assert PASSWORD not in listed.text
    with city.app.state.core.database.read() as session:
        rows = session.connection().exec_driver_sql("select main, sub, sealed from cameras_stream").all()
    kept = [bytes(row[2]) for row in rows]
    assert not any(PASSWORD in f"{row[0]} {row[1]}" for row in rows)
    assert not any(PASSWORD.encode() in sealed or b"ada" in sealed for sealed in kept)
    assert len(set(kept)) == len(WITH_PICTURE)  # the same sign-in never looks the same


@pytest.mark.parametrize(
    ("who", "camera", "answer"),
    [
        ("east", "c10", (404, "not_found")),
        ("looker", "c10", (403, "forbidden")),
        ("west", "c13", (409, "no_picture")),
        ("west", "nowhere", (404, "not_found")),
    ],
)
def test_who_may_not_look(city: City, who: str, camera: str, answer: tuple[int, str]) -> None:
    assert refused(city, who, camera) == answer
    assert past(city) == []


def test_an_owner_keeps_roles_out_and_a_kind_asks_why(city: City, root: str) -> None:
    rules = [
        {"owner": "小区物业", "roles": ["administrator"]},
        {"kind": "high", "roles": ["dispatcher", "administrator"], "reason": True},
    ]
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": rules})
    assert refused(city, "west", "c11") == (403, "owner_keeps")
    assert ticket(city, root, "c11")["main"] == MAIN
    assert refused(city, "west", "c10", reason="  ") == (422, "reason_needed")
    ticket(city, "west", "c10", reason="寻找走失老人")
    assert ticket(city, "west", "c12")["main"] == MAIN  # of nobody's rules
    assert past(city, camera="c10")[0]["reason"] == "寻找走失老人"
    assert refused(city, "west", "c11") == (403, "owner_keeps")


def test_blanks_around_an_owner_do_not_open_its_cameras(city: City, root: str) -> None:
    rule = {"owner": " 小区物业\u3000", "roles": ["administrator"]}
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": [rule]})
    assert refused(city, "west", "c11") == (403, "owner_keeps")
    twice = {"rules": [rule, {"owner": "小区物业"}]}
    assert city.call(root, "PUT", "/cameras/view-rules", twice).json()["code"] == "two_rules"


def test_rules_are_changed_by_who_administers_the_district(city: City, root: str) -> None:
    for who in ("whole", "root-east"):
        assert city.call(who, "PUT", "/cameras/view-rules", {"rules": []}).status_code == 403
    twice = {"rules": [{"owner": "公安"}, {"owner": "公安", "reason": True}]}
    assert city.call(root, "PUT", "/cameras/view-rules", twice).json()["code"] == "two_rules"


def test_viewing_is_recorded_and_audited_from_begin_to_end(city: City, root: str) -> None:
    given = ticket(city, "west", "c10", reason="巡查")
    (record,) = past(city)
    assert (record["camera"], record["user_name"], record["ended"]) == ("c10", "west", None)
    city.ok("west", "POST", "/cameras/tickets/end", {"ids": [given["id"]]})
    (record,) = past(city)
    assert record["began"] <= record["ended"] <= time.time()
    lines = [line for line in city.ok(root, "GET", "/audit") if line["subject"] == "camera/c10"][:2]
    assert [line["action"] for line in lines] == ["camera.view_end", "camera.view"]
    assert lines[1]["reason"] == "巡查"
    assert city.call("whole", "GET", "/cameras/viewings").status_code == 403
    assert city.ok("root-east", "GET", "/cameras/viewings") == []
    over = city.ok("west", "POST", "/cameras/tickets/renew", {"ids": [given["id"]]})["over"]
    assert over == {given["id"]: "ended"}


def test_a_ticket_that_nobody_renews_ends_with_its_record(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewing, "LASTS", 0.3)
    forgotten = ticket(city, "west", "c10")
    monkeypatch.setattr(viewing, "LASTS", 60.0)
    kept = ticket(city, "west", "c12")
    time.sleep(0.4)
    answer = city.ok("west", "POST", "/cameras/tickets/renew", {"ids": [forgotten["id"], kept["id"]]})
    assert (answer["renewed"], answer["over"]) == ([kept["id"]], {forgotten["id"]: "ended"})
    city.app.state.core.services.get("cameras.viewing").sweep()
    ended = {record["camera"]: record["ended"] for record in past(city)}
    assert ended["c10"] == pytest.approx(forgotten["expires"])
    assert ended["c12"] is None


def test_forgotten_tickets_are_ended_also_after_a_fault_that_nobody_foresaw(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = city.app.state.core
    desk, done = core.services.get("cameras.viewing"), threading.Event()
    sweep, failed = desk.sweep, list[bool]()

    def fail_once() -> int:
        if not failed:
            failed.append(True)
            raise KeyError("surprise")
        done.set()
        return sweep()

    monkeypatch.setattr(desk, "sweep", fail_once)
    monkeypatch.setattr(viewing.Sweeper, "EVERY", 0.02)
    sweeper = viewing.Sweeper(desk._server, desk)
    sweeper.start()
    assert done.wait(20)
    sweeper.stop()


def test_a_ticket_ends_when_its_holder_may_look_no_longer(city: City, root: str) -> None:
    given = ticket(city, "west", "c10")
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": [{"roles": ["administrator"]}]})
    answer = city.ok("west", "POST", "/cameras/tickets/renew", {"ids": [given["id"]]})
    assert answer["over"] == {given["id"]: "owner_keeps"}
    assert past(city)[0]["ended"] is not None


def test_nobody_renews_or_ends_the_tickets_of_others(city: City) -> None:
    given = ticket(city, "west", "c10")
    assert city.ok("whole", "POST", "/cameras/tickets/renew", {"ids": [given["id"]]})["renewed"] == []
    city.ok("whole", "POST", "/cameras/tickets/end", {"ids": [given["id"]]})
    assert past(city)[0]["ended"] is None


def test_an_account_opens_so_many_in_a_minute(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewing, "MOST", 2)
    ticket(city, "west", "c10")
    ticket(city, "west", "c12")
    answer = city.call("west", "POST", "/cameras/c10/ticket", {})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tickets")
    assert int(answer.headers["Retry-After"]) > 0
    assert ticket(city, "east", "c21")["main"] == MAIN


def test_looks_of_more_than_a_year_ago_are_forgotten_but_by_the_audit(city: City) -> None:
    tidier = city.app.state.core.services.get("cameras.tidier")
    over, open_still = ticket(city, "west", "c10"), ticket(city, "west", "c12")
    city.ok("west", "POST", "/cameras/tickets/end", {"ids": [over["id"]]})
    assert tidier.tidy(time.time() + 364 * 86400) == 0
    assert tidier.tidy(time.time() + 366 * 86400) == 1
    assert [each["id"] for each in past(city)] == [open_still["id"]]
    lines = [line["action"] for line in city.ok("root", "GET", "/audit") if line["subject"] == "camera/c10"]
    assert {"camera.view", "camera.view_end"} <= set(lines)
