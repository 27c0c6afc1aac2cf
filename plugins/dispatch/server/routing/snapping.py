"""From a place to the nearest point of a usable road, for many places at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from console.sdk.records import Closure
from plugins.dispatch.server.ground import closed_ground, to_plane
from plugins.dispatch.server.routing.graph import Floats, Ints, Mask, RoadGraph

REACH_METRES = (15.0, 50.0, 160.0, 640.0)
"""Search radii, tried in turn; beyond the last a place has no road."""


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places on the road, one row each; ``piece`` is -1 where no road is near."""

    piece: Ints
    fraction: Floats
    """0..1 along the piece, in the direction of its vertices."""
    off_road: Floats
    """Metres from the place to the road."""


class Snapper:
    """A spatial index over the segments of all road pieces; safe for use by several threads."""

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph
        xy = to_plane(graph.vertices, graph.latitude)
        inner = np.ones(len(xy), bool)
        inner[graph.first[1:] - 1] = False
        self._from = np.flatnonzero(inner)
        self._piece = np.repeat(np.arange(graph.pieces), np.diff(graph.first))[self._from]
        a, b = xy[self._from], xy[self._from + 1]
        self._x, self._y = a.T.copy()
        self._east, self._north = (b - a).T.copy()
        self._square = np.maximum(self._east**2 + self._north**2, 1e-12)
        lines = shapely.linestrings(np.stack([a, b], axis=1))
        self._tree = shapely.STRtree(np.asarray(lines))

    def snap(self, places: Floats, usable: Mask) -> Snapped:
        """The exact nearest point on a usable piece for each of *places* ((k, 2) degrees)."""
        xy = to_plane(places, self._graph.latitude)
        found = Snapped(np.full(len(xy), -1), np.zeros(len(xy)), np.full(len(xy), np.inf))
        left = np.flatnonzero(np.isfinite(xy).all(axis=1))
        for radius in REACH_METRES:
            if len(left) == 0:
                break
            self._snap_within(xy, left, radius, usable, found)
            left = left[found.piece[left] < 0]
        return found

    def _snap_within(self, xy: Floats, rows: Ints, radius: float, usable: Mask, out: Snapped) -> None:
        low, high = xy[rows] - radius, xy[rows] + radius
        at, segment = self._tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
        keep = usable[self._piece[segment]]
        row, segment = rows[at[keep]], segment[keep]
        distance, share = self._project(xy[row], segment)
        near = np.flatnonzero(distance <= radius)
        if len(near) == 0:
            return
        # the tree answers place by place, so each place's hits lie together
        row, distance = row[near], distance[near]
        starts = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
        least = np.minimum.reduceat(distance, starts)
        hits = np.flatnonzero(distance == np.repeat(least, np.diff(np.append(starts, len(row)))))
        row, first = np.unique(row[hits], return_index=True)
        best = near[hits[first]]
        out.piece[row] = self._piece[segment[best]]
        out.fraction[row] = self._fraction(segment[best], share[best])
        out.off_road[row] = least

    def _project(self, xy: Floats, segment: Ints) -> tuple[Floats, Floats]:
        """Distance to each segment, and where on it (0..1) the nearest point is."""
        x, y = xy[:, 0] - self._x[segment], xy[:, 1] - self._y[segment]
        east, north = self._east[segment], self._north[segment]
        share = np.clip((x * east + y * north) / self._square[segment], 0.0, 1.0)
        return np.hypot(x - east * share, y - north * share), share

    def _fraction(self, segment: Ints, share: Floats) -> Floats:
        along, at = self._graph.along, self._from[segment]
        metres = along[at] + (along[at + 1] - along[at]) * share
        return np.clip(metres / self._graph.metres[self._piece[segment]], 0.0, 1.0)

    def blocked_by(self, closure: Closure) -> Ints:
        """Pieces that *closure* crosses."""
        hits = self._tree.query(closed_ground(closure, self._graph.latitude), predicate="intersects")
        return np.unique(self._piece[hits])
