"""Addresses: the street that a building stands on, and its number along that street."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.server.demo.buildings import Buildings
from console.server.demo.streets import Network

PLOT = 15.0
"""Metres of street front a number."""


@dataclass(slots=True)
class Addresses:
    """Standard addresses; ``where`` in metres."""

    where: npt.NDArray[np.float64]
    street: list[str]
    number: list[str]

    def __len__(self) -> int:
        return len(self.street)

    def texts(self) -> list[str]:
        """Street and number as one text."""
        return [s + n for s, n in zip(self.street, self.number, strict=True)]


def make_addresses(buildings: Buildings, network: Network, count: int) -> Addresses:
    """*count* addresses: first one a building, then rooms in the tall ones."""
    where = shapely.get_coordinates(shapely.point_on_surface(buildings.geometry))
    streets, number = _numbers(where, network)
    doors = Addresses(where, streets, [f"{n}号" for n in number.tolist()])
    if count <= len(doors):
        rows = np.unique(np.linspace(0, len(doors) - 1, count).round().astype(int))
        return Addresses(where[rows], [streets[i] for i in rows], [doors.number[i] for i in rows])
    return _with_rooms(doors, buildings, count)


def _numbers(where: npt.NDArray[Any], network: Network) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Street name and house number at each place: odd on the left of the street, even on the right."""
    named = [c for c in network.courses if c.name and not c.bridge and c.road_class != "motorway"]
    lines = np.array([c.line for c in named], dtype=object)
    points = shapely.points(where)
    course = np.asarray(shapely.STRtree(lines).nearest(points))
    names = [c.name for c in named]
    index = {name: at for at, name in enumerate(dict.fromkeys(names))}
    street = np.array([index[n] for n in names])[course]
    whole = np.array([c.whole or c.line for c in named], dtype=object)[course]
    along = shapely.line_locate_point(whole, points)
    a, b = (shapely.get_coordinates(shapely.line_interpolate_point(whole, along + d)) for d in (-4.0, 4.0))
    right = (b - a)[:, 0] * (where - a)[:, 1] - (b - a)[:, 1] * (where - a)[:, 0] < 0
    return [names[c] for c in course.tolist()], _rising(street, right, along)


def _rising(street: Any, right: Any, along: Any) -> npt.NDArray[np.int64]:
    """Numbers that rise along each side of each street, two apart at least."""
    order = np.lexsort((along, right, street))
    side = (street * 2 + right)[order]
    begin = np.r_[True, side[1:] != side[:-1]]
    group = np.cumsum(begin) - 1
    turn = np.arange(len(order)) - np.flatnonzero(begin)[group]
    base = 2 * np.floor(along[order] / PLOT).astype(np.int64) + 1 + right[order] - 2 * turn
    lift = group * 10_000_000  # so that the running maximum begins anew with each side
    found = np.empty(len(order), np.int64)
    found[order] = np.maximum.accumulate(base + lift) - lift + 2 * turn
    return found


def _with_rooms(doors: Addresses, buildings: Buildings, count: int) -> Addresses:
    """Add rooms (单元, 室), shared out by floor space, two units a building and two rooms a floor."""
    space = shapely.area(buildings.geometry) * buildings.height
    space *= np.array([k in ("apartments", "residential", "office") for k in buildings.kind])
    share = np.floor(np.cumsum(space) / space.sum() * (count - len(doors)) + 0.5).astype(np.int64)
    rooms = np.diff(np.concatenate([[0], share]))
    owner = np.repeat(np.arange(len(doors)), rooms)
    turn = np.arange(len(owner)) - np.repeat(np.cumsum(rooms) - rooms, rooms)
    floors = np.maximum(buildings.height[owner] // 3, 1).astype(np.int64)
    unit, floor, door = turn // (floors * 2) + 1, turn // 2 % floors + 1, turn % 2 + 1
    rows = zip(owner.tolist(), unit.tolist(), floor.tolist(), door.tolist(), strict=True)
    number = [f"{doors.number[o]}{u}单元{f}{d:02d}室" for o, u, f, d in rows]
    return Addresses(
        np.concatenate([doors.where, doors.where[owner]]),
        doors.street + [doors.street[o] for o in owner.tolist()],
        doors.number + number,
    )
