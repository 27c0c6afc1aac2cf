"""What is played back: cameras, the clock, what is recorded of each, what is marked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QObject, Signal

from console.sdk import MissingService
from console.sdk.errors import OneMapError
from console.sdk.records import Camera
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.playback.clock import Marks, PlayClock
from plugins.cameras.desktop.playback.tickets import ReplayTickets
from plugins.cameras.desktop.sight import cameras_near

PANEL = "onemap.cameras.playback"
MOST = 9
BEFORE = 120.0
"""Seconds before an event that its recordings begin."""
BACK = 300.0
"""Seconds that "five minutes back" goes back."""
LISTED = 86_400.0
"""Seconds around the clock's time whose recordings are asked for."""
FRESH, SOON = 60.0, 3.0
"""Seconds after which what is recorded is asked for again; the second where the clock comes to the end."""
AHEAD = 5.0
"""Seconds of playing before that."""
Stretch = tuple[float, float]


class Deck(QObject):
    """One for the plugin; the panel shows it."""

    changed = Signal()
    """Cameras came or went."""
    listed = Signal()
    """More is known of what is recorded."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.clock = PlayClock(time.time() - BEFORE)
        self.marks = Marks()
        self.cameras: list[str] = []
        self.reasons: dict[str, str] = {}
        """Why one looks, by camera, where it had to be said."""
        self.stretches: dict[str, list[Stretch]] = {}
        self.faults: dict[str, str] = {}
        """Why it is not known what is recorded."""
        self._tickets: ReplayTickets | None = None
        self._asked: dict[str, tuple[float, float, float]] = {}
        """From, to, and when it was asked."""
        ctx = desk.ctx
        ctx.commands.bind("onemap.cameras.playback_show", self.show_selected)
        ctx.commands.bind("onemap.cameras.playback_back", self.show_back)
        ctx.commands.bind("onemap.cameras.playback_event", self.show_event)

    @property
    def tickets(self) -> ReplayTickets:
        """For views and files."""
        if self._tickets is None:
            self._tickets = ReplayTickets(self.desk.ctx)
        return self._tickets

    def open(self, cameras: Sequence[str], at: float) -> None:
        """Show recordings of *cameras* from the moment *at*, in place of those that are open."""
        self.cameras = list(dict.fromkeys(cameras))[:MOST]
        self.desk.ctx.panels.show(PANEL)
        self.changed.emit()
        self.clock.playing = True
        self.clock.seek(at)
        self.look_up()

    def add(self, camera: str) -> None:
        """One more; the oldest makes room."""
        if camera not in self.cameras:
            self.cameras = [*self.cameras, camera][-MOST:]
            self.changed.emit()
            self.look_up()

    def close(self, camera: str) -> None:
        """One less."""
        self.cameras = [each for each in self.cameras if each != camera]
        self.changed.emit()

    def look_up(self) -> None:
        """Ask what is recorded around the clock's time, where that is not known."""
        now, clock, ahead = time.monotonic(), self.clock.now, AHEAD * max(self.clock.speed, 1.0)
        for camera in self.cameras:
            since, until, asked = self._asked.get(camera, (0.0, 0.0, -FRESH))
            known = since <= clock and clock + ahead < until
            if now - asked < (FRESH if known else SOON):
                continue
            stretch = (clock - LISTED, min(clock + LISTED, time.time()))
            self._asked[camera] = (*stretch, now)
            self.desk.ctx.tasks.start(self._list(camera, *stretch))

    def goes_on(self, camera: str, stretch: Stretch) -> bool:
        """Whether a stretch came to the end of what was asked for: it may be longer by now."""
        return stretch[1] >= self._asked.get(camera, (0.0, 0.0, 0.0))[1] - SOON

    def forget(self, camera: str) -> None:
        """Ask anew: a reason was given, or the device may be back."""
        self._asked.pop(camera, None)
        self.look_up()

    async def _list(self, camera: str, since: float, until: float) -> None:
        query: dict[str, Any] = {"since": since, "until": until}
        if reason := self.reasons.get(camera):
            query["reason"] = reason
        try:
            rows = await self.desk.ctx.backend.get(f"/cameras/{quote(camera, safe='')}/recordings", **query)
            self.stretches[camera] = [(row["begin"], row["end"]) for row in rows]
            self.faults.pop(camera, None)
        except OneMapError as error:
            self.faults[camera] = str(error)
        self.listed.emit()

    def show_selected(self) -> None:
        """Recordings of the selected camera, of two minutes ago; beside those that are open."""
        camera = self._chosen()
        if camera is None:
            return
        if self.cameras:
            self.desk.ctx.panels.show(PANEL)
            self.add(camera.id)
        else:
            self.open([camera.id], time.time() - BEFORE)

    def show_back(self) -> None:
        """What the selected camera showed five minutes ago; the others that are open go there, too."""
        camera = self._chosen()
        if camera is not None:
            others = [each for each in self.cameras if each != camera.id]
            self.open([*others[1 - MOST :], camera.id], time.time() - BACK)

    def back(self) -> None:
        """All that are open, to five minutes ago."""
        self.clock.playing = True
        self.clock.seek(time.time() - BACK)
        self.look_up()

    def _chosen(self) -> Camera | None:
        """The selected camera if it is recorded; else the user is told."""
        camera = self.desk.chosen()
        if camera is None or camera.recorded:
            return camera
        text = self.desk.ctx.tr("{name} is not recorded here", name=camera.name)
        self.desk.ctx.notify(text, key="onemap.cameras.not_recorded")
        return None

    def show_event(self) -> None:
        """Recordings of the cameras that see the selected event, from two minutes before."""
        ctx = self.desk.ctx
        event = self._event()
        if event is None:
            ctx.notify(ctx.tr("Select an event first"), key="onemap.cameras.event_first")
            return
        near = cameras_near(self.desk.catalogue, event.where, 4 * MOST, None)
        found = [each.camera.id for each in near if each.camera.recorded][:MOST]
        if found:
            self.open(found, event.reported_at - BEFORE)
        else:
            ctx.notify(ctx.tr("No recorded camera sees this event"), key="onemap.cameras.not_recorded")

    def _event(self) -> Any | None:
        current = self.desk.ctx.selection.current
        if current is None or current[0] != "event":
            return None
        try:
            return self.desk.ctx.services.get("events").event(current[1])
        except MissingService:
            return None
