"""Coordinates as people write them, read into WGS84.

Understood: decimal degrees, degrees with minutes and seconds, hemispheres as
letters or Chinese words, either order where it can be told, and a mark of the
datum anywhere in the text (``GCJ-02``, ``BD-09``, 高德, 百度 …).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from console.sdk import Datum, to_wgs84
from console.sdk.records import LonLat

MAX_TEXT = 200
"""Longer texts are never coordinates."""

_DATUM_MARKS: tuple[tuple[str, Datum], ...] = (
    (r"gcj[-_ ]?0?2?|火星(?:坐标)?|高德|腾讯", Datum.GCJ02),
    (r"bd[-_ ]?0?9(?:ll)?|百度", Datum.BD09),
    (r"cgcs[-_ ]?2000|国家?2000", Datum.CGCS2000),
    (r"wgs[-_ ]?(?:19)?84|gps", Datum.WGS84),
)
_ANGLE = re.compile(
    r"""(?P<pre>[NSEW]|北纬|南纬|东经|西经)?\s*[:\uff1a]?\s*
    (?P<sign>[-−])?(?P<deg>\d{1,3}(?:\.\d+)?)\s*
    (?:[°度]\s*
      (?:(?P<min>\d{1,2}(?:\.\d+)?)\s*['′’分]\s*
        (?:(?P<sec>\d{1,2}(?:\.\d+)?)\s*(?:["″”秒]|'')\s*)?
      )?
    )?
    (?P<post>[NSEW])?""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;/()、\uff0c\uff1b\uff08\uff09]*")
"""Separators, those of Chinese keyboards too."""
_LATITUDE = {"N": 1, "S": -1, "北纬": 1, "南纬": -1}
_LONGITUDE = {"E": 1, "W": -1, "东经": 1, "西经": -1}


@dataclass(frozen=True, slots=True)
class PlaceText:
    """What a text of coordinates says."""

    where: LonLat
    """In WGS84."""
    datum: Datum
    """As the text was marked; WGS84 without a mark."""


@dataclass(frozen=True, slots=True)
class _Angle:
    degrees: float
    axis: str
    """``lon``, ``lat`` or empty where the text does not say."""


def parse_place(text: str) -> PlaceText | None:
    """The place that *text* gives by coordinates, or None if it gives none."""
    if len(text) > MAX_TEXT:
        return None
    rest, datum = _take_datum(text)
    angles = _two_angles(rest)
    if angles is None:
        return None
    pair = _ordered(*angles)
    if pair is None:
        return None
    lon, lat = to_wgs84(np.array([pair[0]]), np.array([pair[1]]), datum)
    return PlaceText((float(lon[0]), float(lat[0])), datum)


def _take_datum(text: str) -> tuple[str, Datum]:
    for pattern, datum in _DATUM_MARKS:
        rest, found = re.subn(pattern, " ", text, flags=re.IGNORECASE)
        if found:
            return rest, datum
    return text, Datum.WGS84


def _two_angles(text: str) -> tuple[_Angle, _Angle] | None:
    """The two angles of *text*; None if it holds anything else."""
    found: list[_Angle] = []
    at = 0
    text = text.strip()
    while at < len(text):
        at = _skip(text, at)
        match = _ANGLE.match(text, at)
        if match is None or len(found) == 2:
            break
        angle = _angle(match)
        if angle is None:
            return None
        found.append(angle)
        at = _skip(text, match.end())
    return (found[0], found[1]) if len(found) == 2 and at == len(text) else None


def _skip(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _angle(match: re.Match[str]) -> _Angle | None:
    minutes, seconds = float(match["min"] or 0), float(match["sec"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    degrees = float(match["deg"]) + minutes / 60 + seconds / 3600
    if match["sign"]:
        degrees = -degrees
    mark = (match["pre"] or match["post"] or "").upper()
    if mark in _LATITUDE:
        return _Angle(degrees * _LATITUDE[mark], "lat")
    if mark in _LONGITUDE:
        return _Angle(degrees * _LONGITUDE[mark], "lon")
    return _Angle(degrees, "")


def _ordered(first: _Angle, second: _Angle) -> LonLat | None:
    """Longitude first; an unmarked pair is swapped only when it can be read in no other way."""
    swapped = first.axis == "lat" or second.axis == "lon"
    if not first.axis and not second.axis:
        swapped = abs(second.degrees) > 90 >= abs(first.degrees)
    elif first.axis and first.axis == second.axis:
        return None
    lon, lat = (second, first) if swapped else (first, second)
    if abs(lon.degrees) > 180 or abs(lat.degrees) > 90:
        return None
    return lon.degrees, lat.degrees
