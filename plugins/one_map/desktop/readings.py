"""One place in the coordinate systems that people ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from console.sdk import Datum, from_wgs84, to_mercator


@dataclass(frozen=True, slots=True)
class Reading:
    """A place in one system; *title* is English source text with ``{values}`` to fill."""

    title: str
    text: str
    zone: int = 0
    """Central meridian (degrees) or UTM zone, where the title asks for one."""


def decimal(lon: float, lat: float) -> str:
    """Decimal degrees to 1e-6 (11 cm), longitude first."""
    return f"{lon:.6f}, {lat:.6f}"


def dms(lon: float, lat: float) -> str:
    """Degrees, minutes, seconds to 0.01 (30 cm), latitude first as on paper maps."""
    north, east = ("N" if lat >= 0 else "S"), ("E" if lon >= 0 else "W")
    return f"{_sexagesimal(lat)}{north} {_sexagesimal(lon)}{east}"


def readings(lon: float, lat: float) -> list[Reading]:
    """WGS84 degrees in every system that is defined there.

    Takes 0.2 ms, but 100 ms at first: pyproj looks the systems up in its database.
    """
    found = [
        Reading("WGS84, decimal degrees", decimal(lon, lat)),
        Reading("WGS84, degrees minutes seconds", dms(lon, lat)),
        *_cgcs2000(lon, lat),
        Reading("GCJ-02 (Amap, Tencent)", decimal(*_shifted(lon, lat, Datum.GCJ02))),
        Reading("BD-09 (Baidu)", decimal(*_shifted(lon, lat, Datum.BD09))),
        _web_mercator(lon, lat),
    ]
    return found + _utm(lon, lat)


def gauss_kruger_meridian(lon: float) -> int | None:
    """Central meridian of the CGCS2000 3-degree zone of *lon*; None outside of China's zones."""
    meridian = round(lon / 3) * 3
    return meridian if 75 <= meridian <= 135 else None


def _sexagesimal(degrees: float) -> str:
    hundredths = round(abs(degrees) * 360_000)
    minutes, rest = divmod(hundredths, 6_000)
    return f"{minutes // 60}°{minutes % 60:02d}′{rest / 100:05.2f}″"


def _shifted(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    x, y = from_wgs84(np.array([lon]), np.array([lat]), datum)
    return float(x[0]), float(y[0])


def _cgcs2000(lon: float, lat: float) -> list[Reading]:
    meridian = gauss_kruger_meridian(lon)
    if meridian is None:
        return []
    east, north = _projection(4534 + (meridian - 75) // 3).transform(lon, lat)
    return [Reading("CGCS2000, 3° zone {zone}°E (X north, Y east)", _metres(north, east), meridian)]


def _web_mercator(lon: float, lat: float) -> Reading:
    x, y = to_mercator(np.array([lon]), np.array([lat]))
    return Reading("Web Mercator (X east, Y north)", _metres(float(x[0]), float(y[0])))


def _utm(lon: float, lat: float) -> list[Reading]:
    if not -80 <= lat <= 84:
        return []
    zone = min(int((lon + 180) // 6) + 1, 60)
    east, north = _projection((32600 if lat >= 0 else 32700) + zone).transform(lon, lat)
    return [Reading("UTM zone {zone} (east, north)", _metres(east, north), zone)]


def _metres(first: float, second: float) -> str:
    return f"{first:.2f}, {second:.2f}"


@lru_cache(maxsize=16)
def _projection(epsg: int) -> Any:
    from pyproj import Transformer  # 0.3 s to load, and this runs in a worker

    return Transformer.from_crs(4326, epsg, always_xy=True)
