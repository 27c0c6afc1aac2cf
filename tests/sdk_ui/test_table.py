"""RecordTable by what a user does to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QEvent, QStandardPaths, Qt
from PySide6.QtGui import QDesktopServices, QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from console.sdk.ui import Column, RecordTable
from console.sdk.ui.table_export import ExportLine
from console.sdk.ui.words import word


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    age: int


COLUMNS = [
    Column("姓名", lambda p: p.name),
    Column("年龄", lambda p: f"{p.age} 岁", width=80, align="right", sort=lambda p: p.age),
]


def people(n: int) -> list[Person]:
    return [Person(f"p{at}", f"网格员{at:03}", 20 + at) for at in range(n)]


@pytest.fixture
def table(qtbot) -> RecordTable:
    table = RecordTable(COLUMNS, key=lambda p: p.id, empty="没有人员")
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    table.set_rows(people(200))
    return table


def test_refresh_keeps_selection_and_scroll(table):
    table.select_key("p150")
    bar = table.view.verticalScrollBar()
    place = bar.value()
    assert place > 0
    table.set_rows([replace(p, age=p.age + 1) for p in people(200)])
    assert (table.selected_key, bar.value()) == ("p150", place)
    table.set_rows(people(180))
    assert (table.selected_key, bar.value()) == ("p150", place)
    assert table.view.currentIndex().row() == 150


def test_each_selection_is_told_once(table, qtbot):
    told = []
    table.on_select(told.append)
    table.select_key("p3")
    table.set_rows(people(10))
    table.set_rows(list(reversed(people(10))))
    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    assert told == ["p3", "p2"]


def test_sorting_uses_the_sort_key_not_the_text(table):
    table.set_rows([Person("a", "甲", 9), Person("b", "乙", 10)])
    table.sort_by(1, descending=True)
    assert [p.id for p in table.shown] == ["b", "a"]


def test_filter_wants_every_word_and_gives_the_selection_back(table):
    table.select_key("p7")
    table.filter("网格员 12")
    assert {p.id for p in table.shown} == {"p12", *(f"p{n}" for n in range(120, 130)), "p112"} | {
        p.id for p in people(200) if "12" in f"{p.name} {p.age}"
    }
    table.filter("")
    assert table.selected_key == "p7" and table.view.currentIndex().row() == 7


def test_enter_activates(table, qtbot):
    activated = []
    table.on_activate(activated.append)
    table.select_key("p5")
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert activated == ["p5"]


def test_copy_gives_the_selected_row_as_tsv(table, qtbot):
    table.select_key("p1")
    table.view.setFocus()
    table.copy()
    assert QGuiApplication.clipboard().text() == "网格员001\t21 岁"


def test_csv_quotes_what_a_spreadsheet_would_run(table, tmp_path):
    table.set_rows([Person("x", "=HYPERLINK(1)", 30)])
    table.export_csv(str(tmp_path / "t.csv"))
    assert (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()[1] == "'=HYPERLINK(1),30 岁"


def export(qtbot, table) -> ExportLine:
    """Export the table and wait until the line says how that went."""
    table._export()
    line = table.findChild(ExportLine)
    qtbot.waitUntil(line.isVisible, timeout=20_000)
    return line


def test_an_export_goes_to_the_documents_and_the_window_goes_on(qtbot, table, tmp_path, monkeypatch):
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "Documents"))
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    line = export(qtbot, table)
    (file,) = (tmp_path / "Documents").iterdir()
    assert len(file.read_text("utf-8-sig").splitlines()) == 201
    assert line.isVisible() and str(file) in line.findChild(QLabel).text()
    assert QApplication.activeModalWidget() is None
    qtbot.mouseClick(line.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert opened == [str(tmp_path / "Documents")]


def test_an_export_that_fails_says_why(qtbot, table, tmp_path, monkeypatch):
    (tmp_path / "Documents").write_text("no folder")
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "Documents"))
    line = export(qtbot, table)
    assert word("The file could not be written") in line.findChild(QLabel).text()
    assert not line.findChild(QPushButton).isVisible()


def test_empty_state_shows_only_without_rows(table):
    assert table.view.isVisible()
    table.set_rows([])
    assert not table.view.isVisible()


def test_columns_grow_for_long_words_and_the_free_one_stays_readable(qtbot):
    columns = [
        Column("Name", lambda p: p.name),
        Column("State", lambda p: "Reported by the public", width=60),
    ]
    table = RecordTable(columns, key=lambda p: p.id)
    qtbot.addWidget(table)
    table.resize(180, 200)
    table.show()
    table.set_rows(people(3))
    header = table.view.horizontalHeader()
    assert 60 < header.sectionSize(1) <= 120
    assert header.sectionSize(0) >= 140


def test_the_focus_alone_selects_nothing(qtbot, table):
    """Qt makes the first row current then; whoever listens would act on a record that nobody chose."""
    told: list[str | None] = []
    table.on_select(told.append)
    QApplication.sendEvent(table.view, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert told == []
    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    assert told == [table.selected_key] and table.selected is table.shown[0]  # a list of one can be used, too


def test_a_click_on_the_row_that_the_focus_made_current_is_told(qtbot, table):
    told: list[str | None] = []
    table.on_select(told.append)
    QApplication.sendEvent(table.view, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    table.view.selectRow(0)
    assert told == [table.selected_key] and table.selected is table.shown[0]


def test_home_and_end_go_to_the_first_and_last_row_and_leave_the_first_column_in_view(qtbot):
    table = RecordTable([COLUMNS[0], *(replace(COLUMNS[1], width=300) for _ in range(4))], key=lambda p: p.id)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    table.set_rows(people(200))
    table.select_key("p50")
    across = table.view.horizontalScrollBar()
    assert (across.value(), across.maximum() > 0) == (0, True)
    for key, row in ((Qt.Key.Key_End, 199), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(table.view, key)
        assert (table.selected_key, across.value()) == (f"p{row}", 0)
    qtbot.keyClick(table.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert (table.selected_key, across.value()) == ("p199", 0)


def test_a_cell_is_written_in_place(qtbot):
    told = []
    columns = [COLUMNS[1], Column("姓名", lambda p: p.name, edit=lambda p, text: told.append((p.id, text)))]
    table = RecordTable(columns, key=lambda p: p.id)
    qtbot.addWidget(table)
    table.show()
    table.set_rows(people(3))
    table.edit("p1")
    table.put_down()
    assert table.selected_key == "p1" and told == [], "nothing was written"
    table.edit("p1")
    table.view.indexWidget(table.view.currentIndex()).setText("王五")
    table.put_down()
    table.put_down()
    assert told == [("p1", "王五")]
