"""Events on the map: class by glyph, urgency by shape and colour."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from console.sdk import PointLayer, PointStyle, Sprite, SpriteShape, Text
from console.sdk.records import OPEN_EVENT_STATES, Event, EventClass, LonLat, Urgency
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.words import CLASSES, STATES, URGENCIES, age_text, glyph

SHAPES = {
    Urgency.CRITICAL: SpriteShape.TRIANGLE,
    Urgency.URGENT: SpriteShape.DIAMOND,
    Urgency.GENERAL: SpriteShape.CIRCLE,
}
SIZES = {Urgency.CRITICAL: 34.0, Urgency.URGENT: 30.0, Urgency.GENERAL: 24.0}
DRAFT = Sprite(shape=SpriteShape.PIN, fill="accent.text", size=34.0, glyph="+")
"""Where an event lies that is being written down."""
_ZH: dict[Urgency | EventClass, str] = {
    Urgency.CRITICAL: "特急",
    Urgency.URGENT: "紧急",
    Urgency.GENERAL: "一般",
    EventClass.FIRE: "火情",
    EventClass.MEDICAL: "医疗",
    EventClass.TRAFFIC: "交通",
    EventClass.SECURITY: "治安",
    EventClass.FACILITY: "设施",
    EventClass.SANITATION: "环卫",
    EventClass.FLOOD: "汛情",
    EventClass.DISPUTE: "纠纷",
}
"""The legend carries both languages: the layer outlives a change of language."""
OVER_OPACITY = 0.4
"""Of events that are closed or cancelled."""
_KINDS: dict[tuple[Urgency, EventClass], int] = {
    pair: at for at, pair in enumerate(itertools.product(URGENCIES, CLASSES))
}


def sprites(language: str) -> list[Sprite]:
    """One symbol for each urgency and class; the legend explains each of both once."""
    return [
        Sprite(
            shape=SHAPES[urgency],
            fill=f"event.{urgency}",
            size=SIZES[urgency],
            glyph=glyph(kind, language),
            title=_legend(urgency, kind),
        )
        for urgency, kind in _KINDS
    ]


def _legend(urgency: Urgency, kind: EventClass) -> Text | None:
    """The plain symbol of each level stands for it, the general one of each class for that."""
    if kind is EventClass.OTHER:
        return Text(_ZH[urgency], URGENCIES[urgency])
    return Text(_ZH[kind], CLASSES[kind]) if urgency is Urgency.GENERAL else None


class EventLayer:
    """Follows the desk's filter and selection."""

    def __init__(self, desk: EventDesk) -> None:
        self._desk = desk
        self._events: Sequence[Event] = ()
        self._points = self._add()
        mark = PointStyle(sprites=[DRAFT], priority=60)
        self._draft = desk.ctx.map.add_points("onemap.events.draft", mark, listed=False)
        desk.changed.connect(self.draw)
        desk.filtered.connect(self.draw)
        desk.selected_changed.connect(self.draw)
        desk.waiting_changed.connect(self.draw)
        desk.marked.connect(self._mark_draft)
        desk.ctx.on_language(self._change_language)
        self.draw()

    def _add(self) -> PointLayer:
        style = PointStyle(
            sprites=sprites(self._desk.ctx.language),
            cluster=True,
            cluster_below=10.5,
            labels_from=15.5,
            priority=50,
        )
        points = self._desk.ctx.map.add_points("onemap.events.events", style)
        points.on_click(lambda row: self._desk.select(self._events[row].id))
        points.on_hover(self._tooltip)
        return points

    def _change_language(self) -> None:
        """Symbols bear characters, so they are made anew; the map keeps what the user set on the layer."""
        self._points.remove()
        self._points = self._add()
        self.draw()

    def draw(self) -> None:
        """Replace all points; the most urgent are drawn last, on top."""
        events = self._events = self._desk.shown()[::-1]
        places = np.array([event.where for event in events], float).reshape(-1, 2)
        open_ = np.array([event.state in OPEN_EVENT_STATES for event in events], bool)
        self._points.set_points(
            places[:, 0],
            places[:, 1],
            sprite=np.array([_KINDS[event.urgency, event.kind] for event in events], np.int32),
            opacity=np.where(open_, 1.0, OVER_OPACITY),
        )
        waiting = self._desk.waiting_ids()
        self._points.set_labels([self._label(event, event.id in waiting) for event in events])
        self._mark()

    def _label(self, event: Event, waits: bool) -> str:
        return f"{event.title} [{self._desk.ctx.tr('Waiting to be sent')}]" if waits else event.title

    def _mark_draft(self, where: LonLat | None) -> None:
        """The place of the event that is being written down."""
        places = np.array([where] if where else [], float).reshape(-1, 2)
        self._draft.set_points(places[:, 0], places[:, 1])

    def _mark(self) -> None:
        selected = self._desk.selected
        self._points.select([row for row, event in enumerate(self._events) if event.id == selected])

    def _tooltip(self, row: int) -> str:
        event, tr = self._events[row], self._desk.ctx.tr
        words = [tr(URGENCIES[event.urgency]), tr(CLASSES[event.kind]), tr(STATES[event.state])]
        age = age_text(self._desk.now - event.reported_at, tr)
        return f"{event.number} {event.title}\n{' · '.join(words)} · {age}"
