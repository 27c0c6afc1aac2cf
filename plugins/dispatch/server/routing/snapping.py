"""From a place to the nearest point of a usable road, for many places at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from console.sdk.records import Closure
from console.sdk.server import Facing
from plugins.dispatch.server.ground import closed_ground, to_plane
from plugins.dispatch.server.routing.graph import Floats, Ints, Mask, RoadGraph

REACH_METRES = (15.0, 50.0, 160.0, 640.0)
"""Search radii, tried in turn; beyond the last a place has no road."""
_WRONG_WAY_METRES, _WRONG_LEVEL_METRES = 25.0, 40.0
"""A road that one cannot be on, by heading or level, counts as so much farther away."""


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places on the road, one row each; ``piece`` is -1 where no road is near."""

    piece: Ints
    fraction: Floats
    """0..1 along the piece, in the direction of its vertices."""
    off_road: Floats
    """Metres from the place to the road."""
    along: Mask
    """One may go on in the direction of the vertices: nothing is known of the heading, or it fits."""
    against: Mask
    """One may go on against it."""

    def row(self, row: int) -> Snapped:
        """One of the places."""
        one = slice(row, row + 1)
        return Snapped(
            self.piece[one], self.fraction[one], self.off_road[one], self.along[one], self.against[one]
        )


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

    def snap(self, places: Floats, usable: Mask, facing: Facing | None = None) -> Snapped:
        """The nearest point on a usable piece for each of *places* ((k, 2) degrees)."""
        xy = to_plane(places, self._graph.latitude)
        count = len(xy)
        found = Snapped(
            np.full(count, -1),
            np.zeros(count),
            np.full(count, np.inf),
            np.ones(count, bool),
            np.ones(count, bool),
        )
        left = np.flatnonzero(np.isfinite(xy).all(axis=1))
        for radius in REACH_METRES:
            if len(left) == 0:
                break
            self._snap_within(xy, left, radius, usable, facing, found)
            left = left[found.piece[left] < 0]
        return found

    def _snap_within(
        self, xy: Floats, rows: Ints, radius: float, usable: Mask, facing: Facing | None, out: Snapped
    ) -> None:
        low, high = xy[rows] - radius, xy[rows] + radius
        at, segment = self._tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
        keep = usable[self._piece[segment]]
        row, segment = rows[at[keep]], segment[keep]
        distance, share = self._project(xy[row], segment)
        near = np.flatnonzero(distance <= radius)
        if len(near) == 0:
            return
        # the tree answers place by place, so each place's hits lie together
        row, segment, distance, share = row[near], segment[near], distance[near], share[near]
        judged = distance if facing is None else distance + self._unlikely(row, segment, facing)
        starts = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
        least = np.minimum.reduceat(judged, starts)
        hits = np.flatnonzero(judged == np.repeat(least, np.diff(np.append(starts, len(row)))))
        row, first = np.unique(row[hits], return_index=True)
        best = hits[first]
        out.piece[row] = self._piece[segment[best]]
        out.fraction[row] = self._fraction(segment[best], share[best])
        out.off_road[row] = distance[best]
        if facing is not None:
            turned = self._turned(segment[best], facing.heading[row])
            out.along[row], out.against[row] = ~(turned > 90), ~(turned < 90)

    def around(self, places: Floats, radii: Floats, usable: Mask) -> tuple[Ints, Ints, Floats, Floats]:
        """All usable pieces within *radii* ((k,) metres) of *places* ((k, 2) degrees).

        Rows of places, pieces, fractions along them, metres to them; sorted by row and metres.
        """
        xy = to_plane(places, self._graph.latitude)
        low, high = xy - radii[:, None], xy + radii[:, None]
        row, segment = self._tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
        keep = usable[self._piece[segment]]
        row, segment = row[keep], segment[keep]
        metres, share = self._project(xy[row], segment)
        order = np.lexsort((metres, row))
        order = order[metres[order] <= radii[row[order]]]
        row, segment, metres, share = row[order], segment[order], metres[order], share[order]
        piece = self._piece[segment]
        _, first = np.unique(row * self._graph.pieces + piece, return_index=True)
        first.sort()  # the nearest segment of each piece, still by distance
        return row[first], piece[first], self._fraction(segment[first], share[first]), metres[first]

    def _turned(self, segment: Ints, heading: Floats) -> Floats:
        """Degrees (0..180) between a heading and the direction of a segment; NaN where unknown."""
        direction = np.degrees(np.arctan2(self._east[segment], self._north[segment]))
        return np.abs((heading - direction + 180) % 360 - 180)

    def _unlikely(self, row: Ints, segment: Ints, facing: Facing) -> Floats:
        """Metres that a segment counts as farther away for what is known of the place."""
        piece = self._piece[segment]
        turned, one_way = self._turned(segment, facing.heading[row]), self._graph.one_way[piece]
        wrong = ((one_way == 1) & (turned > 90)) | ((one_way == -1) & (turned < 90))
        level = facing.level[row]
        other = np.isfinite(level) & (level != self._graph.level[piece])
        return np.where(wrong, _WRONG_WAY_METRES, 0.0) + np.where(other, _WRONG_LEVEL_METRES, 0.0)

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
