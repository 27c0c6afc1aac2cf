"""Drones that are heard beside their live pictures, and how long ago that was."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from console.sdk import Undo
from console.sdk.media import Metadata
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.drones.footprint import Footprint, footprint

FRESH, GONE = 3.0, 30.0
"""Seconds after which a drone fades, and after which it is taken off the map."""
FAINTEST = 0.25
TICK = 1.0
GATHER = 0.2
"""Seconds in which news are gathered: one drone tells of itself ten times a second."""


@dataclass(slots=True)
class Heard:
    """What one said last."""

    camera: str
    said: Metadata
    seen: Footprint
    age: float = 0.0
    """Seconds since it was said."""

    @property
    def opacity(self) -> float:
        """1 while it is fresh."""
        return max(FAINTEST, 1 - max(0.0, self.age - FRESH) / (GONE - FRESH))


class Fleet(QObject):
    """By camera. Ages are counted here: clocks of drones are not to be relied on."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._ctx = desk, desk.ctx
        self.heard: dict[str, Heard] = {}
        self._stop: Undo | None = None
        self._drawn_soon = False

    def hear(self, camera: str, said: Metadata | None) -> None:
        """What is said beside a live picture; nothing: what was said before grows old."""
        seen = footprint(said) if said is not None else None
        if not camera or said is None or seen is None:
            return
        self.heard[camera] = Heard(camera, said, seen)
        self._desk.flying[camera] = seen.place
        self._stop = self._stop or self._ctx.tasks.every(TICK, self._tick)
        self._tell()

    def _tick(self) -> None:
        for each in list(self.heard.values()):
            each.age += TICK
            if each.age > GONE:
                del self.heard[each.camera], self._desk.flying[each.camera]
            if each.age > FRESH:
                self._tell()
        if not self.heard and self._stop:
            self._stop()
            self._stop = None

    def _tell(self) -> None:
        if not self._drawn_soon:
            self._drawn_soon = True
            self._ctx.tasks.later(GATHER, self._told)

    def _told(self) -> None:
        self._drawn_soon = False
        self.changed.emit()
