"""The desk of a dispatcher with an event, three staff and their ranking, and how tests look at its panels."""

from __future__ import annotations

import time
from dataclasses import asdict, replace

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from console.sdk.records import (
    Candidate,
    Duty,
    Event,
    Order,
    OrderState,
    Reason,
    Route,
    Staff,
)

PANEL = "onemap.dispatch.dispatch"
FIRE = Event(
    id="e1", number="SJ-1", title="沿街商铺冒烟", area="320302001001001", where=(117.155, 34.255), version=1
)
WAY = Route(path=((117.15, 34.25), (117.155, 34.25), (117.155, 34.255)), metres=900, seconds=300)


def member(number: int, name: str) -> Staff:
    return Staff(id=f"s{number}", handle=number, name=name, area="320302001001001", duty=Duty.ON, version=1)


STAFF = [member(1, "张三"), member(2, "李四"), member(3, "王五")]


def candidate(number: int, name: str, eta: float | None, **changes) -> Candidate:
    reasons = (
        Reason(what="eta", value=str(eta or ""), seconds=eta or 0.0),
        Reason(what="job", value="", seconds=0.0),
        Reason(what="grid", value="street", seconds=60.0),
    )
    base = Candidate(
        staff=f"s{number}",
        name=name,
        score=(eta or 0) + 60,
        eta_seconds=eta,
        metres=eta and eta * 3,
        straight_metres=200.0 * number,
        able=True,
        reasons=reasons,
    )
    return replace(base, **changes)


LIST = [
    candidate(2, "李四", 120.0),
    candidate(1, "张三", 540.0),
    candidate(3, "王五", None, able=False, why_not="off_duty"),
]


@pytest.fixture
def desk(activate, console, backend, move):
    """The plugin with an event selected, three staff and a list that the backend ranked."""
    ranked = {"candidates": [asdict(each) for each in LIST], "straight_first": "s1", "took_ms": 3.2}
    backend.answer("POST", "/dispatch/rank", ranked)
    backend.answer("POST", "/dispatch/route", asdict(WAY))
    backend.answer("POST", "/dispatch/orders", {})
    backend.answer("POST", "/dispatch/closures", {})
    activate("dispatch")
    console.put("event", FIRE)
    console.put("staff", *STAFF)
    now = [time.time()] * 3
    move(handle=[1, 2, 3], lon=[117.154, 117.15, 117.2], lat=[34.254, 34.25, 34.3], time=now)
    console.selection.select("event", "e1")
    return console


def child(widget, name: str):
    """A part of the panel by the name of its class, which is another one each time the plugin is loaded."""
    return next(part for part in widget.findChildren(QWidget) if type(part).__name__ == name)


def names(widget) -> list[str]:
    return [each.name for each in child(widget, "CandidateTable").shown]


def buttons(widget) -> dict[str, QPushButton]:
    return {b.text(): b for b in widget.findChildren(QPushButton) if b.isVisible()}


def texts_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def sent(backend, path: str) -> list:
    return [r.body for r in backend.requests if r.method == "POST" and r.path == path]


def order(state: OrderState, version: int = 1, **changes) -> Order:
    base = Order(
        id="o1", event="e1", staff="s2", area="320302001001001", sent_at=time.time(), version=version
    )
    return replace(base, state=state, **changes)


def rerank(desk, backend, *candidates: Candidate) -> None:
    """Another list of the backend, as after twenty seconds."""
    listed = [asdict(each) for each in candidates]
    backend.answer("POST", "/dispatch/rank", {"candidates": listed, "straight_first": "", "of": 3})
    desk.clock.advance(21)


def table_model(widget):
    return child(widget, "CandidateTable").view.model()
