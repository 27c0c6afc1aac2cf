"""The road graph of an imported road layer, as flat arrays.

Each road piece gives two arcs: arc ``i`` runs along the vertices of piece
``i``, arc ``i + pieces`` against them. The topology is the same for everybody;
who may go where, and how fast, is in a ``Profile``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.sdk import haversine
from console.sdk.server import Access, LayerPackage
from plugins.dispatch.server.ground import to_plane

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_BEARING_METRES = 20.0
"""How far from a crossing the direction of a road is taken; its first metres often bend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadGraph:
    """Nodes, arcs and geometry; positions are WGS84 degrees."""

    nodes: Floats
    """(n, 2) longitude, latitude."""
    latitude: float
    """Middle of the city, where planes of metres are true to scale."""
    start: Ints
    """(p,) node at the first vertex of each piece."""
    end: Ints
    """(p,) node at the last vertex of each piece."""
    vertices: Floats
    """(m, 2) longitude, latitude."""
    first: Ints
    """(p + 1,) first vertex of each piece."""
    along: Floats
    """(m,) metres from the first vertex of the piece to each vertex."""
    metres: Floats
    """(p,) length of each piece."""
    classes: list[str]
    names: list[str]
    limits: npt.NDArray[np.float32]
    one_way: npt.NDArray[np.int8]
    access: npt.NDArray[np.uint8]
    """(p,) ``Access`` bits."""
    use: npt.NDArray[np.int8]
    """(p,) ``RoadUse``."""
    surface: npt.NDArray[np.int8]
    level: npt.NDArray[np.int8]
    ways: Ints
    """(p,) ids of the source's ways; 0 where the layer has none."""
    source_nodes: Ints
    """(n,) ids of the source's nodes, rising."""
    facts: Ints
    """(n,) ``Access`` bits of those whom a barrier stops, and SIGNALS."""
    turns: Ints
    """(k, 5) turn restrictions, see ``LayerPackage.extras``."""
    leaving: Floats
    """(2p,) degrees from north in which each arc begins."""
    arriving: Floats
    """(2p,) degrees from north in which each arc ends."""

    @property
    def pieces(self) -> int:
        """Number of road pieces."""
        return len(self.metres)

    @property
    def tail(self) -> Ints:
        """(2p,) node where each arc begins."""
        return np.concatenate([self.start, self.end])

    @property
    def head(self) -> Ints:
        """(2p,) node where each arc ends."""
        return np.concatenate([self.end, self.start])


def build_graph(layer: LayerPackage) -> RoadGraph:
    """Make the graph of a ``road`` layer. Raises KeyError if it lacks a road column."""
    columns = layer.columns
    count = len(layer)
    ids, node = np.unique(
        np.concatenate([columns["from_node"], columns["to_node"]]).astype(np.int64), return_inverse=True
    )
    first = layer.part_start[layer.feature_start].astype(np.int64)
    vertices = layer.degrees
    nodes = np.zeros((len(ids), 2))
    nodes[node[:count]] = vertices[first[:-1]]
    nodes[node[count:]] = vertices[first[1:] - 1]
    latitude = float(nodes[:, 1].mean()) if len(nodes) else 0.0
    along = _metres_along(vertices, first)
    leaving, arriving = _bearings(to_plane(vertices, latitude), first, along)
    blank = np.zeros(count, np.int8)
    return RoadGraph(
        nodes=nodes,
        latitude=latitude,
        start=node[:count],
        end=node[count:],
        vertices=vertices,
        first=first,
        along=along,
        metres=np.maximum(along[first[1:] - 1], 0.01),
        classes=[layer.text("class", i) for i in range(count)],
        names=[layer.text("name", i) for i in range(count)],
        limits=columns["maxspeed"],
        one_way=columns["oneway"],
        access=_access(layer),
        use=columns.get("use", blank),
        surface=columns.get("surface", blank),
        level=columns.get("level", blank),
        ways=columns.get("way", blank).astype(np.int64),
        source_nodes=ids,
        facts=_facts(ids, layer.extras.get("nodes", np.zeros((0, 2), np.int64))),
        turns=layer.extras.get("turns", np.zeros((0, 5), np.int64)),
        leaving=leaving,
        arriving=arriving,
    )


def _access(layer: LayerPackage) -> npt.NDArray[np.uint8]:
    """Access bits; layers of the first version knew walkers, bicycles and cars only."""
    access = layer.columns["access"]
    if "way" in layer.columns:
        return access
    return np.where(access & Access.CAR, access | int(Access.MOTOR), access).astype(np.uint8)


def _facts(ids: Ints, known: Ints) -> Ints:
    """Facts by node; those of nodes that no road has are left out."""
    facts = np.zeros(len(ids), np.int64)
    at = np.minimum(np.searchsorted(ids, known[:, 0]), max(len(ids) - 1, 0))
    here = ids[at] == known[:, 0] if len(ids) else np.zeros(len(known), bool)
    np.bitwise_or.at(facts, at[here], known[here, 1])
    return facts


def _metres_along(vertices: Floats, first: Ints) -> Floats:
    """Metres from the start of each piece to each of its vertices."""
    lon, lat = vertices[:, 0], vertices[:, 1]
    total = np.zeros(len(vertices))
    np.cumsum(haversine(lon[:-1], lat[:-1], lon[1:], lat[1:]), out=total[1:])
    return total - np.repeat(total[first[:-1]], np.diff(first))


def _bearings(xy: Floats, first: Ints, along: Floats) -> tuple[Floats, Floats]:
    """Directions in which arcs leave and arrive, along pieces and then against them."""
    begin, last = first[:-1], first[1:] - 1
    ahead = _place_at(xy, first, along, np.minimum(_BEARING_METRES, along[last]))
    behind = _place_at(xy, first, along, np.maximum(along[last] - _BEARING_METRES, 0.0))
    out, onward = _heading(ahead - xy[begin]), _heading(xy[last] - behind)
    return np.concatenate([out, onward + 180]) % 360, np.concatenate([onward, out + 180]) % 360


def _place_at(xy: Floats, first: Ints, along: Floats, metres: Floats) -> Floats:
    """(p, 2) places on the plane, so many *metres* from the start of each piece."""
    # pieces laid end to end, a gap apart, so that one search finds the vertex in each
    gap = np.concatenate([[0.0], np.cumsum(along[first[1:] - 1] + 1.0)])[:-1]
    laid = along + np.repeat(gap, np.diff(first))
    at = np.clip(np.searchsorted(laid, gap + metres, side="right"), first[:-1] + 1, first[1:] - 1)
    span = np.maximum(laid[at] - laid[at - 1], 1e-9)
    share = np.clip((gap + metres - laid[at - 1]) / span, 0.0, 1.0)[:, None]
    return xy[at - 1] + (xy[at] - xy[at - 1]) * share


def _heading(step: Floats) -> Floats:
    return np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360
