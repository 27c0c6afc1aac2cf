"""Sign-in as a page: errors in the user's words, never a dialog."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.sdk.errors import BackendAway, NotSignedIn, Rejected


@pytest.fixture
def page(window):
    window.show_sign_in()
    return window.sign_in_page


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotSignedIn("x", status=401), "账号或密码不正确"),
        (BackendAway("x"), "无法连接后台"),
        (Rejected("x", status=429), "尝试次数过多"),
        (Rejected("密码已过期", status=422), "密码已过期"),
    ],
)
def test_errors_are_said_on_the_page_and_it_can_be_tried_again(qtbot, page, gate, error, words):
    gate.error = error
    qtbot.keyClicks(page.username, "operator")
    qtbot.keyClicks(page.password, "right")
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: words in page.error.text())
    assert page.submit.isEnabled()
    assert QApplication.activeModalWidget() is None
    gate.error = None
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.password.text() == "")


def test_empty_fields_are_not_sent(qtbot, page):
    qtbot.keyClick(page.username, Qt.Key.Key_Return)
    assert "请输入账号和密码" in page.error.text()
    assert page.submit.isEnabled()


def test_the_saved_map_is_one_click_away(qtbot, page, gate):
    qtbot.mouseClick(page.offline, Qt.MouseButton.LeftButton)
    assert gate.calls == ["work_offline"]


def test_the_account_is_remembered_and_the_password_is_not(qtbot, window, page, services):
    page.username.setText("operator")
    page.password.setText("right")
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: services.layout.data.get("username") == "operator")
    window.show_sign_in()
    assert window.sign_in_page.username.text() == "operator"
    assert "right" not in str(services.layout.data)
