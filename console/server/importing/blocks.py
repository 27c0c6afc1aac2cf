"""City blocks: the faces between roads, fine enough to make a given number of regions of them.

Everything here is in *steps*: whole multiples of 1e-7 degrees, longitude times
cos(latitude) left undone, so that coordinates stay exact from the first cut to the
stored polygon. ``Plane`` tells how long a step is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata.packing import Geometries, geometries, texts
from console.model.layers import DEGREE, LayerPackage

GRID = 64.0
"""Coordinates are rounded to this many steps (about 0.7 m): roads closer than that are one border."""
METRES_A_DEGREE = 111_320.0
HULL_MARGIN = 60.0
"""Metres from the outermost roads to the border of the district."""
FINENESS = 0.55
"""A block weighs at most this share of a mean grid, so that merging can even grids out."""

RANKS: dict[str, int] = {
    "motorway": 6,
    "trunk": 6,
    "primary": 5,
    "secondary": 4,
    "tertiary": 3,
    "unclassified": 2,
    "residential": 2,
    "living_street": 2,
    "pedestrian": 1,
    "service": 1,
    "track": 1,
}
"""Road classes that make good borders, the best highest."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Steps and metres around one latitude (degrees)."""

    latitude: float

    @property
    def metres(self) -> npt.NDArray[np.float64]:
        """Metres a step, east and north."""
        metre = METRES_A_DEGREE / DEGREE
        return np.array([metre * np.cos(np.radians(self.latitude)), metre])

    def to_metres(self, geometry: Any) -> Any:
        return shapely.transform(geometry, lambda xy: xy * self.metres)

    def to_steps(self, geometry: Any) -> Any:
        return shapely.transform(geometry, lambda xy: np.rint(xy / self.metres / GRID) * GRID)


@dataclass(frozen=True, slots=True)
class Streets:
    """The roads that may be borders, in steps, best rank first within the arrays' order."""

    lines: Geometries
    rank: npt.NDArray[np.int64]
    names: list[str]
    plane: Plane


def streets_of(roads: LayerPackage) -> Streets:
    """Roads on the ground with a rank. Empty arrays when there is none."""
    lines = shapely.transform(geometries(roads), lambda xy: np.rint(xy * DEGREE))
    classes = texts(roads, "class")
    rank = np.array([RANKS.get(c.removesuffix("_link"), 0) for c in classes], np.int64)
    usable = rank > 0
    if "tunnel" in roads.columns:
        usable &= roads.columns["tunnel"] == 0
    latitude = float(roads.xy[:, 1].mean()) / DEGREE if len(roads.xy) else 0.0
    names = texts(roads, "name")
    return Streets(
        np.asarray(lines[usable], object),
        rank[usable],
        [names[i] for i in np.flatnonzero(usable).tolist()],
        Plane(latitude),
    )


def hull_of(streets: Streets) -> Any:
    """One polygon around the streets, in steps: their concave hull with a margin, no holes."""
    points = shapely.get_coordinates(streets.plane.to_metres(streets.lines))
    thinned = np.unique(np.rint(points / 40.0), axis=0) * 40.0
    hull = shapely.concave_hull(shapely.multipoints(thinned), ratio=0.06, allow_holes=False)
    hull = shapely.simplify(shapely.buffer(hull, HULL_MARGIN, quad_segs=2), 12.0)
    parts = shapely.get_parts(hull)
    largest = parts[np.argmax(shapely.area(parts))]
    return streets.plane.to_steps(shapely.polygons(shapely.get_exterior_ring(largest)))


def city_blocks(streets: Streets, hull: Any, count: int) -> tuple[Geometries, npt.NDArray[np.float64]]:
    """Faces that fill *hull* exactly, and their weights: half by area, half by length of street."""
    lines, faces = _faces_by_rank(streets, hull, count)
    weight = _weights(faces, streets)
    pieces = np.ceil(weight * count / FINENESS)
    cuts = _cuts(faces, pieces, streets.plane)
    if len(cuts):
        faces = _faces(np.concatenate([lines, cuts]), hull)
    return faces, _weights(faces, streets)


def _faces_by_rank(streets: Streets, hull: Any, count: int) -> tuple[Geometries, Geometries]:
    """Lines and faces of as many classes of road as the number of regions asks for."""
    shapely.prepare(hull)
    simple = shapely.simplify(streets.lines, 4 * GRID)
    for rank in (4, 3, 2, 1):
        inside = shapely.get_parts(shapely.intersection(simple[streets.rank >= rank], hull))
        lines = np.asarray(inside[shapely.get_type_id(inside) == 1], object)
        faces = _faces(lines, hull)
        if len(faces) >= 1.5 * count:
            break
    return lines, faces


def _faces(lines: Geometries, hull: Any) -> Geometries:
    """Faces between *lines* in *hull*, noded on the grid, so that neighbours share all vertices."""
    outline = shapely.get_exterior_ring(hull)
    network = shapely.union_all(np.append(lines, outline), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    return np.asarray(faces[np.lexsort(np.rint(shapely.get_coordinates(shapely.centroid(faces))).T)], object)


def _weights(faces: Geometries, streets: Streets) -> npt.NDArray[np.float64]:
    area = shapely.area(faces)
    middle = shapely.line_interpolate_point(streets.lines, 0.5, normalized=True)
    line, face = shapely.STRtree(faces).query(middle, predicate="intersects")
    length = np.bincount(face, shapely.length(streets.lines)[line], len(faces))
    total = length.sum() or 1.0
    return 0.5 * area / area.sum() + 0.5 * length / total if length.any() else area / area.sum()


def _cuts(faces: Geometries, pieces: npt.NDArray[np.float64], plane: Plane) -> Geometries:
    """Lines that halve large faces across their long side until each has its number of pieces."""
    large = pieces > 1
    todo = plane.to_metres(faces[large])
    limit = shapely.area(todo) / pieces[large]
    cuts: list[Geometries] = []
    for _ in range(12):
        left, right, cut = _halves(todo)
        cuts.append(shapely.get_parts(shapely.intersection(todo, cut)))
        halves, owner = shapely.get_parts(
            np.concatenate([shapely.intersection(todo, left), shapely.intersection(todo, right)]),
            return_index=True,
        )
        limit = np.concatenate([limit, limit])[owner]
        again = (shapely.area(halves) > limit * 1.2) & (shapely.get_type_id(halves) == 3)
        todo, limit = halves[again], limit[again]
        if len(todo) == 0:
            break
    lines = np.concatenate(cuts) if cuts else np.empty(0, object)
    lines = lines[shapely.get_type_id(lines) == 1]
    return np.asarray(plane.to_steps(lines), object)


def _halves(faces: Geometries) -> tuple[Any, Any, Any]:
    """Two halves of each face's oriented envelope, and the line between them."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(faces)).reshape(-1, 5, 2)[:, :4]
    sides = np.linalg.norm(np.diff(corners[:, :3], axis=1), axis=2)
    turn = sides[:, 0] < sides[:, 1]  # the long side comes first
    corners[turn] = np.roll(corners[turn], -1, axis=1)
    a, b, c, d = (corners[:, i] for i in range(4))
    grow = (c - b) * 0.01
    low, high = (a + b) / 2 - grow, (c + d) / 2 + grow
    left = shapely.polygons(np.stack([a - grow, low, high, d + grow], axis=1))
    right = shapely.polygons(np.stack([low, b - grow, c + grow, high], axis=1))
    return left, right, shapely.linestrings(np.stack([low, high], axis=1))
