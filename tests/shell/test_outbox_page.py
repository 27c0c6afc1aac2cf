"""The list of what waits: refused apart from waiting, withdrawn with a way back, corrected in its form."""

from __future__ import annotations

import time

import pytest

from console.sdk.context import Waiting
from console.shell.outbox_page import OutboxPage


def entry(name: str, **more: object) -> Waiting:
    return Waiting(id=name, title=name, method="POST", path="/events", body=None, since=time.time(), **more)


@pytest.fixture
def page(window, services) -> OutboxPage:
    refused = entry("上报甲", error="不在您的辖区")
    services.connection.set_waiting((entry("上报乙"), entry("上报丙", under_way=True), refused))
    window.sheets.show_sheet("outbox")
    return window.sheets.findChild(OutboxPage)


def test_refused_and_waiting_are_counted_apart(page, window):
    assert window._status._waiting.text() == "2 条待发送"
    assert window._status._refused.text() == "1 条被拒绝"
    assert "不在您的辖区" in window._status._refused.toolTip()


def test_each_can_be_dealt_with_as_it_stands(page):
    acts = {
        name: tuple(b.isEnabled() for b in (page._withdraw, page._correct, page._delete))
        for name in ("上报甲", "上报乙", "上报丙")
        if page.table.select_key(name) is None
    }
    assert acts == {
        "上报甲": (False, True, True),
        "上报乙": (True, False, False),
        "上报丙": (False, False, False),
    }


def test_what_is_withdrawn_can_be_put_back(qtbot, page, gate, services):
    page.table.select_key("上报乙")
    page._withdraw.click()
    qtbot.waitUntil(lambda: bool(services.notify.history()))
    (notice,) = services.notify.history()
    assert "已撤回：上报乙" in notice.text
    services.notify.act(notice)
    assert gate.calls == ["withdraw 上报乙", "put back 上报乙"]


def test_a_refused_report_goes_back_into_its_form(page, gate, window):
    page.table.select_key("上报甲")
    page._correct.click()
    assert gate.calls == ["correct 上报甲"]
    assert not window.sheets.isVisible(), "the form is not hidden by the list"
