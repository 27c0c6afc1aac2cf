"""Metres by person and day, counted as positions come in, so that no track need be read for it."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import date
from math import cos, hypot, radians

from sqlalchemy import select

from console.sdk import PositionFlag, Positions
from console.sdk.server import ServerContext
from plugins.staff.server.tables import StaffRow
from plugins.staff.server.tracks.measure import GAP
from plugins.staff.server.workload.tables import DayRow

STEP = 25.0
"""Metres from the last counted place before more are counted: else phones that lie still walk."""
EVERY = 60.0
"""Seconds between writes."""
_WRONG = int(PositionFlag.JUMP | PositionFlag.NULL_ISLAND)
_DEGREE = 111_195.0


class Meter:
    """Gets each batch on the writer's thread; writes from the clock's."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._last: dict[int, tuple[float, float, float]] = {}
        self._sums: defaultdict[tuple[int, str], float] = defaultdict(float)
        self._next = 0.0

    @property
    def waiting(self) -> float:
        """Metres of all that are counted but not yet written."""
        with self._lock:
            return sum(self._sums.values())

    def take(self, fixes: Positions) -> None:
        """Count what those who moved have come since they were counted last."""
        good = (fixes.flags & _WRONG) == 0
        rows = zip(
            fixes.handle[good].tolist(),
            fixes.lon[good].tolist(),
            fixes.lat[good].tolist(),
            fixes.time[good].tolist(),
            strict=True,
        )
        with self._lock:
            for handle, lon, lat, at in rows:
                self._count(handle, lon, lat, at)

    def tick(self, now: float) -> None:
        """Write, when it is time to."""
        if now >= self._next:
            self._next = now + EVERY
            self.write()

    def write(self) -> None:
        """Add what was counted to the days' rows, in one transaction."""
        with self._lock:
            sums, self._sums = self._sums, defaultdict(float)
        if not sums:
            return
        with self._server.session(write=True) as session:
            handles = dict(session.execute(select(StaffRow.handle, StaffRow.id)).tuples().all())
            for (handle, day), metres in sums.items():
                if handle in handles:
                    row = session.get(DayRow, (handles[handle], day))
                    if row is None:
                        session.add(DayRow(staff=handles[handle], day=day, metres=metres))
                    else:
                        row.metres += metres

    def _count(self, handle: int, lon: float, lat: float, at: float) -> None:
        before = self._last.get(handle)
        if before is None or at - before[2] > GAP:
            self._last[handle] = (lon, lat, at)
            return
        metres = hypot((lon - before[0]) * cos(radians(lat)), lat - before[1]) * _DEGREE
        if metres >= STEP:
            self._sums[handle, date.fromtimestamp(at).isoformat()] += metres
            self._last[handle] = (lon, lat, at)
        else:
            self._last[handle] = (before[0], before[1], at)
