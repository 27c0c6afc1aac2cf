"""From shapely geometries to the ragged arrays of layer packages, without a loop over features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from console.model.layers import DEGREE, FeatureShape

Geometries = npt.NDArray[np.object_]
SHAPES = {
    0: FeatureShape.POINT,
    4: FeatureShape.POINT,
    1: FeatureShape.LINE,
    2: FeatureShape.LINE,
    5: FeatureShape.LINE,
    3: FeatureShape.POLYGON,
    6: FeatureShape.POLYGON,
}
"""GEOS geometry type to shape; collections are not in it."""


def ragged(
    geometry: Geometries, shape: FeatureShape
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """WGS84 geometries of one shape as ``LayerPackage`` has them: vertices in 1e-7 degrees, starts of
    parts, starts of features."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    if shape is FeatureShape.POLYGON:
        # winding the shells counter-clockwise winds the holes the other way
        rings, at = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
        parts, owner = rings, owner[at]
    degrees, part_of = shapely.get_coordinates(parts, return_index=True)
    xy = np.rint(degrees * DEGREE).astype(np.int32)
    part_start = _starts(part_of, len(parts))
    return xy, part_start, _starts(owner, len(geometry))


def _starts(owner: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.int32]:
    """Offsets of runs: *owner* rises from 0 to count - 1."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count))]).astype(np.int32)
