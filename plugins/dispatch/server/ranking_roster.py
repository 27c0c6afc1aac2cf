"""Staff beside what is known of them now: last fix, battery, orders of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from console.sdk import PositionFlag, Positions
from console.sdk.records import Staff
from console.sdk.server import Trip
from plugins.dispatch.server.moving import Floats, headings

Mask = npt.NDArray[np.bool_]
_BAD = PositionFlag.JUMP | PositionFlag.NULL_ISLAND


@dataclass(frozen=True, slots=True)
class Roster:
    """One row a member; all columns have their length. NaN where nothing is known."""

    staff: Sequence[Staff]
    lonlat: Floats
    """(n, 2) WGS84 degrees."""
    age: Floats
    """Seconds since the last fix."""
    bad: Mask
    """The last fix is flagged as wrong."""
    battery: Floats
    """Charge of the device, 0..1."""
    heading: Floats
    """Degrees from north, of those who move."""
    at: float
    """When this was so, s since 1970."""
    load: Mapping[str, int] = field(default_factory=dict[str, int])
    """Orders of today by staff id."""

    @property
    def trip(self) -> Trip:
        """They set out now: in the traffic of this hour."""
        return Trip(at=self.at)


def make_roster(
    staff: Sequence[Staff], positions: Positions, now: float, load: Mapping[str, int] | None = None
) -> Roster:
    """Join *staff* to their fixes by handle."""
    handles = np.array([member.handle for member in staff], np.int64)
    by_handle = np.argsort(positions.handle, kind="stable")
    sorted_handles = positions.handle[by_handle].astype(np.int64)
    at = np.minimum(np.searchsorted(sorted_handles, handles), max(len(sorted_handles) - 1, 0))
    known = sorted_handles[at] == handles if len(sorted_handles) else np.zeros(len(handles), bool)
    lonlat, age = np.full((len(handles), 2), np.nan), np.full(len(handles), np.nan)
    bad = np.zeros(len(handles), bool)
    battery, heading = np.full(len(handles), np.nan), np.full(len(handles), np.nan)
    row = by_handle[at[known]] if len(sorted_handles) else np.zeros(0, np.int64)
    lonlat[known] = np.column_stack([positions.lon[row], positions.lat[row]])
    age[known] = np.maximum(now - positions.time[row], 0.0)
    bad[known] = (positions.flags[row] & int(_BAD)) > 0
    battery[known] = positions.battery[row]
    heading[known] = headings(positions, now)[row]
    return Roster(staff, lonlat, age, bad, battery, heading, now, load or {})
