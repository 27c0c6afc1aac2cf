"""The attributes of a layer package as a table of any length, read from the disk as they are looked at.

Made for worker threads: what takes long is numpy's, which lets the GUI thread go on meanwhile, or
is done in small pieces. ``text`` and ``place`` are quick enough for painting.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from console.model.layers import DEGREE, PackageError, read_arrays

Rows = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
_KEY = 48
"""Bytes of a text by which it is sorted."""
_BLOCK = 1 << 18
"""Bytes or texts at a time."""
_UPPER = (ord("A"), ord("Z"))


class FeatureTable:
    """One package. Raises OSError and ``PackageError`` on opening."""

    def __init__(self, path: str, fields: Sequence[str] = ()) -> None:
        """*fields* tells the order of columns; those that are not named are left out (empty: all)."""
        with Path(path).open("rb") as file:
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        try:
            header, arrays = read_arrays(view)
            self._text_columns = frozenset(header["text_columns"])
            self._xy, self._part_start = arrays["xy"], arrays["part_start"]
            self._feature_start, self._blob = arrays["feature_start"], arrays["strings"]
        except (ValueError, KeyError, TypeError) as error:
            raise PackageError(f"broken layer package: {error}") from error
        found = {name[4:]: values for name, values in arrays.items() if name.startswith("col:")}
        self.columns: dict[str, npt.NDArray[Any]] = {
            name: found[name] for name in fields or found if name in found
        }
        """Numbers as they are; of texts, the places of their strings."""
        ends = np.append(np.flatnonzero(self._blob == 0), len(self._blob))
        self._starts = np.concatenate([[0], ends[:-1] + 1])
        self._lengths = ends - self._starts
        self._lower: bytes | None = None

    def __len__(self) -> int:
        return len(self._feature_start) - 1

    def is_text(self, name: str) -> bool:
        """Whether a column holds texts."""
        return name in self._text_columns

    def text(self, row: int, name: str) -> str:
        """One cell as it is shown; a number that is missing is empty."""
        value = self.columns[name][row]
        if name in self._text_columns:
            start = int(self._starts[value])
            return bytes(self._blob[start : start + int(self._lengths[value])]).decode("utf-8", "replace")
        if value.dtype.kind == "f":
            return "" if np.isnan(value) else f"{float(value):.12g}"
        return str(int(value))

    def bounds(self, row: int) -> tuple[float, float, float, float]:
        """West, south, east, north of a feature in degrees."""
        first, last = self._feature_start[row], self._feature_start[row + 1]
        xy = self._xy[self._part_start[first] : self._part_start[last]]
        (west, south), (east, north) = xy.min(axis=0) / DEGREE, xy.max(axis=0) / DEGREE
        return float(west), float(south), float(east), float(north)

    def boxes(self) -> npt.NDArray[np.float64]:
        """(n, 4) west, south, east, north of all features in degrees; nan for those without vertices."""
        starts = self._part_start[self._feature_start]
        full = starts[1:] > starts[:-1]
        found = np.full((len(self), 4), np.nan)
        if full.any():
            first = starts[:-1][full].astype(np.intp)
            found[full, :2] = np.minimum.reduceat(self._xy, first, axis=0) / DEGREE
            found[full, 2:] = np.maximum.reduceat(self._xy, first, axis=0) / DEGREE
        return found

    def ordered(self, rows: Rows, name: str, *, descending: bool) -> Rows:
        """*rows* by a column; what is empty comes last either way."""
        values = self.columns[name][rows]
        if self.is_text(name):
            keys, missing = self._ranks(values), values == 0
        else:
            missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), np.bool_)
            keys = values.astype(np.int64) if values.dtype.kind in "iu" else values
        keys = -keys if descending else keys
        return rows[np.lexsort((keys, missing))]

    def matching(self, name: str, needle: str, *, whole: bool = False, start: bool = False) -> Mask:
        """Rows whose text holds, is (*whole*) or begins with (*start*) *needle*; big and small Latin
        letters count as the same."""
        return self._strings_with(needle, whole=whole, start=start)[self.columns[name]]

    def anywhere(self, needle: str) -> Mask:
        """Rows of which any text holds *needle*."""
        strings = self._strings_with(needle, whole=False, start=False)
        found = np.zeros(len(self), np.bool_)
        for name in self.columns:
            if self.is_text(name):
                found |= strings[self.columns[name]]
        return found

    def _ranks(self, values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Places of texts in the order of their characters (which is that of their bytes)."""
        used, at = np.unique(values, return_inverse=True)
        keys = np.empty(len(used), f"S{_KEY}")
        within = np.arange(_KEY)
        for first in range(0, len(used), _BLOCK // _KEY):
            ids = used[first : first + _BLOCK // _KEY]
            where = np.minimum(self._starts[ids][:, None] + within, max(len(self._blob) - 1, 0))
            beyond = within >= self._lengths[ids][:, None]
            letters = np.where(beyond, 0, self._blob[where] if len(self._blob) else 0).astype(np.uint8)
            keys[first : first + len(ids)] = letters.view(f"S{_KEY}").ravel()
        order = np.argsort(keys, kind="stable")
        ranks = np.empty(len(used), np.int64)
        ranks[order] = np.cumsum(np.append(False, keys[order][1:] != keys[order][:-1]))
        return ranks[at]

    def _strings_with(self, needle: str, *, whole: bool, start: bool) -> Mask:
        found = np.zeros(len(self._starts), np.bool_)
        wanted = _lower(np.frombuffer(needle.encode(), np.uint8)).tobytes()
        if not wanted:
            return self._lengths == 0 if whole else ~found
        places = np.array(self._places(wanted), np.int64)
        ids = np.searchsorted(self._starts, places, side="right") - 1
        if whole or start:
            right = places == self._starts[ids]
            right &= self._lengths[ids] == len(wanted) if whole else True
            ids = ids[right]
        found[ids] = True
        return found

    def _places(self, wanted: bytes) -> list[int]:
        """Where *wanted* begins in all texts; looked for in blocks, so that other threads get their turn."""
        if self._lower is None:
            self._lower = _lower(self._blob).tobytes()
        places: list[int] = []
        for first in range(0, len(self._lower), _BLOCK):
            end = first + _BLOCK + len(wanted) - 1
            at = self._lower.find(wanted, first, end)
            while at >= 0:
                places.append(at)
                at = self._lower.find(wanted, at + 1, end)
        return places


def _lower(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Small letters for big Latin ones, in UTF-8."""
    big = (letters >= _UPPER[0]) & (letters <= _UPPER[1])
    return np.where(big, letters + np.uint8(32), letters).astype(np.uint8)
