"""A vector tile (MVT 2.1) to features by sublayer and shape, through GDAL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read

from console.geodata.tile_features import MOST_FEATURES, degrees_in_tile
from console.map.render.data.painter import SHAPE_NAMES, Features
from console.map.render.geometry import LayerGeometry
from console.model.coordinates import Datum, to_wgs84
from console.model.layers import FeatureShape, LayerKind, LayerPackage
from console.model.ragged import SHAPES, ragged

OTHERS = "*"
"""``source-layer`` of what is drawn of tiles in which there is nothing of the usual schemas."""
USUAL = frozenset(
    {
        "aerodrome_label", "aeroway", "earth", "globallandcover", "housenumber", "land", "mask",
        "mountain_peak", "natural", "ocean", "park", "physical_line", "physical_point", "water_name",
        "water_polygons",
    }
)  # fmt: skip
"""Sublayers of these schemas that the usual style leaves out."""


class ColumnTable:
    """Attributes as they were read; implements ``values.Table``."""

    def __init__(self, shape: FeatureShape, columns: dict[str, npt.NDArray[Any]], count: int) -> None:
        self.shape, self._columns, self._count = SHAPE_NAMES[shape], columns, count

    def __len__(self) -> int:
        return self._count

    def column(self, name: str) -> npt.NDArray[Any] | None:
        return self._columns.get(name)


def read_tile(
    data: bytes, tile: tuple[int, int, int], wanted: set[str], datum: Datum = Datum.WGS84
) -> list[Features]:
    """The sublayers of *wanted* (all, when it is empty), in WGS84. Raises OSError for what is no tile.

    *datum*: of the pyramid. With ``OTHERS`` among *wanted*, all of a tile of no usual schema is ``OTHERS``.
    """
    try:
        names = [str(row[0]) for row in pyogrio.list_layers(data)]
        others = OTHERS in wanted and not (wanted | USUAL).intersection(names)
        found = [name for name in names if others or not wanted or name in wanted]
        parts = [part for name in found for part in _sublayer(data, name, tile, datum)]
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise OSError("a tile is broken") from error
    for part in parts if others else ():
        part.source_layer = OTHERS
    return parts


def _sublayer(data: bytes, name: str, tile: tuple[int, int, int], datum: Datum) -> Iterator[Features]:
    """Not cut at the tile's edge: whoever paints does that, and outlines don't show the seams."""
    meta, _, wkb, values = read(data, layer=name, CLIP="NO", max_features=MOST_FEATURES)

    def to_degrees(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        lon, lat = degrees_in_tile(xy, tile).T
        return np.column_stack(to_wgs84(lon, lat, datum))

    geometry = shapely.transform(shapely.from_wkb(wkb, on_invalid="ignore"), to_degrees)
    shapes = np.array([SHAPES.get(kind, "") for kind in shapely.get_type_id(geometry).tolist()])
    columns = {str(n): _column(v) for n, v in zip(meta["fields"], values, strict=True) if len(v) == len(wkb)}
    for shape in FeatureShape:
        rows = np.flatnonzero(shapes == shape)
        if len(rows):
            own = {key: column[rows] for key, column in columns.items()}
            yield _features(geometry[rows], shape, own, name)


def _column(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """float64 or texts with None, as expressions take them."""
    if values.dtype.kind in "iufb":
        return values.astype(np.float64)
    return np.array(
        [None if v is None or v != v else v if isinstance(v, str) else str(v) for v in values], object
    )


def _features(
    geometry: Any,
    shape: FeatureShape,
    columns: dict[str, npt.NDArray[Any]],
    name: str,
) -> Features:
    xy, part_start, feature_start = ragged(geometry, shape)
    package = LayerPackage(
        kind=LayerKind.OTHER, shape=shape, xy=xy, part_start=part_start, feature_start=feature_start
    )
    return Features(LayerGeometry(package), ColumnTable(shape, columns, len(geometry)), name)


def source_layers(layers: Sequence[Any]) -> set[str]:
    """The sublayers that a style speaks of."""
    return {layer.source_layer for layer in layers if layer.source_layer}
