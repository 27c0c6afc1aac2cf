"""Events on the desktop: list and map in step, the form by keys, the closed loop, waiting intent."""

from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QToolButton, QWidget

from console.sdk import Rejected, Waiting
from console.sdk.records import Event, EventClass, EventState, HistoryEntry, Urgency

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


def test_open_events_are_listed_most_urgent_first_and_drawn(desk, panel) -> None:
    widget = panel(PANEL)
    assert titles(widget) == ["沿街商铺冒烟", "路灯不亮"]
    layer = desk.layer(LAYER)
    assert len(layer.lon) == 2
    sprites = [layer.style.sprites[at] for at in layer.columns["sprite"]]
    assert [(s.shape, s.glyph) for s in sprites] == [("circle", "设"), ("triangle", "火")]


def test_table_and_map_select_the_same_event(desk, panel) -> None:
    widget = panel(PANEL)
    desk.layer(LAYER).click(0)
    assert child(widget, "EventTable").selected_key == "2"
    child(widget, "EventTable").select_key("1")
    assert desk.selection.current == ("event", "1")
    assert list(desk.layer(LAYER).selected) == [1]


def test_filters_by_scope_class_and_text(desk, panel, qtbot) -> None:
    widget = panel(PANEL)
    chips = {b.text().split()[0]: b for b in widget.findChildren(QToolButton) if b.objectName() == "chip"}
    qtbot.mouseClick(chips["全部"], Qt.MouseButton.LeftButton)
    assert len(titles(widget)) == 3
    box = widget.findChild(QComboBox)
    box.setCurrentIndex(box.findText("设施"))
    assert titles(widget) == ["路灯不亮"]
    qtbot.mouseClick(chips["我的"], Qt.MouseButton.LeftButton)
    assert titles(widget) == []


def test_an_event_is_reported_by_a_click_and_keys_alone(desk, panel, qtbot, backend) -> None:
    backend.answer("GET", "/areas/at", {"name": "民主一网格"})
    backend.answer("POST", "/events", lambda request: request.body)
    widget = panel(PANEL)
    desk.map.answer = (117.16, 34.26)
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    desk.run("onemap.events.create")
    form = child(widget, "ReportForm")
    qtbot.waitUntil(form.isVisible)
    type_into(qtbot, form, "发生了什么", "油罐车侧翻")
    line = next(x for x in form.findChildren(QLineEdit) if x.accessibleName() == "发生了什么")
    qtbot.keyClick(line, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(line, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(line, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (body,) = posted(backend, "/events")
    assert (body["title"], body["kind"], body["urgency"]) == ("油罐车侧翻", "traffic", "critical")
    assert body["where"] == [117.16, 34.26]
    assert desk.selection.current == ("event", body["id"])
    assert not form.isVisible()


def test_a_form_without_title_says_what_is_missing(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    desk.map.answer = (117.16, 34.26)
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    desk.run("onemap.events.create")
    form = child(widget, "ReportForm")
    click(qtbot, form, "上报")
    assert not posted(backend, "/events")
    assert form.isVisible()
    qtbot.keyClick(form.findChildren(QLineEdit)[0], Qt.Key.Key_Escape)
    assert not form.isVisible()


def test_only_possible_steps_are_offered_and_a_return_needs_its_reason(desk, panel, qtbot, backend) -> None:
    backend.answer("POST", "/events/.*/actions", {})
    widget = panel(PANEL)
    desk.selection.select("event", "1")
    details = child(widget, "Details")
    click(qtbot, details, "受理")
    assert posted(backend, "/events/1/actions") == [{"action": "accept", "note": ""}]
    desk.put("event", replace(FIRE, state=EventState.FED_BACK, version=2))
    offered = {b.text() for b in details.findChildren(QPushButton) if b.isVisible()}
    assert {"结案", "退回", "添加备注"} <= offered
    assert not {"受理", "作废"} & offered
    click(qtbot, details, "退回")
    assert len(posted(backend, "/events/1/actions")) == 1
    type_into(qtbot, details, "备注", "现场照片不全")
    note = next(x for x in details.findChildren(QLineEdit) if x.accessibleName() == "备注")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    assert posted(backend, "/events/1/actions")[1] == {"action": "return", "note": "现场照片不全"}


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


def test_waiting_intent_is_shown_and_holds_further_steps_back(desk, panel, backend, monkeypatch) -> None:
    entry = Waiting(id="w", title="受理 · 1", method="POST", path="/events/1/actions", body={}, since=0.0)
    monkeypatch.setattr(backend, "waiting", lambda: [entry])
    widget = panel(PANEL)
    desk.selection.select("event", "1")
    details = child(widget, "Details")
    assert details._waits.isVisible()
    assert not any(b.isEnabled() for b in details._buttons.values())
    entry = replace(entry, error="事件已结案")
    desk.selection.select("event", "2")
    desk.selection.select("event", "1")
    assert all(b.isEnabled() for b in details._buttons.values())


def test_a_refused_step_is_told_in_the_backends_words(desk, panel, backend) -> None:
    backend.answer("POST", "/events/.*/actions", Rejected("事件当前状态不允许此操作", status=409))
    desk.selection.select("event", "1")
    desk.run("onemap.events.accept")
    assert any("状态" in str(note) for note in desk.notifications)


def test_new_urgent_events_and_feedback_are_news(desk) -> None:
    before = len(desk.notifications)
    desk.put("event", event("9", title="一般小事"))
    assert len(desk.notifications) == before
    desk.put("event", event("8", title="煤气泄漏", urgency=Urgency.URGENT))
    assert "煤气泄漏" in desk.notifications[-1].text
    desk.put("event", replace(FIRE, state=EventState.FED_BACK, version=5))
    assert "沿街商铺冒烟" in desk.notifications[-1].text


def test_the_next_waiting_event_is_the_most_urgent(desk) -> None:
    desk.run("onemap.events.next")
    assert desk.selection.current == ("event", "1")
    desk.run("onemap.events.next")
    assert desk.selection.current == ("event", "2")


def test_the_list_is_exported_without_formulas(desk, tmp_path, monkeypatch) -> None:
    from plugins.events.desktop import export

    desk.put("event", event("7", title="=1+2"))
    path = tmp_path / "x.csv"
    export._write(path, [["=1+2", "-3.5", "路灯"]])
    assert path.read_text("utf-8-sig").strip() == "'=1+2,-3.5,路灯"


def test_every_text_has_its_chinese() -> None:
    from plugins.events.desktop import words

    folder = Path(words.__file__).parents[1]
    texts = tomllib.loads((folder / "texts" / "zh_CN.toml").read_text("utf-8"))
    for table in (words.CLASSES, words.URGENCIES, words.STATES, words.ACTIONS):
        assert not [title for title in table.values() if title not in texts]
