"""Last positions of all devices as columns, one row a handle, and which rows changed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from console.model.positions import COLUMNS, Positions
from console.server.positions.rules import Fix

Rows = npt.NDArray[np.int64]


class PositionBoard:
    """Columns that grow by doubling. Safe to use from many threads."""

    def __init__(self) -> None:
        self._columns: dict[str, npt.NDArray[Any]] = {name: np.empty(256, t) for name, t in COLUMNS.items()}
        self._area = np.zeros(256, np.int64)
        self._row_of: dict[int, int] = {}
        self._dirty: set[int] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._row_of)

    def put(self, handle: int, area: str, fix: Fix) -> None:
        """Set the last position of *handle*."""
        with self._lock:
            row = self._row(handle)
            columns = self._columns
            columns["lon"][row] = fix.lon
            columns["lat"][row] = fix.lat
            columns["time"][row] = fix.time
            columns["speed"][row] = fix.speed
            columns["heading"][row] = fix.heading
            columns["accuracy"][row] = fix.accuracy
            columns["battery"][row] = fix.battery
            columns["flags"][row] = fix.flags
            columns["source"][row] = fix.source
            columns["floor"][row] = fix.floor
            self._area[row] = area_number(area)
            self._dirty.add(row)

    def flag(self, handle: int, flags: int) -> None:
        """Set the flags of *handle* beside its last good position, if it has one."""
        with self._lock:
            row = self._row_of.get(handle)
            if row is not None and self._columns["flags"][row] != flags:
                self._columns["flags"][row] = flags
                self._dirty.add(row)

    def add_flag(self, handle: int, flag: int) -> None:
        """Add one flag to those of *handle*, if it has a position."""
        row = self._row_of.get(handle)
        if row is not None:
            self.flag(handle, int(self._columns["flags"][row]) | flag)

    def time_of(self, handle: int) -> float:
        """Time of the last position, minus infinity when there is none."""
        row = self._row_of.get(handle)
        return float("-inf") if row is None else float(self._columns["time"][row])

    def take_dirty(self) -> Rows:
        """Rows that changed since the last call."""
        with self._lock:
            rows = np.fromiter(self._dirty, np.int64, len(self._dirty))
            self._dirty.clear()
        rows.sort()
        return rows

    def rows(self) -> Rows:
        """All rows."""
        return np.arange(len(self._row_of), dtype=np.int64)

    def within(self, rows: Rows, areas: Sequence[str]) -> Rows:
        """Those of *rows* whose device belongs to one of *areas*."""
        numbers = self._area[rows]
        keep = np.zeros(len(rows), bool)
        for code in areas:
            low, high = area_range(code)
            keep |= (numbers >= low) & (numbers < high)
        return rows[keep]

    def columns(self, rows: Rows) -> Positions:
        """A copy of the columns for *rows*."""
        with self._lock:
            return Positions(**{name: values[rows] for name, values in self._columns.items()})

    def handles_to_rows(self, handles: Iterable[int]) -> Rows:
        """Rows of the handles that are known."""
        found = [row for handle in handles if (row := self._row_of.get(handle)) is not None]
        return np.array(found, np.int64)

    def _row(self, handle: int) -> int:
        row = self._row_of.get(handle)
        if row is None:
            row = len(self._row_of)
            if row == len(self._area):
                self._grow()
            self._columns["handle"][row] = handle
            self._row_of[handle] = row
        return row

    def _grow(self) -> None:
        size = 2 * len(self._area)
        self._columns = {name: np.resize(values, size) for name, values in self._columns.items()}
        self._area = np.resize(self._area, size)


def area_number(code: str) -> int:
    """A code as number of 15 digits, so that "lies in" is a range test."""
    return int(code.ljust(15, "0")) if code else 0


def area_range(code: str) -> tuple[int, int]:
    """First number in the area, and the first after it."""
    step = 10 ** (15 - len(code))
    return int(code) * step, (int(code) + 1) * step
