"""A backend that dies: in a process of its own, killed and started again on the same port and data."""

from __future__ import annotations

import multiprocessing
import secrets
import socket
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import requests

from console.server.run import serve
from tests.plugins.city import BASE, PASSWORD, City, make_settings

_processes = multiprocessing.get_context("forkserver")
# Programs are imported once and forked from there; all that a backend knows it reads anew at each start.
_processes.set_forkserver_preload(
    ["pytest", __name__, *(f"plugins.{name}.server" for name in ("staff", "events", "cameras", "dispatch"))]
)


class MortalBackend:
    """Serves a city that was filled into the SQLite database of *folder*."""

    def __init__(self, folder: Path, city: City) -> None:
        self.city, self.folder = city, folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self._key = secrets.token_urlsafe(48)
        self._process: ForkServerProcess | None = None
        self._headers: dict[str, str] = {}

    def start(self) -> None:
        """Start, and go on when it answers."""
        here, there = _processes.Pipe(duplex=False)
        arguments = (self.folder, self._port, self._key, there)
        self._process = _processes.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        there.close()
        here.recv()  # EOFError when it ends instead
        here.close()

    def kill(self) -> None:
        """Kill -9."""
        assert self._process
        self._process.kill()
        self._process.join()

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


def _serve(folder: Path, port: int, key: str, ready: Connection) -> None:
    settings = replace(make_settings("", folder), secret_key=key)
    serve(settings, "127.0.0.1", port, ready.send)
