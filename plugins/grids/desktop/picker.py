"""A box to choose an area. What it offers is shared by all of them: a city has six thousand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QComboBox, QCompleter

from console.sdk import Context
from plugins.grids.desktop.area_tree import AreaTree

EM_SPACE = "\u2003"
LETTERS = 14
"""Width of the box, in letters: to measure six thousand names would take a tenth of a second."""


def indented_names(tree: AreaTree, language: str) -> list[str]:
    """Names in *language* in the order of ``tree.nodes``, indented by level."""
    return [EM_SPACE * node.depth + node.area.name_in(language) for node in tree.nodes.values()]


class Choices:
    """All areas by code, the empty code for all of them in front; boxes show ``names``."""

    def __init__(self, all_areas: str) -> None:
        self.language = ""
        """In which the names are; empty: there are none yet."""
        self.codes: Sequence[str] = [""]
        self.names = QStringListModel([all_areas])

    def set(self, language: str, all_areas: str, codes: Sequence[str], names: Sequence[str]) -> None:
        """Offer *codes*; ``names.modelReset`` tells the boxes."""
        self.language = language
        self.codes = ["", *codes]
        self.names.setStringList([all_areas, *names])


class AreaPicker(QComboBox):
    """All areas, indented by level; typing filters. Choosing nothing known means all."""

    def __init__(self, choices: Choices, ctx: Context, on_change: Callable[[str], Any]) -> None:
        super().__init__()
        self._choices = choices
        self._chosen = ""
        self._on_change = on_change
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LETTERS)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(ctx.tr("Area"))
        self.setToolTip(ctx.tr("Only this area and what lies in it"))
        self.setModel(choices.names)
        completer = QCompleter(choices.names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.activated.connect(self._tell)
        choices.names.modelReset.connect(self._choose_again)

    @property
    def code(self) -> str:
        """The code chosen; empty for all."""
        return self._chosen

    def choose(self, code: str) -> None:
        """Show *code* without telling; empty for all."""
        self._chosen = code
        self._choose_again()

    def _choose_again(self) -> None:
        known = self._chosen in self._choices.codes
        self.setCurrentIndex(self._choices.codes.index(self._chosen) if known else 0)

    def _tell(self, row: int) -> None:
        self._chosen = self._choices.codes[row]
        self._on_change(self._chosen)
