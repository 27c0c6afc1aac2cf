"""A web server on the loopback with the files of a folder, and answers of a test's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    server: Site

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        self.server.asked.append((path, query, dict(self.headers)))
        answer = self.server.answers.get(path)
        if answer is not None:
            answer(self)
            return
        found = self.server.folder / path.lstrip("/")
        self.give(found.read_bytes()) if found.is_file() else self.give(b"", 404)

    def give(self, data: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Site(ThreadingHTTPServer):
    """Files of a folder, and answers of a test's own by path."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.connections = 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # whoever hangs up early is meant to


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """A site that is there meanwhile."""
    site = Site(folder)
    threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()


def drip(head: bytes, piece: bytes, pause: float) -> Answer:
    """Sends *head*, then *piece* again and again, until nobody listens."""

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + head)
        while True:
            handler.wfile.flush()
            time.sleep(pause)
            handler.wfile.write(piece)

    return answer
