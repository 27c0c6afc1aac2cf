"""The backend dies (SIGKILL) at each step of an order's life: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from fastapi.testclient import TestClient

from console.server.app import create_app
from tests.plugins.city import BASE, PASSWORD, WEST, City, fill_city, make_settings

pytestmark = pytest.mark.timeout(600)
"""Nine starts of a backend; seven minutes were seen on a machine with a load of 20."""
STEPS = ("delivered", "read", "accept", "start", "arrive", "done")
MOMENTS = (0.0, 0.004, 0.008, 0.012, 0.02, 0.03, 0.05, 0.08)
"""Seconds between a request and the kill: before it is taken, in its midst, after it was stored."""


class MortalBackend:
    """``python -m console server`` on a city; killed and started again on the same port and data."""

    def __init__(self, folder: Path, city: City) -> None:
        self.city, self._folder = city, folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self._key = secrets.token_urlsafe(48)
        self._process: subprocess.Popen[str] | None = None
        self._headers: dict[str, str] = {}

    def start(self) -> None:
        """Start, and go on when it answers."""
        command = [sys.executable, "-m", "console", "server", "--port", str(self._port)]
        command += ["--data-dir", str(self._folder), "--log-level", "error"]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=os.environ | {"ONEMAP_SECRET_KEY": self._key}
        )
        assert self._process.stdout
        assert self._process.stdout.readline().startswith("ready:")

    def kill(self) -> None:
        """Kill -9."""
        assert self._process and self._process.stdout
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()

    def sign_in(self) -> None:
        """As the dispatcher of the whole district; the session outlives the process."""
        body = {"username": "whole", "password": PASSWORD}
        token = self._send("POST", "/session", body).json()["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "", staff: str = "") -> Any:
        """A request of the dispatcher or of a device, tried until it is answered."""
        while True:
            try:
                answer = self._send(method, path, body, key=key, staff=staff)
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.05)
                continue
            assert answer.status_code == 200, answer.text
            return answer.json()

    def ask_and_die(self, moment: float, method: str, path: str, body: Any, **who: str) -> Any:
        """The same, while the backend is killed *moment* seconds after the first try."""
        answers: list[Any] = []
        asking = threading.Thread(target=lambda: answers.append(self.ask(method, path, body, **who)))
        asking.start()
        time.sleep(moment)
        self.kill()
        self.start()
        asking.join(60)
        again = self.ask(method, path, body, **who)  # a network repeats
        assert again == answers[0]
        return again

    def _send(
        self, method: str, path: str, body: Any, *, key: str = "", staff: str = ""
    ) -> requests.Response:
        headers = {} if staff else dict(self._headers)
        if key:
            headers["Idempotency-Key"] = key
        auth = self.city.devices[staff] if staff else None
        url = f"http://127.0.0.1:{self._port}{BASE}{path}"
        return requests.request(method, url, json=body, headers=headers, auth=auth, timeout=30)


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[MortalBackend]:
    """A city in SQLite, served by a process."""
    folder = tmp_path_factory.mktemp("mortal")
    app = create_app(make_settings("", folder))
    with TestClient(app) as client:
        city = fill_city(app, client, shared_data)
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
