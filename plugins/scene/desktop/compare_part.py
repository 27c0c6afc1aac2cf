"""The part of the panel that compares two dates: what is left, what is right, where the line stands."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from console.sdk import Context
from console.sdk.ui import Section, button, icon
from plugins.scene.desktop.comparison import Comparison, Side
from plugins.scene.desktop.flat_part import fit_lines

WHOLE = 1000
"""Ticks of the slider over the whole picture."""
MODEL = Qt.ItemDataRole.UserRole


class ComparePart(QWidget):
    """A model is ticked on one side at most; what is ticked on none is seen on both."""

    def __init__(self, ctx: Context, comparison: Comparison) -> None:
        super().__init__()
        self._ctx, self._comparison = ctx, comparison
        tr = ctx.tr
        titles = (tr("Left"), tr("Right"))
        self._lists = tuple(self._make_list(title, at) for at, title in enumerate(titles))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(tr("Where the line stands"))
        self._slider.setToolTip(tr("Where the line stands"))
        self._slider.setRange(0, WHOLE)
        self._slider.setPageStep(WHOLE // 10)
        self._slider.setSingleStep(WHOLE // 50)
        self._slider.valueChanged.connect(lambda ticks: comparison.slide(ticks / WHOLE))
        self._go = button("", lambda: ctx.commands.run("onemap.scene.swipe"))
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, (title, each) in enumerate(zip(titles, self._lists, strict=True)):
            grid.addWidget(QLabel(title), 0, at)
            grid.addWidget(each, 1, at)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Section(tr("Compare two dates")))
        layout.addLayout(grid)
        layout.addWidget(self._slider)
        layout.addWidget(self._go)

    def _make_list(self, title: str, side: int) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(title)
        made.setMinimumWidth(80)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.itemChanged.connect(lambda item: self._on_tick(item, side))
        return made

    def refresh(self) -> None:
        """As it is."""
        tr, comparison = self._ctx.tr, self._comparison
        models = [(each.layer_id, each.title.get(self._ctx.language)) for each in self._ctx.scene.models]
        for each, ticked in zip(self._lists, comparison.sides, strict=True):
            with QSignalBlocker(each):
                _fill(each, models)
                fit_lines(each)
                for at, (model_id, _) in enumerate(models):
                    on = model_id in ticked
                    each.item(at).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(comparison.share * WHOLE))
        self._slider.setVisible(comparison.under_way)
        title = tr("End the comparison") if comparison.under_way else tr("Compare")
        self._go.setText(title)
        self._go.setAccessibleName(title)
        self._go.setIcon(icon("close" if comparison.under_way else "columns"))
        self._go.setEnabled(comparison.under_way or any(comparison.sides))

    def _on_tick(self, item: QListWidgetItem, side: int) -> None:
        """Ticked on one side, it goes from the other."""
        model_id: str = item.data(MODEL)
        sides: list[Side] = [each - {model_id} for each in self._comparison.sides]
        if item.checkState() == Qt.CheckState.Checked:
            sides[side] |= {model_id}
        self._comparison.choose(*sides)


def _fill(each: QListWidget, models: list[tuple[str, str]]) -> None:
    """The lines stay while the models do, so that the keyboard's place in them does."""
    if models != [(each.item(at).data(MODEL), each.item(at).text()) for at in range(each.count())]:
        each.clear()
        for model_id, name in models:
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(MODEL, model_id)
            item.setToolTip(name)
            each.addItem(item)
