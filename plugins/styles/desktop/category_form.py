"""Categories: a colour for each of the most frequent values of a field."""

from __future__ import annotations

import itertools

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.ramps import RampKind
from console.sdk.ui.choices import Choice, RampChoice, form
from console.sdk.ui.class_list import ClassList
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.recipe import legend_of


class CategoryForm(QWidget):
    """Field and colours above, the values below; each may get a colour of its own."""

    def __init__(self, ctx: Context, desk: StyleDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._field = Choice(tr("Field"), lambda name: desk.change(category_field=name))
        self._ramp = RampChoice(
            tr("Colours"), tuple(RampKind), ctx.language, lambda name: desk.change(category_ramp=name)
        )
        self._list = ClassList(
            tr("Classes"),
            (tr("Class"), tr("Features")),
            self._recolor,
            tr("Enter or double click: another colour"),
        )
        rows = form()
        rows.addRow(self._field.accessibleName(), self._field)
        rows.addRow(self._ramp.accessibleName(), self._ramp)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)
        layout.addWidget(self._list)

    def refresh(self) -> None:
        """Show what the desk has."""
        recipe = self._desk.recipe
        self._field.offer((field.name, field.name) for field in self._desk.fields())
        self._field.show_value(recipe.category_field)
        self._ramp.show_value(recipe.category_ramp)
        field = self._desk.field(recipe.category_field)
        known = dict(field.common) if field is not None else {}
        there = [known.get(value) for value, _ in recipe.categories]
        rest = field.count - sum(count or 0 for count in there) if field is not None else None
        lines = legend_of(recipe) if recipe.categories else []
        self._list.show_lines([
            (line.title.get(self._ctx.language), line.color, "" if count is None else f"{count:,}")
            for line, count in itertools.zip_longest(lines, [*there, rest][: len(lines)])
        ])  # fmt: skip

    def _recolor(self, row: int, color: str) -> None:
        categories = list(self._desk.recipe.categories)
        if row < len(categories):  # the last line is all others
            categories[row] = (categories[row][0], color)
            self._desk.change(categories=tuple(categories))
