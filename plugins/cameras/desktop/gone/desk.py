"""Asks which cameras are gone while somebody looks; keeps the last answer for when the backend is away."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import Undo
from console.sdk.errors import OneMapError
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.gone.report import Gone, Report, Rows, reported

EVERY = 30.0
"""Seconds between two questions while the list is seen."""
SOON = 2.0
"""Seconds after which a change of the cameras is asked about: they come in numbers."""
FRESH = 20.0
"""Seconds for which an answer is good enough for a card."""
GONE, UNITS = "/cameras/health/gone", "/cameras/health/units"


class GoneDesk(QObject):
    """The last report, when it was, and what is the matter with asking."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._ctx = desk, desk.ctx
        self.report = Report()
        self.at = 0.0
        """When the backend last answered, s since 1970; 0.0: never."""
        self.trouble = ""
        """Why it does not answer, in the user's words."""
        self._answer: tuple[Rows, Rows] = ((), ())
        self._asking = False
        self._seen = 0
        self._soon: Undo = lambda: None
        self._every: Undo = lambda: None
        desk.changed.connect(self._on_cameras)
        self._ctx.backend.on_connection(self._on_connection)
        self._ctx.undo(self._stop)

    def look(self) -> Undo:
        """Somebody sees the list: keep it up to date until the undo is called."""
        self._seen += 1
        if self._seen == 1:
            self._every = self._ctx.tasks.every(EVERY, self.refresh)
        self.refresh()
        ended = False

        def end() -> None:
            nonlocal ended
            if not ended:
                ended = True
                self._seen -= 1
                if not self._seen:
                    self._stop()

        return end

    def refresh(self) -> None:
        """Ask now, unless an answer is on its way."""
        if not self._asking:
            self._asking = True
            self._ctx.tasks.start(self._ask())

    async def about(self, camera: str) -> Gone | None:
        """What is known of one that is gone; asks if that was long ago."""
        if time.time() - self.at > FRESH and not self._asking:
            self._asking = True
            await self._ask()
        return next((each for each in self.report.gone if each.camera == camera), None)

    async def _ask(self) -> None:
        try:
            self._answer = await self._ctx.backend.get(GONE), self._answer[1]
            self._answer = self._answer[0], await self._ctx.backend.get(UNITS)
        except OneMapError as error:
            self.trouble = str(error)
        else:
            self.at, self.trouble = time.time(), ""
        finally:
            self._asking = False
        await self._work_out()

    async def _work_out(self) -> None:
        """Off the GUI thread: a city's are thousands."""
        cameras: Any = self._desk.catalogue.cameras
        self.report = await self._ctx.tasks.run(reported, cameras, *self._answer)
        self.changed.emit()

    def _on_cameras(self) -> None:
        if self._seen:
            self._soon()
            self._soon = self._ctx.tasks.later(SOON, self.refresh)

    def _on_connection(self, connected: bool) -> None:
        if self._seen:
            self.refresh()

    def _stop(self) -> None:
        self._soon()
        self._every()
