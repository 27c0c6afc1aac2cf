"""Who did what with the selected event, read from the backend whenever the event changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.sdk import OneMapError, Undo
from console.sdk.records import Event, HistoryEntry
from console.sdk.ui import KeyValues
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.words import action_text, actor_text, clock_text, note_text


class History(QWidget):
    """Newest step first; says so while the backend is away."""

    def __init__(self, desk: EventDesk, on_loaded: Callable[[Sequence[HistoryEntry]], None]) -> None:
        super().__init__()
        self._desk, self._on_loaded = desk, on_loaded
        self._shown: tuple[str, int] | None = None
        self._event_id = ""
        self._stop: Undo | None = None
        self._lines = KeyValues()
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._said)
        layout.addWidget(self._lines)
        layout.addStretch(1)
        desk.connected.connect(self._on_connected)

    def set_event(self, event: Event | None) -> None:
        """Read anew if the event is another one or has changed."""
        wanted = (event.id, event.version) if event else None
        if wanted == self._shown:
            return
        if event is None or event.id != self._event_id:
            self._show([])
        if event is not None and self._desk.is_pending(event.id):
            event = None  # the backend knows nothing of it yet
        self._shown, self._event_id = wanted, event.id if event else ""
        if self._stop:
            self._stop()
        self._stop = self._desk.ctx.tasks.start(self._read(event.id)) if event else None

    async def _read(self, event_id: str) -> None:
        try:
            answer = await self._desk.ctx.backend.get(f"/events/{event_id}/history")
        except OneMapError as error:
            self._said.setText(str(error))
            self._said.show()
            return
        self._show([_entry(item) for item in answer])

    def _show(self, entries: Sequence[HistoryEntry]) -> None:
        tr, now = self._desk.ctx.tr, self._desk.now
        self._said.hide()
        pairs: list[tuple[str, str]] = []
        for entry in reversed(entries):
            words = [action_text(entry.action, tr), actor_text(entry.actor, tr)]
            words.append(note_text(entry.action, entry.note, tr))
            if entry.received_at is not None:
                words.append(tr("reached the backend {time}", time=clock_text(entry.received_at, now)))
            pairs.append((clock_text(entry.at, now), " · ".join(word for word in words if word)))
        self._lines.set_pairs(pairs)
        self._on_loaded(entries)

    def _on_connected(self) -> None:
        if self._said.isVisibleTo(self):
            event, self._shown = self._desk.event(self._event_id), None
            self.set_event(event)


def _entry(item: dict[str, Any]) -> HistoryEntry:
    return HistoryEntry(
        at=float(item["at"]),
        actor=str(item["actor"]),
        action=str(item["action"]),
        note=str(item.get("note", "")),
        state=str(item.get("state", "")),
        received_at=None if item.get("received_at") is None else float(item["received_at"]),
    )
