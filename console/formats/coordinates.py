"""Is a file's CRS the one that its coordinates are in? What can be checked is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from console.formats.refusal import refused
from console.geodata import datums
from console.geodata.packing import Geometries
from console.model.datums import DatumError, checked, conversion, is_degrees
from console.model.sources import FileOptions, Wanted

_MARGIN = 0.5
"""Share of its width and height that data may lie beyond a CRS' area of use; surveys overlap."""
_LEAST = 1.0
"""… and degrees, at least."""


def source_of(crs: str, options: FileOptions, *, crs_is_default: bool) -> datums.Source:
    """The coordinates' origin by the file's CRS and what the user declared. Raises FileRefused."""
    declared, local = options.datum, options.local
    try:
        given = conversion(declared, {local.name: checked(local)} if local else None) if declared else None
        return datums.source_of(crs or None, given, crs_is_default=crs_is_default)
    except DatumError as error:
        raise refused(
            f"没有“{declared}”这种坐标系", f'"{declared}" is no datum or CRS', Wanted.DATUM
        ) from error


def settled(geometry: Geometries, source: datums.Source, name: str) -> datums.Source:
    """*source* as it is to be used for *geometry* (in the file's coordinates).

    Where the user declares degrees and the coordinates are degrees, a plane CRS of the file is untrue.
    Raises FileRefused when plane coordinates come without a CRS.
    """
    if not is_degrees(source.datum):
        return source
    points = shapely.get_coordinates(geometry)
    points = points[np.isfinite(points).all(axis=1)]
    plane = len(points) > 0 and (np.abs(points) > (180.0, 90.0)).any(axis=1).mean() > 0.5
    if plane and source.crs is None:
        raise refused(
            f"{name} 是平面坐标，但文件没有说明坐标系：请选择坐标系",
            f"{name} has plane coordinates, but the file does not say in which system: choose it",
            Wanted.DATUM,
        )
    untrue = source.crs is not None and source.crs.is_projected and not plane and not _is_of_file(source)
    return replace(source, crs=None) if untrue else source


def must_lie_within(degrees: Geometries, source: datums.Source, name: str) -> None:
    """Raises FileRefused when most of *degrees* lie far out of the area that the file's CRS is for.

    What the user declared is believed.
    """
    area = source.crs.area_of_use if source.crs is not None else None
    if area is None or source.crs is None or not _is_of_file(source) or len(degrees) == 0:
        return
    wide, high = (area.east - area.west) % 360 or 360.0, area.north - area.south
    east, north = max(wide * _MARGIN, _LEAST), max(high * _MARGIN, _LEAST)
    west_of, south_of, east_of, north_of = shapely.bounds(degrees).T
    lon, lat = (west_of + east_of) / 2, (south_of + north_of) / 2
    beyond = (lon - area.west + east) % 360 > min(wide + 2 * east, 360.0)
    beyond |= (lat < area.south - north) | (lat > area.north + north)
    if beyond.mean() > 0.5:
        raise refused(
            f"{name} 标明的坐标系是 {source.crs.name}，但坐标不在其适用范围（{area.name}）内，"
            "坐标系可能写错：请重新选择",
            f"{name} says its coordinates are in {source.crs.name}, but they lie outside of its area "
            f"({area.name}): choose the right one",
            Wanted.DATUM,
        )


def _is_of_file(source: datums.Source) -> bool:
    """Whether the file's own CRS is what was converted from."""
    own = datums.source_of(source.crs.to_wkt() if source.crs else None, None)
    return own.datum == source.datum
