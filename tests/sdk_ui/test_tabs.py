"""Parts of a panel as tabs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from console.sdk.ui import Tabs


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def tabs(qtbot, made) -> Iterator[Tabs]:
    def part(title: str) -> QLabel:
        made.append(title)
        return QLabel(title)

    tabs = Tabs([(title, lambda title=title: part(title)) for title in ("Orders", "Closures", "Calls")])
    panel = QWidget()
    layout = QVBoxLayout(panel)
    layout.addWidget(tabs.chips)
    layout.addWidget(tabs)
    qtbot.addWidget(panel)
    panel.show()
    yield tabs


def seen(tabs: Tabs) -> list[str]:
    return [label.text() for label in tabs.findChildren(QLabel) if label.isVisible()]


def test_a_part_is_made_once_when_it_is_first_turned_to(qtbot, tabs, made):
    assert (seen(tabs), made) == (["Orders"], ["Orders"])
    chip = next(c for c in tabs.chips.findChildren(QToolButton) if c.text() == "Calls")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert (seen(tabs), made) == (["Calls"], ["Orders", "Calls"])
    tabs.turn(0)
    tabs.turn(2)
    assert made == ["Orders", "Calls"]


def test_turning_chooses_the_chip_and_titles_may_count(tabs):
    tabs.turn(1)
    tabs.set_title(1, "Closures 3")
    chips = {chip.text(): chip.isChecked() for chip in tabs.chips.findChildren(QToolButton)}
    assert chips == {"Orders": False, "Closures 3": True, "Calls": False}
    assert seen(tabs) == ["Closures"]
