"""Dispatch while the backend is away: the list by straight line, what waits, what was refused."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import asdict, replace

from PySide6.QtWidgets import QTableView

from console.sdk import Rejected, Waiting
from console.sdk.editing import Sketch
from console.sdk.records import Closure, ClosureShape, OrderState
from console.tasks.pending import Pending, settled
from tests.plugins.dispatch.desktop.staging import (
    FIRE,
    LIST,
    PANEL,
    buttons,
    child,
    desk,
    names,
    order,
    sent,
    table_model,
    texts_of,
)

__all__ = ["desk"]


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


def test_an_order_that_waits_is_not_called_sent(desk, panel, backend, monkeypatch) -> None:
    body = {"id": "o9", "event": "e1", "staff": "s2"}
    entry = Waiting(id="w", title="", method="POST", path="/dispatch/orders", body=body, since=0.0)
    monkeypatch.setattr(backend, "waiting", lambda: [entry])
    widget = panel(PANEL)
    table = child(widget, "CandidateTable")
    table.select_key("s2")
    desk.run("onemap.dispatch.send")
    assert desk.notifications[-1].text == "派单已在等待发送：李四"
    assert "待发送" in [table_model(widget).index(0, at).data() for at in range(6)]


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


def test_times_of_arrival_do_not_run_on_while_the_backend_is_away(desk, panel, backend) -> None:
    backend.set_connected(False)
    desk.put("order", order(OrderState.UNDER_WAY, eta=time.time() + 300))
    table = child(panel(PANEL), "Orders").findChild(QTableView).model()
    assert any(str(table.index(0, at).data()).startswith("原计 ") for at in range(table.columnCount()))


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


def test_a_changed_closure_that_waits_gives_way_to_the_next_change(desk, backend, monkeypatch) -> None:
    place, there, further = (117.15, 34.25), (117.16, 34.25), (117.17, 34.25)
    closure = Closure(id="c1", area=FIRE.area, shape=ClosureShape.POINT, points=(place,), version=4)
    desk.put("closure", closure)
    body = {"points": [list(there)], "version": 4}
    entry = Waiting(id="w", title="", method="PATCH", path="/dispatch/closures/c1", body=body, since=0.0)
    withdrawn: list[str] = []
    monkeypatch.setattr(backend, "waiting", lambda: [entry])
    monkeypatch.setattr(backend, "withdraw", lambda each: (withdrawn.append(each), settled(None))[1])
    backend.answer("PATCH", "/dispatch/closures/c1", {})
    desk.map.answer = [Sketch(kind="point", points=(further,))]
    desk.run("onemap.dispatch.edit_closure")
    (request,) = [each for each in backend.requests if each.method == "PATCH"]
    assert withdrawn == ["w"] and request.body == {"points": [list(further)], "version": 4}
