"""The way that the selected person has come in the last minutes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject

from console.sdk import OneMapError, Shape, ShapeStyle, Undo
from console.sdk.records import LonLat
from plugins.staff.desktop.desk import Desk

GAP = 300.0
"""Seconds without a fix over which no line is drawn: nobody knows the way between."""
RENEW = 20.0
"""Seconds after which the backend is asked again: late fixes are not on the feed."""
STYLE = ShapeStyle(stroke="staff.on_job", width=3, casing="map.symbol_outline", arrows=True)
Points = npt.NDArray[np.float64]
"""(n, 3) longitude, latitude, time."""
NO_POINTS: Points = np.zeros((0, 3))


def join_trails(history: Points, live: Points) -> Points:
    """What the backend and this console have seen, in order of time, each fix once.

    Late fixes come by the backend alone: they fill the trail and move nobody.
    """
    points = np.concatenate([live, history])
    _, first = np.unique(np.round(points[:, 2], 3), return_index=True)
    return points[first]


def trail_lines(points: Points, since: float) -> list[list[LonLat]]:
    """Lines of the fixes from *since* on, broken at gaps; single fixes give none."""
    points = points[points[:, 2] >= since]
    breaks = np.flatnonzero(np.diff(points[:, 2]) > GAP) + 1
    parts = np.split(points[:, :2], breaks)
    return [[(lon, lat) for lon, lat in part.tolist()] for part in parts if len(part) > 1]


class Trail(QObject):
    """Draws the trail of the selected person while it is switched on."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ctx = desk.ctx
        self._layer = self._ctx.map.add_shapes("onemap.staff.trail", listed=False)
        self._history = NO_POINTS
        self._cancel: Undo = lambda: None
        desk.selected_changed.connect(self.reload)
        desk.joined.connect(self._draw)
        for key in ("show_trail", "trail_minutes"):
            self._ctx.settings.on_change(key, lambda _: self.reload())
        self._ctx.tasks.every(RENEW, self._renew)
        self.reload()

    @property
    def minutes(self) -> int:
        """How far back the trail goes."""
        return int(self._ctx.settings.get("trail_minutes"))

    def reload(self) -> None:
        """Ask the backend for the trail of who is selected now."""
        self._cancel()
        self._history = NO_POINTS
        self._layer.clear()
        self._renew()
        self._draw()

    def _renew(self) -> None:
        if self._desk.selected is not None and self._ctx.settings.get("show_trail"):
            self._cancel()
            self._cancel = self._ctx.tasks.start(self._load(self._desk.selected))

    async def _load(self, staff_id: str) -> None:
        try:
            answer = await self._ctx.backend.get(f"/staff/{staff_id}/trail", minutes=self.minutes)
        except OneMapError as error:
            # What this console has seen itself is drawn all the same.
            self._ctx.log.info("no trail of %s: %s", staff_id, error)
            return
        self._history = _points(answer)
        self._draw()

    def _draw(self) -> None:
        row = self._desk.row(self._desk.selected)
        if row is None or not self._ctx.settings.get("show_trail"):
            return
        live = self._ctx.live.positions.trail(int(self._desk.roster.handle[row]), self.minutes * 60)
        since = self._desk.now - self.minutes * 60
        lines = trail_lines(join_trails(self._history, live), since)
        self._layer.put("trail", *(Shape(kind="line", points=line, style=STYLE) for line in lines))


def _points(answer: Any) -> Points:
    rows = np.asarray(answer.get("points", []), float)
    return rows.reshape(-1, 3) if rows.size else NO_POINTS
