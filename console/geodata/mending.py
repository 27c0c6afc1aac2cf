"""Geometries as files have them, made into such as can be used; what cannot be is counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata import datums
from console.geodata.outcome import BAD_COORDINATES, BROKEN, EMPTY, Tally
from console.geodata.packing import Geometries


def usable(
    geometry: Geometries, source: datums.Source, name: str, tally: Tally
) -> tuple[Geometries, npt.NDArray[np.intp]]:
    """Geometries in WGS84 degrees that can be used, with the rows that they stand in."""
    rows = np.arange(len(geometry))
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    tally.reject(EMPTY, int(empty.sum()), _example(name, rows[empty]))
    geometry, rows = geometry[~empty], rows[~empty]
    geometry = datums.to_degrees(geometry, source, name)
    good = datums.in_range(geometry) & _finite(geometry)
    tally.reject(BAD_COORDINATES, int((~good).sum()), _example(name, rows[~good]))
    geometry, rows = geometry[good], rows[good]
    return _mend(geometry, rows, name, tally)


def _finite(geometry: Geometries) -> npt.NDArray[np.bool_]:
    """Which geometries have no vertex that is nowhere: bounds are reckoned without it."""
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    found = np.ones(len(geometry), bool)
    found[owner[~np.isfinite(points).all(axis=1)]] = False
    return found


def _mend(
    geometry: Geometries, rows: npt.NDArray[np.intp], name: str, tally: Tally
) -> tuple[Geometries, npt.NDArray[np.intp]]:
    """Make crossing polygons valid; those that have no face left are rejected."""
    polygonal = np.isin(shapely.get_type_id(geometry), (3, 6))
    crooked = np.flatnonzero(polygonal & ~shapely.is_valid(geometry))
    if len(crooked) == 0:
        return geometry, rows
    mended = shapely.make_valid(geometry[crooked], method="structure", keep_collapsed=False)
    lost = shapely.is_empty(mended) | ~np.isin(shapely.get_type_id(mended), (3, 6))
    geometry[crooked] = mended
    tally.mended += int((~lost).sum())
    tally.reject(BROKEN, int(lost.sum()), _example(name, rows[crooked[lost]]))
    keep = np.ones(len(rows), bool)
    keep[crooked[lost]] = False
    return geometry[keep], rows[keep]


def _example(name: str, rows: Sequence[int] | npt.NDArray[np.intp]) -> str:
    return f"{name} #{rows[0] + 1}" if len(rows) else ""
