"""A real server in a thread of the test, on a free port, and a client for it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import uvicorn
from fastapi import FastAPI
from websockets.sync.client import ClientConnection, connect

from console.server.admin import create_account
from console.server.app import PREFIX, create_app
from console.server.core import Core
from console.server.settings import ServerSettings

PASSWORD = "correct horse battery"


class Server:
    """A running server with shortcuts for tests."""

    def __init__(self, app: FastAPI, url: str) -> None:
        self.app, self.url = app, url
        self.core: Core = app.state.core

    def account(
        self, name: str = "demo", role: str = "administrator", areas: tuple[str, ...] = ("320302",)
    ) -> Client:
        """A new account, signed in."""
        with self.core.database.write() as session:
            create_account(session, name, PASSWORD, f"{name} 姓名", role, areas)
        return self.sign_in(name)

    def sign_in(self, name: str) -> Client:
        """Sign in with the tests' password."""
        answer = requests.post(
            self.url + "/session", json={"username": name, "password": PASSWORD}, timeout=10
        )
        assert answer.status_code == 200, answer.text
        return Client(self.url, answer.json())

    def device(self, device_id: str = "p1", area: str = "320302001001001") -> tuple[int, str]:
        """Register a device; returns (handle, secret)."""
        with self.core.database.write() as session:
            return self.core.devices.add(session, device_id, f"staff-{device_id}", area)


class Client:
    """A signed-in caller of the REST interface and of the live feed."""

    def __init__(self, url: str, ticket: dict[str, Any]) -> None:
        self.url, self.ticket = url, ticket
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {ticket['access_token']}"

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.http.get(self.url + path, timeout=20, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        return self.http.post(self.url + path, timeout=20, **options)

    def delete(self, path: str) -> requests.Response:
        return self.http.delete(self.url + path, timeout=20)

    @contextmanager
    def live(self, **hello: Any) -> Iterator[Feed]:
        """The live feed in JSON, hello said."""
        with connect(self.url.replace("http", "ws", 1) + "/live", max_size=None) as socket:
            feed = Feed(socket)
            feed.say(t="hello", token=self.ticket["access_token"], format="json", **hello)
            yield feed


class Feed:
    """The console's end of a live feed."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def next(self, kind: str, timeout: float = 15.0) -> dict[str, Any]:
        """The next message of *kind*; others are passed over."""
        until = time.monotonic() + timeout
        while True:
            message = json.loads(self.socket.recv(timeout=max(until - time.monotonic(), 0.01)))
            if message["t"] == kind:
                return message

    def next_records(self, *wanted: tuple[str, str]) -> list[dict[str, Any]]:
        """The next state of each (type, id), in whatever order they come; others are passed over."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        while not found.keys() >= set(wanted):
            changes = self.next("delta")["records"]
            found |= {(kind, key): body for op, kind, key, body in changes if op == "put"}
        return [found[each] for each in wanted]


@contextmanager
def running_server(settings: ServerSettings) -> Iterator[Server]:
    """Serve on a free loopback port until the block ends."""
    app = create_app(settings)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        yield Server(app, f"http://127.0.0.1:{listener.getsockname()[1]}{PREFIX}")
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
