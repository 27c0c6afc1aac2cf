"""Inspections that are over: those of the backend, and those that wait to be sent."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import BackendAway, Context, OneMapError, Severity
from plugins.polling.desktop.groups import HINT
from plugins.polling.model import Entry, Finding, Round

PATH = "/polling/rounds/"


class Rounds(QObject):
    """The last first."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self._known: dict[str, Round] = {}
        ctx.backend.on_waiting(self.changed.emit)
        ctx.backend.on_connection(lambda connected: self.fetch() if connected else None)

    def all(self) -> list[Round]:
        """As they will be when all that waits has been sent."""
        rounds = dict(self._known)
        for entry in self.ctx.backend.waiting():
            if entry.path.startswith(PATH) and not entry.error:
                name = entry.path.removeprefix(PATH)
                rounds[name] = msgspec.convert({**entry.body, "id": name}, Round)
        return sorted(rounds.values(), key=lambda each: (-each.began, each.id))

    def find(self, round_id: str | None) -> Round | None:
        return next((each for each in self.all() if each.id == round_id), None)

    def fetch(self) -> None:
        """Ask the backend anew."""
        self.ctx.tasks.start(self._fetch())

    def keep(self, kept: Round) -> None:
        """Send one that is over; it is sent later when the backend is away."""
        self.ctx.tasks.start(self._keep(kept))

    async def _fetch(self) -> None:
        try:
            answer = await self.ctx.backend.get(PATH.rstrip("/"))
        except OneMapError as error:
            if not isinstance(error, BackendAway):
                self.ctx.log.warning("inspections were not fetched: %s", error)
            return
        self._know(msgspec.convert(answer, list[Round]))

    async def _keep(self, kept: Round) -> None:
        title = self.ctx.tr("Inspection: {title}", title=kept.title)
        body = msgspec.to_builtins(kept)
        wanted = {name: body[name] for name in ("title", "began", "ended", "entries")}
        try:
            answer = await self.ctx.backend.submit(title, "PUT", f"{PATH}{kept.id}", wanted)
        except OneMapError as error:
            self.ctx.notify(title, Severity.ERROR, key=HINT, detail=str(error))
            return
        self._know([*self._known.values(), msgspec.convert(answer, Round)])

    def _know(self, rounds: Iterable[Round]) -> None:
        self._known = {each.id: each for each in rounds}
        self.changed.emit()


def counts(entries: Iterable[Entry]) -> dict[Finding, int]:
    """How many of each finding."""
    found = [entry.finding for entry in entries]
    return {finding: found.count(finding) for finding in Finding}
