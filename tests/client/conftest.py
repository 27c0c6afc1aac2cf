"""A small backend over real HTTP that fails on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
