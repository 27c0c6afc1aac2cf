"""Steering cameras: whose turn it is, who goes first, what stops a head that turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

import pytest

from console.model.records import Role
from console.server.admin import create_account
from console.simulation.heads import SimulatedDriver, SimulatedHead
from plugins.cameras.server.devices.book import Link
from plugins.cameras.server.devices.driver import Ability, DeviceFault, Fault, VideoDevice
from plugins.cameras.server.steering import heads
from tests.plugins.city import BASE, DISTRICT, PASSWORD, WEST, City

CAMERA = "c12"


@pytest.fixture(scope="module")
def driver(city: City) -> SimulatedDriver:
    """West's cameras 1 and 2 can be turned, four times as fast as real ones; the street has two operators."""
    core, driver = city.app.state.core, SimulatedDriver(lambda: 4 * time.monotonic())
    book = core.services.get("cameras.devices")
    book.register(driver)
    device = VideoDevice(id="d1", driver="demo", name="云台", address="http://127.0.0.1:9", area=DISTRICT)
    with core.database.write() as session:
        create_account(session, "officer", PASSWORD, "王芳", Role.OPERATOR, [WEST])
        create_account(session, "second", PASSWORD, "刘洋", Role.OPERATOR, [WEST])
        book.put(session, device)
        for camera in ("c11", "c12"):
            book.link(session, Link(camera, device, camera, True, False))
    return driver


@pytest.fixture
def head(city: City, driver: SimulatedDriver) -> Iterator[SimulatedHead]:
    """That of CAMERA, at rest, held by nobody afterwards."""
    yield driver.head(CAMERA)
    with city.app.state.core.database.write() as session:
        session.connection().exec_driver_sql("delete from cameras_steering")
        session.connection().exec_driver_sql("delete from cameras_viewing")
    city.ok("root", "PUT", "/cameras/view-rules", {"rules": []})


@pytest.fixture(autouse=True)
def _root(root: str) -> None:
    """Administrators are there."""


def take(city: City, who: str, **wish: Any) -> Any:
    return city.ok(who, "POST", f"/cameras/{CAMERA}/steering", wish)


def move(city: City, who: str, claim: str, *speed: float) -> Any:
    body = dict(zip(("pan", "tilt", "zoom"), speed, strict=False))
    return city.call(who, "POST", f"/cameras/{CAMERA}/steering/{claim}/move", body)


def release(city: City, who: str, *ids: str) -> None:
    city.ok(who, "POST", "/cameras/steering/release", {"ids": list(ids)})


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def steered(city: City) -> list[tuple[str, list[str]]]:
    """Who holds and who waits, as a new console is told."""
    city.ok("second", "GET", "/cameras")  # signs in
    found: list[Any] = []
    # the test client cancels the server's side of a socket that it leaves
    with suppress(CancelledError), city.client.websocket_connect(f"{BASE}/live") as feed:
        feed.send_json({"t": "hello", "token": city.tokens["second"], "format": "json", "areas": None})
        found = feed.receive_json()["records"]["steering"]
    return [(each["holder"]["name"], [one["name"] for one in each["waiting"]]) for each in found]


def test_who_holds_a_camera_turns_it_and_stops_it(city: City, head: SimulatedHead) -> None:
    taken = take(city, "officer")
    assert taken["holding"] and steered(city) == [("王芳", [])]
    before = head.pose()
    assert move(city, "officer", taken["claim"], 0.5, 0.2).json()["code"] == ""
    city.until(lambda: head.pose().pan > before.pan + 2 and head.pose().tilt > before.tilt)
    move(city, "officer", taken["claim"])
    city.until(lambda: not head.moving)
    release(city, "officer", taken["claim"])
    assert steered(city) == []
    assert code(move(city, "officer", taken["claim"], 1.0)) == (409, "not_holder")


def test_a_head_whose_console_falls_silent_is_stopped(
    city: City, head: SimulatedHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "DEAD_MAN", 0.4)
    claim = take(city, "officer")["claim"]
    for _ in range(4):
        move(city, "officer", claim, 0.3)
        time.sleep(0.2)
    assert head.moving
    city.until(lambda: not head.moving, 2.0)
    assert head.told[-1] == "stop"


def test_who_comes_later_waits_and_has_their_turn(city: City, head: SimulatedHead) -> None:
    first, second = take(city, "officer"), take(city, "second")
    assert (first["holding"], second["holding"]) == (True, False)
    assert steered(city) == [("王芳", ["刘洋"])]
    assert code(move(city, "second", second["claim"], 1.0)) == (409, "not_holder")
    move(city, "officer", first["claim"], 0.4)
    city.until(lambda: head.moving)
    release(city, "officer", first["claim"])
    city.until(lambda: not head.moving)
    assert steered(city) == [("刘洋", [])]
    assert move(city, "second", second["claim"], 0.2).status_code == 200


def test_the_higher_rank_takes_over_and_the_former_holder_has_the_next_turn(
    city: City, head: SimulatedHead
) -> None:
    officer, _ = take(city, "officer"), take(city, "second")
    move(city, "officer", officer["claim"], 0.4)
    assert take(city, "west")["holding"]
    assert code(move(city, "officer", officer["claim"], 0.4)) == (409, "not_holder")
    city.until(lambda: not head.moving)
    whole = take(city, "whole")
    assert whole["holding"]  # the district's goes before the street's
    assert steered(city) == [("whole", ["west", "王芳", "刘洋"])]
    assert not take(city, "root")["holding"]  # of the same rank
    release(city, "whole", whole["claim"])
    assert steered(city)[0][0] == "管理员"


def test_without_wanting_to_wait_one_reads_who_steers(city: City, head: SimulatedHead) -> None:
    take(city, "officer")
    answer = city.call("whole", "POST", f"/cameras/{CAMERA}/steering", {"wait": False})
    assert code(answer) == (409, "held") and answer.json()["fields"] == {"holder": "王芳"}
    answer = city.call("whole", "POST", f"/cameras/{CAMERA}/turn", {"pan": 1, "tilt": 1})
    assert code(answer) == (409, "held") and "王芳" in answer.json()["message_zh"]
    assert steered(city) == [("王芳", [])]


def test_an_account_steers_from_its_newest_console(city: City, head: SimulatedHead) -> None:
    old, new = take(city, "officer"), take(city, "officer")
    assert new["holding"] and steered(city) == [("王芳", [])]
    assert code(move(city, "officer", old["claim"], 1.0)) == (409, "not_holder")
    assert move(city, "officer", new["claim"]).status_code == 200


@pytest.mark.parametrize(
    ("who", "camera", "answer"),
    [
        ("east", CAMERA, (404, "not_found")),
        ("looker", CAMERA, (403, "forbidden")),
        ("west", "c13", (409, "not_steerable")),
    ],
)
def test_who_may_not_steer(
    city: City, head: SimulatedHead, who: str, camera: str, answer: tuple[int, str]
) -> None:
    assert code(city.call(who, "POST", f"/cameras/{camera}/steering", {})) == answer


def test_rules_of_looking_hold_for_steering_as_long_as_it_lasts(city: City, head: SimulatedHead) -> None:
    claim = take(city, "officer")["claim"]
    city.ok("root", "PUT", "/cameras/view-rules", {"rules": [{"roles": ["administrator"]}]})
    assert code(move(city, "officer", claim, 0.5)) == (403, "owner_keeps")
    assert city.ok("officer", "POST", "/cameras/steering/stay", {"ids": [claim]}) == {"ids": []}
    assert steered(city) == []
    city.ok("root", "PUT", "/cameras/view-rules", {"rules": [{"reason": True}]})
    answer = city.call("officer", "POST", f"/cameras/{CAMERA}/steering", {})
    assert code(answer) == (422, "reason_needed")


def age(city: City, claim: str, **seconds: float) -> None:
    """As if a column had been written so many seconds earlier."""
    with city.app.state.core.database.write() as session:
        for column, by in seconds.items():
            words = f"update cameras_steering set {column} = {column} - {by} where id = '{claim}'"
            session.connection().exec_driver_sql(words)


def test_who_rests_or_is_gone_lets_go_by_itself(city: City, head: SimulatedHead) -> None:
    sweep = city.app.state.core.services.get("cameras.steering").sweep
    first, second = take(city, "officer"), take(city, "second")
    age(city, second["claim"], used=90)  # who waits may rest
    age(city, first["claim"], used=20)
    move(city, "officer", first["claim"], 0.1)
    age(city, first["claim"], used=20)
    sweep()
    assert steered(city) == [("王芳", ["刘洋"])]
    age(city, first["claim"], used=20)
    city.until(lambda: steered(city) == [("刘洋", [])])
    city.until(lambda: not head.moving)
    age(city, second["claim"], seen=7)
    stay = {"ids": [first["claim"], second["claim"]]}
    assert city.ok("second", "POST", "/cameras/steering/stay", stay)["ids"] == [second["claim"]]
    age(city, second["claim"], seen=7)
    sweep()
    assert steered(city) == [("刘洋", [])]
    age(city, second["claim"], seen=7)
    city.until(lambda: steered(city) == [])


def test_steering_is_audited_from_begin_to_end_and_presets_that_change(
    city: City, head: SimulatedHead
) -> None:
    claim = take(city, "officer")["claim"]
    path = f"/cameras/{CAMERA}/steering/{claim}"
    city.ok("officer", "POST", f"{path}/point", {"pan": 30, "tilt": -40, "zoom": 0.5})
    city.until(lambda: head.pose().pan == 30 and head.pose().zoom == 0.5)
    kept = city.ok("officer", "POST", f"{path}/presets", {"name": "校门口"})
    city.ok("officer", "POST", f"{path}/go", {"preset": "1"})
    city.until(lambda: head.pose().pan == 0 and head.pose().zoom == 0)
    gear = city.ok("officer", "GET", f"/cameras/{CAMERA}/steering")
    assert kept in gear["presets"] and "move" in gear["abilities"]
    city.ok("officer", "POST", f"{path}/go", {"preset": kept["id"]})
    city.until(
        lambda: city.ok("officer", "GET", f"/cameras/{CAMERA}/pose") == {"pan": 30, "tilt": -40, "zoom": 0.5}
    )
    city.ok("officer", "POST", f"{path}/presets/forget", {"preset": kept["id"]})
    assert code(city.call("officer", "POST", f"{path}/go", {"preset": kept["id"]})) == (404, "device_missing")
    release(city, "officer", claim)
    lines = [each for each in city.ok("root", "GET", "/audit") if each["subject"] == f"camera/{CAMERA}"][:4]
    done = ["camera.steer_end", "camera.preset", "camera.preset", "camera.steer"]
    assert [each["action"] for each in lines] == done
    assert "校门口" in lines[2]["reason"] and "released" in lines[0]["reason"]


def test_a_place_of_the_picture_comes_into_its_middle(city: City, head: SimulatedHead) -> None:
    claim = take(city, "officer")["claim"]
    path = f"/cameras/{CAMERA}/steering/{claim}"
    city.ok("officer", "POST", f"{path}/point", {"pan": 170, "tilt": 0, "zoom": 0})
    city.until(lambda: head.pose() and not head.moving)
    city.ok("officer", "POST", f"{path}/aim", {"x": 0.5, "y": 0, "width": 0.25, "shape": 1.5})
    city.until(lambda: not head.moving)
    pose = head.pose()
    assert pose.pan == pytest.approx(-160, abs=0.01)  # half of 60 degrees further, past the back
    assert pose.tilt == pytest.approx(0, abs=0.01) and pose.zoom == pytest.approx(3 / 19, abs=0.001)


def test_a_head_without_angles_makes_a_step_there(
    city: City, head: SimulatedHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimulatedHead, "abilities", frozenset({Ability.MOVE, Ability.ZOOM}))
    claim, before = take(city, "officer")["claim"], head.pose()
    spot = {"x": 0.25, "y": -0.25, "width": 0.5}
    city.ok("officer", "POST", f"/cameras/{CAMERA}/steering/{claim}/aim", spot)
    after = head.pose()
    assert after.pan > before.pan and after.tilt > before.tilt and after.zoom > before.zoom
    assert not head.moving
    assert city.ok("officer", "GET", f"/cameras/{CAMERA}/pose") is None
    assert city.ok("officer", "GET", f"/cameras/{CAMERA}/steering")["presets"] == []


def test_a_slow_device_keeps_nobody_else_waiting_and_the_newest_order_wins(
    city: City, driver: SimulatedDriver, head: SimulatedHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun, done = threading.Event(), threading.Event(), list[float]()

    def slow(pan: float, tilt: float, zoom: float) -> None:
        begun.set()
        go_on.wait(20)
        done.append(pan)

    monkeypatch.setattr(head, "move", slow)
    claim = take(city, "officer")["claim"]
    began = time.monotonic()
    move(city, "officer", claim, 0.1)
    assert begun.wait(5)
    for pan in (0.2, 0.3, 0.4):
        move(city, "officer", claim, pan)
    other = city.ok("officer", "POST", "/cameras/c11/steering", {})["claim"]
    city.ok("officer", "POST", f"/cameras/c11/steering/{other}/move", {"pan": 0.5})
    city.until(lambda: driver.head("c11").moving)
    assert time.monotonic() - began < 3.0
    go_on.set()
    city.until(lambda: done[:2] == [0.1, 0.4])
    release(city, "officer", claim, other)


def test_what_a_device_refuses_is_told_and_a_stop_is_tried_again(
    city: City, head: SimulatedHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, stops = take(city, "officer")["claim"], list[bool]()

    def away(*_: float) -> None:
        raise DeviceFault(Fault.UNREACHABLE)

    def stop() -> None:
        stops.append(True)
        if len(stops) < 3:
            raise DeviceFault(Fault.UNREACHABLE)

    monkeypatch.setattr(head, "move", away)
    monkeypatch.setattr(head, "stop", stop)
    move(city, "officer", claim, 0.1)
    city.until(lambda: move(city, "officer", claim, 0.1).json()["code"] == "device_unreachable")
    move(city, "officer", claim)
    city.until(lambda: len(stops) == 3)
    answer = city.call("officer", "POST", f"/cameras/{CAMERA}/steering/{claim}/go", {"preset": "99"})
    assert code(answer) == (404, "device_missing")


def test_more_movements_than_a_hand_makes_are_refused(city: City, head: SimulatedHead) -> None:
    claim = take(city, "officer")["claim"]
    codes = [move(city, "officer", claim, 0.1).status_code for _ in range(60)]
    assert 429 in codes
    assert move(city, "officer", claim).status_code == 200  # a stop is never refused
