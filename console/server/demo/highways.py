"""The motorway: two one-way carriageways, with ramps to the main streets that it crosses."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.server.demo.plan import Course, Plan, spline
from console.server.demo.streets import Network, lines_in

NAME = "云宁高速"
CARRIAGEWAY = 8.0
"""Metres from the middle of the motorway to the middle of a carriageway."""
REACH = 260.0
"""Metres along the motorway from a crossing to the ends of its ramps."""


def add_motorway(plan: Plan, network: Network) -> None:
    """Append carriageways and ramps to *network*, each directed along its vertices."""
    lines: list[tuple[Any, str]] = []
    inside = shapely.intersection(plan.motorway, shapely.buffer(plan.rings[-1], 120.0))
    middle = lines_in(inside)[0]
    for side in (-1, 1):
        way = shapely.segmentize(shapely.offset_curve(middle, side * CARRIAGEWAY), 20.0)
        way = shapely.transform(way, np.round)
        # traffic keeps to the right
        way = way if side < 0 else shapely.reverse(way)
        ramps = _ramps(way, plan, network)
        lines += [(way, "motorway"), *((ramp, "motorway_link") for ramp in ramps)]
    first = len(network.courses)
    network.courses += [Course(line, kind, NAME if kind == "motorway" else "") for line, kind in lines]
    network.edges = np.concatenate([network.edges, np.array([line for line, _ in lines], dtype=object)])
    network.street = np.concatenate([network.street, first + np.arange(len(lines))])


def _ramps(way: Any, plan: Plan, network: Network) -> list[Any]:
    """An exit before and an entry behind each main street on a bridge over the motorway."""
    vertices = shapely.get_coordinates(way)
    found: list[Any] = []
    bridges = [
        c
        for c in network.courses
        if c.bridge and c.road_class == "primary" and shapely.intersects(c.line, plan.motorway)
    ]
    for course in bridges:
        here = float(shapely.line_locate_point(way, shapely.intersection(course.line, plan.motorway)))
        joint = _right_end(course.line, way, here)
        joint = _nearest_node(joint, network)
        out, into = _vertex(vertices, way, here - REACH), _vertex(vertices, way, here + REACH)
        if out is not None and into is not None:
            found += [_ramp(out, joint), _ramp(joint, into)]
    return found


def _right_end(bridge: Any, way: Any, here: float) -> npt.NDArray[np.float64]:
    """The end of *bridge* to the right of the traffic on *way*."""
    a, b = (shapely.get_coordinates(shapely.line_interpolate_point(way, here + d))[0] for d in (-5, 5))
    ends = shapely.get_coordinates(bridge)[[0, -1]]
    cross = (b - a)[0] * (ends - a)[:, 1] - (b - a)[1] * (ends - a)[:, 0]
    return ends[int(np.argmin(cross))]


def _nearest_node(where: npt.NDArray[np.float64], network: Network) -> npt.NDArray[np.float64]:
    ends = shapely.get_coordinates(shapely.get_point(network.edges, 0))
    return ends[int(np.argmin(np.hypot(*(ends - where).T)))]


def _vertex(vertices: Any, way: Any, at: float) -> npt.NDArray[np.float64] | None:
    """The vertex of *way* next to *at* metres; None beyond its ends."""
    if not 30.0 < at < shapely.length(way) - 30.0:
        return None
    point = shapely.get_coordinates(shapely.line_interpolate_point(way, at))[0]
    return vertices[int(np.argmin(np.hypot(*(vertices - point).T)))]


def _ramp(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> Any:
    """A bent link from *a* to *b* that keeps both ends exactly."""
    side = np.array([-(b - a)[1], (b - a)[0]]) * -0.12
    xy = np.round(spline([a, (a + b) / 2 + side, b]), 2)
    xy[0], xy[-1] = a, b
    return shapely.linestrings(xy)
