"""Fixes come in here: judged at once, shown on the board, written by a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
from sqlalchemy.exc import SQLAlchemyError

from console.model.positions import PositionFlag, Positions
from console.sdk.server import Device, PositionFix, PositionRule
from console.server.positions.board import PositionBoard
from console.server.positions.history import PositionTables, Taken
from console.server.positions.rules import Fix, Track, Verdict, clean_fix, judge

log = logging.getLogger(__name__)

_MAX_WAITING = 500_000
"""Fixes kept while the database cannot be written (some minutes of a district)."""
_MAX_BATCH = 20_000
_OVERLAP = 3.0
"""Seconds that clocks and commits of other processes may lag."""


class PositionIntake:
    """The one way in for fixes of this process."""

    def __init__(self, board: PositionBoard, tables: PositionTables, tick: float, shared: bool) -> None:
        self._board, self._tables, self._tick, self._shared = board, tables, tick, shared
        self._tracks: dict[int, Track] = {}
        self._waiting: deque[Taken] = deque(maxlen=_MAX_WAITING)
        self._lock = threading.Lock()
        self._handlers: list[Callable[[Positions], None]] = []
        self._rules: list[PositionRule] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="positions", daemon=True)
        self._seen_others = 0.0
        self.fault = ""
        """Why nothing is written just now, or empty."""

    @property
    def waiting(self) -> int:
        """Fixes that wait to be written."""
        return len(self._waiting)

    def start(self) -> None:
        """Load last positions and begin to write."""
        self._take_last(self._tables.last())
        self._board.take_dirty()  # snapshots show them; nothing moved
        self._thread.start()

    def stop(self) -> None:
        """Write what waits and end."""
        self._stop.set()
        self._thread.join(timeout=30)

    def on_batch(self, handler: Callable[[Positions], None]) -> None:
        """*handler* gets the last positions that changed, each tick, on the writer's thread.

        Who calls SOS and never had a credible place comes too, with NaN for it.
        """
        self._handlers.append(handler)

    def admit(self, rule: PositionRule) -> None:
        """Keep only fixes that *rule*, too, lets in; it is asked on the thread of the request."""
        self._rules.append(rule)

    def take(self, device: Device, fixes: Sequence[PositionFix]) -> int:
        """Judge and keep *fixes* in order of time; returns how many were kept.

        Those without a usable place and those that a rule refuses leave no trace.
        """
        now = time.time()
        clean = [fix for raw in fixes if (fix := clean_fix(raw, now)) is not None]
        clean = [fix for fix in clean if self._admitted(device, fix)]
        clean.sort(key=lambda fix: fix.time)
        with self._lock:
            track = self._tracks.setdefault(device.handle, Track())
            for fix in clean:
                self._place(device, track, fix)
        return len(clean)

    def _place(self, device: Device, track: Track, fix: Fix) -> None:
        """Onto the board as far as it is new, and to history unless it is a mere repeat."""
        repeated = fix.time == track.newest
        verdict = judge(track, fix)
        if verdict is Verdict.MOVE:
            self._board.put(device.handle, device.area, fix)
        elif verdict is Verdict.DOUBTFUL:
            self._board.flag(device.handle, fix.flags)
        elif fix.flags & PositionFlag.SOS:
            self._board.add_flag(device.handle, PositionFlag.SOS)
        elif repeated:
            return
        self._waiting.append(Taken(device.handle, device.area, fix, verdict is Verdict.MOVE))

    def _admitted(self, device: Device, fix: Fix) -> bool:
        sos = bool(fix.flags & PositionFlag.SOS)
        return all(rule(device, fix.time, sos) for rule in self._rules)

    def _run(self) -> None:
        while not self._stop.wait(self._tick):
            self._turn()
        self._turn()

    def _turn(self) -> None:
        try:
            while batch := self._next_batch():
                self._tables.write(batch)
                self._drop_written(batch)
                self._tell(batch)
            if self._shared:
                self._take_last(self._tables.last(self._seen_others - _OVERLAP, by_others=True))
            self.fault = ""
        except SQLAlchemyError as error:
            if not self.fault:
                log.error("positions are not written: %s", getattr(error, "orig", error))
            self.fault = "positions are not written"
        except Exception:
            log.exception("positions")

    def _next_batch(self) -> list[Taken]:
        with self._lock:
            return list(islice(self._waiting, _MAX_BATCH))

    def _drop_written(self, batch: Sequence[Taken]) -> None:
        """Only what was written goes; a fault in between leaves the fixes waiting."""
        with self._lock:
            for taken in batch:
                if self._waiting and self._waiting[0] is taken:
                    self._waiting.popleft()

    def _tell(self, batch: Sequence[Taken]) -> None:
        if not self._handlers:
            return
        calling = {t.handle for t in batch if t.fix.flags & PositionFlag.SOS}
        moved = {t.handle for t in batch if t.moves} | calling
        known = self._board.columns(self._board.handles_to_rows(moved))
        positions = known.with_unplaced(sorted(calling - set(known.handle.tolist())))
        # a fix right after the call may have cleared it from the board
        positions.flags[np.isin(positions.handle, list(calling))] |= np.uint8(PositionFlag.SOS)
        for handler in self._handlers:
            try:
                handler(positions)
            except Exception:
                log.exception("a handler of positions failed")

    def _take_last(self, rows: Sequence[tuple[int, str, Fix, float]]) -> None:
        """Show what the database holds where it is fresher than the board."""
        with self._lock:
            for handle, area, fix, received in rows:
                self._seen_others = max(self._seen_others, received)
                if fix.time > self._board.time_of(handle):
                    track = self._tracks.setdefault(handle, Track())
                    track.good, track.newest = fix, max(track.newest, fix.time)
                    self._board.put(handle, area, fix)
