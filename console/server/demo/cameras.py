"""Cameras: at crossings of larger streets, and high ones on the tallest towers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata.packing import geometries, texts
from console.model.layers import LayerPackage
from console.model.records import Camera, CameraKind
from console.server.demo.locate import Grids
from console.server.demo.parcels import HALF_WIDTHS

Floats = npt.NDArray[np.float64]

_OWNERS = ("公安", "公安", "城管", "小区物业", "学校", "市场", "工地")
"""Police have a double share, before city management, estates, schools, markets and building sites."""
_LENSES = (45.0, 60.0, 75.0, 90.0)
_VIEWS = ("东", "东南", "南", "西南", "西", "西北", "北", "东北")
"""From 90 degrees on, clockwise."""
_RANK = {"trunk": 0, "primary": 0, "secondary": 1, "tertiary": 2, "residential": 3, "living_street": 3}
HIGH_APART = 0.0035
"""Degrees between high-altitude cameras at least (some 350 m)."""


@dataclass(frozen=True, slots=True)
class Towers:
    """Tall houses: places (WGS84 degrees) and heights (metres)."""

    where: npt.NDArray[np.float64]
    height: npt.NDArray[np.float64]


def towers_of(buildings: LayerPackage | None) -> Towers:
    """The buildings of a layer with their heights; none without a layer."""
    if buildings is None:
        return Towers(np.empty((0, 2)), np.empty(0))
    points = shapely.point_on_surface(geometries(buildings))
    return Towers(shapely.get_coordinates(points), buildings.columns["height"].astype(float))


def make_cameras(
    roads: LayerPackage, towers: Towers, grids: Grids, counts: tuple[int, int], rng: np.random.Generator
) -> list[Camera]:
    """Street cameras and high-altitude ones, as many of each as *counts* says."""
    places, heading, names = _at_crossings(roads, counts[0], rng)
    owners = rng.integers(0, len(_OWNERS), len(places))
    online = rng.uniform(size=len(places)) < 0.96
    dome = rng.uniform(size=len(places)) < 0.2
    built = np.random.default_rng(len(places))  # of its own: the district after it stays as it was
    ptz, lens = built.uniform(size=len(places)) < 0.5, built.integers(0, len(_LENSES), len(places))
    mast = np.round(built.uniform(3.5, 7.0, len(places)), 1)
    rows = zip(places.tolist(), grids.at(places), names, heading.tolist(), strict=True)
    found = [
        Camera(
            id=f"camera-{at + 1:05d}",
            name=name,
            area=area,
            where=(lon, lat),
            heading=None if dome[at] else round(turn, 1),
            owner=_OWNERS[int(owners[at])],
            online=bool(online[at]),
            kind=_kind(turns=bool(dome[at]), driven=bool(ptz[at])),
            tilt=None if dome[at] else 78.0,
            mast=float(mast[at]),
            across=_LENSES[int(lens[at])],
            reach=80.0,
        )
        for at, ((lon, lat), area, name, turn) in enumerate(rows)
    ]
    return found + _high(towers, grids, counts[1])


def _kind(*, turns: bool, driven: bool) -> CameraKind:
    if not turns:
        return CameraKind.BULLET
    return CameraKind.PTZ if driven else CameraKind.DOME


def _at_crossings(
    roads: LayerPackage, count: int, rng: np.random.Generator
) -> tuple[Floats, Floats, list[str]]:
    """Places beside the arms of crossings, the way each camera looks (degrees), and names.

    One arm of each crossing of the largest streets comes first; on large streets the
    next arm comes before the crossings of small ones.
    """
    arms = _arms(roads)
    node = arms.node
    degree = np.bincount(node)[node]
    best = np.full(int(node.max()) + 1, 9)
    np.minimum.at(best, node, arms.rank)
    order = np.lexsort((rng.uniform(size=len(node)), best[node] + 2 * _turn_within(node)))
    order = order[degree[order] >= 3][:count]
    angle = np.radians(arms.heading[order])
    along = np.column_stack([np.sin(angle), np.cos(angle)])
    right = np.column_stack([along[:, 1], -along[:, 0]])
    beside = along * 6.0 + right * (arms.half[order] - 1.5)[:, None]
    where = np.round(arms.at[order] + beside / arms.metres, 7)
    return where, arms.heading[order], _names(roads, arms, order)


@dataclass(frozen=True, slots=True)
class _Arms:
    """Both ends of each street: where (degrees), which node, which way it leads, how large it is."""

    at: Floats
    node: npt.NDArray[np.intp]
    heading: Floats
    rank: npt.NDArray[np.intp]
    half: Floats
    street: npt.NDArray[np.intp]
    metres: Floats


def _arms(roads: LayerPackage) -> _Arms:
    classes = texts(roads, "class")
    rows = np.array([i for i, c in enumerate(classes) if c in _RANK])
    edges = geometries(roads)[rows]
    at = shapely.get_coordinates(np.concatenate([shapely.get_point(edges, i) for i in (0, -1)]))
    into = shapely.get_coordinates(np.concatenate([shapely.get_point(edges, i) for i in (1, -2)]))
    metres = np.array([111_320.0 * np.cos(np.radians(at[:, 1].mean())), 110_940.0])
    way = (into - at) * metres
    ends = np.concatenate([roads.columns["from_node"][rows], roads.columns["to_node"][rows]])
    kinds = [classes[i] for i in rows.tolist()] * 2
    return _Arms(
        at=at,
        node=np.unique(ends, return_inverse=True)[1],
        heading=np.degrees(np.arctan2(way[:, 0], way[:, 1])) % 360.0,
        rank=np.array([_RANK[k] for k in kinds]),
        half=np.array([HALF_WIDTHS[k] for k in kinds]),
        street=np.tile(rows, 2),
        metres=metres,
    )


def _turn_within(group: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Running number of each row within its group."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    begin = np.r_[0, np.flatnonzero(np.diff(ordered)) + 1]
    count = np.diff(np.r_[begin, len(group)])
    turn = np.empty(len(group), np.intp)
    turn[order] = np.arange(len(group)) - np.repeat(begin, count)
    return turn


def _names(roads: LayerPackage, arms: _Arms, order: npt.NDArray[np.intp]) -> list[str]:
    """Both streets of the crossing and the way the camera looks."""
    streets = texts(roads, "name")
    crossing: dict[int, list[str]] = {}
    for node, street in zip(arms.node.tolist(), arms.street.tolist(), strict=True):
        names = crossing.setdefault(node, [])
        if streets[street] and streets[street] not in names:
            names.append(streets[street])
    found: list[str] = []
    for row in order.tolist():
        names = sorted(crossing[int(arms.node[row])])[:2] or ["无名路"]
        view = _VIEWS[round((float(arms.heading[row]) - 90.0) / 45.0) % 8]
        found.append(f"{'与'.join(names)}{'交叉口' if len(names) > 1 else ''}({view}向)")
    return found


def _high(towers: Towers, grids: Grids, count: int) -> list[Camera]:
    """Domes on the tallest houses, spread over the city."""
    chosen: list[int] = []
    for row in np.argsort(-towers.height, kind="stable").tolist():
        if len(chosen) == count:
            break
        if all(np.hypot(*(towers.where[row] - towers.where[c])) > HIGH_APART for c in chosen):
            chosen.append(row)
    if not chosen:
        return []
    places = np.round(towers.where[chosen], 7)
    return [
        Camera(
            id=f"camera-high-{at + 1:03d}",
            name=f"高空鹰眼{at + 1}号({towers.height[row]:.0f}米)",
            area=area,
            where=(place[0], place[1]),
            high=True,
            owner="公安",
            kind=CameraKind.HIGH,
            mast=3.0,
            across=60.0,
            reach=1500.0,
        )
        for at, (row, place, area) in enumerate(zip(chosen, places.tolist(), grids.at(places), strict=True))
    ]
