"""Where somebody may be by now who should have reported: a faint ghost, never the symbol itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from console.sdk import PointStyle, Sprite, SpriteShape, Text
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.states import State

AFTER = 8.0
"""Seconds without a fix before there is a ghost: who reports every few seconds has none."""
UNTIL = 30.0
"""Seconds over which a last speed and heading say anything."""
MOVING = 0.5
"""Metres a second from which a heading means something."""
EVERY = 1.0
_FAINT = 0.35
_METRES_PER_DEGREE = 111_195.0
_STYLE = PointStyle(
    sprites=(
        Sprite(
            shape=SpriteShape.CIRCLE,
            fill="staff.silent",
            size=12,
            title=Text("推算位置（非定位）", "Where they may be (not measured)"),
        ),
    ),
    interpolate=True,
    min_zoom=15.0,
    priority=27,
)

Floats = npt.NDArray[np.float64]


def reckon(lon: Any, lat: Any, speed: Any, heading: Any, seconds: Any) -> tuple[Floats, Floats]:
    """Places (degrees) after *seconds* at *speed* (m/s) towards *heading* (degrees from north)."""
    metres, angle = speed * seconds, np.radians(heading)
    north = metres * np.cos(angle) / _METRES_PER_DEGREE
    east = metres * np.sin(angle) / (_METRES_PER_DEGREE * np.cos(np.radians(lat)))
    return lon + east, lat + north


class Ghosts:
    """Moves the ghosts on each second; a new fix or half a minute ends them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._layer = desk.ctx.map.add_points("onemap.staff.ghosts", _STYLE)
        self._shown = 0
        desk.joined.connect(self.draw)
        desk.ctx.tasks.every(EVERY, self.draw)

    def draw(self) -> None:
        """Replace all ghosts."""
        desk, roster = self._desk, self._desk.roster
        age = desk.now - roster.good_time
        alive = (roster.state == State.ON_DUTY) | (roster.state == State.ON_JOB) | (roster.state == State.SOS)
        due = alive & (age > AFTER) & (age <= UNTIL) & (roster.speed >= MOVING) & ~roster.doubtful
        rows = np.flatnonzero(due & np.isfinite(roster.heading) & desk.shown(with_view=False))
        if not len(rows) and not self._shown:
            return
        self._shown = len(rows)
        lon, lat = reckon(
            roster.lon[rows], roster.lat[rows], roster.speed[rows], roster.heading[rows], age[rows]
        )
        keys = roster.handle[rows].astype(np.uint32)
        self._layer.set_points(lon, lat, opacity=np.full(len(rows), _FAINT), keys=keys)
