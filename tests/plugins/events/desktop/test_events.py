"""Events on the desktop: list and map in step, the form by keys, waiting intent."""

from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QToolButton
from shiboken6 import delete

from console.sdk import Rejected, Waiting
from console.sdk.records import EventState, Urgency
from tests.plugins.events.desktop.staging import (
    FIRE,
    LAYER,
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


def test_open_events_are_listed_most_urgent_first_and_drawn(desk, panel) -> None:
    widget = panel(PANEL)
    assert titles(widget) == ["沿街商铺冒烟", "路灯不亮"]
    layer = desk.layer(LAYER)
    assert len(layer.lon) == 2
    sprites = [layer.style.sprites[at] for at in layer.columns["sprite"]]
    assert [(s.shape, s.glyph) for s in sprites] == [("circle", "设"), ("triangle", "火")]


def test_symbols_bear_characters_of_the_language_just_chosen(desk) -> None:
    desk.layer(LAYER).click(1)
    desk.language.change("en")
    layer = desk.layer(LAYER)
    assert [layer.style.sprites[at].glyph for at in layer.columns["sprite"]] == ["I", "F"]
    assert list(layer.selected) == [1]
    layer.click(0)
    assert desk.selection.current == ("event", "2")


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
    box = next(box for box in widget.findChildren(QComboBox) if box.itemText(0) == "全部类别")
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
    desk.put("event", event(body["id"], title="油罐车侧翻", urgency=Urgency.CRITICAL))
    assert not [n for n in desk.notifications if "油罐车侧翻" in n.text], "one's own report is no news"


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


def steps(widget) -> list[bool]:
    """Whether each step that is offered may be done now; who could go may be looked at any time."""
    buttons = child(child(widget, "Details"), "Steps").findChildren(QPushButton)
    return [b.isEnabled() for b in buttons if b.isVisible() and b.text() != "派单"]


def test_waiting_intent_is_shown_and_holds_further_steps_back(desk, panel, backend, monkeypatch) -> None:
    entry = Waiting(id="w", title="受理 · 1", method="POST", path="/events/1/actions", body={}, since=0.0)
    monkeypatch.setattr(backend, "waiting", lambda: [entry])
    widget = panel(PANEL)
    desk.selection.select("event", "1")
    details = child(widget, "Details")
    assert details._waits.isVisible()
    assert not any(steps(widget))
    entry = replace(entry, error="事件已结案")
    desk.selection.select("event", "2")
    desk.selection.select("event", "1")
    assert all(steps(widget))


def test_a_refused_step_is_told_in_the_backends_words(desk, panel, backend) -> None:
    backend.answer("POST", "/events/.*/actions", Rejected("事件当前状态不允许此操作", status=409))
    desk.selection.select("event", "1")
    desk.run("onemap.events.accept")
    assert any("状态" in str(note) for note in desk.notifications)


def report_while_away(desk, backend) -> None:
    """Choose a place for a new event while cut off: the form stands open."""
    backend.set_connected(False)
    desk.map.answer = (117.16, 34.26)
    desk.run("onemap.events.create")


def write(qtbot, widget, title: str) -> None:
    """Fill in the form and send it by Enter."""
    form = child(widget, "ReportForm")
    type_into(qtbot, form, "发生了什么", title)
    line = next(x for x in form.findChildren(QLineEdit) if x.accessibleName() == "发生了什么")
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_an_event_reported_while_cut_off_is_shown_selected_and_marked(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    report_while_away(desk, backend)
    write(qtbot, widget, "油罐车侧翻")
    assert "油罐车侧翻" in titles(widget)
    (entry,) = backend.kept
    assert desk.selection.current == ("event", entry.body["id"])
    assert abs(entry.body["reported_at"] - time.time()) < 3600, "with the time it was written"
    details = child(widget, "Details")
    assert details.isVisible()
    assert details._waits.isVisible()
    assert "油罐车侧翻 [待发送]" in desk.layer(LAYER).labels
    offered = {b.text() for b in details.findChildren(QPushButton) if b.isVisible()}
    assert {"修改", "撤回"} <= offered
    assert not {"受理", "作废"} & offered


def test_a_waiting_report_is_changed_or_withdrawn(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    report_while_away(desk, backend)
    write(qtbot, widget, "油罐车侧翻")
    click(qtbot, widget, "修改")
    assert not backend.kept, "it was taken back into the form"
    line = next(x for x in widget.findChildren(QLineEdit) if x.accessibleName() == "发生了什么")
    assert line.text() == "油罐车侧翻"
    type_into(qtbot, widget, "发生了什么", "，有人被困")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert [entry.body["title"] for entry in backend.kept] == ["油罐车侧翻，有人被困"]
    click(qtbot, widget, "撤回")
    assert not backend.kept
    assert titles(widget) == ["沿街商铺冒烟", "路灯不亮"]


def test_a_waiting_report_may_leave_out_what_the_backend_fills_in(desk, panel, backend) -> None:
    widget = panel(PANEL)
    body = {"id": "short", "title": "井盖缺失", "where": [117.16, 34.26]}
    backend.keep(Waiting(id="w", title="上报", method="POST", path="/events", body=body, since=1.0))
    assert "井盖缺失" in titles(widget)


def test_a_report_that_waited_gives_way_to_the_event_itself(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    report_while_away(desk, backend)
    write(qtbot, widget, "油罐车侧翻")
    (entry,) = backend.kept
    backend.kept.clear()
    desk.put("event", event(entry.body["id"], title="油罐车侧翻"))
    assert titles(widget).count("油罐车侧翻") == 1
    assert not child(widget, "Details")._waits.isVisible()


def test_a_place_outside_of_ones_areas_is_refused_at_the_click(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    backend.user = replace(backend.user, areas=("320302001",))
    desk.map.area = "320302009001001"
    report_while_away(desk, backend)
    form = child(widget, "ReportForm")
    assert form._said.text() == "该位置不在您的辖区内"
    write(qtbot, widget, "油罐车侧翻")
    assert not backend.kept
    desk.map.area = "320302001001001"
    click(qtbot, form, "重新选点")
    assert not form._said.isVisible()
    qtbot.keyClick(form.findChildren(QLineEdit)[0], Qt.Key.Key_Return)
    assert len(backend.kept) == 1


def test_the_place_of_a_report_is_marked_while_it_is_written(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    report_while_away(desk, backend)
    mark = desk.layer("onemap.events.draft")
    assert (list(mark.lon), list(mark.lat)) == ([117.16], [34.26])
    click(qtbot, widget, "放弃")
    assert len(mark.lon) == 0


def test_a_panel_made_anew_leaves_nothing_of_the_old_one(desk, panel, qtbot) -> None:
    """As after a change of language."""
    delete(desk.host.panels.make(PANEL))
    fresh = panel(PANEL)
    desk.map.answer = (117.16, 34.26)
    desk.run("onemap.events.create")
    assert child(fresh, "ReportForm").isVisible()
    assert not any("already deleted" in str(note) for note in desk.notifications)


def test_an_order_that_waits_says_so_at_its_event(desk, panel, backend) -> None:
    widget = panel(PANEL)
    desk.selection.select("event", "1")
    order = {"id": "o1", "event": "1", "staff": "s1"}
    backend.keep(Waiting(id="w", title="", method="POST", path="/dispatch/orders", body=order, since=0.0))
    details = child(widget, "Details")
    assert details._waits.isVisible()
    assert not any(steps(widget))
    table = child(widget, "EventTable")
    model = table.view.model()
    assert "待发送" in [model.index(0, at).data() for at in range(model.columnCount())]


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
    export.write_csv(path, [["=1+2", "-3.5", "路灯"]])
    assert path.read_text("utf-8-sig").strip() == "'=1+2,-3.5,路灯"


def test_every_text_has_its_chinese() -> None:
    from plugins.events.desktop import words

    folder = Path(words.__file__).parents[1]
    texts = tomllib.loads((folder / "texts" / "zh_CN.toml").read_text("utf-8"))
    for table in (words.CLASSES, words.URGENCIES, words.STATES, words.ACTIONS):
        assert not [title for title in table.values() if title not in texts]
