"""From the coordinates of a file to WGS84 degrees, once; and how sure we are of the datum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from console.model.coordinates import Datum, to_wgs84
from console.server.importing.outcome import ImportFailed
from console.server.importing.packing import Geometries

_CGCS2000 = ("CGCS2000", "CGCS 2000", "CHINA GEODETIC COORDINATE SYSTEM 2000", "CHINA_2000")


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says of its coordinates: the CRS if it has one, and how it is known."""

    crs: pyproj.CRS | None
    datum: Datum
    known: str
    """``declared``, ``detected`` or ``guessed``."""


def source_of(crs_text: str | None, declared: Datum | None, *, crs_is_default: bool = False) -> Source:
    """Read the CRS of a file. *crs_is_default*: the format implies it (GeoJSON), the data may differ."""
    crs = pyproj.CRS.from_user_input(crs_text) if crs_text else None
    if declared is not None:
        return Source(crs, declared, "declared")
    if crs is None:
        return Source(None, Datum.WGS84, "guessed")
    datum = Datum.CGCS2000 if _is_cgcs2000(crs) else Datum.WGS84
    return Source(crs, datum, "guessed" if crs_is_default else "detected")


def _is_cgcs2000(crs: pyproj.CRS) -> bool:
    names = " ".join(str(part) for part in (crs.name, crs.datum, crs.geodetic_crs)).upper()
    return any(name in names for name in _CGCS2000)


def to_degrees(geometry: Geometries, source: Source, name: str) -> Geometries:
    """*geometry* in WGS84 degrees. Raises ImportFailed when plane coordinates lack a CRS."""
    points = shapely.get_coordinates(geometry)
    if len(points) == 0:
        return geometry
    if source.crs is None:
        _must_be_degrees(points, name)
    elif source.crs.is_projected or source.crs.is_geocentric or _foreign(source.crs):
        target = "EPSG:4490" if _is_cgcs2000(source.crs) else "EPSG:4326"
        change = pyproj.Transformer.from_crs(source.crs, target, always_xy=True)
        points = np.column_stack(change.transform(points[:, 0], points[:, 1]))
    if source.datum in (Datum.GCJ02, Datum.BD09):
        points = np.column_stack(to_wgs84(points[:, 0], points[:, 1], source.datum))
    return np.asarray(shapely.set_coordinates(geometry, points), object)


def _foreign(crs: pyproj.CRS) -> bool:
    """Whether a geographic CRS is another than WGS84 or CGCS2000 (or not in degrees)."""
    return not (_is_cgcs2000(crs) or crs.equals("EPSG:4326", ignore_axis_order=True))


def _must_be_degrees(points: npt.NDArray[np.float64], name: str) -> None:
    finite = points[np.isfinite(points).all(axis=1)]
    outside = (np.abs(finite) > (180.0, 90.0)).any(axis=1)
    if len(finite) and outside.mean() > 0.5:
        raise ImportFailed(
            f"{name} has plane coordinates but no coordinate system (.prj): add it or convert to degrees",
            f"{name} 是平面坐标却没有坐标系(缺少 .prj):请补上 .prj 文件或转换为经纬度",
        )


def in_range(geometry: Geometries) -> npt.NDArray[np.bool_]:
    """Which geometries lie on the globe: finite, longitude ±180, latitude ±90."""
    west, south, east, north = shapely.bounds(geometry).T
    with np.errstate(invalid="ignore"):
        return (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
