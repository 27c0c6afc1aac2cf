"""Datums that need more than a formula: zones of CGCS2000, any EPSG code, a city's own plane.

A datum is named by a short text, kept with each layer: ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09``
(see ``console.model.coordinates``), an EPSG code such as ``EPSG:4547`` (CGCS2000, 3-degree zone of
114°E), or ``local:NAME``, which a deployment defines as a ``LocalDatum``. Two names are of mishaps that
are met with: ``gcj02+gcj02`` was shifted twice, ``wgs84-gcj02`` had a shift taken off that it never had.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np
import pyproj
from pyproj.enums import TransformDirection
from pyproj.exceptions import ProjError

from console.model.coordinates import Datum, from_wgs84, to_wgs84
from console.model.local_datums import LOCAL, Helmert, LocalDatum, Similarity
from console.model.shifts import Floats

NAME = re.compile(r"[a-z0-9_-]{1,10}", re.ASCII)
"""Names of local datums; short, as ``local:NAME`` is stored in 16 characters."""
LONGEST_TITLE = 64
_EPSG = re.compile(r"EPSG:(\d{4,6})", re.IGNORECASE | re.ASCII)
_CGCS2000 = ("CGCS2000", "CGCS 2000", "CHINA GEODETIC COORDINATE SYSTEM 2000", "CHINA_2000")
GCJ02_TWICE = "gcj02+gcj02"
GCJ02_TOO_LITTLE = "wgs84-gcj02"
_WGS84, _GCJ02, _BD09 = Datum.WGS84, Datum.GCJ02, Datum.BD09
_SHIFTS: dict[str, tuple[tuple[Datum, Datum], ...]] = {
    str(Datum.WGS84): (),
    str(Datum.CGCS2000): (),
    str(Datum.GCJ02): ((_GCJ02, _WGS84),),
    str(Datum.BD09): ((_BD09, _WGS84),),
    GCJ02_TWICE: ((_GCJ02, _WGS84), (_GCJ02, _WGS84)),
    GCJ02_TOO_LITTLE: ((_WGS84, _GCJ02),),
}
"""Datums in degrees: what leads from them to WGS84, as pairs of from and to."""
_FILES = re.compile(r"init\s*=|grids\s*=|file\s*=", re.IGNORECASE)
_LONGEST = 8192
"""Characters of a CRS."""
_WGS84_AXES = "+a=6378137 +rf=298.257223563"


class DatumError(ValueError):
    """A datum that nobody knows, or parameters that make no sense; the text says which."""


def is_degrees(name: str) -> bool:
    """Whether coordinates in the datum *name* are degrees of WGS84 or CGCS2000, perhaps shifted."""
    return name in _SHIFTS


class Conversion:
    """From the coordinates of a source to WGS84 degrees and back, vectorised. Raises DatumError."""

    def __init__(self, name: str, local: LocalDatum | None = None) -> None:
        self.name = name
        self._shifts = _SHIFTS.get(name, ())
        self._similarity = local.similarity if local else None
        self._steps: list[pyproj.Transformer] = []
        if not is_degrees(name):
            self._steps = _steps(local.crs if local else name, local.helmert if local else None)

    def to_wgs84(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """x east, y north (or longitude, latitude) to degrees; what cannot be converted is infinite."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        if self._similarity:
            x, y = self._similarity.apply(x, y)
        for step in self._steps:
            x, y = step.transform(x, y)
        for source, target in self._shifts:
            x, y = _shifted(x, y, source, target)
        return x, y

    def from_wgs84(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """The inverse of ``to_wgs84``."""
        x, y = np.asarray(lon, float), np.asarray(lat, float)
        for source, target in reversed(self._shifts):
            x, y = _shifted(x, y, target, source)
        for step in reversed(self._steps):
            x, y = step.transform(x, y, direction=TransformDirection.INVERSE)
        return self._similarity.undo(x, y) if self._similarity else (x, y)


def _shifted(lon: Floats, lat: Floats, source: Datum, target: Datum) -> tuple[Floats, Floats]:
    """One of the two is WGS84."""
    return from_wgs84(lon, lat, target) if source is Datum.WGS84 else to_wgs84(lon, lat, source)


def conversion(name: str, locals_known: Mapping[str, LocalDatum] | None = None) -> Conversion:
    """The conversion of the datum called *name*. Raises DatumError if nobody knows it."""
    if is_degrees(name):
        return Conversion(name)
    if found := _EPSG.fullmatch(name):
        return Conversion(f"EPSG:{int(found[1])}")
    local = (locals_known or {}).get(name.removeprefix(LOCAL)) if name.startswith(LOCAL) else None
    if local is None:
        raise DatumError(f"unknown datum: {name[:40]}")
    return Conversion(name, local)


def is_cgcs2000(crs: pyproj.CRS) -> bool:
    """Whether *crs* stands on CGCS2000, by the names that files and PROJ use."""
    names = " ".join(str(part) for part in (crs.name, crs.datum, crs.geodetic_crs)).upper()
    return any(name in names for name in _CGCS2000)


def degrees_of(crs: pyproj.CRS) -> str:
    """The geographic CRS to convert *crs* to: CGCS2000's own degrees count as WGS84's (some cm)."""
    return "EPSG:4490" if is_cgcs2000(crs) else "EPSG:4326"


def checked(local: LocalDatum) -> LocalDatum:
    """*local*, if it can be used: name, plane CRS, parameters within reason. Raises DatumError."""
    if not NAME.fullmatch(local.name):
        raise DatumError("the name has 1 to 10 small letters, digits, - and _")
    if not 0 < len(local.title_zh) <= LONGEST_TITLE or len(local.title_en) > LONGEST_TITLE:
        raise DatumError(f"the title has 1 to {LONGEST_TITLE} characters")
    if not _crs(local.crs).is_projected:
        raise DatumError("the CRS of a local datum is a plane one")
    _check_helmert(local.helmert or Helmert())
    four = local.similarity or Similarity()
    if not all(map(math.isfinite, (four.dx, four.dy, four.angle, four.scale))) or four.scale <= -1e6:
        raise DatumError("the four parameters are no sensible numbers")
    Conversion(LOCAL + local.name, local)
    return local


def _check_helmert(seven: Helmert) -> None:
    shifts = (seven.dx, seven.dy, seven.dz)
    small = (seven.rx, seven.ry, seven.rz, seven.scale)
    if not all(abs(value) <= 5000 for value in shifts) or not all(abs(value) <= 1000 for value in small):
        raise DatumError("shifts are at most 5000 m, rotations 1000 seconds, the scale 1000 ppm")


def _crs(text: str) -> pyproj.CRS:
    if len(text) > _LONGEST or _FILES.search(text):
        raise DatumError("a CRS is no longer than 8192 characters and names no files")
    try:
        return pyproj.CRS(text)
    except ProjError as error:
        raise DatumError(f"PROJ does not know the CRS {text[:40]}") from error


def _steps(crs_text: str, helmert: Helmert | None) -> list[pyproj.Transformer]:
    crs = _crs(crs_text)
    try:
        if helmert is None:
            return [pyproj.Transformer.from_crs(crs, degrees_of(crs), always_xy=True)]
        geodetic = crs.geodetic_crs
        if geodetic is None:
            raise DatumError(f"{crs.name} stands on no ellipsoid")
        return [pyproj.Transformer.from_crs(crs, geodetic, always_xy=True), _seven(geodetic, helmert)]
    except ProjError as error:
        raise DatumError(f"PROJ cannot convert {crs.name}") from error


def _seven(geodetic: pyproj.CRS, seven: Helmert) -> pyproj.Transformer:
    """Degrees on the CRS's own ellipsoid to WGS84 degrees; heights are taken as 0."""
    ellipsoid = geodetic.ellipsoid
    assert ellipsoid is not None
    own_axes = f"+a={ellipsoid.semi_major_metre!r} +b={ellipsoid.semi_minor_metre!r}"
    return pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=cart {own_axes}"
        f" +step +proj=helmert +x={seven.dx!r} +y={seven.dy!r} +z={seven.dz!r}"
        f" +rx={seven.rx!r} +ry={seven.ry!r} +rz={seven.rz!r} +s={seven.scale!r}"
        f" +convention={seven.rotation}"
        f" +step +inv +proj=cart {_WGS84_AXES}"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
