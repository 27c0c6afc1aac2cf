"""Bounding volumes (3D Tiles 1.1, 7.3.5) of many tiles at once, in the tileset's world: metres, ECEF."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.ellipsoid import A, east_north_up, to_ecef
from console.scene.tiles.schema import VolumeRecord
from console.scene.transforms import Matrix

BOX, REGION, SPHERE = 0, 1, 2
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Volumes:
    """n oriented boxes or spheres."""

    center: NDArray[np.float64]
    """(n, 3)."""
    axes: NDArray[np.float64]
    """(n, 3, 3): rows are the half axes; of a sphere those of its cube."""
    radius: NDArray[np.float64]
    """(n,): of a sphere; -1 for a box."""


def numbers_of(record: VolumeRecord | None) -> tuple[int, list[float]] | None:
    """Kind and numbers of a volume that is sound; None for one that is not, or of another kind."""
    if record is None:
        return None
    for kind, numbers in ((BOX, record.box), (REGION, record.region), (SPHERE, record.sphere)):
        if numbers is not None:
            return (kind, numbers) if np.isfinite(numbers).all() else None
    return None


def volumes_of(given: list[tuple[int, list[float]]], frames: Matrix) -> Volumes:
    """The volumes in the world. *frames*: (n, 4, 4), tile to world; regions know their place themselves."""
    kinds = np.array([kind for kind, _ in given], np.int64)
    numbers = np.zeros((len(given), 12))
    for row, (_, values) in zip(numbers, given, strict=True):
        row[: len(values)] = values
    return place(kinds, numbers, frames)


def place(kinds: NDArray[np.int64], numbers: NDArray[np.float64], frames: Matrix) -> Volumes:
    """As volumes_of, of arrays: *kinds* (n,), *numbers* (n, 12) padded with zeros."""
    center = numbers[:, :3].copy()
    axes = numbers[:, 3:].reshape(-1, 3, 3).copy()
    radius = np.full(len(kinds), -1.0)
    spheres, regions = kinds == SPHERE, kinds == REGION
    axes[spheres] = np.identity(3) * np.abs(numbers[spheres, 3])[:, None, None]
    local = ~regions
    turn = frames[local, :3, :3]
    center[local] = np.einsum("nij,nj->ni", turn, center[local]) + frames[local, :3, 3]
    axes[local] = np.einsum("nij,nkj->nki", turn, axes[local])
    stretch = np.sqrt((frames[spheres, :3, :3] ** 2).sum(axis=1)).max(axis=1)
    radius[spheres] = np.abs(numbers[spheres, 3]) * stretch
    if regions.any():
        center[regions], axes[regions] = region_boxes(numbers[regions, :6])
    return Volumes(center, axes, radius)


def region_boxes(regions: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres (n, 3) and half axes (n, 3, 3) of boxes round *regions* (n, 6).

    Regions are west, south, east, north (radians), lowest and highest height (metres). The boxes lie along
    east, north and up of the middle, and hold a grid of points of the region and as much more as the
    surface can bulge between them.
    """
    west, south, east, north, low, high = regions.T
    width = np.where(east < west, east + 2 * np.pi - west, east - west)
    middle, parallel = west + width / 2, (south + north) / 2
    turn = east_north_up(middle, parallel)
    steps = np.linspace(0.0, 1.0, _SAMPLES)
    longitude = west[:, None, None, None] + width[:, None, None, None] * steps[:, None, None]
    latitude = south[:, None, None, None] + (north - south)[:, None, None, None] * steps[:, None]
    height = np.stack([low, high], axis=1)[:, None, None, :]
    shape = (len(regions), _SAMPLES, _SAMPLES, 2)
    grid = to_ecef(*(np.broadcast_to(values, shape) for values in (longitude, latitude, height)))
    origin = to_ecef(middle, parallel, (low + high) / 2)
    local = np.einsum("nij,nkj->nki", turn, grid.reshape(len(regions), -1, 3) - origin[:, None])
    step = np.maximum(width, np.abs(north - south)) / (_SAMPLES - 1)
    bulge = 2 * (A + np.maximum(np.abs(low), np.abs(high))) * (1.0 - np.cos(np.minimum(step, np.pi) / 2))
    lowest, highest = local.min(axis=1) - bulge[:, None], local.max(axis=1) + bulge[:, None]
    center = origin + np.einsum("nij,ni->nj", turn, (lowest + highest) / 2)
    return center, turn * ((highest - lowest) / 2)[:, :, None]


def distances(volumes: Volumes, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) metres from *point* to the volumes, 0 inside."""
    offset = point - volumes.center
    length = np.sqrt((volumes.axes**2).sum(axis=2))
    flat = length == 0
    unit = volumes.axes / np.where(flat, 1.0, length)[:, :, None]
    along = np.einsum("nij,nj->ni", unit, offset)
    squared = (np.maximum(np.abs(along) - length, 0.0) ** 2).sum(axis=1)
    thin = flat.any(axis=1)
    if thin.any():  # what lies off the plane or line of a box without thickness
        rest = (offset[thin] ** 2).sum(axis=1) - (along[thin] ** 2).sum(axis=1)
        squared[thin] += np.maximum(rest, 0.0)
    to_box = np.sqrt(squared)
    to_sphere = np.maximum(np.sqrt((offset**2).sum(axis=1)) - volumes.radius, 0.0)
    return np.where(volumes.radius < 0, to_box, to_sphere)


def outside(volumes: Volumes, planes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(n,): whether a volume lies wholly behind one of *planes* (p, 4): inward normal and offset."""
    height, reach = _heights(volumes, planes)
    return np.asarray((height < -reach).any(axis=1))


def inside(volumes: Volumes, planes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(n,): whether a volume lies wholly before all of *planes* (p, 4)."""
    height, reach = _heights(volumes, planes)
    return np.asarray((height >= reach).all(axis=1))


def _heights(
    volumes: Volumes, planes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(n, p) metres from each plane to the middle, and how far the volume reaches from there."""
    normals = planes[:, :3]
    reach = np.abs(np.einsum("nij,pj->npi", volumes.axes, normals)).sum(axis=2)
    reach = np.where(volumes.radius[:, None] < 0, reach, volumes.radius[:, None])
    return volumes.center @ normals.T + planes[:, 3], reach
