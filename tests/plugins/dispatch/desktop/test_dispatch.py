"""Dispatch on the desktop: the list with reasons, sending, closures, orders, refusals, work while cut off."""

from __future__ import annotations

import time
import tomllib
from concurrent.futures import Future
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QTableView, QWidget

from console.sdk import Rejected, Waiting
from console.sdk.records import (
    Candidate,
    Closure,
    ClosureShape,
    Duty,
    Event,
    Means,
    Order,
    OrderState,
    Reason,
    Route,
    Staff,
)
from console.tasks.pending import Pending

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


def test_a_closure_drawn_on_the_map_makes_the_list_anew_at_once(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    desk.map.answer = [(117.15, 34.25), (117.16, 34.25)]
    desk.run("onemap.dispatch.close_line")
    line = next(x for x in widget.findChildren(QLineEdit) if x.accessibleName() == "封控原因")
    line.insert("交通事故")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (body,) = sent(backend, "/dispatch/closures")
    assert (body["shape"], body["reason"], len(body["points"])) == ("line", "交通事故", 2)
    assert set(body["means"]) == set(Means)
    asked = len(sent(backend, "/dispatch/rank"))
    closure = Closure(
        id="c1",
        area="320302001001001",
        shape=ClosureShape.LINE,
        points=((117.15, 34.25), (117.16, 34.25)),
        reason="交通事故",
        since=time.time(),
        version=1,
    )
    desk.put("closure", closure)
    assert len(sent(backend, "/dispatch/rank")) == asked + 1
    assert "c1" in desk.layer("onemap.dispatch.closures").shapes
    backend.answer("DELETE", "/dispatch/closures/c1", {})
    child(widget, "Closures")._table.select_key("c1")
    qtbot.mouseClick(buttons(widget)["解除封控"], Qt.MouseButton.LeftButton)
    assert backend.requests[-1].method == "DELETE"
    desk.drop("closure", "c1")
    assert not desk.layer("onemap.dispatch.closures").shapes


def test_after_a_closure_whoever_is_sent_is_seen_among_the_orders(desk, panel) -> None:
    widget = panel(PANEL)
    desk.map.answer = (117.15, 34.25)
    desk.run("onemap.dispatch.close_point")
    assert child(widget, "Closures").isVisibleTo(widget)
    desk.run("onemap.dispatch.send")
    assert child(widget, "Orders").isVisibleTo(widget)


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


def test_cut_off_the_list_is_by_straight_line_and_says_so(desk, panel, backend) -> None:
    backend.set_connected(False)
    widget = panel(PANEL)
    assert names(widget) == ["张三", "李四", "王五"]
    assert "暂按直线距离排列" in texts_of(widget)


def test_the_last_list_by_road_stays_while_the_backend_is_away(desk, panel, backend) -> None:
    widget = panel(PANEL)
    backend.set_connected(False)
    desk.clock.advance(40)
    assert names(widget) == ["李四", "张三"], "not by straight line: the times by road are known"
    assert "前的路网排序" in texts_of(widget)


def test_a_list_that_is_being_made_says_so(desk, panel, backend, monkeypatch) -> None:
    monkeypatch.setattr(backend, "post", lambda path, body=None: Pending(Future()))
    widget = panel(PANEL)
    assert "正在按路网计算" in texts_of(widget)


def test_an_order_that_waits_is_not_called_sent(desk, panel, backend, monkeypatch) -> None:
    body = {"id": "o9", "event": "e1", "staff": "s2"}
    entry = Waiting(id="w", title="", method="POST", path="/dispatch/orders", body=body, since=0.0)
    monkeypatch.setattr(backend, "waiting", lambda: [entry])
    widget = panel(PANEL)
    table = child(widget, "CandidateTable")
    table.select_key("s2")
    desk.run("onemap.dispatch.send")
    assert desk.notifications[-1].text == "派单已在等待发送：李四"
    assert "待发送" in [table_model(widget).index(0, at).data() for at in range(5)]


def test_a_second_one_is_sent_only_when_asked_again(desk, panel, backend) -> None:
    desk.put("order", order(OrderState.UNDER_WAY))
    widget = panel(PANEL)
    child(widget, "CandidateTable").select_key("s1")
    desk.run("onemap.dispatch.send")
    assert not sent(backend, "/dispatch/orders")
    assert "再按一次，增派 张三" in texts_of(widget)
    desk.run("onemap.dispatch.send")
    assert [body["staff"] for body in sent(backend, "/dispatch/orders")] == ["s1"]


def test_an_event_that_waits_to_be_sent_can_be_helped(activate, console, backend, panel, move) -> None:
    ranked = {"candidates": [asdict(each) for each in LIST], "straight_first": "s1"}
    backend.answer("POST", "/dispatch/rank", ranked)
    report = {"id": "new", "title": "油罐车侧翻", "where": [117.155, 34.255], "kind": "traffic"}
    report |= {"urgency": "urgent", "reported_at": time.time()}
    entry = Waiting(id="w", title="", method="POST", path="/events", body=report, since=time.time())
    backend.waiting = lambda: [entry]
    activate("events", "dispatch")
    console.selection.select("event", "new")
    widget = panel(PANEL)
    assert "油罐车侧翻" in texts_of(widget)
    assert names(widget) == ["李四", "张三"]
    assert sent(backend, "/dispatch/rank")[-1]["where"] == [117.155, 34.255], (
        "the backend does not know it yet"
    )


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


def test_times_of_arrival_do_not_run_on_while_the_backend_is_away(desk, panel, backend) -> None:
    backend.set_connected(False)
    desk.put("order", order(OrderState.UNDER_WAY, eta=time.time() + 300))
    table = child(panel(PANEL), "Orders").findChild(QTableView).model()
    assert any(str(table.index(0, at).data()).startswith("原计 ") for at in range(table.columnCount()))


def rerank(desk, backend, *candidates: Candidate) -> None:
    """Another list of the backend, as after twenty seconds."""
    listed = [asdict(each) for each in candidates]
    backend.answer("POST", "/dispatch/rank", {"candidates": listed, "straight_first": "", "of": 3})
    desk.clock.advance(21)


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


def table_model(widget):
    return child(widget, "CandidateTable").view.model()


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


def test_waiting_and_refused_intent_stands_among_the_orders(desk, panel, backend, monkeypatch) -> None:
    body = {"event": "e1", "staff": "s2"}
    entry = Waiting(id="w", title="派 李四", method="POST", path="/dispatch/orders", body=body, since=0.0)
    refused = replace(entry, id="r", error="人员已下班")
    dismissed: list[str] = []
    monkeypatch.setattr(backend, "waiting", lambda: [entry, refused])
    monkeypatch.setattr(backend, "dismiss", dismissed.append)
    widget = panel(PANEL)
    orders = child(widget, "Orders")
    assert [line.state for line in orders._table.shown] == ["待发送", "未被接受"]
    orders._table.select_key("waiting/r")
    buttons(widget)["删除被拒绝的内容"].click()
    assert dismissed == ["r"]


def test_an_order_that_waits_is_taken_back_and_put_back(desk, panel, backend, monkeypatch) -> None:
    body = {"event": "e1", "staff": "s2"}
    entry = Waiting(id="w", title="派 李四", method="POST", path="/dispatch/orders", body=body, since=0.0)
    put_back: list[str] = []
    taken: Future = Future()
    taken.set_result(lambda: put_back.append("w"))
    monkeypatch.setattr(backend, "waiting", lambda: [entry])
    monkeypatch.setattr(backend, "withdraw", lambda _entry_id: Pending(taken))
    widget = panel(PANEL)
    child(widget, "Orders")._table.select_key("waiting/w")
    buttons(widget)["撤回"].click()
    desk.clock.advance(0.1)
    told = next(each for each in desk.notifications if each.text == "已撤回：派 李四")
    told.action[1]()
    assert put_back == ["w"]


def test_a_refused_order_is_told_in_the_backends_words(desk, panel, backend) -> None:
    backend.answer("POST", "/dispatch/orders", Rejected("人员已下班", status=409))
    panel(PANEL)
    desk.run("onemap.dispatch.send")
    assert desk.notifications[-1].detail == "人员已下班"


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
