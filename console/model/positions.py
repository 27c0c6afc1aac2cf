"""Positions of moving things: columns from the wire to the pixel, never one object each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

import numpy as np
import numpy.typing as npt


class PositionFlag(IntFlag):
    """What is wrong or special about a fix."""

    NONE = 0
    JUMP = 1
    """Impossible speed since the last good fix: kept, not drawn as truth."""
    NULL_ISLAND = 2
    """Exactly 0,0 or no fix."""
    FUTURE = 4
    """The device's clock is ahead; received time is used."""
    SOS = 8
    MOCK = 16
    """Not measured: an app made the place up, or somebody set it by hand."""
    LOW_BATTERY = 32
    AWAY = 64
    """The device's connection broke since."""
    UNVOUCHED = 128
    """Came by a way on which a sender can be forged (multicast)."""


class PositionSource(IntEnum):
    """By which protocol a fix came."""

    UNKNOWN = 0
    OSMAND = 1
    OWNTRACKS = 2
    COT = 3
    """TAK Cursor-on-Target over TCP or TLS."""
    MESH = 4
    """TAK Cursor-on-Target by multicast."""
    VEHICLE = 5
    """GTFS-realtime vehicle positions."""
    PLUGIN = 15


COLUMNS: dict[str, np.dtype[np.generic]] = {
    "handle": np.dtype("<u4"),
    "lon": np.dtype("<f8"),
    "lat": np.dtype("<f8"),
    "time": np.dtype("<f8"),
    "speed": np.dtype("<f4"),
    "heading": np.dtype("<f4"),
    "accuracy": np.dtype("<f4"),
    "battery": np.dtype("<f4"),
    "flags": np.dtype("<u1"),
    "source": np.dtype("<u1"),
    "floor": np.dtype("<f4"),
}
"""Column names and types: lon/lat WGS84 degrees, time of the fix s since 1970,
speed m/s, heading degrees from north, accuracy m, battery 0..1, floor 0 at ground level;
NaN is unknown."""
_LATER: dict[str, float] = {"source": PositionSource.UNKNOWN, "floor": np.nan}
"""Columns that older senders leave out, and what is known of them then."""


def _empty(name: str) -> npt.NDArray[np.generic]:
    return np.empty(0, COLUMNS[name])


@dataclass(slots=True, kw_only=True)
class Positions:
    """A batch of fixes, one row a handle. All arrays have shape (n,)."""

    handle: npt.NDArray[np.uint32] = field(default_factory=lambda: _empty("handle"))  # type: ignore[arg-type]
    lon: npt.NDArray[np.float64] = field(default_factory=lambda: _empty("lon"))  # type: ignore[arg-type]
    lat: npt.NDArray[np.float64] = field(default_factory=lambda: _empty("lat"))  # type: ignore[arg-type]
    time: npt.NDArray[np.float64] = field(default_factory=lambda: _empty("time"))  # type: ignore[arg-type]
    speed: npt.NDArray[np.float32] = field(default_factory=lambda: _empty("speed"))  # type: ignore[arg-type]
    heading: npt.NDArray[np.float32] = field(default_factory=lambda: _empty("heading"))  # type: ignore[arg-type]
    accuracy: npt.NDArray[np.float32] = field(default_factory=lambda: _empty("accuracy"))  # type: ignore[arg-type]
    battery: npt.NDArray[np.float32] = field(default_factory=lambda: _empty("battery"))  # type: ignore[arg-type]
    flags: npt.NDArray[np.uint8] = field(default_factory=lambda: _empty("flags"))  # type: ignore[arg-type]
    source: npt.NDArray[np.uint8] = field(default_factory=lambda: _empty("source"))  # type: ignore[arg-type]
    floor: npt.NDArray[np.float32] = field(default_factory=lambda: _empty("floor"))  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        for name, unknown in _LATER.items():
            if not len(getattr(self, name)):
                setattr(self, name, np.full(len(self.handle), unknown, COLUMNS[name]))

    def __len__(self) -> int:
        return len(self.handle)

    def only(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Positions:
        """Those of a mask, or of row numbers."""
        return Positions(**{name: getattr(self, name)[rows] for name in COLUMNS})

    def with_unplaced(self, handles: Sequence[int]) -> Positions:
        """These, and after them *handles* that have no place: all NaN, flagged as no fix."""
        more: dict[str, Any] = {
            name: np.full(len(handles), np.nan if dtype.kind == "f" else 0, dtype)
            for name, dtype in COLUMNS.items()
        }
        more["handle"][:] = handles
        more["flags"][:] = PositionFlag.NULL_ISLAND
        return Positions(**{name: np.concatenate([getattr(self, name), more[name]]) for name in COLUMNS})

    def to_wire(self) -> dict[str, bytes]:
        """Columns as little-endian bytes, for MessagePack."""
        return {name: np.ascontiguousarray(getattr(self, name), dt).tobytes() for name, dt in COLUMNS.items()}

    @classmethod
    def from_wire(cls, columns: dict[str, bytes]) -> Positions:
        """Decode columns; raises ValueError if they are missing or differ in length."""
        try:
            given = {name: columns[name] for name in COLUMNS if name in columns or name not in _LATER}
        except KeyError as error:
            raise ValueError(f"positions without column {error}") from error
        arrays = {name: np.frombuffer(data, COLUMNS[name]) for name, data in given.items()}
        if len({len(a) for a in arrays.values()}) != 1:
            raise ValueError("position columns differ in length")
        return cls(**arrays)  # type: ignore[arg-type]
