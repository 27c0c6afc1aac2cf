"""Steps of the closed loop: what is offered, what is done, and how history and stepper tell it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from console.sdk.records import EventState, HistoryEntry
from tests.plugins.events.desktop.staging import (
    FIRE,
    PANEL,
    child,
    click,
    desk,
    event,
    posted,
    titles,
    type_into,
)

__all__ = ["desk"]


def test_only_possible_steps_are_offered_and_a_return_needs_its_reason(desk, panel, qtbot, backend) -> None:
    backend.answer("POST", "/events/.*/actions", {})
    widget = panel(PANEL)
    desk.selection.select("event", "1")
    details = child(widget, "Details")
    click(qtbot, details, "受理")
    assert [(b["action"], b["note"]) for b in posted(backend, "/events/1/actions")] == [("accept", "")]
    desk.put("event", replace(FIRE, state=EventState.FED_BACK, version=2))
    offered = {b.text() for b in details.findChildren(QPushButton) if b.isVisible()}
    assert {"结案", "退回", "添加备注"} <= offered
    assert not {"受理", "作废"} & offered
    click(qtbot, details, "退回")
    assert len(posted(backend, "/events/1/actions")) == 1
    type_into(qtbot, details, "备注", "现场照片不全")
    note = next(x for x in details.findChildren(QLineEdit) if x.accessibleName() == "备注")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    returned = posted(backend, "/events/1/actions")[1]
    assert (returned["action"], returned["note"]) == ("return", "现场照片不全")


def test_history_is_read_anew_when_the_event_changes(desk, panel, backend) -> None:
    entries = [HistoryEntry(at=1.0, actor="值班员", action="report", state="reported")]
    asked: list[int] = []

    def answer(_request):
        asked.append(1)
        return [{"at": e.at, "actor": e.actor, "action": e.action, "state": e.state} for e in entries]

    backend.answer("GET", "/events/1/history", answer)
    widget = panel(PANEL)
    desk.selection.select("event", "1")
    desk.put("event", replace(FIRE, state=EventState.ACCEPTED, version=2))
    assert len(asked) == 2
    assert child(widget, "Details")._stepper.present == 1


def test_closing_keeps_the_event_and_offers_undo(desk, panel, qtbot, backend) -> None:
    backend.answer("POST", "/events/.*/actions", {})
    widget = panel(PANEL)
    fed_back = replace(FIRE, state=EventState.FED_BACK, version=2)
    desk.put("event", fed_back)
    desk.selection.select("event", "1")
    click(qtbot, child(widget, "Details"), "结案")
    desk.put("event", replace(fed_back, state=EventState.CLOSED, closed_at=time.time(), version=3))
    assert desk.selection.current == ("event", "1")
    assert titles(widget) == ["沿街商铺冒烟", "路灯不亮"], "it stays until another is selected"
    note = next(note for note in desk.notifications if "已结案" in note.text)
    title, undo = note.action
    assert title == "撤销"
    undo()
    assert posted(backend, "/events/1/actions")[-1]["action"] == "reopen"


def test_class_and_level_are_put_right_after_the_report(desk, panel, qtbot, backend) -> None:
    backend.answer("POST", "/events/.*/correct", {})
    widget = panel(PANEL)
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    desk.selection.select("event", "2")
    click(qtbot, child(widget, "Details"), "更正")
    form = child(widget, "ReportForm")
    line = next(x for x in form.findChildren(QLineEdit) if x.accessibleName() == "发生了什么")
    qtbot.keyClick(line, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(line, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert posted(backend, "/events/2/correct") == [{"kind": "fire", "urgency": "urgent"}]


def test_an_event_closed_with_nobody_sent_does_not_look_dispatched(desk, panel, backend) -> None:
    steps = [("report", "reported", 900.0), ("accept", "accepted", 1000.0), ("close", "closed", 1100.0)]
    entries = [{"at": at, "actor": "甲", "action": did, "state": state} for did, state, at in steps]
    backend.answer("GET", "/events/7/history", entries)
    widget = panel(PANEL)
    desk.put("event", event("7", reported_at=900.0, state=EventState.CLOSED))
    desk.selection.select("event", "7")
    stepper = child(widget, "Stepper")
    assert [stepper.is_skipped(step) for step in (EventState.DISPATCHED, EventState.FED_BACK)] == [True, True]
    assert not stepper.is_skipped(EventState.ACCEPTED) and not stepper.is_skipped(EventState.CLOSED)
    assert stepper.time_of(EventState.HANDLING) is None


def test_a_hasty_second_click_on_accept_closes_nothing(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    desk.put("event", event("7", state=EventState.REPORTED))
    desk.selection.select("event", "7")
    accept = next(b for b in widget.findChildren(QPushButton) if b.text() == "受理" and b.isVisible())
    place = accept.mapTo(widget, accept.rect().center())
    desk.put("event", event("7", state=EventState.ACCEPTED, version=2))
    QApplication.processEvents()
    close = next(b for b in widget.findChildren(QPushButton) if b.text() == "结案" and b.isVisible())
    assert widget.childAt(place) is not close


def shown(widget) -> dict[str, QPushButton]:
    steps = child(child(widget, "Details"), "Steps")
    return {b.text(): b for b in steps.findChildren(QPushButton) if b.isVisible()}


@pytest.mark.parametrize(
    ("state", "stands_out"),
    [("reported", "受理"), ("accepted", "派单"), ("dispatched", ""), ("fed_back", "结案"), ("closed", "")],
)
def test_the_next_step_stands_out(desk, panel, state: str, stands_out: str) -> None:
    widget = panel(PANEL)
    desk.put("event", event("7", state=EventState(state)))
    desk.selection.select("event", "7")
    assert [text for text, b in shown(widget).items() if b.property("primary")] == [stands_out][
        : bool(stands_out)
    ]
    assert ("派单" in shown(widget)) == (state != "closed")


def test_from_the_event_one_comes_to_who_could_go(desk, panel, qtbot) -> None:
    asked: list[str] = []
    desk.host.panels.on_show(asked.append)
    widget = panel(PANEL)
    desk.put("event", event("7", state=EventState.ACCEPTED))
    desk.selection.select("event", "7")
    qtbot.mouseClick(shown(widget)["派单"], Qt.MouseButton.LeftButton)
    assert asked[-1] == "onemap.dispatch.dispatch"


def test_who_may_send_nobody_is_offered_no_dispatch(desk, panel, backend) -> None:
    backend.rights = {"events.write"}
    widget = panel(PANEL)
    desk.put("event", event("7", state=EventState.ACCEPTED))
    desk.selection.select("event", "7")
    assert "派单" not in shown(widget) and "添加备注" in shown(widget)


def test_closing_though_nobody_was_sent_says_why(desk, panel, qtbot, backend) -> None:
    backend.answer("POST", "/events/.*/actions", {})
    widget = panel(PANEL)
    desk.put("event", event("7", state=EventState.ACCEPTED))
    desk.selection.select("event", "7")
    qtbot.mouseClick(shown(widget)["结案"], Qt.MouseButton.LeftButton)
    assert not posted(backend, "/events/7/actions")
    details = child(widget, "Details")
    type_into(qtbot, details, "备注", "重复上报")
    note = next(x for x in details.findChildren(QLineEdit) if x.accessibleName() == "备注")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    assert [(b["action"], b["note"]) for b in posted(backend, "/events/7/actions")] == [("close", "重复上报")]


def test_a_double_click_does_one_step(desk, panel, qtbot, backend) -> None:
    """The backend is so quick that another button stands there when the second click comes."""
    backend.answer("POST", "/events/.*/actions", {})
    widget = panel(PANEL)
    desk.put("event", event("7", state=EventState.FED_BACK))
    desk.selection.select("event", "7")
    qtbot.mouseClick(shown(widget)["结案"], Qt.MouseButton.LeftButton)
    desk.put("event", event("7", state=EventState.CLOSED, version=2))
    again = shown(widget)["重新打开"]
    second = QMouseEvent(
        QEvent.Type.MouseButtonDblClick,
        QPointF(again.rect().center()),
        again.mapToGlobal(QPointF(again.rect().center())),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(again, second)
    qtbot.mouseRelease(again, Qt.MouseButton.LeftButton)
    assert not child(widget, "Details")._hint.isVisible(), "no reason is asked for"


def test_the_stepper_says_when_it_was_reported(desk, panel, backend) -> None:
    entries = [
        {"at": 900.0, "actor": "demo", "action": "report", "state": "reported"},
        {"at": 1500.0, "actor": "甲", "action": "dispatched", "state": "dispatched"},
        {
            "at": 1600.0,
            "actor": "甲",
            "action": "correct_kind",
            "note": "other → fire",
            "state": "dispatched",
        },
    ]
    backend.answer("GET", "/events/7/history", entries)
    widget = panel(PANEL)
    desk.put("event", event("7", reported_at=600.0, state=EventState.DISPATCHED))
    desk.selection.select("event", "7")
    stepper = child(widget, "Stepper")
    assert stepper.time_of(EventState.REPORTED) == 600.0, "as the event says, whatever the history does"
    assert stepper.time_of(EventState.ACCEPTED) == 1500.0, "accepted by being dispatched"
    assert stepper.time_of(EventState.DISPATCHED) == 1500.0
    shown = " ".join(label.text() for label in child(widget, "History").findChildren(QLabel))
    assert "更正类别" in shown
    assert "其他 → 火情" in shown
