"""Activity ranges that people were given, and the grids of a drawn polygon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import LonLat
from console.sdk.server import Caller, ServerContext
from plugins.staff.model import ActivityRange
from plugins.staff.server.alarms.tables import RangeRow
from plugins.staff.server.tables import StaffRow

ACROSS = 80
"""Places looked up along each side of a polygon's box: every 25 m of 2 km."""


def given_ranges(server: ServerContext, session: Session, caller: Caller) -> list[ActivityRange]:
    """Ranges of the people of the caller's areas, by person."""
    query = (
        select(StaffRow.id, StaffRow.name, StaffRow.area, StaffRow.role, RangeRow.area.label("within"))
        .join(RangeRow, RangeRow.staff == StaffRow.id)
        .where(server.in_areas(StaffRow.area, caller.areas))
        .order_by(StaffRow.area, StaffRow.id, RangeRow.area)
    )
    people: dict[str, ActivityRange] = {}
    areas: dict[str, list[str]] = {}
    for row in session.execute(query):
        areas.setdefault(row.id, []).append(row.within)
        people[row.id] = ActivityRange(
            staff=row.id, name=row.name, area=row.area, role=row.role, areas=tuple(areas[row.id])
        )
    return list(people.values())


def grids_within(server: ServerContext, corners: Sequence[LonLat]) -> list[str]:
    """Codes of the grids that a polygon touches, by a lattice of places inside and its corners."""
    polygon = shapely.make_valid(shapely.Polygon(corners))
    west, south, east, north = polygon.bounds
    lon, lat = np.meshgrid(np.linspace(west, east, ACROSS), np.linspace(south, north, ACROSS))
    inside = shapely.contains_xy(polygon, lon, lat)
    places = np.concatenate([np.column_stack([lon[inside], lat[inside]]), np.asarray(corners, float)])
    return sorted({code for code in server.layers.areas_at(places) if code})
