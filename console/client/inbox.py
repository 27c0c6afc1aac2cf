"""Between the network's thread and the GUI's: what has come since the last look."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from console.model.positions import Positions
from console.store.batch import Batch, Clock, RecordChange, Snapshot
from console.store.positions import join_positions

MAX_PENDING_ROWS = 200_000
"""Position rows kept before they are coalesced, should nobody look for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How the feed stands."""

    connected: bool = False
    latency: float | None = None
    """Seconds there and back; None while unknown."""
    problem: str = ""
    """Why not connected, in the user's words."""
    signed_out: bool = False
    """The backend wants a new sign-in."""


class Inbox:
    """Records are never dropped and keep their order; of positions the newest stay. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._changes: list[RecordChange] = []
        self._positions: list[Positions] = []
        self._rows = 0
        self._clock: Clock | None = None
        self._connection = Connection()
        self._live = False

    def put_old_snapshot(self, snapshot: Snapshot) -> None:
        """The last known state from the cache, unless the backend was faster."""
        with self._lock:
            if not self._live:
                self._snapshot = snapshot

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Everything anew: what waited before it is contained in it."""
        with self._lock:
            self._live = True
            self._snapshot = snapshot
            self._changes, self._positions, self._rows = [], [], 0

    def put_changes(self, changes: list[RecordChange]) -> None:
        """Changes, in order."""
        with self._lock:
            self._changes += changes

    def put_positions(self, positions: Positions) -> None:
        """Fixes; coalesced when they are many."""
        with self._lock:
            self._positions.append(positions)
            self._rows += len(positions)
            if self._rows > MAX_PENDING_ROWS:
                self._positions = [join_positions(self._positions)]
                self._rows = len(self._positions[0])

    def put_clock(self, clock: Clock) -> None:
        """The backend's clock."""
        with self._lock:
            self._clock = clock

    def set_connection(self, connection: Connection) -> None:
        """How the feed stands now."""
        with self._lock:
            self._connection = connection

    @property
    def connection(self) -> Connection:
        """How the feed stands."""
        return self._connection

    def drain(self) -> Batch | None:
        """All that came since the last call, None for nothing."""
        with self._lock:
            snapshot, changes, parts, clock = self._snapshot, self._changes, self._positions, self._clock
            self._snapshot, self._changes, self._positions, self._clock = None, [], [], None
            self._rows = 0
        if snapshot is None and not changes and not parts and clock is None:
            return None
        positions = parts[0] if len(parts) == 1 else join_positions(parts) if parts else None
        return Batch(snapshot=snapshot, changes=changes, positions=positions, clock=clock)
