"""What is in a vector tile (MVT 2.1), through GDAL: where its features lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read

from console.geodata.kind_names import kind_by_name
from console.model.coordinates import MERCATOR_LIMIT, from_mercator
from console.model.layers import FeatureShape

EXTENT = 4096
"""GDAL gives coordinates in this many parts of the tile's side."""
MOST_FEATURES = 100_000
"""Of one sublayer of a tile."""
Floats = npt.NDArray[np.float64]
Tile = tuple[int, int, int]
"""Level, column, row from the north."""


def places_in_tile(data: bytes, tile: Tile, kind: str) -> Floats:
    """(n, 2) degrees of the sublayers that are named after *kind*: ends of lines, vertices of areas, points.

    Without what lies on the tile's edge, where everything is cut. Raises OSError for what is no tile.
    """
    try:
        names = [str(row[0]) for row in pyogrio.list_layers(data)]
        found = [_of_sublayer(data, name, kind) for name in names]
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise OSError("a tile is broken") from error
    xy = np.concatenate([np.empty((0, 2)), *found])
    xy = xy[((xy > 0) & (xy < EXTENT)).all(axis=1)]
    return degrees_in_tile(xy, tile)


def _of_sublayer(data: bytes, name: str, kind: str) -> Floats:
    """(n, 2) parts of the tile's side, from its south-western corner."""
    shapes = [shape for shape in FeatureShape if kind_by_name(shape, name) == kind]
    if not shapes:
        return np.empty((0, 2))
    _, _, wkb, _ = read(data, layer=name, columns=[], CLIP="NO", max_features=MOST_FEATURES)
    parts: Any = shapely.get_parts(shapely.from_wkb(wkb, on_invalid="ignore"))
    dimensions = shapely.get_dimensions(parts)
    found = [np.empty((0, 2))]
    for shape in shapes:
        own = parts[dimensions == list(FeatureShape).index(shape)]
        if shape is FeatureShape.LINE:
            own = np.concatenate([shapely.get_point(own, 0), shapely.get_point(own, -1)])
        found.append(shapely.get_coordinates(own))
    return np.concatenate(found)


def degrees_in_tile(xy: Floats, tile: Tile) -> Floats:
    """(n, 2) parts of a tile's side, from its south-western corner, to (n, 2) degrees."""
    z, x, y = tile
    across, down = (x + xy[:, 0] / EXTENT) / (1 << z), (y + 1 - xy[:, 1] / EXTENT) / (1 << z)
    metres = (2 * across - 1) * MERCATOR_LIMIT, (1 - 2 * np.clip(down, 0, 1)) * MERCATOR_LIMIT
    return np.column_stack(from_mercator(*metres))
