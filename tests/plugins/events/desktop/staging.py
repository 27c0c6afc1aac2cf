"""The events' desk with three events, and how tests look at its panel."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from console.sdk.records import Event, EventClass, EventState, Urgency

PANEL = "onemap.events.events"
LAYER = "onemap.events.events"


def event(event_id: str, **changes) -> Event:
    base = Event(
        id=event_id,
        number=f"SJ20261122-{event_id}",
        title=f"事件{event_id}",
        area="320302001001001",
        where=(117.155, 34.255),
        reported_at=time.time() - 600,
        version=1,
    )
    return replace(base, **changes)


FIRE = event("1", title="沿街商铺冒烟", kind=EventClass.FIRE, urgency=Urgency.CRITICAL)
LAMP = event("2", title="路灯不亮", kind=EventClass.FACILITY, reported_at=time.time() - 7200)
DONE = event("3", title="占道经营", state=EventState.CLOSED, closed_at=time.time() - 60)


@pytest.fixture
def desk(activate, console, backend):
    """The plugin with three events, one of them closed."""
    backend.answer("GET", "/events/.*/history", [])
    activate("events")
    console.put("event", FIRE, LAMP, DONE)
    return console


def child(widget, name: str):
    """A part of the panel by the name of its class, which is another one each time the plugin is loaded."""
    return next(part for part in widget.findChildren(QWidget) if type(part).__name__ == name)


def parts(widget) -> set[str]:
    """Names of the classes of all parts of the panel."""
    return {type(part).__name__ for part in widget.findChildren(QWidget)}


def titles(widget) -> list[str]:
    return [shown.title for shown in child(widget, "EventTable").shown]


def type_into(qtbot, form, name: str, text: str) -> None:
    line = next(line for line in form.findChildren(QLineEdit) if line.accessibleName() == name)
    line.setFocus()
    line.insert(text)  # QTest cannot type Chinese: an input method does


def click(qtbot, widget, text: str) -> None:
    found = [b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible()]
    assert found, f"no button {text}"
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def posted(backend, path: str) -> list:
    return [r.body for r in backend.requests if r.method == "POST" and r.path == path]
