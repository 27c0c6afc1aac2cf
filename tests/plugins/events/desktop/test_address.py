"""The address of a new event is suggested in words of the roads, which dispatch knows."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from console.sdk import BackendAway, NotFound
from plugins.dispatch.model import Whereabouts

PANEL = "onemap.events.events"
HERE, THERE = (117.16, 34.26), (117.15, 34.25)
WHERE_PATH = "/dispatch/where"
WORDS = {
    HERE: ("中山北路东侧，约120号", "Zhongshan North Road, east side"),
    THERE: ("彭城路", "Pengcheng Road"),
}


def whereabouts(request) -> dict:
    zh, en = WORDS[(request.query["lon"], request.query["lat"])]
    rest = {"road": "中山北路", "metres": 9.0, "side": "", "compass": "east", "crossing": "", "number": "120"}
    return asdict(Whereabouts(zh=zh, en=en, crossing_metres=None, **rest))


@pytest.fixture
def desk(activate, console, backend):
    backend.answer("GET", "/areas/at", {"name": "民主一网格"})
    backend.answer("POST", "/events", lambda request: request.body)
    backend.answer("GET", WHERE_PATH, whereabouts)
    activate("events", "dispatch")
    return console


@pytest.fixture
def report(desk):
    """Click a place for a new event."""

    def report(where: tuple[float, float]) -> None:
        desk.map.answer = where
        desk.run("onemap.events.create")
        desk.clock.advance(0.2)

    return report


def line(widget, name: str = "地址") -> QLineEdit:
    return next(x for x in widget.findChildren(QLineEdit) if x.accessibleName() == name)


def press(widget, text: str) -> None:
    next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible()).click()


def test_the_address_is_suggested_follows_the_place_and_is_reported(
    desk, panel, report, backend, qtbot
) -> None:
    widget = panel(PANEL)
    report(HERE)
    qtbot.waitUntil(lambda: line(widget).text() == "中山北路东侧，约120号")
    report(THERE)
    qtbot.waitUntil(lambda: line(widget).text() == "彭城路")
    line(widget, "发生了什么").setText("井盖缺失")
    press(widget, "上报")
    (body,) = [r.body for r in backend.requests if (r.method, r.path) == ("POST", "/events")]
    assert body["address"] == "彭城路"
    assert line(widget).text() == ""


def test_it_is_said_in_the_language_of_the_console(desk, panel, report, qtbot) -> None:
    desk.language.change("en")
    widget = panel(PANEL)
    report(HERE)
    qtbot.waitUntil(lambda: line(widget, "Address").text() == "Zhongshan North Road, east side")


def test_what_the_user_typed_stays(desk, panel, report, backend) -> None:
    widget = panel(PANEL)
    report(HERE)
    line(widget).setText("中山北路118号门前")
    report(THERE)
    assert line(widget).text() == "中山北路118号门前"


@pytest.mark.parametrize("fault", [BackendAway("断开"), NotFound("附近没有有名称的道路")])
def test_without_an_answer_nothing_is_suggested_and_nothing_said(desk, panel, report, backend, fault) -> None:
    backend.answer("GET", WHERE_PATH, fault)
    before = len(desk.notifications)
    widget = panel(PANEL)
    report(HERE)
    assert line(widget).text() == ""
    assert len(desk.notifications) == before


def test_without_the_dispatch_plugin_the_form_is_as_before(activate, console, panel, backend) -> None:
    backend.answer("GET", "/areas/at", {"name": "民主一网格"})
    activate("events")
    console.map.answer = HERE
    widget = panel(PANEL)
    console.run("onemap.events.create")
    console.clock.advance(0.2)
    assert line(widget).isVisible()
    assert line(widget).text() == ""
    assert not console.notifications
