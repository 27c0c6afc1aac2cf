"""Buildings from footprints, the ground and obstacles as triangles that hide what is behind them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.ground.buildings import City
from console.scene.ground.heights import Heights
from console.scene.ground.solids import Look, Solids, extrude
from console.scene.refusal import refused
from console.scene.sight.mesh import Block, FineMesh, MeshBuilder, block_of
from console.scene.sight.rays import Rays
from console.scene.sight.soup import soup_of

Box = tuple[float, float, float, float]
"""West, south, east, north in WGS84 degrees."""
OBSTACLE = "obstacle:"
"""What the names of obstacles' blocks begin with."""
_GROUND_SIDE = 16
"""Squares of the ground along the side of a piece."""


def add_city(builder: MeshBuilder, city: City) -> None:
    """All buildings, as they are near. Raises TooFine."""
    for block in city.blocks:
        batch = block.batch(Look())
        builder.add(batch.positions, batch.indices, batch.matrix)


def add_ground(builder: MeshBuilder, ground: Heights, box: Box, step: float) -> None:
    """The ground within *box*, a corner every *step* metres. Raises SceneRefused (unreadable), TooFine."""
    west, south, east, north = box
    corners = builder.frame.place([west, east, west, east], [south, south, north, north])
    low, high = corners[:, :2].min(axis=0), corners[:, :2].max(axis=0)
    first = np.floor((low - 1.0) / step).astype(int)  # a metre more: the plane is not the box's ground
    last = np.ceil((high + 1.0) / step).astype(int)
    for column in range(first[0], last[0], _GROUND_SIDE):
        for row in range(first[1], last[1], _GROUND_SIDE):
            _add_piece(builder, ground, (column, row), step)


def _add_piece(builder: MeshBuilder, ground: Heights, at: tuple[int, int], step: float) -> None:
    count = _GROUND_SIDE + 1
    x, y = np.meshgrid((at[0] + np.arange(count)) * step, (at[1] + np.arange(count)) * step, indexing="ij")
    flat = np.column_stack([x.ravel(), y.ravel(), np.zeros(count * count)])
    lon, lat, _ = builder.frame.geographic(flat).T
    points = builder.frame.place(lon, lat, ground.at(lon, lat, step / 111_320.0))
    builder.add_local(points, grid_triangles(count, count))


def grid_triangles(columns: int, rows: int) -> NDArray[np.int32]:
    """(m, 3): a grid of corners, column after column, as triangles."""
    corner = (np.arange(columns - 1)[:, None] * rows + np.arange(rows - 1)).ravel()
    near = np.column_stack([corner, corner + rows, corner + 1])
    far = np.column_stack([corner + 1, corner + rows, corner + rows + 1])
    return np.concatenate([near, far]).astype(np.int32)


def with_obstacle(mesh: FineMesh, name: str, shape: shapely.Polygon, height: float) -> FineMesh:
    """*mesh* with an upright thing on it: *shape* in WGS84 degrees, *height* metres above the surface there.

    One of that *name* is replaced; all other blocks stay as they are. Raises SceneRefused: no area, or no
    surface under it.
    """
    bare = mesh.without_block(OBSTACLE + name)
    return bare.with_block(_obstacle(bare, OBSTACLE + name, shape, height))


def without_obstacle(mesh: FineMesh, name: str) -> FineMesh:
    """*mesh* without the obstacle of that *name*."""
    return mesh.without_block(OBSTACLE + name)


def _obstacle(mesh: FineMesh, name: str, shape: shapely.Polygon, height: float) -> Block:
    if shape.geom_type != "Polygon" or not shape.is_valid or shape.is_empty or not 0 < height < 2000:
        raise refused("障碍物的范围或高度无效", "the obstacle's outline or height makes no sense")
    outline = shapely.orient_polygons(shapely.remove_repeated_points(shape))
    lonlat = shapely.get_coordinates(outline)
    level = _rays_under(mesh, lonlat).heights(lonlat[:, 0], lonlat[:, 1])
    if np.isnan(level).all():
        raise refused("障碍物下没有地面数据", "there is no surface under the obstacle")
    foot, top = float(np.nanmin(level)), float(np.nanmax(level)) + height
    solid = Solids(np.array([outline], object), np.array([foot]), np.array([top]), np.zeros(1, np.int64))
    lon, lat = lonlat.mean(axis=0).tolist()
    batch = extrude(solid, Frame(lon, lat, foot), Look())
    matrix = mesh.frame.from_ecef @ batch.matrix
    points = batch.positions.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    return block_of(name, soup_of(points, batch.indices))


def _rays_under(mesh: FineMesh, lonlat: NDArray[np.float64]) -> Rays:
    corners = mesh.frame.place(lonlat[:, 0], lonlat[:, 1], mesh.frame.height)
    middle = corners.mean(axis=0)
    return mesh.rays(mesh.near(middle, float(np.linalg.norm(corners - middle, axis=1).max())))
