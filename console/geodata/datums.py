"""From the coordinates of a file to WGS84 degrees, once; and how sure we are of the datum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from console.geodata.outcome import ImportFailed
from console.geodata.packing import Geometries
from console.model.coordinates import Datum
from console.model.datums import Conversion, conversion, degrees_of, is_cgcs2000, is_degrees


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a file's coordinates: the CRS if it names one, the datum, and how it is known."""

    crs: pyproj.CRS | None
    conversion: Conversion
    known: str
    """``declared`` (by the file, its format or the user) or ``guessed``."""

    @property
    def datum(self) -> str:
        """Name of the datum, as in ``console.model.datums``."""
        return self.conversion.name


def source_of(crs_text: str | None, declared: Conversion | None, *, crs_is_default: bool = False) -> Source:
    """Read the CRS of a file. *crs_is_default*: the format implies it (GeoJSON), the data may differ."""
    crs = pyproj.CRS.from_user_input(crs_text) if crs_text else None
    if declared is not None:
        return Source(crs, declared, "declared")
    if crs is None:
        return Source(None, conversion(Datum.WGS84), "guessed")
    return Source(crs, _own(crs), "guessed" if crs_is_default else "declared")


def _own(crs: pyproj.CRS) -> Conversion:
    """The datum that a CRS stands for: its EPSG code where it has one and is not plain degrees."""
    code = crs.to_epsg() if _needs_proj(crs) else None
    return conversion(f"EPSG:{code}" if code else Datum.CGCS2000 if is_cgcs2000(crs) else Datum.WGS84)


def to_degrees(geometry: Geometries, source: Source, name: str) -> Geometries:
    """*geometry* in WGS84 degrees. Raises ImportFailed when plane coordinates lack a CRS."""
    points = shapely.get_coordinates(geometry)
    if len(points) == 0:
        return geometry
    if is_degrees(source.datum):  # the file's own CRS first: shifted maps come in Mercator, too
        points = _to_degrees(points, source.crs, name)
    points = np.column_stack(source.conversion.to_wgs84(points[:, 0], points[:, 1]))
    return np.asarray(shapely.set_coordinates(geometry, points), object)


def _to_degrees(
    points: npt.NDArray[np.float64], crs: pyproj.CRS | None, name: str
) -> npt.NDArray[np.float64]:
    if crs is None:
        _must_be_degrees(points, name)
    elif _needs_proj(crs):
        change = pyproj.Transformer.from_crs(crs, degrees_of(crs), always_xy=True)
        return np.column_stack(change.transform(points[:, 0], points[:, 1]))
    return points


def _needs_proj(crs: pyproj.CRS) -> bool:
    return crs.is_projected or crs.is_geocentric or _foreign(crs)


def _foreign(crs: pyproj.CRS) -> bool:
    """Whether a geographic CRS is another than WGS84 or CGCS2000 (or not in degrees)."""
    return not (is_cgcs2000(crs) or crs.equals("EPSG:4326", ignore_axis_order=True))


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
