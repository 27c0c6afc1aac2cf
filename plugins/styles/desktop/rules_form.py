"""Rules: tests of fields in turn, each with its colour; the first that fits counts."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.ui import Toolbar
from console.sdk.ui.choices import Choice, ColorButton, form
from console.sdk.ui.class_list import ClassList
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.recipe import Operator, Rule, legend_of
from plugins.styles.desktop.words import OPERATORS


class RulesForm(QWidget):
    """The list above, the selected rule below."""

    def __init__(self, ctx: Context, desk: StyleDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._list = ClassList(tr("Classes"), (tr("Class"), tr("Features")))
        self._list.currentCellChanged.connect(lambda *_: self._show_rule())
        self._field = Choice(tr("Field"), self._choose_field)
        self._operator = Choice(tr("Test"), lambda name: self._change(operator=Operator(name)))
        self._operator.offer((str(operator), tr(title)) for operator, title in OPERATORS.items())
        self._value = QLineEdit()
        self._value.setAccessibleName(tr("Value"))
        self._value.textEdited.connect(lambda text: self._change(value=text))
        self._color = ColorButton(tr("Colour"), lambda color: self._change(color=color))
        self._fault = QLabel(tr("That is no number: no feature fits."), wordWrap=True)
        self._fault.setObjectName("error")
        self._rule = QWidget()
        rows = form()
        self._rule.setLayout(rows)
        for control in (self._field, self._operator, self._value, self._color):
            rows.addRow(control.accessibleName(), control)
        rows.addRow(self._fault)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._tools(), self._list, self._rule):
            layout.addWidget(part)

    def _tools(self) -> Toolbar:
        tr, tools = self._ctx.tr, Toolbar()
        tools.add("plus", tr("Add a rule"), self._add)
        tools.add("trash", tr("Remove the rule"), self._remove)
        tools.add("chevron-up", tr("Earlier"), lambda: self._move(-1))
        tools.add("chevron-down", tr("Later"), lambda: self._move(1))
        return tools

    def refresh(self) -> None:
        """Show what the desk has."""
        recipe = self._desk.recipe
        self._field.offer((field.name, field.name) for field in self._desk.fields())
        lines = legend_of(recipe) if recipe.rules else []
        self._list.show_lines([(line.title.get(self._ctx.language), line.color, "") for line in lines])
        self._show_rule()

    @property
    def _at(self) -> int | None:
        """The selected rule; the last line, all others, is none."""
        row = self._list.currentRow()
        return row if 0 <= row < len(self._desk.recipe.rules) else None

    def _show_rule(self) -> None:
        at = self._at
        self._rule.setVisible(at is not None)
        if at is None:
            return
        rule = self._desk.recipe.rules[at]
        self._field.show_value(rule.field)
        self._operator.show_value(str(rule.operator))
        if self._value.text() != rule.value:
            self._value.setText(rule.value)
        self._color.show_value(rule.color)
        self._fault.setVisible(not rule.sound)

    def _choose_field(self, name: str) -> None:
        field = self._desk.field(name)
        self._change(field=name, number=field is not None and field.type == "number")

    def _change(self, **changes: Any) -> None:
        at = self._at
        if at is not None:
            rules = list(self._desk.recipe.rules)
            rules[at] = msgspec.structs.replace(rules[at], **changes)
            self._set(rules, at)

    def _add(self) -> None:
        fields = self._desk.fields()
        if fields:
            first = fields[0]
            value = str(first.common[0][0]) if first.common else ""
            rules = [
                *self._desk.recipe.rules,
                Rule(field=first.name, value=value, number=first.type == "number"),
            ]
            self._set(rules, len(rules) - 1)

    def _remove(self) -> None:
        at = self._at
        if at is not None:
            rules = list(self._desk.recipe.rules)
            del rules[at]
            self._set(rules, max(at - 1, 0))

    def _move(self, by: int) -> None:
        at, rules = self._at, list(self._desk.recipe.rules)
        if at is not None and 0 <= at + by < len(rules):
            rules[at], rules[at + by] = rules[at + by], rules[at]
            self._set(rules, at + by)

    def _set(self, rules: list[Rule], current: int) -> None:
        self._desk.change(rules=tuple(rules))
        self._list.setCurrentCell(current, 0)
        self._show_rule()
