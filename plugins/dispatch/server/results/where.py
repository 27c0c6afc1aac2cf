"""From a place to words: road, side, crossing, house number."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely

from console.sdk.records import LonLat
from console.sdk.server import LayerPackage
from plugins.dispatch.model import Whereabouts
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.results.arcs import Leaving
from plugins.dispatch.server.routing.graph import Floats, Ints, RoadGraph
from plugins.dispatch.server.routing.snapping import Snapper

_ROAD_METRES = 120.0
"""Within which a road with a name may give the place its address."""
_ON_ROAD = 4.0
"""Metres from the middle of a road within which there is no side."""
_WIDEST = 40.0
"""Metres to the farther carriageway of the same road."""
_CROSSING_METRES = 250.0
_NUMBER_METRES = 80.0
_SIDES_ZH = ("北", "东", "南", "西")
_SIDES_EN = ("north", "east", "south", "west")
_NUMBER = re.compile(r"^\d{1,5}")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """House numbers of an address layer."""

    tree: shapely.STRtree
    streets: list[str]
    numbers: list[str]


class Namer:
    """Names places after the named roads of one graph."""

    def __init__(
        self, graph: RoadGraph, snapper: Snapper, leaving: Leaving, addresses: LayerPackage | None
    ) -> None:
        self._graph, self._snapper, self._leaving = graph, snapper, leaving
        self._named = np.array([bool(name) for name in graph.names], bool)
        self._houses = _numbers(addresses, graph.latitude)

    def at(self, where: LonLat) -> Whereabouts | None:
        """Where a place is; None where no named road is near."""
        place = np.array([where], float)
        rows = self._snapper.around(place, np.array([_ROAD_METRES]), self._named)
        if not len(rows[0]):
            return None
        piece, fraction, metres = int(rows[1][0]), float(rows[2][0]), float(rows[3][0])
        road = self._graph.names[piece]
        xy = to_plane(where, self._graph.latitude)[0]
        side, compass = self._side(piece, fraction, xy) if metres > _ON_ROAD else ("", -1)
        if compass >= 0 and self._between(road, rows, xy, compass):
            side, compass = "", -1
        crossing, away = self._crossing(piece, fraction)
        number = self._number(road, xy)
        return Whereabouts(
            road=road,
            metres=round(metres, 1),
            side=side,
            compass=_SIDES_EN[compass] if compass >= 0 else "",
            crossing=crossing,
            crossing_metres=round(away, 1) if crossing else None,
            number=number,
            zh=_zh(road, compass, crossing, number),
            en=_en(road, compass, crossing, number),
        )

    def _between(self, road: str, rows: tuple[Ints, Ints, Floats, Floats], xy: Floats, compass: int) -> bool:
        """Whether the other carriageway of *road* has the place on its other side: it lies between them."""
        near = zip(rows[1].tolist(), rows[2].tolist(), rows[3].tolist(), strict=True)
        own = [(p, share) for p, share, metres in near if self._graph.names[p] == road and metres <= _WIDEST]
        return any((self._side(p, share, xy)[1] - compass) % 4 == 2 for p, share in own)

    def _side(self, piece: int, fraction: float, xy: Floats) -> tuple[str, int]:
        """Left or right along the vertices, and the quarter of the sky on which the place lies."""
        graph = self._graph
        rows = slice(graph.first[piece], graph.first[piece + 1])
        line = to_plane(graph.vertices[rows], graph.latitude)
        along, here = graph.along[rows], fraction * graph.metres[piece]
        near = [
            np.array([np.interp(mark, along, column) for column in line.T])
            for mark in (max(here - 5, 0.0), here, min(here + 5, float(along[-1])))
        ]
        ahead, aside = near[2] - near[0], xy - near[1]
        across = ahead[0] * aside[1] - ahead[1] * aside[0]
        # square to the road, so that a place beyond a bend is still on its side
        normal = np.array([-ahead[1], ahead[0]]) * np.sign(across)
        compass = round(float(np.degrees(np.arctan2(*normal))) / 90) % 4
        return ("left" if across > 0 else "right"), compass

    def _crossing(self, piece: int, fraction: float) -> tuple[str, float]:
        """Name of the nearest road that crosses this one, and metres along to it."""
        graph, found = self._graph, list[tuple[float, str]]()
        length = float(graph.metres[piece])
        for node, metres in (
            (graph.start[piece], fraction * length),
            (graph.end[piece], (1 - fraction) * length),
        ):
            found += self._follow(int(node), piece, metres)
        metres, name = min(found, default=(0.0, ""))
        return name, metres

    def _follow(self, node: int, piece: int, metres: float) -> list[tuple[float, str]]:
        """The first crossing with another named road, along the pieces of the same name."""
        graph, road = self._graph, self._graph.names[piece]
        seen = {piece}
        while metres <= _CROSSING_METRES:
            arcs = [arc for arc in self._leaving.at(node).tolist() if arc % graph.pieces not in seen]
            others = sorted({graph.names[arc % graph.pieces] for arc in arcs} - {"", road})
            if others:
                return [(metres, others[0])]
            onward = [arc for arc in arcs if graph.names[arc % graph.pieces] == road]
            if not onward:
                return []
            seen.add(onward[0] % graph.pieces)
            metres += float(graph.metres[onward[0] % graph.pieces])
            node = int(graph.head[onward[0]])
        return []

    def _number(self, road: str, xy: Floats) -> str:
        """The nearest house number of *road*; empty where none is near."""
        houses = self._houses
        if houses is None:
            return ""
        here = shapely.Point(xy)
        rows = houses.tree.query(here, predicate="dwithin", distance=_NUMBER_METRES).tolist()
        own = [row for row in rows if houses.streets[row] == road]
        nearest = min(own, key=lambda row: here.distance(houses.tree.geometries[row]), default=None)
        return "" if nearest is None else houses.numbers[nearest]


def _numbers(layer: LayerPackage | None, latitude: float) -> _Numbers | None:
    if layer is None or "housenumber" not in layer.columns:
        return None
    places = layer.degrees[layer.part_start[layer.feature_start[:-1]]]
    return _Numbers(
        shapely.STRtree(np.asarray(shapely.points(to_plane(places, latitude)))),
        [layer.text("street", row) for row in range(len(layer))],
        [layer.text("housenumber", row) for row in range(len(layer))],
    )


def _zh(road: str, compass: int, crossing: str, number: str) -> str:
    parts = [road + (f"{_SIDES_ZH[compass]}侧" if compass >= 0 else "")]
    if crossing:
        parts.append(f"靠近{crossing}路口" if not crossing.endswith("路") else f"靠近{crossing}口")
    plain = _NUMBER.match(number)
    if plain:
        parts.append(f"约{plain[0]}号")
    return "，".join(parts)


def _en(road: str, compass: int, crossing: str, number: str) -> str:
    parts = [(f"{_SIDES_EN[compass]} side of " if compass >= 0 else "on ") + road]
    if crossing:
        parts.append(f"near {crossing}")
    plain = _NUMBER.match(number)
    if plain:
        parts.append(f"about no. {plain[0]}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]
