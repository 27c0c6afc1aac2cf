"""What is going on in a building: open events, staff on duty and cameras, as the feed tells."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from console.sdk import Context
from console.sdk.records import OPEN_EVENT_STATES, Camera, Duty, Event, LonLat, Staff
from plugins.buildings.desktop.addresses import DEGREE

R = TypeVar("R")
REACH = 8.0
"""Metres around a building: positions are no better, and cameras hang on its walls."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Records in the order of their names."""

    events: tuple[Event, ...] = ()
    staff: tuple[tuple[Staff, int | None], ...] = ()
    """With the floor that their device tells, counted from 1 (below the ground from -1); None: unknown."""
    cameras: tuple[Camera, ...] = ()

    def __len__(self) -> int:
        return len(self.events) + len(self.staff) + len(self.cameras)


def around(outline: shapely.MultiPolygon, metres: float = REACH) -> shapely.Geometry:
    """The outline with what is within *metres* of it, in degrees."""
    squeeze = float(np.cos(np.radians(outline.centroid.y)))
    flat = shapely.transform(outline, lambda xy: xy * [squeeze, 1.0])
    wide = shapely.buffer(flat, metres / DEGREE, join_style="mitre")
    return shapely.transform(wide, lambda xy: xy / [squeeze, 1.0])


def inside(ctx: Context, area: shapely.Geometry) -> Inside:
    """Who and what is in *area* (degrees) now; a millisecond with 10,000 staff."""
    live = ctx.live
    events = [event for event in live.collection("event").all() if event.state in OPEN_EVENT_STATES]
    cameras = list[Camera](live.collection("camera").all())
    return Inside(
        tuple(_within(area, events, [event.where for event in events])),
        _staff(ctx, area),
        tuple(_within(area, cameras, [camera.where for camera in cameras])),
    )


def _staff(ctx: Context, area: shapely.Geometry) -> tuple[tuple[Staff, int | None], ...]:
    columns = ctx.live.positions.columns()
    rows = np.flatnonzero(_covers(area, columns.lon, columns.lat))
    told = zip(columns.handle[rows].tolist(), columns.floor[rows].tolist(), strict=True)
    floors = {handle: _counted(floor) for handle, floor in told}
    if not floors:
        return ()
    people: Iterable[Staff] = ctx.live.collection("staff").all()
    there = [staff for staff in people if staff.duty is Duty.ON and staff.handle in floors]
    return tuple((staff, floors[staff.handle]) for staff in sorted(there, key=lambda s: s.name))


def _counted(floor: float) -> int | None:
    """Devices call the ground floor 0, people call it 1; there is no floor 0."""
    if math.isnan(floor):
        return None
    return round(floor) + 1 if floor > -0.5 else round(floor)


def _within(area: shapely.Geometry, records: list[R], places: list[LonLat]) -> list[R]:
    if not records:
        return []
    lon, lat = np.array(places).T
    return [records[row] for row in np.flatnonzero(_covers(area, lon, lat)).tolist()]


def _covers(
    area: shapely.Geometry, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    west, south, east, north = shapely.bounds(area).tolist()
    found = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    found[found] = shapely.intersects_xy(area, lon[found], lat[found])
    return found
