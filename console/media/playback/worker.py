"""The replaying process: ``python -m console.media.playback.worker`` reads requests on stdin.

Apart from live pictures: a recording that a decoder dies of must not take them along. It ends when its stdin
does, that is, when the window closes or dies.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

import av.logging
import msgspec

from console.media.messages import Patience
from console.media.playback.export import Writer
from console.media.playback.messages import (
    Drop,
    Follow,
    Replay,
    Reply,
    Request,
    Resize,
    Write,
    decode_request,
    encode,
)
from console.media.playback.player import Player
from console.processes import end_with_parent


class Desk:
    """Replays and files that are asked for, by number."""

    def __init__(self, say: Callable[[Reply], None]) -> None:
        self._say = say
        self._patience = Patience()
        self._players: dict[int, Player] = {}
        self._writers: dict[int, Writer] = {}

    def serve(self, request: Request) -> None:
        """Do what is asked."""
        match request:
            case Replay():
                with suppress(OSError):  # its memory is gone: it was dropped while this process came up
                    self._players[request.stream] = Player(request, self._patience, self._say)
                    self._players[request.stream].start()
            case Write():
                self._writers[request.stream] = Writer(request, self._patience, self._say)
                self._writers[request.stream].start()
            case Follow():
                if player := self._players.get(request.stream):
                    player.follow(request)
            case Resize():
                if player := self._players.get(request.stream):
                    player.resize(request)
            case Drop():
                for kept in (self._players, self._writers):
                    if dropped := kept.pop(request.stream, None):
                        dropped.close()


def main() -> None:
    """Serve until stdin ends."""
    end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the console, who ends us
    av.logging.set_level(None)  # it would write addresses, and sign-ins with them
    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    said = threading.Lock()

    def say(reply: Reply) -> None:
        with said:
            output.write(encode(reply))
            output.flush()

    desk = Desk(say)
    for line in sys.stdin.buffer:
        try:
            request = decode_request(line)
        except msgspec.DecodeError:
            print("a request was not understood", file=sys.stderr)  # noqa: T201
            continue
        desk.serve(request)
    os._exit(0)  # threads that wait for a recorder need not be waited for


if __name__ == "__main__":
    main()
