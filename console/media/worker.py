"""A decoding process: ``python -m console.media.worker`` reads requests on stdin, answers on stdout.

A process of its own because a decoder that crashes must take only its own pictures with it, and because
threads of the window's process would wait for its lock. It ends when its stdin does, that is, when the
window closes or dies.
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

from console.media.clip import ClipWriter
from console.media.hardware import found
from console.media.messages import (
    Begin,
    Clip,
    Close,
    Open,
    Patience,
    Reply,
    Request,
    Saved,
    Take,
    Taken,
    Tune,
    decode_request,
    encode,
)
from console.media.ring import Room
from console.media.stream import StreamThread
from console.model.replays import Progress
from console.model.streams import Reason
from console.processes import end_with_parent

BEHIND = 5
"""Niceness: when many pictures come at one moment, the window that paints them goes first."""


class Desk:
    """The streams that are asked for, by number."""

    def __init__(self, say: Callable[[Reply], None]) -> None:
        self._say = say
        self._patience, self._device = Patience(), ""
        self._gate, self._room = threading.Semaphore(1), Room()
        self._streams: dict[int, StreamThread] = {}

    def serve(self, request: Request) -> None:
        """Do what is asked."""
        match request:
            case Begin():
                self._patience = request.patience
                self._device = found() if request.hardware else ""
                self._gate = threading.Semaphore(request.opens)
            case Open():
                self._open(request)
            case Tune():
                if thread := self._streams.get(request.stream):
                    thread.tune(request)
            case Close():
                if thread := self._streams.pop(request.stream, None):
                    thread.close()
            case Take():
                thread = self._streams.get(request.stream)
                self._say(Taken(request.stream, request.job, thread is not None and thread.take(request)))
            case Clip():
                self._clip(request)

    def _clip(self, asked: Clip) -> None:
        if thread := self._streams.get(asked.stream):
            ClipWriter(asked, thread.ring.cut(asked.seconds), self._say).start()
        else:
            nothing = Progress(asked.stream, 0.0, reason=Reason.NO_VIDEO)
            self._say(Saved(asked.stream, asked.job, nothing))

    def _open(self, request: Open) -> None:
        with suppress(OSError):  # its memory is gone: it was closed while this process came up
            thread = StreamThread(request, self._patience, self._gate, self._room, self._say, self._device)
            self._streams[request.stream] = thread
            thread.start()


def main() -> None:
    """Serve until stdin ends."""
    end_with_parent(signal.SIGKILL)
    if hasattr(os, "nice"):
        os.nice(BEHIND)
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
    os._exit(0)  # threads that wait for a server need not be waited for


if __name__ == "__main__":
    main()
