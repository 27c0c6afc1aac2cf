"""The plan of the city in metres around its centre: the lines and areas that all else follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.interpolate import CubicSpline

Floats = npt.NDArray[np.float64]
HALF_WIDTH, HALF_HEIGHT = 3150.0, 2620.0
"""Metres from the centre to the outer ring, for the demo preset."""
STEP = 25.0
"""Metres between the vertices of a curve before it is thinned out."""
EMBANKMENT = 34.0
"""Metres from the water to the road along it."""


@dataclass(slots=True)
class Course:
    """The line of one street before it is cut at crossings; metres."""

    line: Any
    road_class: str
    name: str = ""
    bridge: bool = False
    whole: Any = None
    """The whole street that this is a stretch of; house numbers count along it."""

    def stretch(self, line: Any, *, bridge: bool = False) -> Course:
        """A part of this street."""
        whole = self.line if self.whole is None else self.whole
        return Course(line, self.road_class, self.name, self.bridge or bridge, whole)


@dataclass(slots=True)
class Plan:
    """Main streets and barriers of the city."""

    scale: float
    rings: list[Any] = field(default_factory=list[Any])
    """Polygons inside the ring roads, the innermost first."""
    courses: list[Course] = field(default_factory=list[Course])
    river: Any = None
    """Polygon of the water."""
    river_line: Any = None
    canal: Any = None
    """Centre line of the old town's canal."""
    railway: Any = None
    motorway: Any = None
    station: tuple[float, float] = (0.0, 0.0)
    quarters: list[Any] = field(default_factory=list[Any])
    """Regions of the new quarters, each with a street lattice of its own."""
    industry: Any = None

    @property
    def barrier(self) -> Any:
        """Where no ordinary street passes: river, railway, motorway."""
        return shapely.union_all(
            [self.river, shapely.buffer(self.railway, 22.0), shapely.buffer(self.motorway, 30.0)]
        )


class Warp:
    """A smooth bending of the plane, so that nothing drawn by ruler stays straight."""

    def __init__(self, rng: np.random.Generator, scale: float) -> None:
        wave = np.array([5200.0, 3100.0, 1700.0]) * scale**0.5
        turn = rng.uniform(0, 2 * np.pi, 3)
        self._k = 2 * np.pi / wave[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
        self._phase = rng.uniform(0, 2 * np.pi, (2, 3))
        self._size = np.array([150.0, 75.0, 32.0])

    def __call__(self, xy: Floats) -> Floats:
        angle = xy @ self._k.T
        return xy + np.column_stack([np.sin(angle + p) @ self._size for p in self._phase])


def spline(points: Any, closed: bool = False) -> Floats:
    """A smooth curve through *points*, a vertex each STEP metres."""
    p = np.asarray(points, float)
    if closed:
        p = np.vstack([p, p[:1]])
    t = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(p, axis=0).T))])
    curve = CubicSpline(t, p, bc_type="periodic" if closed else "natural")
    return np.asarray(curve(np.linspace(0, t[-1], max(int(t[-1] / STEP), 4) + 1)))


def straight(a: Any, b: Any) -> Floats:
    """Vertices each STEP metres from *a* to *b*."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    count = max(int(np.hypot(*(b - a)) / STEP), 2)
    return a + (b - a) * np.linspace(0, 1, count + 1)[:, None]


def make_plan(rng: np.random.Generator, scale: float) -> Plan:
    """Draw the plan with a ruler, then bend it."""
    draft = _Draft(rng, scale)
    draft.water()
    draft.rings()
    draft.axes()
    draft.radials()
    draft.quarters()
    draft.rails()
    return draft.bent()


class _Draft:
    """The plan before bending: rings, radials and lattices with straight lines and arcs."""

    def __init__(self, rng: np.random.Generator, scale: float) -> None:
        self.rng, self.plan = rng, Plan(scale)
        self.size = np.array([HALF_WIDTH, HALF_HEIGHT]) * scale
        self.warp = Warp(rng, scale)
        # streets keep their size however large the city: more rings, not wider ones
        self.radii = (0.27, 0.6, 1.0) if scale < 1.5 else (0.16, 0.36, 0.65, 1.0)
        self._names = iter(("环城", "二环", "三环", "外环"))

    def water(self) -> None:
        bends = np.array(
            [(-1.25, 0.24), (-0.85, 0.42), (-0.45, 0.33), (-0.05, 0.47), (0.3, 0.36), (0.43, 0.05),
             (0.36, -0.3), (0.55, -0.62), (0.6, -0.95), (0.85, -1.3)]
        )  # fmt: skip
        bends += self.rng.normal(0, 0.015, bends.shape)
        line = spline(bends * self.size)
        along = np.linspace(0, 1, len(line))
        half = 38.0 + 9.0 * np.sin(along * 17.0) + 22.0 * along
        self.plan.river_line = shapely.linestrings(line)
        discs = shapely.buffer(shapely.points(line), half * self.plan.scale**0.3, quad_segs=8)
        self.plan.river = shapely.union_all(shapely.convex_hull(_pairs(discs)))
        west = self.radii[0] * 1.02
        south = -west * 1.06
        canal = [
            (-west, 0.36),
            (-west, 0.1),
            (-west * 0.98, -0.2),
            (-0.1, south),
            (0.12, south),
            (0.37, -0.3),
        ]
        self.plan.canal = shapely.linestrings(spline(np.array(canal) * self.size))

    def rings(self) -> None:
        for number, radius in enumerate(self.radii):
            name = next(self._names)
            theta = np.linspace(0, 2 * np.pi, 721)
            power = 3.6 if number == 0 else 2.7
            r = (np.abs(np.cos(theta)) ** power + np.abs(np.sin(theta)) ** power) ** (-1 / power)
            phase = self.rng.uniform(0, 2 * np.pi, 2)
            wobble = 1 + 0.045 * np.sin(2 * theta + phase[0]) + 0.035 * np.sin(3 * theta + phase[1])
            xy = (r * wobble * radius)[:, None] * np.column_stack([np.cos(theta), np.sin(theta)]) * self.size
            xy[-1] = xy[0]
            self.plan.rings.append(shapely.polygons(xy))
            road_class = ("secondary", "trunk", "primary", "primary")[number]
            self._ring_sides(xy, name, road_class)

    def _ring_sides(self, xy: Floats, name: str, road_class: str) -> None:
        """Each side of a ring bears its own name: 二环东路, 二环北路 …"""
        corners = (-90, 90, 270, 450, 630)
        xy = np.roll(xy[:-1], 90, axis=0)  # begin at the south-east corner
        xy = np.vstack([xy, xy[:1]])
        for side, start in zip("东北西南", corners, strict=False):
            at = start + 90
            self._add(xy[at : at + 181], road_class, f"{name}{side}路")

    def axes(self) -> None:
        """The two main streets through the centre, each half with its own name."""
        ends = self.size * 1.03
        for a, name in (
            ((0, ends[1]), "中山北路"),
            ((0, -ends[1]), "中山南路"),
            ((ends[0], 0), "淮海东路"),
            ((-ends[0], 0), "淮海西路"),
        ):
            self._add(straight((0, 0), a), "primary", name)

    def radials(self) -> None:
        inner = self.radii[0]
        for degrees, name in ((38, "解放北路"), (143, "迎宾大道"), (222, "复兴南路"), (318, "建国东路")):
            turn = np.radians(degrees + self.rng.uniform(-6, 6))
            way = np.array([np.cos(turn), np.sin(turn)]) * self.size
            side = np.array([-way[1], way[0]]) * self.rng.uniform(-0.06, 0.06)
            curve = spline([way * inner * 0.7, way * 0.6 + side, way * 1.2])
            self._add_outside(curve, "primary", name)
        for degrees in (68, 115, 200, 338, 16, 292):
            turn = np.radians(degrees + self.rng.uniform(-5, 5))
            way = np.array([np.cos(turn), np.sin(turn)]) * self.size
            curve = spline([way * self.radii[0] * 0.7, way * 0.45, way * self.radii[1] * 1.1])
            self._add_outside(curve, "secondary")
        for low, high in zip(self.radii, self.radii[1:-1], strict=False):
            self._arc(low + (high - low) * 0.5)

    def _add_outside(self, xy: Floats, road_class: str, name: str = "") -> None:
        """A street that ends at the old town's ring."""
        line = shapely.difference(shapely.linestrings(xy), shapely.buffer(self.plan.rings[0], -2.0))
        self.plan.courses.append(Course(line, road_class, name))

    def _arc(self, radius: float) -> None:
        """Half rings between the rings, broken here and there."""
        for start in (10.0, 120.0, 215.0):
            span = self.rng.uniform(80, 100)
            theta = np.radians(np.linspace(start, start + span, 60))
            arc = np.column_stack([np.cos(theta), np.sin(theta)]) * self.size * radius
            self._add(arc * (1 + 0.03 * np.sin(theta * 3))[:, None], "secondary")

    def quarters(self) -> None:
        """New quarters beyond the second ring, each with a turned lattice; industry in the south-west."""
        ring, outer = self.plan.rings[-2], self.plan.rings[-1]
        for start, stop, turn, gap in ((-28, 62, 14, 430), (62, 140, -11, 470), (140, 196, 24, 450),
                                       (196, 262, -21, 640), (262, 332, 8, 460)):  # fmt: skip
            theta = np.radians(np.linspace(start, stop, 30))
            rim = np.column_stack([np.cos(theta), np.sin(theta)]) * self.size * 2
            region = shapely.intersection(
                shapely.difference(outer, ring), shapely.polygons(np.vstack([[(0, 0)], rim]))
            )
            self.plan.quarters.append(region)
            if start == 196:
                self.plan.industry = region
            self._lattice(region, np.radians(turn), gap)

    def _lattice(self, region: Any, turn: float, gap: float) -> None:
        u = np.array([np.cos(turn), np.sin(turn)])
        v = np.array([-u[1], u[0]])
        middle = shapely.get_coordinates(shapely.centroid(region))[0]
        reach = float(self.size.max()) * 1.3
        for axis, across in ((u, v), (v, u)):
            offset = -reach + self.rng.uniform(0, gap)
            turn_no = 0
            while offset < reach:
                start = middle + across * offset
                line = shapely.linestrings(straight(start - axis * reach, start + axis * reach))
                for part in _lines(shapely.intersection(line, shapely.buffer(region, 4.0))):
                    if shapely.length(part) > 260 and not self._beside_main(part):
                        kind = "secondary" if turn_no % 2 == 0 else "tertiary"
                        self._add(shapely.get_coordinates(part), kind)
                offset += gap * self.rng.uniform(0.8, 1.2)
                turn_no += 1

    def _beside_main(self, line: Any) -> bool:
        """Whether a main street already runs along *line* for more than a crossing."""
        main = [c.line for c in self.plan.courses if c.road_class in ("primary", "trunk")]
        near = shapely.intersection(line, shapely.buffer(np.array(main), 75.0))
        return bool(np.any(shapely.length(near) > 300))

    def rails(self) -> None:
        rail = np.array([(-1.3, -0.75), (-0.8, -0.5), (-0.3, -0.44), (0.15, -0.47), (0.7, -0.2), (0.95, 0.3),
                         (1.02, 0.8), (1.2, 1.3)])  # fmt: skip
        curve = spline(rail * self.size)
        self.plan.railway = shapely.linestrings(curve)
        self.plan.station = tuple(curve[int(len(curve) * 0.36)])
        motorway = np.array(
            [(-0.9, 1.3), (-0.74, 0.75), (-0.8, 0.2), (-0.72, -0.4), (-0.83, -0.9), (-0.8, -1.3)]
        )
        self.plan.motorway = shapely.linestrings(spline(motorway * self.size))

    def _add(self, xy: Floats, road_class: str, name: str = "") -> None:
        self.plan.courses.append(Course(shapely.linestrings(xy), road_class, name))

    def bent(self) -> Plan:
        """The plan after bending, with the roads along the river."""
        plan = self.plan

        def bend(geometry: Any) -> Any:
            dense = shapely.segmentize(geometry, STEP)
            return shapely.simplify(shapely.transform(dense, lambda xy: np.round(self.warp(xy), 2)), 0.6)

        for course in plan.courses:
            course.line = bend(course.line)
        plan.rings = [bend(r) for r in plan.rings]
        plan.quarters = [bend(q) for q in plan.quarters]
        plan.industry = bend(plan.industry)
        plan.river, plan.canal = shapely.buffer(bend(plan.river), 0), bend(plan.canal)
        plan.river_line = bend(plan.river_line)
        plan.railway, plan.motorway = bend(plan.railway), bend(plan.motorway)
        x, y = self.warp(np.array([plan.station]))[0]
        plan.station = (float(x), float(y))
        self._embankments(plan)
        return plan

    def _embankments(self, plan: Plan) -> None:
        bank = shapely.simplify(shapely.buffer(plan.river, EMBANKMENT), 2.0)
        inside = shapely.intersection(shapely.get_exterior_ring(bank), plan.rings[-1])
        merged = shapely.line_merge(inside)
        parts = sorted(_lines(merged), key=lambda g: -shapely.length(g))
        for line, name in zip(parts, ("滨河北路", "滨河南路"), strict=False):
            plan.courses.append(Course(line, "tertiary", name))


def _pairs(discs: Any) -> Any:
    return np.array([shapely.geometrycollections([a, b]) for a, b in pairwise(discs)])


def _lines(geometry: Any) -> list[Any]:
    """The lines in *geometry*, longest parts as they come."""
    return [g for g in shapely.get_parts(geometry) if shapely.get_type_id(g) == 1]
