"""Buildings are asked for by attributes, coloured, listed, written as CSV and kept as a query."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton

from console.sdk.ui import RecordTable
from console.sdk.ui.choices import Choice
from console.testing import Console
from plugins.buildings.desktop.query import Condition, line_of
from tests.plugins.buildings.desktop.conftest import SHED

MATCHED = "onemap.buildings.matched"


@pytest.fixture
def query(quarter: Console, panel: Callable[[str], Any]) -> Any:
    widget = panel("onemap.buildings.query")
    widget.clock = quarter.clock
    return widget


def fill(query: Any, at: int, attribute: str, sign: str, value: str) -> None:
    """Fill a line of the form as the user would, and press Enter in it."""
    line = query._rows[at]
    choices = line.findChildren(Choice)
    for choice, wanted in zip(choices, (attribute, sign), strict=True):
        choice.setCurrentIndex(choice.findText(wanted))
        assert choice.currentIndex() >= 0, wanted
        choice.activated.emit(choice.currentIndex())
    field = line.findChild(QLineEdit)
    field.setText(value)
    field.returnPressed.emit()
    query.clock.advance(0.1)


def names(query: Any) -> list[str]:
    return [match.name for match in query.findChild(RecordTable).shown]


def press(query: Any, title: str) -> None:
    next(action for action in query.findChildren(QAction) if action.text() == title).trigger()


def said(query: Any) -> str:
    return next(
        label.text()
        for label in query.findChildren(QLabel)
        if label.objectName() == "muted" and label.wordWrap() and label.parent() is query
    )


def test_matches_are_listed_from_the_highest_and_coloured(quarter: Console, query: Any) -> None:
    fill(query, 0, "高度（米）", "至少", "9")
    assert names(query) == ["锦绣大厦", "第一中学", "裙楼"]
    assert said(query) == "3 栋建筑"
    painted = [shape for shapes in quarter.layer(MATCHED).shapes.values() for shape in shapes]
    assert len(painted) == 3 and len({shape.style.fill for shape in painted}) == 1
    press(query, "增加条件")
    fill(query, 1, "类别", "等于", "学校")  # as people call it
    assert names(query) == ["第一中学"]
    fill(query, 1, "高度（米）", "小于", "many")
    assert (names(query), said(query)) == ([], "值必须是数字")
    assert not quarter.layer(MATCHED).shapes


def test_classes_of_an_attribute_have_colours_and_a_legend(quarter: Console, query: Any) -> None:
    color_by = next(c for c in query.findChildren(Choice) if c.accessibleName() == "着色依据")
    color_by.setCurrentIndex(color_by.findData("height"))
    query.findChild(QPushButton).click()
    quarter.clock.advance(0.1)
    fills = [shape.style.fill for shapes in quarter.layer(MATCHED).shapes.values() for shape in shapes]
    assert len(fills) == 4 and len(set(fills[:3])) == 3
    grey = quarter.theme.color("text.muted")
    assert fills[SHED].startswith(grey), "its height is not known"
    legend = query.findChild(QListWidget)
    assert [legend.item(row).text() for row in range(legend.count())] == ["< 10\t1", "10 – 60\t1", "≥ 60\t1"]


def test_a_row_singles_out_and_the_list_is_written(
    quarter: Console, query: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "documents"))
    fill(query, 0, "名称", "包含", "一中")
    table = query.findChild(RecordTable)
    table.view.activated.emit(table.view.model().index(0, 0))
    assert "第一中学" in [shape.text for shape in quarter.layer("onemap.buildings.chosen").shapes["chosen"]]
    press(query, "导出为 CSV")
    qtbot.waitUntil(lambda: any((tmp_path / "documents").glob("*.csv")))
    (file,) = (tmp_path / "documents").glob("*.csv")
    qtbot.waitUntil(lambda: file.stat().st_size > 60)
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert rows == [
        ["名称", "类别", "高度（米）", "楼层", "地址"],
        ["第一中学", "学校", "13.0", "4", "中山路8号"],
    ]


def test_a_query_is_kept_and_taken_up_again(
    quarter: Console, query: Any, panel: Callable[[str], Any]
) -> None:
    fill(query, 0, "高度（米）", "大于", "50")
    press(query, "保存此查询")
    quarter.clock.advance(0.1)
    other = panel("onemap.buildings.query")
    kept = next(c for c in other.findChildren(Choice) if c.accessibleName() == "已存查询")
    kept.setCurrentIndex(kept.findText("高度（米） 大于 50"))
    press(query, "清除")
    kept.activated.emit(kept.currentIndex())
    quarter.clock.advance(0.1)
    assert names(other) == ["锦绣大厦"]
    press(other, "删除已存查询")
    assert kept.count() == 1


def test_values_cannot_break_out_of_their_condition() -> None:
    assert line_of([Condition("na me", "=", 'a" or 1=1 or "', True)]) == "`na me` = 'a\" or 1=1 or \"'"
    assert line_of([Condition("name", "contains", "\"'", True)]) == "`name` contains '\"'"
