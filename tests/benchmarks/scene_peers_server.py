"""The loopback HTTP server of ``scene_peers``: the tilesets for both sides, and the peer's page."""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from console.scene.refusal import SceneRefused
from console.scene.tiles import Source
from tests.benchmarks.browser import KINDS, PeerFailed

Words = dict[str, Any]


class Talk:
    """What a page is asked, and what it answers: one question at a time."""

    def __init__(self) -> None:
        self._questions: queue.Queue[Words | None] = queue.Queue()
        self._answers: queue.Queue[Words] = queue.Queue()

    def heard(self, answer: Words) -> Words | None:
        """The page's thread: here is its last answer; waits for what is next, None at the end."""
        self._answers.put(answer)
        return self._questions.get()

    def told_of_fault(self, text: str) -> None:
        self._answers.put({"fault": text})

    def answer(self, longest: float) -> Words:
        """The page's next answer within *longest* seconds. Raises PeerFailed."""
        try:
            found = self._answers.get(timeout=longest)
        except queue.Empty:
            raise PeerFailed(f"the page says nothing for {longest:.0f} s") from None
        if "fault" in found:
            raise PeerFailed(found["fault"])
        return found

    def ask(self, what: str, longest: float, **given: Any) -> Words:
        """Raises PeerFailed."""
        self._questions.put({"what": what, **given})
        return self.answer(longest)

    def end(self) -> None:
        self._questions.put(None)


class _Server(ThreadingHTTPServer):
    """Programs end while their connections are open: that is no fault."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # pyright: ignore[reportArgumentType]


@contextmanager
def serving(
    sets: Mapping[str, Source],
    folders: Mapping[str, Path],
    files: Mapping[str, bytes],
    talk: Talk | None = None,
) -> Iterator[str]:
    """Serve ``/NAME/…`` from *sets* and *folders*, ``/NAME`` from *files*; gives the address."""
    handler = _handler(lambda path: _read(path, sets, folders, files), talk or Talk())
    server = _Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _read(
    path: str, sets: Mapping[str, Source], folders: Mapping[str, Path], files: Mapping[str, bytes]
) -> bytes | None:
    """None: not there."""
    name, _, rest = path.partition("/")
    if name in sets:
        try:
            return sets[name].read(rest)
        except SceneRefused:
            return None
    if name in folders and ".." not in rest:
        file = folders[name] / rest
        return file.read_bytes() if file.is_file() else None
    return files.get(path)


def _handler(read: Callable[[str], bytes | None], talk: Talk) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Loopback only; quiet; keeps connections."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            body = read(self.path.split("?")[0].strip("/"))
            self._answer(404 if body is None else 200, body or b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/fault":
                talk.told_of_fault(body.decode("utf-8", "replace"))
                self._answer(200, b"{}")
            elif (question := talk.heard(json.loads(body))) is not None:
                self._answer(200, json.dumps(question).encode())

        def _answer(self, code: int, body: bytes) -> None:
            kind = KINDS.get(Path(self.path.split("?")[0]).suffix, "application/octet-stream")
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    return Handler
