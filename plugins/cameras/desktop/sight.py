"""What a camera sees as far as its record tells, and which cameras see a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np

from console.sdk import haversine
from console.sdk.records import Camera, LonLat
from console.sdk.sight import (
    STREET_MAST,
    SceneSighting,
    rated,
    sighting_of,
)
from plugins.cameras.desktop.catalogue import Catalogue, across, reach

ARC_STEP = 5.0
STANDS_HERE = 3.0
"""Metres under which a direction says nothing."""
ALL_AROUND = 359.0
"""Degrees of a picture's width from which it has no sides."""
GUESSED = ("across", "reach", "pixels")
"""What records of cameras may not say; of pixels they never do."""


class Look(StrEnum):
    """Whether a camera looks at a place."""

    HERE = "here"
    """It stands at the place itself."""

    THERE = "there"
    CAN_TURN = "can_turn"
    """A dome or high-altitude camera: it can be turned to it."""
    HIDDEN = "hidden"
    """Something stands in the way."""
    AWAY = "away"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class Near:
    """A camera near a place."""

    camera: Camera
    metres: float
    look: Look
    sighting: SceneSighting | None = None
    """How well it sees the place; None: it does not."""
    walls: bool = False
    """Whether what stands between has been looked at."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service ``sight`` says of a place. Cameras in neither have not been worked out."""

    seeing: Mapping[str, SceneSighting] = field(default_factory=dict)
    blind: Mapping[str, str] = field(default_factory=dict)


@cache
def geod() -> Any:
    """The ellipsoid. Its library takes 0.3 s to load: call it in a worker first."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def guessed(camera: Camera) -> tuple[str, ...]:
    """What the record does not say and had to be assumed."""
    said = {"across": camera.across, "reach": camera.reach}
    return tuple(name for name in GUESSED if said.get(name) is None)


def field_of_view(camera: Camera) -> list[LonLat]:
    """Wedge of what a fixed camera sees, the camera first; empty for one that turns or sees all around."""
    if camera.heading is None or across(camera) >= ALL_AROUND:
        return []
    half = across(camera) / 2
    azimuths = np.arange(camera.heading - half, camera.heading + half + ARC_STEP / 2, ARC_STEP)
    n = len(azimuths)
    lon, lat = np.full(n, camera.where[0]), np.full(n, camera.where[1])
    lons, lats, _ = geod().fwd(lon, lat, azimuths, np.full(n, reach(camera)))
    return [camera.where, *zip(map(float, lons), map(float, lats), strict=True)]


def cameras_near(catalogue: Catalogue, where: LonLat, count: int, answer: Answer | None = None) -> list[Near]:
    """*count* cameras: those that see *where* first, online before offline, the best first; then the nearest
    that do not. Of cameras that are not in *catalogue* nothing is said: the user may not see them."""
    if not len(catalogue):
        return []
    metres = haversine(catalogue.lon, catalogue.lat, np.array(where[0]), np.array(where[1]))
    within = np.flatnonzero(metres <= catalogue.reach)
    rows = {*within.tolist(), *np.argsort(metres, kind="stable")[:count].tolist()}
    answer = answer or Answer()
    rows |= {catalogue.row_of[name] for name in answer.seeing if name in catalogue.row_of}
    found = [_near(catalogue.cameras[row], where, float(metres[row]), answer) for row in rows]
    return sorted(found, key=_order)[:count]


def _near(camera: Camera, where: LonLat, metres: float, answer: Answer) -> Near:
    sighting, why = answer.seeing.get(camera.id), answer.blind.get(camera.id)
    if why is not None:
        return Near(camera, metres, Look.HIDDEN if why == Look.HIDDEN else Look.AWAY, walls=True)
    if sighting is None:
        return _flat(camera, where, metres)
    turns = "turns" in sighting.reasons
    look = Look.HERE if metres < STANDS_HERE else Look.CAN_TURN if turns else Look.THERE
    return Near(camera, metres, look, sighting, walls=True)


def _flat(camera: Camera, where: LonLat, metres: float) -> Near:
    """By direction and range alone."""
    if metres > reach(camera):
        return Near(camera, metres, Look.TOO_FAR)
    turns = camera.heading is None or camera.high
    here = metres < STANDS_HERE
    off = 0.0 if turns or here else _off_axis(camera, where)
    lens = across(camera)
    if off > lens / 2:
        return Near(camera, metres, Look.AWAY)
    look = Look.HERE if here else Look.CAN_TURN if turns else Look.THERE
    away = float(np.hypot(metres, STREET_MAST))
    known = rated(camera.id, away, turns=turns, off_axis=off, lens=lens, assumed=guessed(camera))
    return Near(camera, metres, look, sighting_of(known))


def _off_axis(camera: Camera, where: LonLat) -> float:
    """Degrees between the middle of a fixed camera's picture and *where*."""
    azimuth = geod().inv(*camera.where, *where)[0]
    return abs((azimuth - (camera.heading or 0.0) + 180) % 360 - 180)


def _order(near: Near) -> tuple[bool, bool, float, float, str]:
    sees = near.sighting
    return (
        sees is None,
        sees is not None and not near.camera.online,
        -sees.score if sees is not None else 0.0,
        near.metres,
        near.camera.id,
    )
