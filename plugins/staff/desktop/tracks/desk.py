"""Whose tracks are looked at, over which period, and the moment shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from console.sdk import OneMapError
from console.sdk.records import LonLat
from plugins.staff.desktop.desk import Desk

RIGHT = "tracks.read"
MOST = 20
GAP = 300.0
"""Seconds without a fix over which nobody is shown: nobody knows where they were."""
COLORS = ("staff.on_job", "event.urgent", "camera.high", "staff.on_duty", "station", "event.critical")
"""Theme tokens of lines and symbols, in turn."""


@dataclass(frozen=True, slots=True)
class Track:
    """One person's track; *points* (n, 3) longitude, latitude, s since 1970."""

    staff: str
    name: str
    points: npt.NDArray[np.float64]
    metres: float
    foot_seconds: float
    stops: tuple[tuple[LonLat, float, float], ...]
    """(place, since, until)."""
    color: str

    @property
    def stop_seconds(self) -> float:
        """Time at places."""
        return sum(until - since for _, since, until in self.stops)

    def at(self, moment: float) -> LonLat | None:
        """Where they were, between two fixes on the straight line; None where nobody knows."""
        times = self.points[:, 2]
        after = int(np.searchsorted(times, moment))
        if after == len(times) or (after == 0 and times[0] > moment):
            return None
        if times[after] - times[max(after - 1, 0)] > GAP and times[after] != moment:
            return None
        lon, lat = (float(np.interp(moment, times, self.points[:, n])) for n in (0, 1))
        return lon, lat


class TracksDesk(QObject):
    """Asks the backend, which audits each look; keeps nothing when the panel is gone."""

    chosen_changed = Signal()
    loaded = Signal()
    moment_changed = Signal()
    failed = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.ctx = desk, desk.ctx
        self.chosen: list[str] = []
        self.tracks: list[Track] = []
        self.moment = 0.0

    @property
    def span(self) -> tuple[float, float]:
        """From the first to the last fix of all; (0, 0) without any."""
        ends = [(t.points[0, 2], t.points[-1, 2]) for t in self.tracks if len(t.points)]
        return (float(min(a for a, _ in ends)), float(max(b for _, b in ends))) if ends else (0.0, 0.0)

    def add(self, staff_id: str | None) -> None:
        """Look at one more person."""
        if staff_id and staff_id not in self.chosen and len(self.chosen) < MOST:
            self.chosen.append(staff_id)
            self.chosen_changed.emit()

    def remove(self, staff_id: str) -> None:
        """Look at one person less."""
        if staff_id in self.chosen:
            self.chosen.remove(staff_id)
            self.tracks = [track for track in self.tracks if track.staff != staff_id]
            self.chosen_changed.emit()
            self.loaded.emit()

    def look(self, since: float, until: float, reason: str) -> None:
        """Read the tracks of all chosen, with the reason for it."""
        body = {"staff": self.chosen, "since": since, "until": until, "reason": reason}
        self.ctx.tasks.start(self._look(body))

    def set_moment(self, moment: float) -> None:
        """Show where everybody was at *moment*."""
        self.moment = moment
        self.moment_changed.emit()

    async def _look(self, body: dict[str, Any]) -> None:
        try:
            answer = await self.ctx.backend.post("/staff/tracks", body)
        except OneMapError as error:
            self.failed.emit(str(error))
            return
        self.tracks = [_track(at, row) for at, row in enumerate(answer)]
        self.moment = self.span[0]
        self.loaded.emit()


def _track(at: int, row: dict[str, Any]) -> Track:
    return Track(
        staff=row["staff"],
        name=row["name"],
        points=np.asarray(row["points"], float).reshape(-1, 3),
        metres=row["metres"],
        foot_seconds=row["foot_seconds"],
        stops=tuple((tuple(s["where"]), s["since"], s["until"]) for s in row["stops"]),
        color=COLORS[at % len(COLORS)],
    )
