"""Buildings on their parcels: rows of slabs, towers, perimeter blocks, courts, sheds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.server.demo.parcels import Land
from console.server.demo.streets import frame_of

Floats = npt.NDArray[np.float64]
SETBACK = 3.5
"""Metres between a building and the edge of its parcel."""

_RECT = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
SHAPES: dict[str, Floats] = {
    name: np.array(points, float) / 2
    for name, points in {
        "rect": _RECT,
        "L": [(-1, -1), (1, -1), (1, -0.1), (-0.15, -0.1), (-0.15, 1), (-1, 1)],
        "U": [(-1, -1), (1, -1), (1, 1), (0.45, 1), (0.45, -0.3), (-0.45, -0.3), (-0.45, 1), (-1, 1)],
        "slab": [(-1, -0.8), (-0.55, -0.8), (-0.55, -1), (-0.2, -1), (-0.2, -0.8), (0.2, -0.8), (0.2, -1),
                 (0.55, -1), (0.55, -0.8), (1, -0.8), (1, 1), (-1, 1)],
        "tower": [(-1, -0.55), (-0.4, -0.55), (-0.4, -1), (0.4, -1), (0.4, -0.55), (1, -0.55), (1, 0.5),
                  (0.3, 0.5), (0.3, 1), (-0.3, 1), (-0.3, 0.5), (-1, 0.5)],
        "H": [(-1, -1), (-0.4, -1), (-0.4, -0.3), (0.4, -0.3), (0.4, -1), (1, -1), (1, 1), (0.4, 1),
              (0.4, 0.3), (-0.4, 0.3), (-0.4, 1), (-1, 1)],
        "cut": [(-1, -0.7), (-0.7, -1), (0.7, -1), (1, -0.7), (1, 0.7), (0.7, 1), (-0.7, 1), (-1, 0.7)],
    }.items()
}  # fmt: skip
"""Outlines in a box of 1 x 1, counter-clockwise."""


@dataclass(slots=True)
class Buildings:
    """All buildings of the city; metres."""

    geometry: npt.NDArray[np.object_]
    height: Floats
    kind: list[str]
    parcel: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(slots=True)
class _Stack:
    """Outlines waiting to be checked against their parcels, all at once."""

    geometry: list[Any] = field(default_factory=list[Any])
    height: list[Floats] = field(default_factory=list[Floats])
    kind: list[str] = field(default_factory=list[str])
    parcel: list[int] = field(default_factory=list[int])

    def put(self, shapes: Any, height: Any, kind: str, parcel: int) -> None:
        self.geometry.append(shapes)
        self.height.append(np.broadcast_to(np.asarray(height, float), len(shapes)))
        self.kind += [kind] * len(shapes)
        self.parcel += [parcel] * len(shapes)


Put = Callable[[Any, Any, str], None]
"""Takes outlines, their heights (metres) and their class."""


@dataclass(slots=True)
class _Lot:
    """One parcel while it is being built on."""

    polygon: Any
    rng: np.random.Generator
    southward: float
    """Angle (radians) of rows that look south, as far as the streets let them."""
    along: float
    """Angle of the longest street front."""

    def lattice(self, step: tuple[float, float], angle: float, depth: float = 0.0) -> Floats:
        """Centres in rows along *angle*, *step* metres apart along and across.

        Each row is spread over the width that the lot has over *depth* (default: nine
        tenths of the step), so that rows follow the edges of a crooked lot.
        """
        turn = _rotation(angle)
        inner = shapely.buffer(self.polygon, -SETBACK - 0.3, join_style="mitre")
        inner = shapely.transform(inner, lambda xy: xy @ turn)
        if shapely.is_empty(inner):
            return np.empty((0, 2))
        half = (depth or step[1] * 0.9) / 2
        _, south, _, north = shapely.bounds(inner)
        count = int((north - south - 2 * half) / step[1]) + 1 if north - south > 2 * half else 0
        spare = (north - south - 2 * half - (count - 1) * step[1]) / 2
        rows = south + half + spare + np.arange(count) * step[1]
        low, high = self._spans(inner, rows, half)
        numbers = np.maximum(np.floor((high - low) / step[0] + 0.05), 0).astype(int)
        row = np.repeat(np.arange(count), numbers)
        turn_in_row = np.arange(numbers.sum()) - np.repeat(np.cumsum(numbers) - numbers, numbers)
        x = low[row] + (turn_in_row + 0.5) * ((high - low) / np.maximum(numbers, 1))[row]
        return np.column_stack([x, rows[row]]) @ turn.T

    @staticmethod
    def _spans(inner: Any, rows: Floats, half: float) -> tuple[Floats, Floats]:
        """Where rows that are 2 *half* deep may begin and end; empty rows have end before begin."""
        west, _, east, _ = shapely.bounds(inner)
        low, high = np.full(len(rows), west), np.full(len(rows), east)
        for shift in (-half, 0.0, half):
            ends = np.stack(
                [np.full((len(rows), 2), [west - 1, 0]), np.full((len(rows), 2), [east + 1, 0])], 1
            )
            ends[:, :, 1] = (rows + shift)[:, None]
            cross = shapely.bounds(shapely.intersection(shapely.linestrings(ends), inner))
            low, high = np.fmax(low, cross[:, 0]), np.fmin(high, cross[:, 2])
            high[np.isnan(cross[:, 0])] = low[np.isnan(cross[:, 0])]
        return low, np.maximum(low, high)


def _rotation(angle: float) -> Floats:
    """Right-multiplying rows by it turns them by minus *angle*; by its transpose, by *angle*."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def outlines(centres: Floats, size: Any, angle: Any, shape: str) -> npt.NDArray[np.object_]:
    """Polygons of *shape* at *centres*; *size* (n, 2) or (2,) metres, *angle* radians."""
    unit = SHAPES[shape] * np.broadcast_to(np.asarray(size, float), (len(centres), 2))[:, None, :]
    turn = np.broadcast_to(np.asarray(angle, float), len(centres))[:, None]
    x = unit[..., 0] * np.cos(turn) - unit[..., 1] * np.sin(turn)
    y = unit[..., 0] * np.sin(turn) + unit[..., 1] * np.cos(turn)
    return np.asarray(shapely.polygons(np.stack([x, y], axis=-1) + centres[:, None, :]), object)


Builder = Callable[[_Lot, Put], None]


def _slab(lot: _Lot, put: Put) -> None:
    storeys = int(lot.rng.choice([6, 6, 6, 7, 11, 18]))
    length, depth = lot.rng.uniform(38, 56), lot.rng.uniform(12, 14.5)
    pitch = depth + min(storeys * 3 * 0.85, 30) + 3
    centres = lot.lattice((length + 8, pitch), lot.southward, depth)
    put(outlines(centres, (length, depth), lot.southward, "slab"), storeys * 2.95, "apartments")


def _tower(lot: _Lot, put: Put) -> None:
    width, depth = lot.rng.uniform(27, 36), lot.rng.uniform(17, 22)
    centres = lot.lattice((width + 11, depth + 21), lot.southward, depth)
    storeys = lot.rng.integers(24, 34) - lot.rng.integers(0, 4, len(centres)) * 2
    put(outlines(centres, (width, depth), lot.southward, "tower"), storeys * 2.9, "apartments")


def _shops(lot: _Lot, put: Put) -> Any:
    """One- and two-storey shops along the street front of an estate; returns what they leave free."""
    depth = 9.0
    edge = shapely.buffer(lot.polygon, -SETBACK - 0.2, join_style="mitre")
    ring = shapely.difference(edge, shapely.buffer(lot.polygon, -SETBACK - depth, join_style="mitre"))
    cells = outlines(_square(lot.polygon, 21.0), (20.4, 20.4), 0.0, "rect")
    pieces = shapely.get_parts(shapely.intersection(cells, ring))
    keep = (shapely.get_type_id(pieces) == 3) & (shapely.area(pieces) > 60)
    keep &= lot.rng.uniform(size=len(pieces)) < 0.7
    put(pieces[keep], 3.6 * lot.rng.integers(1, 3, int(keep.sum())), "retail")
    return shapely.buffer(lot.polygon, -depth - 4.0, join_style="mitre")


def _estate(
    homes: Builder,
) -> Builder:
    """An estate of *homes*; every other one has shops along its streets."""

    def build(lot: _Lot, put: Put) -> None:
        inner = _shops(lot, put) if lot.rng.uniform() < 0.5 else lot.polygon
        for part in shapely.get_parts(inner):
            homes(_Lot(part, lot.rng, lot.southward, lot.along), _within(part, put))

    return build


def _within(part: Any, put: Put) -> Put:
    """Like *put*, for what lies in *part* alone: its neighbours are built up already."""

    def check(shapes: Any, height: Any, kind: str) -> None:
        inside = shapely.contains(part, shapes)
        put(shapes[inside], np.broadcast_to(height, len(shapes))[inside], kind)

    return check


def _square(polygon: Any, step: float) -> Floats:
    """Centres of a square lattice over the bounds of *polygon*."""
    west, south, east, north = shapely.bounds(polygon)
    gx, gy = np.meshgrid(np.arange(west, east + step, step), np.arange(south, north + step, step))
    return np.column_stack([gx.ravel(), gy.ravel()])


def _villa(lot: _Lot, put: Put) -> None:
    centres = lot.lattice((16.5, 21), lot.southward, 11.0)
    centres = centres + lot.rng.uniform(-1.5, 1.5, centres.shape)
    put(outlines(centres, (12.5, 11), lot.southward, "L"), 9.5, "house")


def _houses(lot: _Lot, put: Put) -> None:
    """Rows of small old houses along lanes, no two alike."""
    centres = lot.lattice((14.2, 13.2), lot.along, 11.0)
    keep = lot.rng.uniform(size=len(centres)) < 0.9
    centres = centres[keep] + lot.rng.uniform(-0.5, 0.5, (int(keep.sum()), 2))
    size = lot.rng.uniform((10.0, 8.0), (12.6, 11.0), (len(centres), 2))
    angle = lot.along + lot.rng.normal(0, 0.012, len(centres))
    put(outlines(centres, size, angle, "rect"), 3.2 * lot.rng.integers(1, 4, len(centres)), "house")


def _court(lot: _Lot, put: Put) -> None:
    """Courtyard houses, open to the south or to a lane."""
    centres = lot.lattice((20.5, 20.5), lot.along, 17.0)
    angle = lot.along + np.pi / 2 * lot.rng.integers(0, 4, len(centres))
    shape = "U" if lot.rng.uniform() < 0.5 else "L"
    put(outlines(centres, lot.rng.uniform(16, 19, (len(centres), 1)) * [1, 1], angle, shape), 4.5, "house")


def _perimeter(lot: _Lot, put: Put) -> None:
    """Houses along all streets around a yard, cut where the lattice of plots cuts them."""
    depth = float(lot.rng.uniform(11, 14))
    ring = shapely.difference(shapely.buffer(lot.polygon, -SETBACK - 0.2, join_style="mitre"),
                              shapely.buffer(lot.polygon, -SETBACK - depth, join_style="mitre"))  # fmt: skip
    step = float(lot.rng.uniform(34, 52))
    cells = outlines(_square(lot.polygon, step), (step - 0.8, step - 0.8), 0.0, "rect")
    pieces = shapely.get_parts(shapely.intersection(cells, ring))
    pieces = pieces[(shapely.get_type_id(pieces) == 3) & (shapely.area(pieces) > 120)]
    put(pieces, 3.0 * lot.rng.integers(4, 8, len(pieces)), "residential")
    yard = shapely.buffer(lot.polygon, -SETBACK - depth - 9.0)
    for part in shapely.get_parts(yard)[shapely.area(shapely.get_parts(yard)) > 1500]:
        _slab(_Lot(part, lot.rng, lot.southward, lot.along), _within(part, put))


def _office(lot: _Lot, put: Put) -> None:
    size = float(lot.rng.uniform(30, 44))
    centres = lot.lattice((size + 15, size + 16), lot.along, size * 0.8)
    height = lot.rng.uniform(40, 130, len(centres)) + 60 * (lot.rng.uniform(size=len(centres)) < 0.15)
    put(
        outlines(centres, (size, size * 0.8), lot.along, str(lot.rng.choice(["rect", "cut", "H"]))),
        height,
        "office",
    )


def _mall(lot: _Lot, put: Put) -> None:
    podium = shapely.buffer(shapely.buffer(lot.polygon, -22.0), 10.0, quad_segs=4)
    parts = shapely.get_parts(shapely.simplify(podium, 0.5))
    put(parts[shapely.area(parts) > 400], 24.0, "retail")


def _market(lot: _Lot, put: Put) -> None:
    centres = lot.lattice((45, 25), lot.along, 19.0)
    put(outlines(centres, (40, 19), lot.along, "rect"), 7.0, "retail")


def _school(lot: _Lot, put: Put) -> None:
    centres = lot.lattice((56, 50), lot.southward, 36.0)
    keep = lot.rng.uniform(size=len(centres)) < 0.7  # the rest is sports ground
    shape = str(lot.rng.choice(["U", "H", "L"]))
    put(outlines(centres[keep], (50, 36), lot.southward, shape), 16.0, "school")


def _hospital(lot: _Lot, put: Put) -> None:
    centres = lot.lattice((68, 56), lot.southward, 40.0)
    put(
        outlines(centres, (60, 40), lot.southward, "H"),
        3.6 * lot.rng.integers(5, 16, len(centres)),
        "hospital",
    )


def _government(lot: _Lot, put: Put) -> None:
    centres = lot.lattice((62, 56), lot.southward, 34.0)
    put(
        outlines(centres, (54, 34), lot.southward, "U"), 3.6 * lot.rng.integers(5, 10, len(centres)), "public"
    )


def _shed(lot: _Lot, put: Put) -> None:
    width, depth = lot.rng.uniform(48, 96), lot.rng.uniform(24, 42)
    centres = lot.lattice((width + 12, depth + 12), lot.along, depth)
    keep = lot.rng.uniform(size=len(centres)) < 0.9
    put(outlines(centres[keep], (width, depth), lot.along, "rect"), lot.rng.uniform(8, 14), "industrial")


def _station(lot: _Lot, put: Put) -> None:
    middle = shapely.get_coordinates(shapely.point_on_surface(lot.polygon))
    put(outlines(middle, (120, 42), lot.along, "rect"), 26.0, "train_station")


_BUILDERS: dict[str, Builder] = {
    "slab": _estate(_slab),
    "tower": _estate(_tower),
    "villa": _villa,
    "houses": _houses,
    "court": _court,
    "perimeter": _perimeter,
    "office": _office,
    "mall": _mall,
    "market": _market,
    "school": _school,
    "hospital": _hospital,
    "government": _government,
    "shed": _shed,
    "station": _station,
}


def make_buildings(land: Land, count: int, rng: np.random.Generator) -> Buildings:
    """Build on all parcels, then keep *count*: houses and shops give way first."""
    stack = _Stack()
    for at, (polygon, use) in enumerate(zip(land.parcels, land.use, strict=True)):
        builder = _BUILDERS.get(use)
        if builder is None:
            continue
        u = frame_of(polygon)[1]
        lot = _Lot(polygon, rng, _southward(u), float(np.arctan2(u[1], u[0])))
        builder(lot, lambda shapes, height, kind, at=at: stack.put(shapes, height, kind, at))
    geometry = np.concatenate(stack.geometry)
    parcel = np.array(stack.parcel)
    fits = _fits(geometry, land.parcels, parcel)
    kinds = [k for k, fit in zip(stack.kind, fits.tolist(), strict=True) if fit]
    built = Buildings(geometry[fits], np.round(np.concatenate(stack.height)[fits], 1), kinds, parcel[fits])
    return _thinned(built, count, rng)


def _southward(u: Floats) -> float:
    """Angle of the envelope's side that is nearest to east-west."""
    angle = float(np.arctan2(u[1], u[0]))
    return (angle + np.pi / 4) % (np.pi / 2) - np.pi / 4


def _fits(geometry: Any, parcels: Any, parcel: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which buildings keep their distance from the street."""
    inside = shapely.buffer(parcels, -SETBACK, join_style="mitre")
    shapely.prepare(inside)
    return shapely.contains(inside[parcel], geometry)


def _thinned(built: Buildings, count: int, rng: np.random.Generator) -> Buildings:
    spare = len(built) - count
    if spare <= 0:
        return built
    small = np.array([k in ("house", "retail") for k in built.kind])
    order = np.lexsort((rng.uniform(size=len(built)), ~small))
    keep = np.sort(order[spare:])
    return Buildings(
        built.geometry[keep], built.height[keep], [built.kind[i] for i in keep.tolist()], built.parcel[keep]
    )
