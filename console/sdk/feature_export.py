"""Features of a layer to a file of the user's: GeoPackage or GeoJSON in WGS84, or a table as CSV.

For worker threads. The file is there whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from console.model.layers import FeatureShape, decode_package
from console.sdk.csv_file import write_csv
from console.sdk.feature_table import FeatureTable, Rows

LON, LAT = "lon", "lat"
"""Columns that a table of points gets, so that it can be opened on the map again."""


class FeatureFormat(StrEnum):
    """What can be written, by suffix."""

    GEOPACKAGE = ".gpkg"
    GEOJSON = ".geojson"
    CSV = ".csv"


def write_features(path: Path, package: str, table: FeatureTable, rows: Rows) -> None:
    """Write *rows* of *table* (made of *package*) in the format that *path* names; CSV when it names none.

    Raises OSError.
    """
    fresh = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        if path.suffix.lower() in (FeatureFormat.GEOPACKAGE, FeatureFormat.GEOJSON):
            _write_geodata(fresh, path.stem, package, table, rows)
        else:
            write_csv(fresh, _lines(table, rows, _places(package, rows)))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _write_geodata(path: Path, name: str, package: str, table: FeatureTable, rows: Rows) -> None:
    import shapely

    from console.geodata.gdal_errors import GDAL_ERRORS
    from console.geodata.packing import geometries

    write: Any = import_module("pyogrio.raw").write  # has no types
    layer = decode_package(Path(package).read_bytes())
    shapes = geometries(layer)[rows]
    kind = {FeatureShape.POINT: "Point", FeatureShape.LINE: "LineString"}.get(layer.shape, "Polygon")
    several = {shape.geom_type for shape in shapes.tolist()} != {kind}
    geojson = path.suffix.lower() == FeatureFormat.GEOJSON
    try:
        write(
            path,
            shapely.to_wkb(shapes),
            [_values(table, rows, column) for column in table.columns],
            list(table.columns),
            layer=name,
            driver="GeoJSON" if geojson else "GPKG",
            geometry_type="Unknown" if several else kind,
            crs="EPSG:4326",
            layer_options={"RFC7946": "YES"} if geojson else {},
        )
    except GDAL_ERRORS as error:
        raise OSError(str(error)) from error


def _values(table: FeatureTable, rows: Rows, name: str) -> npt.NDArray[Any]:
    if table.is_text(name):
        return np.array([table.text(row, name) for row in rows.tolist()], object)
    values = table.columns[name][rows]
    return values.astype(np.int32) if values.dtype.itemsize < 4 and values.dtype.kind in "iu" else values


def _places(package: str, rows: Rows) -> npt.NDArray[np.float64] | None:
    """(n, 2) degrees of points; None for other shapes."""
    layer = decode_package(Path(package).read_bytes())
    if layer.shape is not FeatureShape.POINT:
        return None
    return layer.degrees[layer.part_start[layer.feature_start[rows]]]


def _lines(
    table: FeatureTable, rows: Rows, places: npt.NDArray[np.float64] | None
) -> Iterator[Sequence[str]]:
    """Titles, then the cells as they are shown; points get their place, unless they have it already."""
    names = list(table.columns)
    placed = places if not {LON, LAT} & set(names) else None
    yield [*names, *((LON, LAT) if placed is not None else ())]
    for at, row in enumerate(rows.tolist()):
        cells = [table.text(row, name) for name in names]
        yield cells if placed is None else [*cells, *(f"{value:.7f}" for value in placed[at])]
