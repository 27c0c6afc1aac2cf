"""Plans in the console: the list, the form, what is on the map, the event's plans, editions, files."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from console.sdk import Conflict, Waiting
from console.sdk.editing import Sketch
from console.sdk.records import Event, EventClass, Plan, PlanItem, PlanStep, Role, User
from console.tasks.pending import Pending, settled
from plugins.plans.desktop.desk import body_of
from plugins.plans.desktop.geojson import to_geojson

PANEL = "onemap.plans.plans"
STREET = "320302001"
AREA = ((117.15, 34.25), (117.16, 34.25), (117.16, 34.26))
FIRE = Plan(
    id="p1",
    area=STREET,
    title="高层火灾",
    event_class="fire",
    steps=(PlanStep(who="网格员", what="疏散"), PlanStep(who="消防站", what="灭火")),
    items=(
        PlanItem(kind="polygon", points=AREA, title="疏散区"),
        PlanItem(kind="point", points=(AREA[0],), title="集合点", symbol="command-post"),
    ),
    edition=2,
    by="王五",
    at=1_700_000_000.0,
    version=5,
)
FLOOD = Plan(id="p2", area="320302", title="内涝", event_class="flood", version=6)
EVENT = Event(
    id="e1",
    number="SJ-1",
    title="冒烟",
    area=f"{STREET}001001",
    where=AREA[0],
    kind=EventClass.FIRE,
    version=1,
)


@pytest.fixture
def desk(activate, console, backend):
    """The plugin with two plans, and the dispatcher of the district signed in."""
    backend.set_user(User(id="u", username="u", name="王五", role=Role.DISPATCHER, areas=("320302",)))
    activate("grids", "plans")
    console.put("plan", FIRE, FLOOD)
    return console


def table(widget: QWidget) -> Any:
    return page(widget, "PlanList").table


def page(widget: QWidget, name: str) -> Any:
    return next(part for part in widget.findChildren(QWidget) if type(part).__name__ == name)


def press(qtbot, widget: QWidget, text: str) -> None:
    found = [b for b in widget.findChildren(QPushButton) if b.isVisible() and text in (b.text(), b.toolTip())]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def titles(widget: QWidget) -> list[str]:
    return [plan.title for plan in table(widget).shown]


def saved(backend) -> list[tuple[str, dict[str, Any]]]:
    return [(r.path, r.body) for r in backend.requests if r.method == "PUT"]


def title_field(widget: QWidget, name: str) -> QLineEdit:
    return next(x for x in widget.findChildren(QLineEdit) if x.accessibleName() == name)


def cell(widget: QWidget) -> QLineEdit:
    """Where the offered name is written over, in the list."""
    items = page(widget, "Items")._table
    return items.view.indexWidget(items.view.currentIndex())


def name_it(qtbot, widget: QWidget, name: str) -> None:
    """Write over the offered name, and Enter."""
    editor = cell(widget)
    assert editor.selectedText() == editor.text()
    editor.insert(name)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page(widget, "Items")._table.selected[1].title == name, timeout=20_000)


def test_the_selected_plan_is_on_the_map_and_others_on_wish(desk, panel, qtbot) -> None:
    widget = panel(PANEL)
    assert titles(widget) == ["内涝", "高层火灾"]
    table(widget).select_key("p1")
    areas, points = desk.layer("onemap.plans.areas"), desk.layer("onemap.plans.points")
    assert [shape.kind for shape in areas.shapes["0 p1"]] == ["polygon", "text"]
    assert list(points.labels) == ["集合点"] and points.style.sprites[0].symbol == "command-post"
    table(widget).select_key("p2")
    assert not areas.shapes and not len(points.lon)
    table(widget).select_key("p1")
    page(widget, "PlanList")._keep.click()
    table(widget).select_key("p2")
    assert "0 p1" in areas.shapes
    desk.drop("plan", "p1")
    assert not areas.shapes and titles(widget) == ["内涝"]


def test_plans_for_an_event_are_offered(desk, panel) -> None:
    widget = panel(PANEL)
    desk.put("event", EVENT, replace(EVENT, id="e2", area="320303001001001"))
    desk.selection.select("event", "e1")
    assert titles(widget) == ["高层火灾"]
    desk.selection.select("event", "e2")
    assert titles(widget) == ["内涝", "高层火灾"], "nothing fits: all are shown"
    desk.run("onemap.plans.for_event")
    assert titles(widget) == []


def test_a_plan_is_written_drawn_undone_and_saved(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    backend.answer("PUT", "/plans/p2", {})
    table(widget).select_key("p2")
    press(qtbot, widget, "编辑")
    line = title_field(widget, "预案名称")
    line.clear()
    line.insert("内涝处置")
    desk.map.answer = [Sketch(kind="polygon", points=AREA)]
    press(qtbot, widget, "在地图上画区域")
    assert desk.layer("onemap.plans.areas").shapes["0 p2"], "the draft is on the map"
    name_it(qtbot, widget, "积水")
    desk.map.answer = [Sketch(kind="point", points=(AREA[1],))]
    press(qtbot, widget, "在地图上放置符号")
    press(qtbot, widget, "撤销（Ctrl+Z）")
    press(qtbot, widget, "保存")
    ((path, body),) = saved(backend)
    assert (path, body["version"], body["title"]) == ("/plans/p2", 6, "内涝处置")
    assert [(item["kind"], item["title"]) for item in body["items"]] == [("polygon", "积水")]
    assert page(widget, "PlanList").isVisible()


def test_a_new_place_has_the_plain_mark_and_a_name_of_its_own(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    backend.answer("PUT", "/plans/p1", {})
    table(widget).select_key("p1")
    press(qtbot, widget, "编辑")
    items = page(widget, "Items")
    items._table.select_key("1")
    desk.map.answer = [Sketch(kind="point", points=(AREA[1],))]
    press(qtbot, widget, "在地图上放置符号")
    press(qtbot, widget, "在地图上放置符号")
    name_it(qtbot, widget, "水源")
    press(qtbot, widget, "在地图上放置符号")
    cell(widget).insert("出口")
    press(qtbot, widget, "保存")
    drawn = saved(backend)[0][1]["items"][1:]
    told = [(item["title"], item["symbol"]) for item in drawn]
    assert told == [("集合点", "command-post"), ("点位 1", ""), ("水源", ""), ("出口", "")]


def test_what_a_plan_draws_is_chosen_and_taken_out_on_the_map(desk, panel, qtbot, backend) -> None:
    widget, areas = panel(PANEL), desk.layer("onemap.plans.areas")
    line = PlanItem(kind="line", points=((117.2, 34.2), (117.3, 34.3)))
    desk.put("plan", replace(FIRE, items=(FIRE.items[0], line), version=8))
    enabled = desk.host.commands.is_enabled
    table(widget).select_key("p1")
    desk.map.open_menu(117.2, 34.2)
    assert not enabled("onemap.plans.remove_here"), "it is saved: first open it"
    press(qtbot, widget, "编辑")
    items = page(widget, "Items")
    areas.click("1 p1")
    assert items._table.selected_key == "1"
    desk.map.open_menu(117.2, 34.2)
    desk.run("onemap.plans.remove_here")
    assert list(areas.shapes) == ["0 p1"]
    press(qtbot, widget, "撤销（Ctrl+Z）")
    assert list(areas.shapes) == ["0 p1", "1 p1"]


def test_a_shape_is_edited_on_the_map(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    backend.answer("PUT", "/plans/p1", {})
    table(widget).select_key("p1")
    press(qtbot, widget, "编辑")
    page(widget, "Items")._table.select_key("0")
    wider = (*AREA[:2], (117.17, 34.27))
    desk.map.answer = [Sketch(kind="polygon", points=wider)]
    press(qtbot, widget, "修改图形")
    press(qtbot, widget, "保存")
    assert saved(backend)[0][1]["items"][0]["points"] == wider


def test_steps_are_written_moved_and_removed(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    backend.answer("PUT", "/plans/p1", {})
    table(widget).select_key("p1")
    press(qtbot, widget, "编辑")
    page(widget, "PlanEditor")._tabs.turn(1)
    steps = page(widget, "Steps")
    steps._table.setCurrentCell(1, 1)
    press(qtbot, widget, "上移")
    steps.add_step()
    steps._table.item(2, 0).setText("街道")
    steps._table.item(2, 1).setText("善后")
    press(qtbot, widget, "保存")
    told = [(step["who"], step["what"]) for step in saved(backend)[0][1]["steps"]]
    assert told == [("消防站", "灭火"), ("网格员", "疏散"), ("街道", "善后")]


def test_leaving_with_changes_is_asked_twice(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    desk.run("onemap.plans.new")
    press(qtbot, widget, "保存")
    assert page(widget, "PlanEditor").isVisible(), "a plan without a title is not saved"
    title_field(widget, "预案名称").insert("防汛")
    press(qtbot, widget, "返回")
    assert page(widget, "PlanEditor").isVisible()
    press(qtbot, widget, "返回")
    assert page(widget, "PlanList").isVisible() and saved(backend) == []


def test_what_is_deleted_comes_back_and_copies_are_new(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    backend.answer("DELETE", "/plans/p1", {})
    backend.answer("PUT", "/plans/p1", {})
    table(widget).select_key("p1")
    press(qtbot, widget, "删除")
    desk.drop("plan", "p1")
    press(qtbot, widget, "恢复刚删除的预案（Ctrl+Z）")
    ((path, body),) = saved(backend)
    assert (path, body["version"], body["title"]) == ("/plans/p1", 0, "高层火灾")
    table(widget).select_key("p2")
    press(qtbot, widget, "复制")
    assert title_field(widget, "预案名称").text() == "内涝（副本）"


def test_what_somebody_else_changed_is_looked_at_again(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    backend.answer("PUT", "/plans/p1", Conflict("已被修改", status=409, code="changed_meanwhile"))
    table(widget).select_key("p1")
    press(qtbot, widget, "编辑")
    title_field(widget, "预案名称").insert("A")
    desk.put("plan", replace(FIRE, title="他人版本", version=9))
    press(qtbot, widget, "保存")
    editor = page(widget, "PlanEditor")
    assert editor.isVisible() and title_field(widget, "预案名称").text() == "高层火灾A"
    backend.answer("PUT", "/plans/p1", {})
    press(qtbot, widget, "保存")
    assert saved(backend)[-1][1]["version"] == 9


def test_what_is_being_written_is_not_replaced_by_another_plan(
    desk, panel, qtbot, backend, monkeypatch
) -> None:
    widget = panel(PANEL)
    answer: Future[Any] = Future()
    monkeypatch.setattr(backend, "submit", lambda *given: Pending(answer))
    table(widget).select_key("p1")
    press(qtbot, widget, "编辑")
    title_field(widget, "预案名称").insert("A")
    press(qtbot, widget, "保存")
    table(widget).select_key("p2")
    press(qtbot, widget, "编辑")
    title_field(widget, "预案名称").insert("B")
    answer.set_exception(Conflict("已被修改", status=409, code="changed_meanwhile"))
    desk.run("onemap.plans.new")
    assert title_field(widget, "预案名称").text() == "内涝B"
    assert any("内涝B" in note.text for note in desk.notifications), "the user is told that others wait"
    press(qtbot, widget, "返回")
    press(qtbot, widget, "返回")
    assert title_field(widget, "预案名称").text() == "高层火灾A", "what could not be saved comes next"
    press(qtbot, widget, "返回")
    press(qtbot, widget, "返回")
    assert page(widget, "PlanEditor").isVisible() and title_field(widget, "预案名称").text() == ""
    press(qtbot, widget, "返回")
    assert page(widget, "PlanList").isVisible()


def test_what_is_nowhere_else_is_not_given_up_unasked(desk, panel, qtbot) -> None:
    widget = panel(PANEL)
    table(widget).select_key("p1")
    press(qtbot, widget, "复制")
    desk.run("onemap.plans.new")
    assert title_field(widget, "预案名称").text() == "高层火灾（副本）"
    press(qtbot, widget, "返回")
    assert title_field(widget, "预案名称").text() == "高层火灾（副本）"


def test_an_older_edition_is_taken_up_again(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    older = replace(FIRE, title="第一版", edition=1, version=0)
    backend.answer("GET", "/plans/p1/editions", [msgspec.to_builtins(plan) for plan in (FIRE, older)])
    table(widget).select_key("p1")
    press(qtbot, widget, "历史版本")
    editions = page(widget, "Editions")
    qtbot.waitUntil(lambda: len(editions._table.shown) == 2, timeout=20_000)
    editions._table.select_key("1")
    press(qtbot, widget, "启用此版本")
    assert title_field(widget, "预案名称").text() == "第一版"
    backend.answer("PUT", "/plans/p1", {})
    press(qtbot, widget, "保存")
    assert saved(backend)[-1][1]["version"] == 5


def test_who_may_not_write_sees_no_buttons_for_it(desk, panel, backend) -> None:
    backend.rights = frozenset({"plan.read"})
    widget = panel(PANEL)
    table(widget).select_key("p1")
    shown = {b.text() for b in widget.findChildren(QPushButton) if b.isVisible()}
    assert {"定位", "历史版本", "导出"} <= shown and not {"新建", "编辑", "删除", "导入"} & shown


def test_a_file_becomes_a_plan(desk, panel, qtbot, tmp_path, backend) -> None:
    widget = panel(PANEL)
    file = tmp_path / "plan.geojson"
    file.write_text(to_geojson(FIRE), "utf-8")
    press(qtbot, widget, "导入")
    dialog = next(d for d in widget.findChildren(QFileDialog))
    dialog.filesSelected.emit([str(file)])
    qtbot.waitUntil(lambda: page(widget, "PlanEditor").isVisible(), timeout=20_000)
    assert title_field(widget, "预案名称").text() == "高层火灾"
    dialog.close()


def waiting(backend, monkeypatch, *entries: Waiting) -> list[str]:
    """What the outbox holds; gives the ids of those that are withdrawn."""
    withdrawn: list[str] = []
    held = {entry.id: entry for entry in entries}

    def withdraw(entry_id: str) -> Pending[Any]:
        withdrawn.append(entry_id)
        held.pop(entry_id)
        return settled(lambda: None)

    monkeypatch.setattr(backend, "waiting", lambda: list(held.values()))
    monkeypatch.setattr(backend, "withdraw", withdraw)
    return withdrawn


def test_what_waits_to_be_sent_is_seen_and_gives_way_to_the_next_edition(
    desk, panel, qtbot, backend, monkeypatch
) -> None:
    changed = body_of(replace(FLOOD, title="内涝处置"))
    new = body_of(replace(FIRE, title="新预案", version=0))
    withdrawn = waiting(
        backend,
        monkeypatch,
        Waiting(id="w1", title="", method="PUT", path="/plans/p2", body=changed, since=1.0),
        Waiting(id="w2", title="", method="PUT", path="/plans/p9", body=new, since=2.0),
        Waiting(id="w3", title="", method="DELETE", path="/plans/p1", body=None, since=3.0),
    )
    widget = panel(PANEL)
    assert titles(widget) == ["内涝处置", "新预案"]
    backend.answer("PUT", "/plans/p2", {})
    table(widget).select_key("p2")
    press(qtbot, widget, "编辑")
    title_field(widget, "预案名称").insert("2")
    press(qtbot, widget, "保存")
    ((path, body),) = saved(backend)
    assert withdrawn == ["w1"]
    assert (path, body["title"], body["version"]) == ("/plans/p2", "内涝处置2", 6)


def test_a_deletion_that_waits_is_taken_back_without_another_edition(
    desk, panel, qtbot, backend, monkeypatch
) -> None:
    widget = panel(PANEL)
    never: Future[Any] = Future()
    monkeypatch.setattr(backend, "submit", lambda *given: Pending(never))
    table(widget).select_key("p1")
    press(qtbot, widget, "删除")
    entry = Waiting(id="w", title="", method="DELETE", path="/plans/p1", body=None, since=1.0)
    withdrawn = waiting(backend, monkeypatch, entry)
    desk.drop("plan", "p2")
    assert titles(widget) == []
    press(qtbot, widget, "恢复刚删除的预案（Ctrl+Z）")
    assert withdrawn == ["w"] and titles(widget) == ["高层火灾"] and saved(backend) == []
