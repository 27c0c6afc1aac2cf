"""Streets of the city: the plan's main streets, filled in with local ones, cut at crossings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.server.demo.plan import Course, Plan
from console.server.demo.street_names import StreetNames

NODE_GRID = 0.5
"""Metres to which crossings are snapped."""
ORDER = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "residential",
    "living_street",
    "service",
    "footway",
)
Lay = Callable[[Any, str], None]
"""Takes a line and the class of a new street."""


@dataclass(slots=True)
class Network:
    """Pieces of road between crossings (metres), each with the street that it is part of."""

    edges: npt.NDArray[np.object_]
    street: npt.NDArray[np.intp]
    """Index into ``courses`` of each edge."""
    courses: list[Course]
    blocks: npt.NDArray[np.object_]
    """Faces between named streets; estates, parks and yards lie in them."""
    parks: list[Any]
    """The large parks, blocks that no street enters."""
    lakes: list[Any]
    """The lake of each park."""

    @property
    def classes(self) -> list[str]:
        """Road class of each edge."""
        return [self.courses[i].road_class for i in self.street.tolist()]


def make_network(plan: Plan, rng: np.random.Generator) -> Network:
    """Lay local streets into the blocks of the plan, and cut all at their crossings."""
    names = StreetNames(rng, [c.name for c in plan.courses])
    for course in plan.courses:
        course.name = course.name or names.next(course.road_class)
    main = _over_barriers(plan)
    blocks = faces_of([c.line for c in main], plan.rings[-1])
    parks = _parks(blocks, plan)
    local = _local_streets(_without(blocks, parks), plan, rng, names)
    courses = main + local
    blocks = faces_of([c.line for c in courses], plan.rings[-1])
    dry = ~shapely.contains_xy(plan.river, *shapely.get_coordinates(shapely.point_on_surface(blocks)).T)
    blocks = blocks[dry]
    lakes = [_lake(p, rng) for p in parks]
    courses += _yards(blocks, lakes, plan, rng)
    courses = _bridged(courses, shapely.buffer(plan.canal, 9.0))
    edges = _noded([c.line for c in courses])
    return Network(edges, _street_of(edges, courses), courses, blocks, parks, lakes)


def _over_barriers(plan: Plan) -> list[Course]:
    """Main streets: on a bridge where they cross a barrier squarely, ended where they run along it."""
    barrier = shapely.union_all([plan.barrier, shapely.buffer(plan.river, 6.0)])
    limit = shapely.buffer(plan.rings[-1], 2.0)
    found: list[Course] = []
    for course in plan.courses:
        line = shapely.intersection(course.line, limit)
        found += [course.stretch(p) for p in lines_in(shapely.difference(line, barrier))]
        if course.road_class in ("trunk", "primary", "secondary"):
            over = lines_in(shapely.intersection(line, barrier))
            found += [course.stretch(p, bridge=True) for p in over if shapely.length(p) < 330]
    return found


def _bridged(courses: list[Course], water: Any) -> list[Course]:
    """Courses cut at the banks of *water*; what lies over it is a bridge."""
    found: list[Course] = []
    for course in courses:
        if course.bridge or not shapely.intersects(course.line, water):
            found.append(course)
            continue
        for area, bridge in ((shapely.difference(course.line, water), False),
                             (shapely.intersection(course.line, water), True)):  # fmt: skip
            found += [course.stretch(p, bridge=bridge) for p in lines_in(area)]
    return found


def faces_of(lines: list[Any], limit: Any) -> npt.NDArray[np.object_]:
    """Faces between *lines* inside *limit*, in a fixed order."""
    network = shapely.union_all(np.array([*lines, shapely.get_exterior_ring(limit)]), grid_size=NODE_GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    order = np.lexsort(np.rint(shapely.get_coordinates(shapely.centroid(faces))).T)
    return np.asarray(faces[order], object)


def _parks(blocks: Any, plan: Plan) -> list[Any]:
    """Two blocks of some size, one near the old town and one in the north-east."""
    _, _, east, north = shapely.bounds(plan.rings[-1])
    size = shapely.area(blocks)
    fit = blocks[(size > 130_000) & (size < 520_000) & ~shapely.intersects(blocks, plan.barrier)]
    found: list[Any] = []
    for x, y in ((0.58, 0.48), (-0.34, 0.12), (0.12, -0.6), (-0.3, 0.7)):
        target = shapely.points(x * east, y * north)
        left = _without(fit, found)
        if len(left):
            found.append(left[np.argmin(shapely.distance(shapely.centroid(left), target))])
    return found


def _without(blocks: Any, some: list[Any]) -> Any:
    return np.array([b for b in blocks if not any(b is s for s in some)], dtype=object)


def _local_streets(blocks: Any, plan: Plan, rng: np.random.Generator, names: StreetNames) -> list[Course]:
    middle = shapely.get_coordinates(shapely.point_on_surface(blocks))
    old = shapely.contains_xy(plan.rings[0], *middle.T)
    industry = shapely.contains_xy(plan.industry, *middle.T)
    barrier, found = plan.barrier, list[Course]()

    def lay(line: Any, road_class: str) -> None:
        street = Course(line, road_class, names.next(road_class))
        parts = lines_in(shapely.difference(line, barrier))
        found.extend(street.stretch(p) for p in parts if shapely.length(p) > 25)

    for block in blocks[~old & ~industry]:
        _lattice(block, rng, (rng.uniform(150, 215), rng.uniform(135, 180)), lay)
    for block in blocks[industry]:
        _lattice(block, rng, (330.0, 240.0), lay)
    for block in blocks[old]:
        _organic(block, rng, lay)
    return found


def _lattice(block: Any, rng: np.random.Generator, gaps: tuple[float, float], lay: Lay) -> None:
    """Streets across *block*, along both sides of its envelope, all bowed alike."""
    corner, u, v = frame_of(block)
    core = shapely.buffer(block, -42.0)
    for along, across, gap in ((v, u, gaps[0]), (u, v, gaps[1])):
        width, reach = float(np.hypot(*across)), float(np.hypot(*along))
        count = round(width / gap) - 1
        bow = rng.uniform(-0.07, 0.07) * reach
        for number in range(1, count + 1):
            at = (number + rng.uniform(-0.16, 0.16)) / (count + 1)
            t = np.linspace(-0.02, 1.02, 13)[:, None]
            curve = corner + across * at + along * t + across / width * bow * np.sin(t * np.pi)
            kind = "residential" if number % 2 or count < 3 else "tertiary"
            for part in lines_in(shapely.intersection(shapely.linestrings(curve), block)):
                if shapely.length(shapely.intersection(part, core)) > 0.4 * shapely.length(part):
                    lay(part, kind)


def frame_of(block: Any) -> tuple[Any, Any, Any]:
    """A corner of the oriented envelope, its long side and its short side as vectors."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(block))[:4]
    u, v = corners[1] - corners[0], corners[3] - corners[0]
    return (corners[0], u, v) if np.hypot(*u) >= np.hypot(*v) else (corners[0], v, u)


def _organic(block: Any, rng: np.random.Generator, lay: Lay) -> None:
    """Lanes of the old town: blocks halved again and again, askew and crooked."""
    todo = [block]
    while todo:
        block = todo.pop()
        area = float(shapely.area(block))
        if area < rng.uniform(7_000, 14_000):
            continue
        cut = _crooked(block, rng)
        kind = "tertiary" if area > 160_000 else "residential" if area > 34_000 else "living_street"
        for part in lines_in(shapely.intersection(cut, block)):
            lay(part, kind)
        halves = faces_of([cut], block)
        if len(halves) > 1:
            todo += [h for h in halves if shapely.contains_properly(block, shapely.point_on_surface(h))]


def _crooked(block: Any, rng: np.random.Generator) -> Any:
    """A line across the long side of *block*, at a slant, with kinks."""
    corner, u, v = frame_of(block)
    a = corner + u * rng.uniform(0.38, 0.62) - v * 0.05
    b = corner + u * rng.uniform(0.38, 0.62) + v * 1.05
    t = np.linspace(0, 1, 8)[:, None]
    side = u / np.hypot(*u) * np.hypot(*v)
    kinks = np.cumsum(rng.normal(0, 0.018, 8))[:, None]
    bow = rng.uniform(-0.08, 0.08) * np.sin(t * np.pi)
    return shapely.linestrings(a + (b - a) * t + side * (kinks - kinks[-1] * t + bow))


def _yards(blocks: Any, lakes: list[Any], plan: Plan, rng: np.random.Generator) -> list[Course]:
    """Ways inside blocks, without a name: through estates by car, round the lakes on foot."""
    tracks = shapely.union_all([shapely.buffer(plan.railway, 25.0), shapely.buffer(plan.motorway, 35.0)])
    found: list[Course] = []
    for block in blocks[~shapely.intersects(blocks, tracks) & (shapely.area(blocks) > 19_000)]:
        lake = next((lake for lake in lakes if shapely.intersects(lake, block)), None)
        if lake is not None:
            found += [Course(line, "footway") for line in _lake_walk(block, lake, rng)]
        elif rng.uniform() < 0.8:
            way = shapely.intersection(_crooked(block, rng), block)
            found += [Course(line, "service") for line in lines_in(way)]
    return found


def _lake_walk(park: Any, lake: Any, rng: np.random.Generator) -> list[Any]:
    """A walk round the lake, and winding ways from it to the streets."""
    walk = shapely.simplify(shapely.buffer(lake, 13.0), 0.5)
    middle = shapely.get_coordinates(shapely.centroid(lake))[0]
    found = [shapely.get_exterior_ring(walk)]
    reach = float(np.sqrt(shapely.area(park)))
    start = rng.uniform(0, 2 * np.pi)
    for turn in start + np.arange(6) * np.pi / 3 + rng.uniform(-0.25, 0.25, 6):
        t = np.linspace(0, 1, 12)[:, None]
        bent = turn + 0.35 * np.sin(t * 4 + turn)
        way = middle + t * reach * 1.4 * np.column_stack([np.cos(bent), np.sin(bent)])
        land = shapely.difference(shapely.intersection(shapely.linestrings(way), park), walk)
        found += lines_in(land)[:1]
    return found


def _lake(park: Any, rng: np.random.Generator) -> Any:
    """A lake with bays in the middle of *park*."""
    theta = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    phase = rng.uniform(0, 2 * np.pi, 3)
    r = 1 + 0.25 * np.sin(2 * theta + phase[0]) + 0.16 * np.sin(3 * theta + phase[1])
    r += 0.08 * np.sin(5 * theta + phase[2])
    radius = np.sqrt(shapely.area(park)) * 0.24
    middle = shapely.get_coordinates(shapely.centroid(park))[0]
    xy = middle + radius * r[:, None] * np.column_stack([np.cos(theta) * 1.25, np.sin(theta) * 0.8])
    return shapely.intersection(shapely.polygons(xy), shapely.buffer(park, -30.0))


def _noded(lines: list[Any]) -> npt.NDArray[np.object_]:
    """Edges between crossings; blind ends, which streets that overshoot leave, are cut off."""
    edges = shapely.get_parts(shapely.union_all(np.array(lines), grid_size=NODE_GRID))
    _, _, dangles, _ = shapely.polygonize_full(edges)
    blind = set(shapely.to_wkb(shapely.normalize(shapely.get_parts(dangles))).tolist())
    keep = [key not in blind for key in shapely.to_wkb(shapely.normalize(edges)).tolist()]
    return np.asarray(edges[np.array(keep)], object)


def _street_of(edges: Any, courses: list[Course]) -> npt.NDArray[np.intp]:
    """Index of the best course under each edge."""
    rank = np.array([ORDER.index(c.road_class) for c in courses])
    lines = np.array([c.line for c in courses])
    middle = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    tree = shapely.STRtree(lines)
    edge, course = tree.query(middle, predicate="dwithin", distance=1.5)
    order = np.lexsort((course, rank[course], edge))
    found, first = np.unique(edge[order], return_index=True)
    street = np.asarray(tree.nearest(middle))
    street[found] = course[order][first]
    return street


def lines_in(geometry: Any) -> list[Any]:
    """The lines in *geometry*; touching parts of a cut line are joined again."""
    if shapely.get_type_id(geometry) == 5:
        geometry = shapely.line_merge(geometry)
    parts: Iterable[Any] = shapely.get_parts(geometry)
    return [g for g in parts if shapely.get_type_id(g) == 1]
