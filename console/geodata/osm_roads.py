"""Ways of roads, cut at their crossings, so that a graph can be made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata import osm_tags
from console.geodata.osm_turns import TurnFacts
from console.geodata.packing import Block
from console.model.layers import DEGREE, FeatureShape, LayerKind

DTYPES: dict[str, type[np.generic]] = {
    "oneway": np.int8,
    "maxspeed": np.float32,
    "access": np.uint8,
    "use": np.int8,
    "surface": np.int8,
    "way": np.int64,
    "bridge": np.int8,
    "tunnel": np.int8,
    "level": np.int8,
}
"""Number columns of roads beside the nodes."""


class RoadWays:
    """Collects ways (id, x, y of each node, 1e-7 degrees) with what their tags say."""

    def __init__(self) -> None:
        self._ref: list[int] = []
        self._x: list[int] = []
        self._y: list[int] = []
        self._length: list[int] = []
        self._text: dict[str, list[str]] = {"class": [], "name": []}
        self._numbers: dict[str, list[float]] = {name: [] for name in DTYPES}

    def __len__(self) -> int:
        return len(self._length)

    def add(self, way: int, nodes: list[tuple[int, int, int]], tags: osm_tags.Tags, kind: str) -> None:
        """A way, or a stretch of it, of at least two nodes."""
        for ref, x, y in nodes:
            self._ref.append(ref)
            self._x.append(x)
            self._y.append(y)
        self._length.append(len(nodes))
        self._text["class"].append(kind)
        self._text["name"].append(osm_tags.name_of(tags))
        values = (
            osm_tags.road_oneway(tags, kind),
            osm_tags.speed_limit(tags),
            osm_tags.road_access(tags, kind),
            osm_tags.road_use(tags),
            osm_tags.road_surface(tags, kind),
            way,
            int(osm_tags.is_set(tags, "bridge")),
            int(osm_tags.is_set(tags, "tunnel")),
            osm_tags.road_level(tags),
        )
        for name, value in zip(DTYPES, values, strict=True):
            self._numbers[name].append(value)

    def block(self, facts: TurnFacts) -> Block:
        """Pieces of road between crossings, with ``from_node`` and ``to_node``, and *facts* on turns."""
        ways = Block(
            kind=LayerKind.ROAD,
            shape=FeatureShape.LINE,
            geometry=np.empty(0, object),
            text=self._text,
            numbers={n: np.array(v, DTYPES[n]) for n, v in self._numbers.items()},
        )
        xy = np.column_stack([self._x, self._y]) / float(DEGREE)
        ref, length = np.array(self._ref, np.int64), np.array(self._length)
        pieces = cut_at_crossings(ways, xy, ref, length, np.isin(ref, facts.crossings()))
        pieces.extras = facts.extras()
        return pieces


def cut_at_crossings(
    ways: Block,
    xy: npt.NDArray[Any],
    ref: npt.NDArray[np.int64],
    length: npt.NDArray[Any],
    also: npt.NDArray[np.bool_] | None = None,
) -> Block:
    """Cut lines wherever a node is used twice or more, and at vertices where *also* is set.

    *xy* (degrees) and *ref* (node ids) run over the vertices of all lines, *length*
    counts them a line; the columns of *ways* are taken over, its geometry is not used.
    """
    end = np.cumsum(length)
    cut = _crossings(ref) if also is None else _crossings(ref) | also
    cut[end - 1] = True
    cut[end - length] = True
    at = np.flatnonzero(cut)
    way_of = np.repeat(np.arange(len(length)), length)[at]
    within = way_of[:-1] == way_of[1:]
    first, last = at[:-1][within], at[1:][within]
    size = last - first + 1
    piece_of = np.repeat(np.arange(len(size)), size)
    vertex = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size) + np.repeat(first, size)
    pieces = ways_columns(ways, way_of[:-1][within])
    pieces.geometry = np.asarray(shapely.linestrings(xy[vertex], indices=piece_of), object)
    pieces.numbers |= {"from_node": ref[first], "to_node": ref[last]}
    return pieces


def _crossings(ref: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    _, inverse, counts = np.unique(ref, return_inverse=True, return_counts=True)
    return counts[inverse] > 1


def ways_columns(ways: Block, rows: npt.NDArray[Any]) -> Block:
    """The columns of *ways* at *rows*, without geometry."""
    return Block(
        kind=ways.kind,
        shape=ways.shape,
        geometry=np.empty(0, object),
        text={name: [values[i] for i in rows.tolist()] for name, values in ways.text.items()},
        numbers={name: values[rows] for name, values in ways.numbers.items()},
    )
