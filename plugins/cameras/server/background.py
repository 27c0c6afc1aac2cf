"""Threads of the backend that begin and end with it."""

from __future__ import annotations

import threading

from console.sdk.server import ServerContext


class Background:
    """A thread of its own; what it does is in ``_run``, until ``_stop`` is set."""

    def __init__(self, server: ServerContext, name: str) -> None:
        self._server = server
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with the server."""
        self._thread.start()

    def stop(self, patience: float | None = None) -> None:
        """End, with the server; waits so many seconds at most for what is being done, None: for its end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        raise NotImplementedError


class Repeated(Background):
    """Takes turns; whatever goes wrong in one is logged, and the next comes."""

    FAULT = ""
    """What a turn that went wrong did not do, for the log."""

    def _run(self) -> None:
        turns = 0
        while not self._stop.wait(self._pause(turns)):
            turns += 1
            try:
                self._turn()
            except Exception:  # one that is broken must not end the watch of all others
                self._server.log.exception(self.FAULT)

    def _pause(self, turns: int) -> float:
        """Seconds before the next turn, when there have been so many."""
        raise NotImplementedError

    def _turn(self) -> object:
        raise NotImplementedError
