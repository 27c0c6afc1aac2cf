"""Coordinates out of the columns of a table: which columns they are, and the points they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from console.formats.refusal import refused
from console.formats.sheet import Values
from console.geodata.packing import Geometries
from console.model.sources import FileOptions, Wanted

_X = (
    *("lon", "lng", "longitude", "long", "经度", "东经", "经度坐标", "经"),
    *("lon_wgs84", "wgs84_lon", "wgs_lon", "gcj_lon", "lng_gcj02", "bd_lon"),
    *("point_x", "poi_lng", "jd", "x", "x坐标", "x_coord", "east", "easting"),
)
_Y = (
    *("lat", "latitude", "纬度", "北纬", "纬度坐标", "纬"),
    *("lat_wgs84", "wgs84_lat", "wgs_lat", "gcj_lat", "lat_gcj02", "bd_lat"),
    *("point_y", "poi_lat", "wd", "y", "y坐标", "y_coord", "north", "northing"),
)
"""Names of columns in lower case, without units; the most telling first."""
_WKT = ("wkt", "geometry", "geom", "the_geom", "wkt_geom", "_wkt", "shape", "几何", "几何图形")
_UNIT = re.compile(r"[\s((\[].*$")
"""Units and remarks behind the name, as in 经度(度)."""
_WKT_TEXT = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|\s*GEOMETRYCOLLECTION", re.IGNORECASE
)


def with_columns(options: FileOptions, fields: Sequence[str]) -> FileOptions | None:
    """*options* with the columns of the coordinates, given or guessed; None: they cannot be told.

    Raises FileRefused when a column is named that is not there.
    """
    missing = [name for name in (options.x, options.y, options.wkt) if name and name not in fields]
    if missing:
        raise refused(f"没有“{missing[0]}”这一列", f'There is no column "{missing[0]}"', Wanted.COLUMNS)
    if options.wkt or (options.x and options.y):
        return options
    plain = {_UNIT.sub("", name.strip()).lower(): name for name in reversed(fields)}
    wkt = next((plain[name] for name in _WKT if name in plain), "")
    x = options.x or next((plain[name] for name in _X if name in plain), "")
    y = options.y or next((plain[name] for name in _Y if name in plain), "")
    if x and y:
        return replace(options, x=x, y=y)
    return replace(options, wkt=wkt) if wkt else None


def geometry_of(fields: dict[str, Values], options: FileOptions) -> Geometries:
    """A geometry a row; None where the row has none that can be read."""
    if options.wkt:
        return _from_wkt(fields[options.wkt])
    xy = np.column_stack([_numbers(fields[options.x]), _numbers(fields[options.y])])
    there = np.isfinite(xy).all(axis=1)
    found: Geometries = np.full(len(xy), None, object)
    found[there] = shapely.points(xy[there])
    return found


def _from_wkt(values: Values) -> Geometries:
    texts = [
        value if isinstance(value, str) and _WKT_TEXT.match(value) else None for value in values.tolist()
    ]
    plain = [None if text is None else text.split(";", 1)[-1] for text in texts]
    return np.asarray(shapely.from_wkt(np.array(plain, object), on_invalid="ignore"), object)


def _numbers(values: Values) -> Values:
    """float64; NaN for what is no number."""
    if values.dtype.kind in "iuf":
        return values.astype(np.float64)
    return np.array([_number(value) for value in values.tolist()], np.float64)


def _number(value: object) -> float:
    try:
        return float(str(value).strip().rstrip("°EeNn"))
    except ValueError:
        return float("nan")
