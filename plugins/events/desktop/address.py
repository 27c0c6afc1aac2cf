"""The address of a new event, suggested from the roads near its place."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from console.sdk import Context, MissingService, Undo
from console.sdk.records import LonLat


class AddressSuggestion:
    """Fills a line with the words for a place; what the user typed there stays."""

    def __init__(self, ctx: Context, line: QLineEdit) -> None:
        self._ctx, self._line = ctx, line
        self._said = ""
        self._asking: Undo | None = None

    def begin(self, where: LonLat) -> None:
        """Ask how *where* is called; words suggested for another place go at once."""
        self.stop()
        if self._said and self._line.text() == self._said:
            self._line.clear()
        self._said = ""
        self._asking = self._ctx.tasks.start(self._fill(where))

    def stop(self) -> None:
        """What is still asked for comes too late."""
        if self._asking:
            self._asking()
            self._asking = None

    async def _fill(self, where: LonLat) -> None:
        try:
            words = await self._ctx.services.get("whereabouts")(where)
        except MissingService:
            return  # the address is a help, not a need
        if words and not self._line.text() and not self._line.hasFocus():
            self._said = words
            self._line.setText(words)
            self._line.setCursorPosition(0)
