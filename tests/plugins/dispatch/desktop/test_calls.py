"""Calls to many, silence and ready texts on the desktop."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QToolButton

from console.sdk.records import (
    Closure,
    ClosureShape,
    Escalation,
    OrderGroup,
    OrderState,
    OrderTemplate,
)
from tests.plugins.dispatch.desktop.staging import PANEL, buttons, child, desk, order, sent, texts_of

__all__ = ["desk"]
CALL = OrderGroup(id="g1", area="320302", text="请到街道集合", by="张调度", sent_at=1.0, size=3, version=1)


@pytest.fixture
def calls(desk, panel, backend):
    """The tab of calls, on top."""
    backend.answer("POST", "/dispatch/groups/preview", {"staff": ["s1", "s2", "s3"]})
    backend.answer("POST", "/dispatch/groups", {})
    backend.answer("POST", "/dispatch/attachments", {})
    widget = panel(PANEL)
    widget.resize(620, 1000)
    child(widget, "Tabs").turn(2)
    return child(widget, "Calls")


def test_a_call_goes_to_those_in_a_drawn_area(desk, calls, backend, qtbot) -> None:
    desk.map.answer = [(117.15, 34.25), (117.16, 34.25), (117.16, 34.26)]
    buttons(calls)["画区域"].click()
    assert "将通知 3 名值班人员" in texts_of(calls)
    line = calls._compose.line
    line.insert("请到街道集合")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (body,) = sent(backend, "/dispatch/groups")
    assert (body["text"], len(body["select"]["polygon"]), body["event"]) == ("请到街道集合", 3, None)
    assert line.text() == ""


def test_progress_counts_who_got_read_and_accepted_it(desk, calls) -> None:
    desk.put("order_group", CALL)
    states = (OrderState.DELIVERED, OrderState.READ, OrderState.ACCEPTED)
    for number, state in enumerate(states, 1):
        desk.put("order", order(state, id=f"c{number}", staff=f"s{number}", event="", group="g1"))
    (group,) = calls._table.shown
    assert group.id == "g1"
    assert calls._table.view.model().index(0, 1).data() == "送达 3 · 已读 2 · 签收 1 / 3"
    calls._table.select_key("g1")
    assert "尚未应答：张三、李四" in texts_of(calls)
    assert "撤回群呼" in buttons(calls)


def test_silence_is_told_loudly_and_the_next_one_offered(desk, panel) -> None:
    widget = panel(PANEL)
    desk.put("order", order(OrderState.DELIVERED))
    desk.put("order", order(OrderState.DELIVERED, version=2, escalation=Escalation.REMINDED))
    (line,) = child(widget, "Orders")._table.shown
    assert line.state == "已催办 · 已送达"
    desk.put("order", order(OrderState.DELIVERED, version=3, escalation=Escalation.ESCALATED))
    note = desk.notifications[-1]
    assert note.text == "李四未应答：沿街商铺冒烟"
    assert note.action[0] == "改派下一人"
    desk.put("order", order(OrderState.ACCEPTED, version=4, escalation=Escalation.ESCALATED))
    assert child(widget, "Orders")._table.shown[0].state == "已签收"


def test_ready_texts_are_filled_with_the_event(desk, panel) -> None:
    desk.put("order_template", OrderTemplate(id="t1", zh="{title}：带灭火器", version=1))
    widget = panel(PANEL)
    tool = next(t for t in widget._text.findChildren(QToolButton) if t.accessibleName() == "常用指令")
    tool.menu().aboutToShow.emit()
    tool.menu().actions()[0].trigger()
    assert widget._text.text == "沿街商铺冒烟：带灭火器"


def test_attachments_go_before_the_order_that_names_them(desk, panel, backend, tmp_path: Path) -> None:
    backend.answer("POST", "/dispatch/attachments", {})
    widget = panel(PANEL)
    picture = tmp_path / "现场.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n123")
    widget._desk.ctx.tasks.start(widget._text.attach([str(picture), str(tmp_path / "none.png")]))
    desk.clock.advance(0.1)
    assert desk.notifications[-1].text == "无法添加附件 none.png"
    desk.run("onemap.dispatch.send")
    (upload,) = sent(backend, "/dispatch/attachments")
    assert base64.b64decode(upload["data"]) == picture.read_bytes()
    (body,) = sent(backend, "/dispatch/orders")
    assert body["attachments"] == [hashlib.sha256(picture.read_bytes()).hexdigest()]
    assert widget._text.files == []


def test_closures_have_a_span_and_ended_ones_can_be_looked_at(desk, panel, backend, qtbot) -> None:
    widget = panel(PANEL)
    desk.map.answer = [(117.15, 34.25)]
    desk.run("onemap.dispatch.close_line")
    closures = child(widget, "Closures")
    closures._begin.setCurrentIndex(1)
    closures._length.setCurrentIndex(2)
    buttons(closures)["封控"].click()
    (body,) = sent(backend, "/dispatch/closures")
    assert body["until"] - body["since"] == 7200
    now = desk.live.server_time
    later = Closure(
        id="c1",
        area="320302",
        shape=ClosureShape.POINT,
        points=((117.15, 34.25),),
        since=now + 900,
        version=1,
    )
    desk.put("closure", later)
    ended = replace(later, id="c0", since=now - 900, ended_at=now - 60, ended_by="李调度")
    backend.answer("GET", "/dispatch/closures/history", [asdict(ended)])
    next(box for box in closures.findChildren(QCheckBox)).click()
    desk.clock.advance(0.1)
    spans = [closures._span(each) for each in closures._table.shown]
    assert "计划中" in spans[0]
    assert "李调度" in spans[1]
    closures._table.select_key("c0")
    assert "解除封控" not in buttons(closures)
