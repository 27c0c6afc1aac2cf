"""What must be said about a position beside where it is: what the report itself shows, and the watch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from console.sdk import PositionFlag, PositionSource
from plugins.staff.desktop.desk import Desk

TITLES = {
    PositionFlag.MOCK: "Not measured: set by hand or simulated",
    PositionFlag.UNVOUCHED: "Sender not vouched for",
    PositionFlag.FUTURE: "Clock of the device is ahead",
    PositionFlag.AWAY: "Connection lost",
    PositionFlag.LOW_BATTERY: "Low battery",
}
"""What weakens trust in the place comes first."""
SHORT = {
    PositionFlag.MOCK: "mock",
    PositionFlag.UNVOUCHED: "not vouched for",
    PositionFlag.FUTURE: "clock",
    PositionFlag.AWAY: "away",
    PositionFlag.LOW_BATTERY: "low battery",
}
"""The same for labels and columns."""
SHOWN = int(sum(TITLES, PositionFlag.NONE))
OUT_OF_RANGE, OUT_OF_RANGE_SHORT = "Outside of the activity range", "out of range"
SOURCES = {
    PositionSource.OSMAND: "Phone (OsmAnd)",
    PositionSource.OWNTRACKS: "Phone (OwnTracks)",
    PositionSource.COT: "TAK",
    PositionSource.MESH: "TAK multicast",
    PositionSource.VEHICLE: "Vehicle feed",
    PositionSource.PLUGIN: "Plugin",
}


def remarks(desk: Desk, row: int, *, short: bool = False) -> list[str]:
    """All that must be said about the position of one row, in the user's words."""
    words = SHORT if short else TITLES
    flags = int(desk.roster.flags[row])
    found = [title for flag, title in words.items() if flags & flag]
    if desk.roster.records[row].id in desk.outside:
        found.append(OUT_OF_RANGE_SHORT if short else OUT_OF_RANGE)
    return [desk.ctx.tr(title) for title in found]


def remarked(desk: Desk) -> npt.NDArray[np.bool_]:
    """One truth value a row: whether anything must be said about it."""
    mask = (desk.roster.flags & np.uint8(SHOWN)) != 0
    rows = [row for staff_id in desk.outside if (row := desk.row(staff_id)) is not None]
    mask[rows] = True
    return mask


def source_text(desk: Desk, row: int) -> str:
    """By which way the last report came; empty when that is unknown."""
    title = SOURCES.get(PositionSource(int(desk.roster.source[row])), "")
    return desk.ctx.tr(title) if title else ""
