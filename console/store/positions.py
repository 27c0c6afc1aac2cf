"""Last positions and short trails of all moving things, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from console.model.positions import COLUMNS, PositionFlag, Positions
from console.sdk.map import Undo
from console.store.handlers import Handlers
from console.store.trails import Trails

Ints = npt.NDArray[np.int64]
_UNTRUE = PositionFlag.JUMP | PositionFlag.NULL_ISLAND
_FIRST_CAPACITY = 256


def join_positions(parts: list[Positions]) -> Positions:
    """One batch of several: the newest fix of each handle, on a tie the later part's."""
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    return _usable(Positions(**columns))


def _usable(fixes: Positions) -> Positions:
    """The newest fix of each handle, without those that have no place or time."""
    finite = np.flatnonzero(np.isfinite(fixes.lon) & np.isfinite(fixes.lat) & np.isfinite(fixes.time))
    handle = fixes.handle[finite]
    order = np.lexsort((fixes.time[finite], handle))  # stable: on a tie the later row comes last
    ordered = handle[order]
    last = np.append(ordered[1:] != ordered[:-1], True) if len(ordered) else np.zeros(0, bool)
    keep = finite[order[last]]
    return Positions(**{name: getattr(fixes, name)[keep] for name in COLUMNS})


class PositionTable:
    """Implements ``console.sdk.live.LivePositions``; only LiveStore writes.

    A handle keeps its row until the next snapshot.
    """

    def __init__(self) -> None:
        self._columns: dict[str, npt.NDArray[Any]] = {
            name: np.empty(_FIRST_CAPACITY, dtype) for name, dtype in COLUMNS.items()
        }
        self._count = 0
        self._sorted_handles: npt.NDArray[np.uint32] = np.empty(0, np.uint32)
        self._sorted_rows: Ints = np.empty(0, np.int64)
        self._trails = Trails()
        self._handlers = Handlers()
        self._view: Positions | None = None

    def columns(self) -> Positions:
        """Present columns; read-only views that the next batch writes on."""
        if self._view is None:
            parts = {name: values[: self._count] for name, values in self._columns.items()}
            for values in parts.values():
                values.flags.writeable = False
            self._view = Positions(**parts)  # type: ignore[arg-type]
        return self._view

    def row(self, handle: int) -> int | None:
        """Row of *handle*, or None."""
        found = int(self.rows(np.array([handle]))[0])
        return None if found < 0 else found

    def rows(self, handles: npt.NDArray[Any]) -> Ints:
        """Rows of many handles, -1 where unknown."""
        wanted = np.asarray(handles)
        if not len(self._sorted_handles):
            return np.full(len(wanted), -1, np.int64)
        at = np.minimum(np.searchsorted(self._sorted_handles, wanted), len(self._sorted_handles) - 1)
        return np.where(self._sorted_handles[at] == wanted, self._sorted_rows[at], -1)

    def trail(self, handle: int, seconds: float) -> npt.NDArray[Any]:
        """(n, 3) lon, lat, time of the last *seconds* before the newest fix, oldest first."""
        row = self.row(handle)
        return np.empty((0, 3)) if row is None else self._trails.of(row, seconds)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called after each batch that changed a position."""
        return self._handlers.add(handler)

    def announce(self) -> Iterator[None]:
        """Tell the handlers, one a step."""
        return self._handlers.calls()

    def upsert(self, fixes: Positions) -> bool:
        """Take the fixes that are newer than what is known; whether any was."""
        fixes = _usable(fixes)
        rows = self.rows(fixes.handle)
        known = rows >= 0
        fresh = np.ones(len(fixes), bool)
        fresh[known] = fixes.time[known] >= self._columns["time"][rows[known]]
        rows[~known] = self._add(fixes.handle[~known])
        rows, keep = rows[fresh], np.flatnonzero(fresh)
        for name, values in self._columns.items():
            values[rows] = getattr(fixes, name)[keep]
        true = (fixes.flags[keep] & np.uint8(_UNTRUE)) == 0
        self._trails.extend(rows[true], fixes.lon[keep[true]], fixes.lat[keep[true]], fixes.time[keep[true]])
        return bool(len(keep))

    def reset(self, fixes: Positions) -> None:
        """Replace all rows; trails of those that stay are kept."""
        fixes = _usable(fixes)
        rows_before, trails_before = self.rows(fixes.handle), self._trails
        self._count, self._view, self._trails = 0, None, Trails()
        self._sorted_handles, self._sorted_rows = np.empty(0, np.uint32), np.empty(0, np.int64)
        rows = self._add(fixes.handle)
        self._columns["time"][rows] = -np.inf
        self._trails.take(trails_before, rows_before, rows)
        self.upsert(fixes)

    def _add(self, handles: npt.NDArray[np.uint32]) -> Ints:
        """Rows for handles that are new; capacity doubles, so growing is amortised."""
        rows = np.arange(self._count, self._count + len(handles))
        if not len(handles):
            return rows
        self._count += len(handles)
        self._view = None
        capacity = len(self._columns["handle"])
        if self._count > capacity:
            capacity = max(self._count, capacity * 2)
            self._columns = {name: np.resize(values, capacity) for name, values in self._columns.items()}
        self._trails.grow(self._count)
        self._columns["handle"][rows] = handles
        every = np.concatenate([self._sorted_handles, handles])
        order = np.argsort(every)
        self._sorted_handles = every[order]
        self._sorted_rows = np.concatenate([self._sorted_rows, rows])[order]
        return rows
