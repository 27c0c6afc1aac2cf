"""Working through the list of events by keys: order, map, what may be done now, the form by Ctrl+Enter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from console.sdk.records import EventClass, EventState, Urgency
from tests.plugins.events.desktop.staging import (
    FIRE,
    LAMP,
    PANEL,
    child,
    desk,
    event,
    parts,
    posted,
    titles,
    type_into,
)

__all__ = ["desk"]
FAR = (117.9, 34.9)
REST = 0.3
CTRL = Qt.KeyboardModifier.ControlModifier


def list_of(qtbot, widget) -> QWidget:
    """The list with the focus."""
    view = child(widget, "EventTable").view
    widget.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus, timeout=20_000)
    return view


def test_arrows_bring_the_event_into_view_when_they_rest_and_keep_the_focus(desk, panel, qtbot) -> None:
    desk.put("event", replace(LAMP, where=FAR, version=2))
    view = list_of(qtbot, panel(PANEL))
    desk.map.center_on(*FIRE.where, 16.0)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert desk.selection.current == ("event", LAMP.id)
    assert desk.map.center == FIRE.where, "not while the keys pass over rows"
    desk.clock.advance(REST)
    assert desk.map.center == FAR
    assert view.hasFocus()
    qtbot.keyClick(view, Qt.Key.Key_Up)
    desk.selection.select("event", LAMP.id)
    desk.clock.advance(REST)
    assert desk.map.center == FAR, "something else is selected by now"


def test_an_event_selected_elsewhere_moves_no_map(desk, panel) -> None:
    desk.put("event", replace(LAMP, where=FAR, version=2))
    panel(PANEL)
    desk.map.center_on(*FIRE.where, 16.0)
    desk.selection.select("event", LAMP.id)
    desk.clock.advance(REST)
    assert desk.map.center == FIRE.where


def test_the_next_event_is_the_next_of_the_list(desk, panel) -> None:
    older = replace(FIRE, id="8", title="油罐车侧翻", reported_at=FIRE.reported_at - 600)
    desk.put("event", older, event("9", title="刚上报", kind=EventClass.OTHER))
    widget = panel(PANEL)
    listed = titles(widget)
    assert listed == ["油罐车侧翻", "沿街商铺冒烟", "路灯不亮", "刚上报"]
    taken = []
    for _ in listed:
        desk.run("onemap.events.next")
        taken.append(child(widget, "EventTable").selected.title)
    assert taken == listed
    assert "F8" in child(widget, "EventTable").view.horizontalHeader().toolTip()


@pytest.mark.parametrize(
    ("state", "action", "said"),
    [
        (EventState.REPORTED, "return", "事件“已上报”，不能退回。现在可以：受理、作废、添加备注"),
        (EventState.CLOSED, "accept", "事件“已结案”，不能受理。现在可以：重新打开、添加备注"),
        (EventState.HANDLING, "close", "须等前往人员反馈，或先取消其指令。"),
    ],
)
def test_a_step_that_is_not_possible_says_the_state_and_what_is(desk, state, action, said) -> None:
    desk.put("event", replace(FIRE, state=state, version=2))
    desk.selection.select("event", FIRE.id)
    desk.run(f"onemap.events.{action}")
    assert said in desk.notifications[-1].text


@pytest.mark.parametrize("part", [QLineEdit, QComboBox, QPlainTextEdit])
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_reports_from_everywhere_in_the_form(desk, panel, qtbot, backend, part, key) -> None:
    """Though a command of the window has the same key."""
    backend.answer("GET", "/areas/at", {"name": "民主一网格"})
    backend.answer("POST", "/events", lambda request: request.body)
    window = panel(PANEL)
    sent = []
    command = QAction(window)
    command.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
    command.triggered.connect(lambda: sent.append("order"))
    window.addAction(command)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
    desk.map.answer = (117.16, 34.26)
    desk.run("onemap.events.create")
    form = child(window, "ReportForm")
    qtbot.waitUntil(form.isVisible, timeout=20_000)
    type_into(qtbot, form, "发生了什么", "油罐车侧翻")
    field = next(each for each in form.findChildren(part) if each.isVisible())
    field.setFocus()
    qtbot.keyClick(field, key, CTRL)
    (body,) = posted(backend, "/events")
    assert (body["title"], body["urgency"], body["detail"]) == ("油罐车侧翻", Urgency.GENERAL, "")
    assert not form.isVisible()
    assert sent == []


def test_the_list_is_there_first_and_card_and_form_in_later_turns(desk, panel, qtbot) -> None:
    widget = panel(PANEL)
    assert titles(widget)
    assert not {"Details", "ReportForm"} & parts(widget), "the window is not held for what nobody looks at"
    desk.selection.select("event", "1")
    assert "Details" in parts(widget), "who is quick does not wait for it"
    qtbot.waitUntil(lambda: "ReportForm" in parts(widget))
