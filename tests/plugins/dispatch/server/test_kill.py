"""The backend dies (SIGKILL) at each step of an order's life: nothing is lost, nothing is doubled."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from console.server.app import create_app
from tests.plugins.city import WEST, make_settings, settle
from tests.plugins.mortal import MortalBackend
from tests.support.databases import fresh_database

pytestmark = pytest.mark.timeout(600)
"""Ten starts of a backend; minutes were seen on a machine with a load of 20."""
STEPS = ("delivered", "read", "accept", "start", "arrive", "done")
MOMENTS = (0.0, 0.004, 0.008, 0.012, 0.02, 0.03, 0.05, 0.08)
"""Seconds between a request and the kill: before it is taken, in its midst, after it was stored."""


@pytest.fixture(scope="module")
def mortal(
    tmp_path_factory: pytest.TempPathFactory, shared_data: Path, districts: Callable[[str], str]
) -> Iterator[MortalBackend]:
    """A city in SQLite, served by a process."""
    folder = tmp_path_factory.mktemp("mortal")
    with fresh_database("sqlite", folder, districts("sqlite")) as url:
        app = create_app(make_settings(url, folder))
    with TestClient(app) as client:
        city = settle(app, client, shared_data)
        for number in range(3):
            city.report(f"s10{number}", city.places[WEST][number + 10])
        city.until(lambda: len(app.state.core.board.rows()) == 3)
    backend = MortalBackend(folder, city)
    backend.start()
    backend.sign_in()
    yield backend
    backend.kill()


def test_an_order_survives_a_kill_at_each_step_exactly_once(mortal: MortalBackend) -> None:
    place = mortal.city.places[WEST][3]
    report = {"id": "ev", "title": "井盖缺失", "where": place}
    mortal.ask("POST", "/events", report)
    moments = iter(MOMENTS)
    body = {"id": "or", "event": "ev", "staff": "s101", "text": "请立即前往"}
    order = mortal.ask_and_die(next(moments), "POST", "/dispatch/orders", body, key="send")
    assert order["state"] == "sent"
    for action in STEPS:
        said = {"action": action, "note": "已处置" if action == "done" else ""}
        path = "/dispatch/device/orders/or"
        mortal.ask_and_die(next(moments), "POST", path, said, key=f"k-{action}", staff="s101")
        waiting = mortal.ask("GET", "/dispatch/device/orders", staff="s101")
        assert [entry["order"]["id"] for entry in waiting] == ([] if action == "done" else ["or"])
    orders = [o for o in mortal.ask("GET", "/dispatch/orders?state=all") if o["event"] == "ev"]
    assert [(o["id"], o["state"], o["reason"]) for o in orders] == [("or", "done", "已处置")]
    history = mortal.ask("GET", "/dispatch/orders/or/history")
    assert [h["action"] for h in history if h["action"] != "reroute"] == ["send", *STEPS]
    assert mortal.ask("GET", "/events/ev")["state"] == "fed_back"
    told = [h["action"] for h in mortal.ask("GET", "/events/ev/history")]
    assert told == ["report", "dispatched", "handling", "fed_back"]
    assert mortal.ask("GET", "/staff/s101")["job"] == ""


def test_a_mass_call_is_whole_or_not_at_all(mortal: MortalBackend) -> None:
    body = {"id": "call", "select": {"area": WEST}, "text": "集合"}
    group = mortal.ask_and_die(MOMENTS[-2], "POST", "/dispatch/groups", body, key="call")
    orders = [o for o in mortal.ask("GET", "/dispatch/orders?state=all") if o["group"] == "call"]
    assert len({o["staff"] for o in orders}) == len(orders) == group["size"]


def test_a_road_that_opens_while_nobody_looks_is_noticed_at_the_next_start(mortal: MortalBackend) -> None:
    mortal.ask("POST", "/events", {"id": "ev2", "title": "路面塌陷", "where": mortal.city.places[WEST][7]})
    body = {"id": "or2", "event": "ev2", "staff": "s102"}
    order = mortal.ask("POST", "/dispatch/orders", body)
    path = order["route"]["path"]
    closure = {"id": "cl", "shape": "point", "points": [path[len(path) // 2]]}
    mortal.ask("POST", "/dispatch/closures", closure)
    _wait_for_step(mortal, "or2", "road closed")
    mortal.kill()
    with sqlite3.connect(mortal.folder / "onemap.db") as database:
        database.execute("UPDATE dispatch_closure SET until = ? WHERE id = 'cl'", (time.time(),))
    database.close()
    mortal.start()
    _wait_for_step(mortal, "or2", "road open again")
    now = next(o for o in mortal.ask("GET", "/dispatch/orders") if o["id"] == "or2")
    assert now["route"]["seconds"] == pytest.approx(order["route"]["seconds"], rel=0.05)


def _wait_for_step(mortal: MortalBackend, order: str, note: str) -> None:
    def told() -> bool:
        return note in [h["note"] for h in mortal.ask("GET", f"/dispatch/orders/{order}/history")]

    mortal.city.until(told, 60)
