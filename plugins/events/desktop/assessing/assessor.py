"""Reading and giving assessments, for the card and the list alike."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from plugins.events.desktop.assessing.words import assessed_of
from plugins.events.desktop.desk import EventDesk
from plugins.events.model import RIGHT, Assessed


class Assessor(QObject):
    """One for the plugin; *given* tells when the backend has taken an assessment."""

    given = Signal(str)
    """Id of the event."""

    def __init__(self, desk: EventDesk) -> None:
        super().__init__()
        self.desk = desk

    @property
    def may_assess(self) -> bool:
        """Whether the user has the right."""
        return self.desk.ctx.backend.allowed(RIGHT)

    async def read(self, event_id: str) -> Assessed:
        """Times and assessment of a closed event. Raises OneMapError."""
        return assessed_of(await self.desk.ctx.backend.get(f"/events/{event_id}/assessment"))

    def give(self, event_id: str, title: str, score: int, remark: str) -> None:
        """To the outbox: it arrives with the time of now, however late."""
        self.desk.ctx.tasks.start(self._give(event_id, title, score, remark))

    async def _give(self, event_id: str, title: str, score: int, remark: str) -> None:
        desk = self.desk
        body = {"score": score, "remark": remark, "given_at": desk.now}
        said = f"{desk.ctx.tr('Assess')} · {title}"
        if await desk.submit(said, f"/events/{event_id}/assessment", body):
            self.given.emit(event_id)
