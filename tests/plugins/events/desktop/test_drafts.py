"""A half-written report: kept for its writer alone; a refused one comes back into the form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from console.sdk import Waiting
from console.testing.backend import OPERATOR
from tests.plugins.events.desktop.staging import parts

PANEL = "onemap.events.events"
HERE = (117.16, 34.26)
BODY = {
    "id": "e9",
    "title": "井盖缺失",
    "where": list(HERE),
    "kind": "facility",
    "urgency": "urgent",
    "detail": "路口东侧",
    "reporter_phone": "13800000000",
}
REFUSED = Waiting(
    id="w9",
    title="上报 · 井盖缺失",
    method="POST",
    path="/events",
    body=BODY,
    since=1.0,
    error="不在您的辖区",
)


@pytest.fixture
def desk(activate, console, backend):
    backend.answer("GET", "/areas/at", {"name": "民主一网格"})
    backend.answer("POST", "/events", lambda request: request.body)
    console.map.answer = HERE
    activate("events")
    return console


def line(widget, name: str = "发生了什么") -> QLineEdit:
    return next(x for x in widget.findChildren(QLineEdit) if x.accessibleName() == name)


def write(desk, widget, text: str) -> None:
    desk.run("onemap.events.create")
    desk.clock.advance(0.1)
    line(widget).setText(text)
    desk.clock.advance(1)


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "console").rglob("draft-*"))


def reopen(desk, panel):
    """As when another user signs in: all is switched off and comes again."""
    desk.host.deactivate("onemap.events")
    desk.host.activate("onemap.events")
    widget = panel(PANEL)
    desk.clock.advance(0.2)
    return widget


def test_a_draft_is_never_seen_by_the_next_user_and_comes_back_with_its_writer(
    desk, panel, backend, tmp_path, qtbot
) -> None:
    write(desk, panel(PANEL), "油罐车")
    (kept,) = (tmp_path / "console").rglob("draft-u1.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    backend.user = replace(OPERATOR, id="u2")
    other = reopen(desk, panel)
    qtbot.waitUntil(lambda: "ReportForm" in parts(other))
    assert line(other).text() == "" and not line(other).isVisible()
    backend.user = OPERATOR
    again = reopen(desk, panel)
    assert line(again).text() == "油罐车" and line(again).isVisible()
    next(b for b in again.findChildren(QPushButton) if b.text() == "放弃" and b.isVisible()).click()
    desk.clock.advance(1)
    assert files(tmp_path) == []


def test_a_refused_report_is_corrected_in_its_form_and_only_then_leaves_the_list(
    desk, panel, backend, monkeypatch
) -> None:
    dismissed: list[str] = []
    monkeypatch.setattr(backend, "dismiss", dismissed.append)
    widget = panel(PANEL)
    backend.keep(REFUSED)
    next(b for b in widget.findChildren(QPushButton) if b.text() == "更正后重新发送").click()
    desk.clock.advance(0.1)
    assert line(widget).text() == "井盖缺失" and line(widget, "上报人电话").text() == "13800000000"
    assert dismissed == []
    line(widget).returnPressed.emit()
    (sent,) = [r.body for r in backend.requests if (r.method, r.path) == ("POST", "/events")]
    assert (sent["title"], sent["detail"], sent["urgency"]) == ("井盖缺失", "路口东侧", "urgent")
    assert dismissed == ["w9"] and sent["id"] != "e9"


def test_a_refused_report_does_not_push_out_the_one_that_is_written(desk, panel, backend) -> None:
    widget = panel(PANEL)
    write(desk, widget, "油罐车")
    backend.keep(REFUSED)
    widget._desk.rewrite_refused()
    assert line(widget).text() == "油罐车"
    assert "请先提交或放弃正在填写的上报" in [told.text for told in desk.notifications]


def test_who_is_not_signed_in_is_asked_to(desk, panel, backend) -> None:
    backend.user, backend.rights = None, set()
    desk.run("onemap.events.create")
    assert [told.text for told in desk.notifications] == ["请先登录"]
