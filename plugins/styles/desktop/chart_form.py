"""Charts: which numbers of each feature, as pies or bars, how large."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.charts import MOST_PARTS, ChartKind, Part
from console.sdk.ramps import RAMPS
from console.sdk.ui import Toolbar
from console.sdk.ui.choices import Choice, Number, form
from console.sdk.ui.class_list import ClassList
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.first_choices import measures
from plugins.styles.desktop.words import CHARTS

COLORS = RAMPS["okabe-ito"]


class ChartForm(QWidget):
    """Kind and size above, the numbers below; each has its colour."""

    def __init__(self, ctx: Context, desk: StyleDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._kind = Choice(tr("Chart"), lambda kind: self._change(kind=ChartKind(kind)))
        self._kind.offer((str(kind), tr(title)) for kind, title in CHARTS.items())
        self._size = Number(
            tr("Largest"), lambda v: self._change(size=v), least=12, most=200, step=4, digits=0, suffix=" px"
        )
        self._list = ClassList(
            tr("Numbers"), (tr("Field"), ""), self._recolor, tr("Enter or double click: another colour")
        )
        self._list.currentCellChanged.connect(lambda *_: self._show_part())
        self._field = Choice(tr("Field"), self._choose_field)
        self._none = QLabel(tr("No field of the layer measures or counts anything."), wordWrap=True)
        self._none.setObjectName("muted")
        rows = form()
        for control in (self._kind, self._size):
            rows.addRow(control.accessibleName(), control)
        self._part = QWidget()
        part = form()
        self._part.setLayout(part)
        part.addRow(self._field.accessibleName(), self._field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)
        for widget in (self._tools(), self._none, self._list, self._part):
            layout.addWidget(widget)

    def _tools(self) -> Toolbar:
        tools = Toolbar()
        tools.add("plus", self._ctx.tr("Add a number"), self._add)
        tools.add("trash", self._ctx.tr("Remove the number"), self._remove)
        return tools

    def refresh(self) -> None:
        """Show what the desk has."""
        chart = self._desk.recipe.chart
        self._kind.show_value(str(chart.kind))
        self._size.show_value(chart.size)
        self._field.offer((field.name, field.name) for field in self._desk.fields("number"))
        known = self._desk.attributes is not None
        self._none.setVisible(known and not chart.parts and not measures(self._desk.fields("number")))
        self._list.setVisible(bool(chart.parts))
        self._list.show_lines([(part.field, part.color, "") for part in chart.parts])
        self._show_part()

    @property
    def _at(self) -> int | None:
        row = self._list.currentRow()
        return row if 0 <= row < len(self._desk.recipe.chart.parts) else None

    def _show_part(self) -> None:
        at = self._at
        self._part.setVisible(at is not None)
        if at is not None:
            self._field.show_value(self._desk.recipe.chart.parts[at].field)

    def _add(self) -> None:
        parts = self._desk.recipe.chart.parts
        used = {part.field for part in parts}
        numbers = self._desk.fields("number")
        free = [field.name for field in (*measures(numbers), *numbers) if field.name not in used]
        if free and len(parts) < MOST_PARTS:
            color = COLORS.colors(len(parts) + 1)[-1]
            self._set([*parts, Part(free[0], color)], len(parts))

    def _remove(self) -> None:
        at, parts = self._at, self._desk.recipe.chart.parts
        if at is not None and len(parts) > 1:
            self._set([*parts[:at], *parts[at + 1 :]], max(at - 1, 0))

    def _choose_field(self, name: str) -> None:
        at = self._at
        if at is not None:
            self._replace(at, field=name)

    def _recolor(self, row: int, color: str) -> None:
        if row < len(self._desk.recipe.chart.parts):
            self._replace(row, color=color)

    def _replace(self, at: int, **changes: Any) -> None:
        parts = list(self._desk.recipe.chart.parts)
        parts[at] = msgspec.structs.replace(parts[at], **changes)
        self._set(parts, at)

    def _set(self, parts: list[Part], current: int) -> None:
        self._change(parts=tuple(parts))
        self._list.setCurrentCell(current, 0)
        self._show_part()

    def _change(self, **changes: Any) -> None:
        self._desk.change(chart=msgspec.structs.replace(self._desk.recipe.chart, **changes))
