"""A small backend over real HTTP that fails on demand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

Answer = tuple[int, Any]


@dataclass
class Request:
    """What arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class StubBackend:
    """Answers by *answer*; remembers requests and answers writes of one key once, as ours does."""

    answer: Callable[[Request], Answer | bytes | None]
    requests: list[Request] = field(default_factory=list)
    done: dict[str, Answer] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                content = self.rfile.read(length)
                headers = {name.lower(): value for name, value in self.headers.items()}
                path = self.path.removeprefix("/api/v1")
                stub._reply(self, Request(self.command, path, headers, json.loads(content or b"null")))

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _reply(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        key = request.headers.get("idempotency-key", "")
        with self.lock:
            known = self.done.get(key)
            self.requests.append(request)
            answer = known or self.answer(request)
            if key and known is None and isinstance(answer, tuple) and answer[0] < 300:
                self.done[key] = answer
        if answer is None:  # the line breaks after the work was done
            handler.close_connection = True
            return
        status, body = answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


@pytest.fixture
def stub() -> Iterator[Callable[[Callable[[Request], Any]], StubBackend]]:
    """Start stubs with an answering function."""
    started: list[StubBackend] = []

    def start(answer: Callable[[Request], Any]) -> StubBackend:
        made = StubBackend(answer)
        made.start()
        started.append(made)
        return made

    yield start
    for made in started:
        made.stop()


class RealServer:
    """The real backend as a process that can be killed and started again on its port."""

    def __init__(self, folder: Path, access_seconds: float = 600) -> None:
        self.folder, self.access_seconds, self.port = folder, access_seconds, 0
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        script = Path(__file__).with_name("real_server.py")
        arguments = [str(self.folder), str(self.port), str(self.access_seconds)]
        self.process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def kill(self) -> None:
        """As the kernel does when memory is out."""
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
def real_server(tmp_path: Path) -> Iterator[RealServer]:
    pytest.importorskip("fastapi", reason="install fastapi")
    server = RealServer(tmp_path / "server")
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server for the tests that do not kill it."""
    server = RealServer(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.kill()
