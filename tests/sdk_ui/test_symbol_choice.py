"""The palette of symbols: found by eye, by word and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from console.sdk.symbol_set import KIND_TITLES, SYMBOLS
from console.sdk.ui.symbol_choice import NAME, SymbolChoice, SymbolPalette

WAIT = 20_000


class Asked:
    """A choice in a window, with what it told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window, self.told = QWidget(), list[str]()
        qtbot.addWidget(self.window)
        self.choice = SymbolChoice("Symbol", self.told.append, "Plain mark")
        self.choice.setParent(self.window)
        self.window.resize(400, 300)
        self.window.show()
        self._qtbot = qtbot

    def open(self) -> SymbolPalette:
        QTest.keyClick(self.choice, Qt.Key.Key_Return)
        palette = self.window.findChildren(SymbolPalette)[-1]
        self._qtbot.waitUntil(palette.isVisible, timeout=WAIT)
        return palette

    def search(self, palette: SymbolPalette, text: str) -> QLineEdit:
        (field,) = palette.findChildren(QLineEdit)
        field.setText(text)
        return field


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    return Asked(qtbot)


def names(palette: SymbolPalette) -> list[str | None]:
    """Of cells, None of headings."""
    model = palette.findChildren(QListView)[0].model()
    return [model.index(row, 0).data(NAME) for row in range(model.rowCount())]


def test_all_symbols_stand_under_their_kinds_with_pictures(asked: Asked) -> None:
    palette = asked.open()
    shown = names(palette)
    assert [name for name in shown if name is not None] == ["", *SYMBOLS]
    assert shown.count(None) == len(KIND_TITLES), "a heading each; none without symbols"
    assert not any(asked.choice.itemIcon(at).isNull() for at in range(asked.choice.count()))
    screen = palette.screen().availableGeometry()
    assert screen.contains(palette.geometry()) and palette.height() < screen.height()


@pytest.mark.parametrize("words", ["火灾", "Fire", "fire"])
def test_a_word_of_either_language_finds_and_enter_chooses(asked: Asked, words: str) -> None:
    palette = asked.open()
    field = asked.search(palette, words)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert asked.told == ["fire"] and asked.choice.currentData() == "fire"
    assert not palette.isVisible()


def test_arrows_go_from_symbol_to_symbol_past_headings(asked: Asked) -> None:
    asked.choice.show_value("fire")
    palette = asked.open()
    (cells,) = palette.findChildren(QListView)
    (field,) = palette.findChildren(QLineEdit)
    assert cells.currentIndex().data(NAME) == "fire"
    QApplication.processEvents()
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(cells, Qt.Key.Key_Right)
    assert cells.currentIndex().data(NAME) == "explosion"
    QTest.keyClick(cells, Qt.Key.Key_Left)
    QTest.keyClick(cells, Qt.Key.Key_Up)
    assert cells.currentIndex().data(NAME) == ""
    QTest.keyClick(cells, Qt.Key.Key_Return)
    assert asked.told == [""]


def test_nothing_found_is_said_and_chooses_nothing(asked: Asked, qtbot: QtBot) -> None:
    palette = asked.open()
    field = asked.search(palette, "nothing like this")
    qtbot.waitUntil(lambda: not names(palette), timeout=WAIT)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert palette.isVisible() and asked.told == []
    field.clear()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_drawings_of_ones_own_are_offered_and_stay_chosen(asked: Asked) -> None:
    asked.choice.show_value("fire")
    asked.choice.offer_own(["own/mine-123456"])
    assert asked.choice.currentData() == "fire"
    assert "own/mine-123456" in names(asked.open())
