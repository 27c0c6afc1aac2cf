"""What a plugin gives for the points of a layer, checked once and kept as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from console.map.viewport import to_world

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Columns:
    """n points; what was not given is None."""

    xy: Floats
    """(n, 2) world units; NaN where the place is not known."""
    sprite: Ints
    heading: Floats | None
    """Degrees clockwise from north; NaN where not known."""
    opacity: Floats | None
    accuracy: Floats | None
    keys: npt.NDArray[np.int64] | None
    drawn: Ints
    """Rows with a place and an opacity above nothing, ascending."""

    def __len__(self) -> int:
        return len(self.xy)

    def looks_like(self, other: Columns) -> bool:
        """Whether symbol, heading, opacity and rows drawn are the same; places may differ."""
        mine = (self.sprite, self.drawn, self.heading, self.opacity)
        theirs = (other.sprite, other.drawn, other.heading, other.opacity)
        return all(_same(a, b) for a, b in zip(mine, theirs, strict=True))

    def rows_of(self, keys: npt.NDArray[np.int64]) -> Ints:
        """Rows that have one of these keys."""
        return np.empty(0, np.intp) if self.keys is None else np.flatnonzero(np.isin(self.keys, keys))


def _same(a: npt.NDArray[Any] | None, b: npt.NDArray[Any] | None) -> bool:
    if a is None or b is None:
        return a is b
    return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


NO_POINTS = Columns(np.empty((0, 2)), np.empty(0, np.intp), None, None, None, None, np.empty(0, np.intp))


def read_columns(lon: Any, lat: Any, kinds: int, **given: Any) -> Columns:
    """Columns as in ``PointLayer.set_points`` of a style with *kinds* sprites.

    Raises ValueError for columns that differ in length or are not numbers, for
    sprites that the style doesn't have and for keys that are not whole numbers.
    """
    given = {"lon": lon, "lat": lat} | {name: column for name, column in given.items() if column is not None}
    columns = {name: _numbers(name, column) for name, column in given.items()}
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"the columns of points differ in length: {told}")
    xy = places(columns["lon"].astype(float), columns["lat"].astype(float))
    opacity = _floats(columns.get("opacity"))
    opacity = None if opacity is None else np.clip(np.where(np.isnan(opacity), 1.0, opacity), 0.0, 1.0)
    heading = _floats(columns.get("heading"))
    heading = None if heading is None else np.where(np.isfinite(heading), heading, np.nan)
    seen = np.isfinite(xy[:, 0]) if opacity is None else np.isfinite(xy[:, 0]) & (opacity > 0)
    return Columns(
        xy,
        _sprites(columns.get("sprite"), len(xy), kinds),
        None if heading is None or np.isnan(heading).all() else heading,
        opacity,
        _floats(columns.get("accuracy")),
        _keys(columns.get("keys")),
        np.flatnonzero(seen),
    )


def _numbers(name: str, column: Any) -> npt.NDArray[Any]:
    array = np.asarray(column)
    if array.ndim != 1 or (array.dtype.kind not in "iufb" and array.size):
        raise ValueError(f"the column {name} must be one row of numbers")
    return array


def _floats(column: npt.NDArray[Any] | None) -> Floats | None:
    """A copy: what the caller does with its array later doesn't change the map."""
    return None if column is None else column.astype(float)


def places(lon: Floats, lat: Floats) -> Floats:
    """(n, 2) world units; NaN for what is nowhere on the earth."""
    known = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    xy = np.column_stack(to_world(np.where(known, lon, 0.0), np.where(known, lat, 0.0))).reshape(-1, 2)
    xy[~known] = np.nan
    return xy


def _sprites(column: npt.NDArray[Any] | None, number: int, kinds: int) -> Ints:
    if number and not kinds:
        raise ValueError("the layer's style has no sprites")
    if column is None or not number:
        return np.zeros(number, np.intp)
    if not ((column >= 0) & (column < kinds)).all():
        raise ValueError(f"the column sprite must hold 0 to {kinds - 1}, the places of the style's sprites")
    return column.astype(np.intp)


def _keys(column: npt.NDArray[Any] | None) -> npt.NDArray[np.int64] | None:
    if column is None:
        return None
    if column.dtype.kind == "f" and not (np.isfinite(column) & (column == np.rint(column))).all():
        raise ValueError("the column keys must hold whole numbers")
    return column.astype(np.int64)
