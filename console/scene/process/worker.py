"""The drawing process: ``python -m console.scene.process.worker`` reads requests on stdin, answers on stdout.

A process of its own because VTK holds the GIL while it draws: the window would stand still. It ends when
its stdin does, that is, when the window closes or dies.
"""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue

import msgspec

from console.processes import end_with_parent
from console.scene.process.desk import Desk
from console.scene.process.messages import Reply, Request, decode_request, encode


class _Woken:
    """Something was read."""


class _Ended:
    """Nobody asks any more."""


Heard = Request | _Woken | _Ended


def main() -> None:
    """Serve until stdin ends."""
    end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the console, who ends us
    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    said = threading.Lock()

    def send(reply: Reply) -> None:
        with said:
            output.write(encode(reply))
            output.flush()

    heard: SimpleQueue[Heard] = SimpleQueue()
    threading.Thread(target=_listen, args=(heard,), daemon=True).start()
    desk = Desk(send, lambda: heard.put(_Woken()))
    while True:
        pending = _next(heard, desk.rest())
        if any(isinstance(each, _Ended) for each in pending):
            break
        for each in pending:
            if not isinstance(each, _Woken | _Ended):
                desk.serve(each)
        desk.work()
    desk.close()


def _next(heard: SimpleQueue[Heard], rest: float | None) -> list[Heard]:
    """All that is there, after the first has come or *rest* seconds have passed."""
    pending: list[Heard] = []
    with suppress(Empty):
        pending.append(heard.get(timeout=rest))
        while True:
            pending.append(heard.get_nowait())
    return pending


def _listen(heard: SimpleQueue[Heard]) -> None:
    for line in sys.stdin.buffer:
        try:
            heard.put(decode_request(line))
        except msgspec.DecodeError as error:
            print("not understood:", error, file=sys.stderr)  # noqa: T201
    heard.put(_Ended())


if __name__ == "__main__":
    main()
