"""The road graph of an imported road layer, as flat arrays.

Each road piece gives two arcs: arc ``i`` runs along the vertices of piece
``i``, arc ``i + pieces`` against them. The topology is the same for everybody;
who may go where, and how fast, is in the weights of a ``Profile``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from console.sdk import haversine
from console.sdk.records import Means
from console.sdk.server import LayerPackage
from plugins.dispatch.server.routing.speeds import ACCESS_BIT, OBEYS_ONE_WAY, metres_per_second

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NO_WAY = 2_147_483_647
"""Weight of an arc that may not be used, milliseconds (RoutingKit's infinity)."""
_ISLAND_SHARE = 0.05
"""A connected part smaller than this share of the largest is an island: nothing is snapped to it."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one means may use: arc weights and the pieces that a place may be snapped to."""

    means: Means
    weights: Ints
    """(2p,) milliseconds, NO_WAY where forbidden."""
    usable: Mask
    """(p,) pieces from which one gets on and back."""


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
    along = _metres_along(vertices, first)
    return RoadGraph(
        nodes=nodes,
        latitude=float(nodes[:, 1].mean()) if len(nodes) else 0.0,
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
        access=columns["access"],
    )


def _metres_along(vertices: Floats, first: Ints) -> Floats:
    """Metres from the start of each piece to each of its vertices."""
    lon, lat = vertices[:, 0], vertices[:, 1]
    total = np.zeros(len(vertices))
    np.cumsum(haversine(lon[:-1], lat[:-1], lon[1:], lat[1:]), out=total[1:])
    return total - np.repeat(total[first[:-1]], np.diff(first))


def profile(graph: RoadGraph, means: Means) -> Profile:
    """Weights and usable pieces of *means*, without closures."""
    speed = metres_per_second(graph.classes, graph.limits, means)
    cost = np.maximum(np.rint(graph.metres / speed * 1000), 1).astype(np.int64)
    allowed = (graph.access & ACCESS_BIT[means]) > 0
    forward, backward = allowed.copy(), allowed.copy()
    if OBEYS_ONE_WAY[means]:
        forward &= graph.one_way != -1
        backward &= graph.one_way != 1
    weights = np.where(np.concatenate([forward, backward]), np.concatenate([cost, cost]), NO_WAY)
    return Profile(means=means, weights=weights, usable=_on_the_net(graph, weights))


def _on_the_net(graph: RoadGraph, weights: Ints) -> Mask:
    """Pieces inside a large strongly connected part: from there one gets on, and back.

    There may be several, such as the two banks of a river that only cars can cross.
    """
    open_arcs = weights < NO_WAY
    size = len(graph.nodes)
    if size == 0:
        return np.zeros(0, bool)
    tail, head = graph.tail[open_arcs], graph.head[open_arcs]
    matrix = csr_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size))
    _, label = connected_components(matrix, connection="strong")
    sizes = np.bincount(label)
    large = sizes >= max(sizes.max() * _ISLAND_SHARE, 2)
    passable = open_arcs[: graph.pieces] | open_arcs[graph.pieces :]
    return passable & large[label[graph.start]] & (label[graph.start] == label[graph.end])


def block(base: Profile, blocked: Mask) -> Profile:
    """*base* with the pieces of *blocked* closed both ways."""
    closed = np.concatenate([blocked, blocked])
    return Profile(
        means=base.means,
        weights=np.where(closed, NO_WAY, base.weights),
        usable=base.usable & ~blocked,
    )
