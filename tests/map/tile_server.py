"""A tile service on the loopback that can be told to misbehave."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

Answer = Callable[[str], tuple[int, bytes]]
"""From path and query to status and body."""


def picture(color: str, size: int = 256) -> bytes:
    """A PNG of one colour."""
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return buffer.data().data()


class TileServer:
    """Answers by ``answer``, which a test may change; counts what was asked."""

    def __init__(self, url: str, answer: Answer) -> None:
        self.url, self.answer = url, answer
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.slow = 0.0


@contextmanager
def tile_server(answer: Answer) -> Iterator[TileServer]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                served.asked[urlsplit(self.path).path] += 1
                served.headers.append(dict(self.headers))
                served.at_once += 1
                served.most_at_once = max(served.most_at_once, served.at_once)
            time.sleep(served.slow)
            status, body = served.answer(self.path)
            with lock:
                served.at_once -= 1
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # who asked has lost patience
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = TileServer(f"http://127.0.0.1:{server.server_port}", answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()
