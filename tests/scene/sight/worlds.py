"""Small worlds whose shadows can be worked out by hand."""

from __future__ import annotations

import numpy as np
import shapely

from console.scene.frame import Frame
from console.scene.ground.heights import Flat
from console.scene.sight.ground import add_ground, with_obstacle
from console.scene.sight.mesh import FineMesh, MeshBuilder

FRAME = Frame(113.93, 22.52, 10.0)
SIDE = 64.0


def plain(half: float = 300.0) -> FineMesh:
    """Flat ground 10 m above the ellipsoid."""
    builder = MeshBuilder(FRAME, side=SIDE)
    add_ground(builder, Flat(10.0), (*lonlat(-half, -half), *lonlat(half, half)), 32.0)
    return builder.build("plain")


def lonlat(east: float, north: float) -> tuple[float, float]:
    lon, lat, _ = FRAME.geographic(np.array([east, north, 0.0])).tolist()
    return lon, lat


def block(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle of the plain's metres in degrees."""
    return shapely.Polygon(
        [lonlat(west, south), lonlat(east, south), lonlat(east, north), lonlat(west, north)]
    )


def walled(mesh: FineMesh, *walls: tuple[float, float, float, float, float]) -> FineMesh:
    """With walls: west, south, east, north, height."""
    for number, (west, south, east, north, height) in enumerate(walls):
        mesh = with_obstacle(mesh, f"{number}", block(west, south, east, north), height)
    return mesh
