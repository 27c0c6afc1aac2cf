"""Messages of people without an order: told when they come, listed, and who wrote them shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from console.sdk.records import FieldText
from tests.plugins.dispatch.desktop.staging import PANEL, child, desk

__all__ = ["desk"]
FLOOD = FieldText(
    id="m1", staff="s2", name="李四", area="320302001001001", text="巷口有积水", at=1000.0, version=1
)


def texts_told(desk) -> list[str]:
    return [told.text for told in desk.notifications]


def test_a_message_is_told_and_listed_and_shows_who_wrote_it(desk, panel, qtbot) -> None:
    widget = panel(PANEL)
    desk.put("field_text", FLOOD)
    assert "李四：巷口有积水" in texts_told(desk)
    next(told for told in desk.notifications if "巷口" in told.text).action[1]()
    assert desk.selection.current == ("staff", "s2")
    assert desk.map.center == pytest.approx((117.15, 34.25))
    desk.put("field_text", replace(FLOOD, id="m2", text="已清理", at=2000.0))
    child(widget, "Tabs").turn(3)
    table = child(widget, "Messages")._table
    assert [each.text for each in table.shown] == ["已清理", "巷口有积水"]
    desk.selection.clear()
    table.select_key("m1")
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert desk.selection.current == ("staff", "s2")


def test_what_was_there_before_is_no_news(desk) -> None:
    desk.live.collection("field_text")
    desk.put("field_text", FLOOD)
    told = texts_told(desk).count("李四：巷口有积水")
    desk.put("field_text", replace(FLOOD, version=2))
    assert texts_told(desk).count("李四：巷口有积水") == told == 1
