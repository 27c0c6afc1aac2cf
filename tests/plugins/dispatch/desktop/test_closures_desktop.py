"""Closures on the desktop: drawing, the reason, what they change, opening the road again."""

from __future__ import annotations

import time
from dataclasses import asdict, replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from console.sdk.editing import Sketch
from console.sdk.records import (
    Closure,
    ClosureShape,
    Means,
)
from tests.plugins.dispatch.desktop.staging import (
    FIRE,
    LIST,
    PANEL,
    buttons,
    candidate,
    child,
    desk,
    sent,
)

__all__ = ["desk"]


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


def test_what_was_drawn_stays_until_its_reason_is_given_or_it_is_discarded(desk, panel, qtbot) -> None:
    widget = panel(PANEL)
    corners = [(117.15, 34.25), (117.16, 34.25), (117.16, 34.26)]
    for end in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        desk.map.answer = corners
        desk.run("onemap.dispatch.close_polygon")
        (drawn,) = desk.layer("onemap.dispatch.closure_draft").shapes["draft"]
        assert (drawn.kind, list(drawn.points)) == ("polygon", corners)
        line = next(x for x in widget.findChildren(QLineEdit) if x.accessibleName() == "封控原因")
        line.setFocus()
        qtbot.keyClick(line, end)
        if end is Qt.Key.Key_Return:
            assert not desk.layer("onemap.dispatch.closure_draft").shapes


def test_a_closure_drawn_before_the_panel_was_there_gets_its_reason_all_the_same(
    desk, panel, qtbot, backend
) -> None:
    desk.map.answer = [(117.15, 34.25), (117.16, 34.25)]
    desk.run("onemap.dispatch.close_line")
    widget = panel(PANEL)
    line = next(x for x in widget.findChildren(QLineEdit) if x.accessibleName() == "封控原因")
    qtbot.waitUntil(line.isVisible, timeout=20_000)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (body,) = sent(backend, "/dispatch/closures")
    assert (body["shape"], len(body["points"])) == ("line", 2)


def test_one_line_tells_what_a_closure_changed(desk, panel, backend) -> None:
    panel(PANEL)
    cut = candidate(1, "张三", None, able=False, why_not="no_road")
    longer = replace(LIST[0], metres=900.0)
    listed = [asdict(each) for each in (longer, cut, LIST[2])]
    backend.answer("POST", "/dispatch/rank", {"candidates": listed, "straight_first": "", "of": 3})
    closed = Closure(
        id="c1", area=FIRE.area, shape=ClosureShape.POINT, points=(FIRE.where,), since=time.time(), version=1
    )
    desk.put("closure", closed)
    assert [n.text for n in desk.notifications] == ["封控后：张三 不可达；1 人绕行"]
    desk.clock.advance(21)
    assert len(desk.notifications) == 1


def closed(closure_id: str, reason: str, version: int = 1) -> Closure:
    corners = ((117.15, 34.25), (117.16, 34.25), (117.16, 34.26))
    return Closure(
        id=closure_id, area=FIRE.area, shape=ClosureShape.POLYGON, points=corners, reason=reason,
        since=time.time(), version=version,
    )  # fmt: skip


def patched(backend) -> list:
    return [(r.path, r.body) for r in backend.requests if r.method == "PATCH"]


def test_the_chosen_closure_gets_another_shape(desk, panel, qtbot, backend) -> None:
    widget = panel(PANEL)
    desk.put("closure", closed("c1", "塌陷", 7), closed("c2", "火灾", 9))
    backend.answer("PATCH", "/dispatch/closures/c2", {})
    desk.run("onemap.dispatch.edit_closure")
    assert [n.text for n in desk.notifications] == ["请先在地图或列表中选择一处封控"]
    desk.layer("onemap.dispatch.closures").click("c2")
    assert child(widget, "Closures")._table.selected.id == "c2"
    wider = Sketch(kind="polygon", points=((117.15, 34.25), (117.17, 34.25), (117.16, 34.26)))
    desk.map.answer = [wider]
    qtbot.mouseClick(buttons(widget)["修改范围"], Qt.MouseButton.LeftButton)
    points = [list(point) for point in wider.points]
    assert patched(backend) == [("/dispatch/closures/c2", {"points": points, "version": 9})]
    assert set(desk.layer("onemap.dispatch.closures").shapes) == {"c1", "c2"}


def test_an_edit_given_up_or_without_change_sends_nothing(desk, backend) -> None:
    only = closed("c1", "塌陷")
    desk.put("closure", only)
    for answer in (None, [Sketch(kind="polygon", points=only.points)]):
        desk.map.answer = answer
        desk.run("onemap.dispatch.edit_closure")
    assert patched(backend) == []


def test_who_may_not_close_roads_may_not_reshape_them(desk, backend, panel) -> None:
    backend.rights = frozenset({"closure.read"})
    widget = panel(PANEL)
    desk.put("closure", closed("c1", "塌陷"))
    desk.layer("onemap.dispatch.closures").click("c1")
    assert "查看" in buttons(widget) and "修改范围" not in buttons(widget)
    desk.run("onemap.dispatch.edit_closure")
    assert patched(backend) == [] and desk.notifications
