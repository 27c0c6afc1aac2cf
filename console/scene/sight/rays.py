"""Rays against triangles by Embree: what they hit first, whether anything stands between two points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.sight.soup import Soup, merged

Points = NDArray[np.float64]
Values = NDArray[np.float64]

SKIN = 0.03
"""Metres next to both ends of a line that are not looked at: a place on a wall is not hidden by that wall."""
_BATCH = 1 << 18
"""Rays at a time: Embree takes 80 bytes each."""
_NOTHING = 1e30
"""Metres from which on Embree means that nothing was hit."""
_SKY = 4096.0
"""Metres above the frame's height from which rays fall, and as much below it where they end. The same for
all: heights must not depend on what else is there. float32 then tells them to half a millimetre."""


class Rays:
    """Triangles that rays can be cast at, from several threads at once. Watertight along shared edges."""

    def __init__(self, frame: Frame, soups: Sequence[Soup]) -> None:
        self.frame = frame
        whole = merged(soups)
        self.triangles = len(whole.triangles)
        self._scene: Any = EmbreeScene(robust=True)
        self._mesh = TriangleMesh(self._scene, whole.points, whole.triangles) if self.triangles else None

    def distances(self, origins: Points, directions: Points, reach: Values | float = np.inf) -> Values:
        """(n,) metres along unit *directions* from *origins*, (n, 3) of the frame; inf: not in *reach*."""
        limit = np.broadcast_to(np.minimum(reach, 2 * _NOTHING), len(origins)).astype(np.float32)
        found = self._run(origins, directions, limit, "DISTANCE").astype(np.float64)
        return np.where(found >= np.minimum(limit, _NOTHING), np.inf, found)

    def clear(self, eyes: Points, targets: Points) -> NDArray[np.bool_]:
        """(n,) whether nothing stands between points of the frame, broadcast to (n, 3); neither way."""
        eyes, targets = np.broadcast_arrays(np.asarray(eyes, np.float64), np.asarray(targets, np.float64))
        there, length = _between(eyes, targets)
        inner = np.maximum(length - 2 * SKIN, 0.0).astype(np.float32)
        free = self._run(eyes + there * SKIN, there, inner, "OCCLUDED") < 0
        back = np.flatnonzero(free)
        again = self._run(targets[back] - there[back] * SKIN, -there[back], inner[back], "OCCLUDED") < 0
        free[back] = again
        return free

    def first_between(self, eye: Points, target: Points) -> float:
        """Metres from *eye* (3,) to what is first in the way to *target* (3,); inf: nothing is."""
        there, length = _between(eye[None], target[None])
        inner = max(float(length[0]) - 2 * SKIN, 0.0)
        hit = float(self.distances(eye[None] + there * SKIN, there, inner)[0])
        if np.isfinite(hit):
            return hit + SKIN
        back = float(self.distances(target[None] - there * SKIN, -there, inner)[0])
        return float(length[0]) - SKIN - back if np.isfinite(back) else np.inf

    def heights(self, lon: Any, lat: Any) -> Values:
        """Of the highest surface at WGS84 degrees of one shape: metres above the ellipsoid; NaN: none."""
        lon, lat = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
        flat_lon, flat_lat = lon.ravel(), lat.ravel()
        top = self.frame.height + _SKY
        origins = self.frame.place(flat_lon, flat_lat, top)
        down, depth = _between(origins, self.frame.place(flat_lon, flat_lat, self.frame.height - _SKY))
        found = self.distances(origins, down, depth)
        return np.where(np.isfinite(found), top - found, np.nan).reshape(lon.shape)

    def _run(
        self, origins: Points, directions: Points, limit: NDArray[np.float32], query: str
    ) -> NDArray[Any]:
        """*limit* (n,) metres. DISTANCE: metres, *limit* if nothing is hit; OCCLUDED: -1 if nothing is."""
        count = len(origins)
        if self._mesh is None or not count:
            return limit.copy() if query == "DISTANCE" else np.full(count, -1, np.int32)
        start = np.ascontiguousarray(origins, np.float32)
        way = np.ascontiguousarray(directions, np.float32)
        parts = [
            self._scene.run(start[part], way[part], limit[part].copy(), query=query)  # it writes into them
            for part in (slice(a, a + _BATCH) for a in range(0, count, _BATCH))
        ]
        return np.concatenate(parts)


def _between(eyes: Points, targets: Points) -> tuple[Points, Values]:
    """(n, 3) unit directions from *eyes* to *targets*, and (n,) metres."""
    way = targets - eyes
    length = np.linalg.norm(way, axis=1)
    return way / np.where(length > 0, length, 1.0)[:, None], length
