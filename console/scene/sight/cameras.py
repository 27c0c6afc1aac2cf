"""What is known of a camera, and what is assumed where its record says nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.model.records import Camera
from console.model.sighting import ACROSS, HIGH_REACH, PIXELS, STREET_MAST, STREET_REACH
from console.scene.refusal import refused
from console.scene.sight.rays import Rays
from console.scene.sight.viewshed import AHEAD, ROUND, Field

HIGH_MAST = 3.0
"""Metres of a high-altitude camera above the roof that it stands on."""
STREET_TILT = 80.0
"""Degrees: ten below the horizon."""
_SHAPE = 9 / 16
_TURNS_DOWN, _TURNS_UP = -90.0, 15.0
"""Degrees of elevation between which a dome can be turned."""
_AROUND = 10.0
"""Metres around a street camera in which the ground is looked for, and a place outside of a wall."""
_RINGS, _SPOKES = 5, 16
_LOW = 10.0
"""Percent of the surface around that lies lower than what is taken for the ground: meshes have holes."""
_HEADROOM = 0.3
"""Metres of air that a camera has under it."""


class CameraRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A camera as lists tell of it; None: they don't say."""

    id: str
    lon: float
    lat: float
    """WGS84 degrees."""
    height: float | None = None
    """Metres above the ground, of a high-altitude one above the roof under it."""
    elevation: float | None = None
    """Metres above the ellipsoid, in place of *height*."""
    heading: float | None = None
    """Degrees clockwise from north; None: it can be turned all around."""
    tilt: float | None = None
    """Degrees: 0 straight down, 90 to the horizon."""
    across: float | None = None
    """Degrees of the picture's width."""
    upright: float | None = None
    """Degrees of its height."""
    reach: float | None = None
    """Metres."""
    pixels: int | None = None
    """Of the picture's width."""
    high: bool = False
    """A high-altitude camera: it is turned to what it shall see."""


@dataclass(frozen=True, slots=True)
class Known:
    """A camera of which everything is said."""

    record: CameraRecord
    field: Field
    """What it can see without being moved, or being turned if it turns."""
    turns: bool
    mast: float
    """Metres above what it stands on."""
    lens: float
    """Degrees of the picture's width, turned or not."""
    pixels: int
    assumed: tuple[str, ...]
    """Fields of the record that are our assumption."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a camera's eye is."""

    lon: float
    lat: float
    elevation: float
    """Metres above the ellipsoid."""
    moved: float
    """Metres from the record's place: it lay within a wall."""


def record_of(camera: Camera) -> CameraRecord:
    """As the backend knows it."""
    lon, lat = camera.where
    return CameraRecord(
        id=camera.id,
        lon=lon,
        lat=lat,
        height=camera.mast,
        heading=camera.heading,
        tilt=camera.tilt,
        across=camera.across,
        reach=camera.reach,
        high=camera.high,
    )


def completed(record: CameraRecord) -> Known:
    """*record* with what lists leave out. Raises SceneRefused: a value that no camera has."""
    must_make_sense(record)
    turns = record.heading is None or record.high
    across = record.across or ACROSS
    upright = record.upright or math.degrees(
        2 * math.atan(math.tan(math.radians(min(across, 150)) / 2) * _SHAPE)
    )
    reach = record.reach or (HIGH_REACH if record.high else STREET_REACH)
    mast = record.height if record.height is not None else HIGH_MAST if record.high else STREET_MAST
    tilt = STREET_TILT if record.tilt is None else record.tilt
    field = Field(reach, record.heading or 0.0, tilt, across, upright)
    if turns:
        middle = (_TURNS_DOWN + _TURNS_UP) / 2
        field = replace(field, across=ROUND, tilt=AHEAD + middle, upright=_TURNS_UP - _TURNS_DOWN)
    fixed = () if turns else ("tilt", "upright")
    asked = ("across", "reach", "pixels", *fixed, *(() if record.elevation is not None else ("height",)))
    assumed = tuple(name for name in asked if getattr(record, name) is None)
    return Known(record, field, turns, mast, across, record.pixels or PIXELS, assumed)


def must_make_sense(record: CameraRecord) -> None:
    """Raises SceneRefused, naming the field."""
    limits = {
        "lon": (-180.0, 180.0),
        "lat": (-90.0, 90.0),
        "height": (-100.0, 1000.0),
        "elevation": (-1000.0, 10_000.0),
        "heading": (-360.0, 720.0),
        "tilt": (0.0, 180.0),
        "across": (1.0, 360.0),
        "upright": (1.0, 180.0),
        "reach": (1.0, 5000.0),
        "pixels": (16, 100_000),
    }
    for name, (least, most) in limits.items():
        value = getattr(record, name)
        if value is not None and not least <= value <= most:
            raise refused(
                f"摄像头“{record.id[:80]}”的 {name} 数值不合理:{value}",
                f"camera “{record.id[:80]}”: {name} cannot be {value}",
            )


def stand_of(rays: Rays, known: Known) -> Stand | None:
    """Where the eye is; None: no surface is known there.

    A street camera stands on the surface at its place, or, where that is a roof, a tree or a hole in the
    mesh, on the low one around it. One whose place lies within a wall is put outside, as near as may be:
    places on lists are off by some metres.
    """
    record = known.record
    if record.elevation is not None:
        return Stand(record.lon, record.lat, record.elevation, 0.0)
    around, off = _around(rays, record)
    surface = rays.heights(around[:, 0], around[:, 1])
    if not np.isfinite(surface).any():
        return None
    if record.high:
        foot = surface[0] if np.isfinite(surface[0]) else np.nanmax(surface)
        return Stand(record.lon, record.lat, float(foot) + known.mast, 0.0)
    low = float(np.nanpercentile(surface, _LOW))
    level = abs(surface[0] - low) <= known.mast / 2
    eye = (float(surface[0]) if level else low) + known.mast
    free = ~(surface > eye - _HEADROOM)
    row = int(np.argmax(free)) if free.any() else 0
    return Stand(float(around[row, 0]), float(around[row, 1]), eye, float(off[row]))


def _around(rays: Rays, record: CameraRecord) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(n, 2) degrees around the place, itself first, then from near to far; and (n,) metres."""
    place = rays.frame.place(record.lon, record.lat, rays.frame.height)
    off = np.concatenate([[0.0], np.repeat(np.arange(1, _RINGS + 1) * _AROUND / _RINGS, _SPOKES)])
    turn = np.concatenate([[0.0], np.tile(np.arange(_SPOKES) * 2 * np.pi / _SPOKES, _RINGS)])
    east, north, _ = rays.frame.axes_at(place)
    places = place + off[:, None] * (np.sin(turn)[:, None] * east + np.cos(turn)[:, None] * north)
    found = rays.frame.geographic(places)[:, :2]
    found[0] = record.lon, record.lat
    return found, off
