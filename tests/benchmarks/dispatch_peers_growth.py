"""A road graph of a whole province: copies of a real city side by side, joined by roads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from console.sdk import haversine
from plugins.dispatch.server.routing.graph import RoadGraph
from plugins.dispatch.server.routing.profile import Profile

_APART = 0.05
"""Degrees between two copies."""
_JOINTS = 20
"""Roads from each copy to the next one."""
_IDS = 10**11
"""Between the ids of the copies' sources; larger than any of OpenStreetMap."""


def grown(graph: RoadGraph, profile: Profile, copies: int) -> RoadGraph:
    """*copies* of *graph* in a row eastwards, each joined to the next at pieces that *profile* may use."""
    return joined(repeated(graph, copies), *joints(graph, profile, copies))


def repeated(graph: RoadGraph, copies: int) -> RoadGraph:
    """*copies* of *graph*, shifted eastwards by its width, with ids of their own."""
    width = float(np.ptp(graph.vertices[:, 0])) + _APART
    nodes, vertices = len(graph.nodes), len(graph.vertices)
    number = np.arange(copies)

    def shifted(places: np.ndarray) -> np.ndarray:
        return np.concatenate([places + np.array([width * each, 0.0]) for each in range(copies)])

    def added(column: np.ndarray, step: int) -> np.ndarray:
        return (column + step * number.reshape(-1, *[1] * column.ndim)).reshape(-1, *column.shape[1:])

    def of_arcs(column: np.ndarray) -> np.ndarray:
        return np.tile(column.reshape(2, -1), copies).reshape(-1)

    turns = graph.turns.copy()
    moved = np.where(turns[:, :4] > 0, 1, 0) * _IDS  # 0 stands for none
    many = np.concatenate(
        [turns + np.column_stack([moved * each, 0 * turns[:, 4]]) for each in range(copies)]
    )
    columns = ("along", "metres", "limits", "one_way", "access", "use", "surface", "level", "facts")
    return replace(
        graph,
        nodes=shifted(graph.nodes),
        vertices=shifted(graph.vertices),
        start=added(graph.start, nodes),
        end=added(graph.end, nodes),
        first=np.append(added(graph.first[:-1], vertices), vertices * copies),
        classes=graph.classes * copies,
        names=graph.names * copies,
        ways=added(graph.ways, _IDS),
        source_nodes=added(graph.source_nodes, _IDS),
        turns=many,
        leaving=of_arcs(graph.leaving),
        arriving=of_arcs(graph.arriving),
        **{name: np.tile(getattr(graph, name), copies) for name in columns},
    )


def joints(graph: RoadGraph, profile: Profile, copies: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes at the eastern edge of each copy, and those at the western edge of the next."""
    usable = np.unique(np.concatenate([graph.start[profile.usable], graph.end[profile.usable]]))
    by_longitude = usable[np.argsort(graph.nodes[usable, 0])]
    shift = len(graph.nodes) * np.arange(copies - 1)[:, None]
    east, west = by_longitude[-_JOINTS:] + shift, by_longitude[:_JOINTS] + shift + len(graph.nodes)
    return east.ravel(), west.ravel()


def joined(graph: RoadGraph, origin: np.ndarray, target: np.ndarray) -> RoadGraph:
    """*graph* with straight main roads from each *origin* node to its *target*, open to everybody."""
    count = len(origin)
    a, b = graph.nodes[origin], graph.nodes[target]
    metres = haversine(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    east = np.degrees(np.arctan2((b - a)[:, 0] * np.cos(np.radians(graph.latitude)), (b - a)[:, 1])) % 360
    pieces = graph.pieces

    def of_arcs(column: np.ndarray) -> np.ndarray:
        return np.concatenate([column[:pieces], east, column[pieces:], (east + 180) % 360])

    def with_more(column: np.ndarray, value: int) -> np.ndarray:
        return np.append(column, np.full(count, value, column.dtype))

    plain = ("limits", "one_way", "use", "surface", "level", "ways")
    return replace(
        graph,
        start=np.append(graph.start, origin),
        end=np.append(graph.end, target),
        vertices=np.concatenate([graph.vertices, np.stack([a, b], axis=1).reshape(-1, 2)]),
        first=np.append(graph.first, graph.first[-1] + 2 * np.arange(1, count + 1)),
        along=np.append(graph.along, np.column_stack([0 * metres, metres])),
        metres=np.append(graph.metres, metres),
        classes=graph.classes + ["primary"] * count,
        names=graph.names + [""] * count,
        access=with_more(graph.access, int(graph.access.max())),
        leaving=of_arcs(graph.leaving),
        arriving=of_arcs(graph.arriving),
        **{name: with_more(getattr(graph, name), 0) for name in plain},
    )
