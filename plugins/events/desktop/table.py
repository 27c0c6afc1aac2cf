"""The list of events."""

from __future__ import annotations

from console.sdk import Undo
from console.sdk.records import Event
from console.sdk.ui import Column, EmptyState, RecordTable
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.words import CLASSES, RANKS, STATE_TONES, STATES, URGENCIES, age_text

_TOKENS = {"muted": "text.muted"}
_REST_SECONDS = 0.25
"""How long the arrow keys rest on a row before the map goes there."""


class EventTable(RecordTable):
    """Selection goes to all views and brings the event into view; Enter or double-click centres it."""

    def __init__(self, desk: EventDesk) -> None:
        tr = desk.ctx.tr
        empty = EmptyState(
            tr("No events here"),
            tr("Report one by a click on the map, or choose another filter."),
            icon="event",
        )
        super().__init__(_columns(desk), key=lambda event: event.id, empty=empty, name="onemap.events.events")
        self._desk = desk
        self._revealing: Undo | None = None
        self.on_select(self._choose)
        self.view.clicked.connect(lambda index: desk.reveal(self.shown[index.row()]))
        self.on_activate(desk.jump)
        order = tr("Most urgent level first, then who has waited longest; F8 takes the next in this order")
        self.view.horizontalHeader().setToolTip(order)

    def refresh_names(self) -> None:
        """Paint anew: the names of areas have come."""
        self.view.viewport().update()

    def refresh(self) -> None:
        """Show the events of the filter as they are now."""
        self.set_rows(self._desk.shown())

    def _choose(self, key: str | None) -> None:
        """The user's choice goes to all views; what was selected elsewhere moves no map."""
        if key is None or key == self._desk.selected:
            return
        self._desk.select(key)
        if self._revealing:
            self._revealing()
        self._revealing = self._desk.ctx.tasks.start(self._reveal_at_rest(key))

    async def _reveal_at_rest(self, key: str) -> None:
        await self._desk.ctx.tasks.sleep(_REST_SECONDS)
        event = self._desk.event(key)
        if event is not None and key == self._desk.selected:
            self._desk.reveal(event)


def _tone(desk: EventDesk, event: Event) -> str:
    tone = "warning" if desk.waits(event.id) else STATE_TONES[event.state]
    return _TOKENS.get(tone, tone)


def _columns(desk: EventDesk) -> list[Column]:
    tr = desk.ctx.tr

    def age(event: Event) -> float:
        return (event.closed_at or desk.now) - event.reported_at

    return [
        Column(
            tr("Level"),
            lambda event: tr(URGENCIES[event.urgency]),
            46,
            color=lambda event: f"event.{event.urgency}",
            sort=lambda event: RANKS[event.urgency],
        ),
        Column(tr("Title"), lambda event: event.title),
        Column(tr("Class"), lambda event: tr(CLASSES[event.kind]), 52),
        Column(
            tr("State"),
            lambda event: tr("Waiting to be sent") if desk.waits(event.id) else tr(STATES[event.state]),
            64,
            color=lambda event: _tone(desk, event),
            sort=lambda event: list(STATES).index(event.state),
        ),
        Column(tr("Age"), lambda event: age_text(age(event), tr), 78, "right", sort=age),
        Column(tr("Area"), lambda event: desk.area_name(event.area), 96),
        Column(tr("Number"), lambda event: event.number, 128),
    ]
