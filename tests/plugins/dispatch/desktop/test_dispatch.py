"""Dispatch on the desktop: the list with reasons, sending, orders, refusals."""

from __future__ import annotations

import tomllib
from concurrent.futures import Future
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from console.sdk.records import EventState, OrderState
from console.tasks.pending import Pending
from tests.plugins.dispatch.desktop.staging import (
    FIRE,
    LIST,
    PANEL,
    WAY,
    buttons,
    candidate,
    child,
    desk,
    names,
    order,
    rerank,
    sent,
    table_model,
    texts_of,
)

__all__ = ["desk"]


def test_candidates_are_listed_by_road_with_reasons_and_the_straight_line(desk, panel, qtbot) -> None:
    widget = panel(PANEL)
    assert names(widget) == ["李四", "张三"]
    qtbot.waitUntil(lambda: "同街道" in texts_of(widget))
    shown = texts_of(widget)
    assert "直线最近的是张三，但路程多 7 分 0 秒" in shown
    assert "路网行程 2 分 0 秒" in shown


def test_who_cannot_go_is_folded_with_the_reason(desk, panel) -> None:
    widget = panel(PANEL)
    fold = next(box for box in widget.findChildren(QCheckBox) if box.isVisible())
    assert fold.text() == "显示 1 名不能前往者及原因"
    fold.setChecked(True)
    assert names(widget) == ["李四", "张三", "王五"]
    child(widget, "CandidateTable").select_key("s3")
    assert "离岗" in texts_of(widget)
    assert not buttons(widget)["派 王五"].isEnabled()


def test_the_way_of_the_chosen_is_shown_on_the_map(desk, panel) -> None:
    panel(PANEL)
    desk.clock.advance(1)
    (shape,) = desk.layer("onemap.dispatch.preview").shapes["way"]
    assert tuple(shape.points) == WAY.path


def test_enter_in_the_list_sends_the_chosen_once(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    table = child(widget, "CandidateTable").view
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    (body,) = sent(backend, "/dispatch/orders")
    assert (body["event"], body["staff"]) == ("e1", "s2")
    assert body["id"]


def test_the_order_just_sent_is_chosen_in_the_list(desk, panel, backend) -> None:
    desk.put("order", order(OrderState.DONE, id="old", event="e0"))
    widget = panel(PANEL)
    orders = child(widget, "Orders")._table
    orders.select_key(orders.shown[0].key)
    desk.run("onemap.dispatch.send")
    (body,) = sent(backend, "/dispatch/orders")
    desk.put("order", order(OrderState.SENT, id=body["id"]))
    desk.clock.advance(1.1)
    assert orders.selected.order.id == body["id"]
    orders.select_key(orders.shown[-1].key)
    chosen = orders.selected.order.id
    desk.clock.advance(1.1)
    assert orders.selected.order.id == chosen, "it is chosen once, not held"


def test_nobody_is_proposed_while_somebody_goes(desk, panel, qtbot, backend) -> None:
    desk.put("order", order(OrderState.UNDER_WAY))
    widget = panel(PANEL)
    assert "已派：李四 (途中)" in texts_of(widget)
    assert child(widget, "CandidateTable").selected_key is None
    assert not buttons(widget)["派单"].isEnabled()


def test_nobody_is_sent_twice_by_a_second_enter(desk, panel, backend) -> None:
    panel(PANEL)
    desk.put("order", order(OrderState.SENT))
    desk.run("onemap.dispatch.send")
    assert not sent(backend, "/dispatch/orders")
    assert desk.notifications[-1].text == "李四已派出"


def test_an_instruction_goes_with_the_order(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    line = next(x for x in widget.findChildren(QLineEdit) if x.accessibleName() == "指令内容")
    line.insert("带灭火器")
    qtbot.mouseClick(buttons(widget)["派 李四"], Qt.MouseButton.LeftButton)
    assert sent(backend, "/dispatch/orders")[0]["text"] == "带灭火器"
    assert line.text() == ""


def test_orders_show_state_and_live_arrival_and_their_route(desk, panel) -> None:
    widget = panel(PANEL)
    eta = desk.live.server_time + 185
    desk.put("order", order(OrderState.UNDER_WAY, route=WAY, eta=eta))
    (line,) = child(widget, "Orders")._table.shown
    assert (line.state, line.who) == ("途中", "李四")
    assert line.eta.startswith("3 分")
    (shape,) = desk.layer("onemap.dispatch.routes").shapes["o1"]
    assert shape.style.arrows
    assert shape.style.casing
    desk.put("order", order(OrderState.DONE, version=2, route=WAY))
    assert not desk.layer("onemap.dispatch.routes").shapes


@pytest.mark.parametrize(
    ("left", "read"), [(45, "4"), (25, "即将到达"), (-20, "即将到达"), (-90, "应已到达")]
)
def test_no_seconds_are_told_just_before_the_arrival(desk, panel, left: int, read: str) -> None:
    """Expected arrivals are out by half a minute."""
    widget = panel(PANEL)
    desk.put("order", order(OrderState.UNDER_WAY, route=WAY, eta=desk.live.server_time + left))
    (line,) = child(widget, "Orders")._table.shown
    assert line.eta.startswith(read)


def test_an_order_is_shown_with_person_way_and_event(desk, panel, qtbot, monkeypatch) -> None:
    fitted: list[tuple[float, ...]] = []
    monkeypatch.setattr(desk.map, "fit", lambda bounds, margin=0.1: fitted.append(bounds))
    widget = panel(PANEL)
    desk.put("order", order(OrderState.UNDER_WAY, staff="s3", route=WAY))
    orders = child(widget, "Orders")._table
    orders.select_key(orders.shown[0].key)
    qtbot.mouseClick(buttons(widget)["查看"], Qt.MouseButton.LeftButton)
    ((west, south, east, north),) = fitted
    assert (west < 117.15, south < 34.25, east > 117.2, north > 34.3) == (True,) * 4, "王五 is far off"
    assert east < 117.21
    assert desk.selection.current == ("event", "e1")
    desk.put("order", order(OrderState.DONE, 2, staff="s3", route=WAY))
    qtbot.mouseClick(buttons(widget)["查看"], Qt.MouseButton.LeftButton)
    assert len(fitted) == 1, "where they are by now has nothing to do with an order that is over"


def test_a_refusal_is_told_and_the_next_one_is_offered(desk, panel) -> None:
    widget = panel(PANEL)
    desk.put("order", order(OrderState.SENT))
    desk.put("order", order(OrderState.REFUSED, version=2, reason="车坏了"))
    note = desk.notifications[-1]
    assert (note.text, note.detail) == ("李四已拒绝：沿街商铺冒烟", "车坏了")
    assert note.action is not None
    note.action[1]()
    assert names(widget) == ["张三", "李四"]
    assert child(widget, "CandidateTable").selected_key == "s1"
    assert "派 张三" in buttons(widget)


def test_accepted_arrived_and_done_are_told_once(desk) -> None:
    desk.put("order", order(OrderState.SENT))
    before = len(desk.notifications)
    for version, state in enumerate((OrderState.ACCEPTED, OrderState.ARRIVED, OrderState.DONE), 2):
        desk.put("order", order(state, version=version))
        desk.put("order", order(state, version=version))
    assert len(desk.notifications) == before + 3


def test_a_list_that_is_being_made_says_so(desk, panel, backend, monkeypatch) -> None:
    monkeypatch.setattr(backend, "post", lambda path, body=None: Pending(Future()))
    widget = panel(PANEL)
    assert "正在按路网计算" in texts_of(widget)


def test_a_second_one_is_sent_only_when_asked_again(desk, panel, backend) -> None:
    desk.put("order", order(OrderState.UNDER_WAY))
    widget = panel(PANEL)
    child(widget, "CandidateTable").select_key("s1")
    desk.run("onemap.dispatch.send")
    assert not sent(backend, "/dispatch/orders")
    assert "再按一次，增派 张三" in texts_of(widget)
    desk.run("onemap.dispatch.send")
    assert [body["staff"] for body in sent(backend, "/dispatch/orders")] == ["s1"]


def test_rows_keep_their_places_under_the_users_hand(desk, panel, backend, qtbot) -> None:
    widget = panel(PANEL)
    table = child(widget, "CandidateTable")
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    table.view.setFocus()
    rerank(desk, backend, candidate(1, "张三", 60.0), candidate(2, "李四", 900.0))
    assert names(widget) == ["李四", "张三"]
    assert "已暂停重排" in buttons(widget)
    buttons(widget)["已暂停重排"].click()
    assert names(widget) == ["张三", "李四"]


def test_the_choice_follows_the_best_and_says_so_until_the_user_has_chosen(desk, panel, backend) -> None:
    widget = panel(PANEL)
    table = child(widget, "CandidateTable")
    first, second = candidate(2, "李四", 900.0), candidate(1, "张三", 300.0)
    rerank(desk, backend, second, first)
    assert table.selected_key == "s1"
    assert "现首选 张三（此前为 李四）" in texts_of(widget)
    table.select_key("s2")
    assert "您已选 李四；张三 可早到 10 分钟" in texts_of(widget)
    rerank(desk, backend, second, first)
    assert table.selected_key == "s2"
    rerank(desk, backend, second)
    assert table.selected_key == "s1"


def test_a_click_on_the_proposed_one_is_a_choice(desk, panel, backend, qtbot) -> None:
    widget = panel(PANEL)
    table = child(widget, "CandidateTable")
    place = table.view.visualRect(table.view.model().index(0, 1)).center()
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    rerank(desk, backend, candidate(1, "张三", 60.0), candidate(2, "李四", 900.0))
    assert table.selected_key == "s2"


def test_times_from_the_straight_line_bear_a_loud_mark(desk, panel, backend) -> None:
    widget = panel(PANEL)
    rerank(desk, backend, candidate(2, "李四", 120.0, by="straight"))
    (loud,) = [x for x in widget.findChildren(QLabel) if x.objectName() == "banner" and x.isVisible()]
    assert "路网服务无响应" in loud.text()
    model = table_model(widget)
    assert model.index(0, 2).data().startswith("≈")


def test_why_not_somebody_is_answered_with_place_and_difference(desk, panel, backend, qtbot) -> None:
    other = candidate(7, "赵六", 700.0)
    found = {"found": [{"candidate": asdict(other), "place": 57}], "best": asdict(LIST[0]), "of": 800}
    backend.answer("POST", "/dispatch/why", found)
    widget = panel(PANEL)
    field = next(x for x in widget.findChildren(QLineEdit) if x.placeholderText().startswith("为何不派"))
    field.insert("赵")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "第 57 位，共 800 人" in texts_of(widget))
    assert "比 李四 落后 9 分 40 秒" in texts_of(widget)
    assert "路程更长" in texts_of(widget)
    assert sent(backend, "/dispatch/why")[-1] == {"event": "e1", "name": "赵", "limit": 5}


def test_who_may_not_send_sees_the_list_without_the_button(desk, panel, backend) -> None:
    backend.rights = {"order.read"}
    widget = panel(PANEL)
    assert not [text for text in buttons(widget) if text.startswith("派 ")]
    assert "单点" not in buttons(widget)


def test_every_text_has_its_chinese() -> None:
    from plugins.dispatch.desktop import words

    folder = Path(words.__file__).parents[1]
    texts = tomllib.loads((folder / "texts" / "zh_CN.toml").read_text("utf-8"))
    for table in (words.ORDER_STATES, words.WHY_NOT, words.MEANS, words.SHAPES, words._NEARNESS):
        assert not [title for title in table.values() if title not in texts]


def test_after_the_work_is_done_nobody_is_offered_again(desk, panel, backend) -> None:
    widget = panel(PANEL)
    table = child(widget, "CandidateTable")
    table.select_key("s2")
    desk.run("onemap.dispatch.send")
    desk.put("order", order(OrderState.ARRIVED))
    desk.put("event", replace(FIRE, state=EventState.HANDLING, version=2))
    desk.put("order", order(OrderState.DONE, version=2))
    desk.clock.advance(0.1)
    assert table.selected_key is None, "the order ends before its event is fed back"
    desk.put("event", replace(FIRE, state=EventState.FED_BACK, version=3))
    desk.clock.advance(30)
    assert table.selected_key is None
    assert not buttons(widget)["派单"].isEnabled()
    assert "李四 已完成：请核查后结案" in texts_of(widget)
    table.select_key("s1")
    desk.clock.advance(30)
    assert table.selected_key == "s1", "whom the user chooses then stays"
    desk.put("event", replace(FIRE, state=EventState.RETURNED, version=4))
    table.select_key("s2")
    assert buttons(widget)["派 李四"].isEnabled(), "the work was not good enough: anybody may go"


def test_lines_that_come_and_go_move_neither_rows_nor_buttons(desk, panel, backend, qtbot) -> None:
    widget = panel(PANEL)
    widget.resize(420, 900)
    table = child(widget, "CandidateTable").view

    def places() -> list[int]:
        qtbot.wait(20)  # the layout is made in the event loop
        send = next(b for b in widget.findChildren(QPushButton) if b.text().startswith("派"))
        return [part.mapTo(widget, part.rect().topLeft()).y() for part in (table, send)]

    before = places()
    rerank(desk, backend, candidate(1, "张三", 60.0), candidate(2, "李四", 900.0))
    assert "此前为" in texts_of(widget)
    assert places() == before
    desk.put("order", order(OrderState.UNDER_WAY))
    assert "已派：李四" in texts_of(widget)
    assert places() == before
    rerank(desk, backend, candidate(2, "李四", 120.0, by="straight"))
    assert places() == before, "nor does a warning"
