"""Upright solids over polygons: roofs and walls as triangles with flat normals."""

from __future__ import annotations

from dataclasses import dataclass

import mapbox_earcut
import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.gltf import Mode
from console.scene.stream.drawable import Batch, Surface

Rgb = tuple[int, int, int]
_TURNED = 0.08
"""How much lighter and darker walls are by where they look to, so that in shade, too, corners are seen."""
_SIDE = np.array([0.95, 0.31, 0.0])
"""Where the lightest look to: of walls at right angles to one another none are alike."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of buildings, 0..255."""

    roof: Rgb = (226, 222, 214)
    wall: Rgb = (203, 196, 186)
    foot: float = 0.72
    """How bright walls are at the ground, of 1 at the roof: so that one sees the depth of streets."""


@dataclass(frozen=True, slots=True, eq=False)
class Solids:
    """*n* polygons without overlaps of their rings, shells counter-clockwise, from foot to roof."""

    polygons: NDArray[np.object_]
    """(n,) shapely polygons, WGS84 degrees."""
    foot: NDArray[np.float64]
    """(n,) metres above the ellipsoid."""
    roof: NDArray[np.float64]
    """(n,) metres above the ellipsoid."""
    features: NDArray[np.int64]
    """(n,) which building each belongs to."""

    def __len__(self) -> int:
        return len(self.polygons)

    def chosen(self, rows: NDArray[np.intp]) -> Solids:
        return Solids(self.polygons[rows], self.foot[rows], self.roof[rows], self.features[rows])

    def triangles(self) -> NDArray[np.int64]:
        """(n,): how many each will take; two for an edge, and the roof's."""
        edges = shapely.get_num_coordinates(self.polygons) - 1 - shapely.get_num_interior_rings(self.polygons)
        return 3 * edges + 2 * shapely.get_num_interior_rings(self.polygons) - 2


def extrude(solids: Solids, frame: Frame, look: Look) -> Batch:
    """Roofs, then walls, in axes of *frame*; nothing below, where nobody looks."""
    _, lonlat, (ring_ends, polygon_rings) = shapely.to_ragged_array(solids.polygons)
    counts = np.diff(ring_ends[polygon_rings])
    owner = np.repeat(np.arange(len(solids)), counts)
    top = frame.place(lonlat[:, 0], lonlat[:, 1], solids.roof[owner])
    low = frame.place(lonlat[:, 0], lonlat[:, 1], solids.foot[owner])
    edges = np.delete(np.arange(len(lonlat)), ring_ends[1:] - 1)
    corners = np.stack([low[edges], low[edges + 1], top[edges + 1], top[edges]], axis=1)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0])
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    up = np.zeros_like(top)
    up[:, 2] = 1.0
    quads = np.arange(len(edges) * 4, dtype=np.uint32).reshape(-1, 4)[:, [0, 1, 2, 0, 2, 3]] + len(top)
    roofs = _roofs(top[:, :2], ring_ends, polygon_rings)
    return Batch(
        Mode.TRIANGLES,
        positions=np.concatenate([top, corners.reshape(-1, 3)]).astype(np.float32),
        indices=np.concatenate([roofs, quads.ravel().astype(np.uint32)]),
        matrix=frame.to_ecef,
        surface=Surface(lit=True, double_sided=True),
        normals=np.concatenate([up, np.repeat(across, 4, axis=0)]).astype(np.float32),
        colors=_colors(len(top), across, look),
        features=solids.features[np.concatenate([owner, np.repeat(owner[edges], 4)])],
    )


def _roofs(
    flat: NDArray[np.float64], ring_ends: NDArray[np.int32], polygon_rings: NDArray[np.int32]
) -> NDArray[np.uint32]:
    """(m,) corners of triangles, counter-clockwise from above. *flat*: (v, 2), rings closed."""
    ends = ring_ends.astype(np.uint32)
    found = [np.empty(0, np.uint32)]
    for first, last in zip(polygon_rings[:-1].tolist(), polygon_rings[1:].tolist(), strict=True):
        start = ends[first]
        rings = ends[first + 1 : last + 1] - start
        found.append(mapbox_earcut.triangulate_float64(flat[start : ends[last]], rings) + start)
    triangles = np.concatenate(found).reshape(-1, 3)
    a, b, c = (flat[triangles[:, corner]] for corner in range(3))
    turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    triangles[turn < 0] = triangles[turn < 0][:, ::-1]
    return triangles.ravel()


def _colors(roofs: int, across: NDArray[np.float64], look: Look) -> NDArray[np.uint8]:
    """(v, 4). *across*: (edges, 3) where walls look to."""
    bright = 1.0 - _TURNED + _TURNED * (across @ _SIDE)
    corners = bright[:, None] * np.array([look.foot, look.foot, 1.0, 1.0])
    walls = corners.reshape(-1, 1) * np.array(look.wall)
    rgb = np.concatenate([np.tile(np.array(look.roof, float), (roofs, 1)), walls])
    return np.column_stack([np.round(rgb), np.full(len(rgb), 255)]).astype(np.uint8)
