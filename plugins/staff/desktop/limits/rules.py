"""Rules of the watch by role: minutes of silence, and how far the activity range reaches."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QSpinBox

from console.sdk.ui import Column, EmptyState, RecordTable, button
from plugins.staff.desktop.limits.desk import EVERYBODY, Limits
from plugins.staff.desktop.limits.editor import Editor
from plugins.staff.desktop.words import ROLES, Tr, role_text

REACHES = {15: "Own grid", 12: "Own community", 9: "Own street", 6: "Whole district"}
"""Digits of the area code that the range of a role shares with their own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One role as the table shows it."""

    role: str
    silent_minutes: int
    range_digits: int
    own: bool
    """It has a rule of its own."""


class RulesEditor(Editor):
    """One line a role; those without a rule of their own show the one of all others."""

    def __init__(self, limits: Limits) -> None:
        tr = limits.ctx.tr
        empty = EmptyState(tr("No rules"), tr("Read anew"), icon="clock")
        table = RecordTable(_columns(tr), key=lambda line: line.role, empty=empty, name="onemap.staff.rules")
        self._minutes = QSpinBox(minimum=1, maximum=24 * 60, suffix=" " + tr("min"))
        self._minutes.setAccessibleName(tr("Silent after"))
        self._minutes.setToolTip(tr("Silent after"))
        self._reach = QComboBox()
        self._reach.setAccessibleName(tr("Activity range"))
        self._reach.setToolTip(tr("Activity range"))
        for digits, title in REACHES.items():
            self._reach.addItem(tr(title), digits)
        self._save = button(tr("Save"), self._put, "check", primary=True)
        self._plain = button(tr("As all others"), self.take_away, "trash")
        super().__init__(limits, table, [self._minutes, self._reach, self._save, self._plain])
        table.on_select(lambda _key: self._show())
        table.on_activate(lambda _key: self._minutes.setFocus())
        limits.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        limits = self.limits
        roles = [EVERYBODY, *ROLES, *(role for role in limits.rules if role not in {EVERYBODY, *ROLES})]
        self.table.set_rows([Line(role, own=role in limits.rules, **limits.rule_of(role)) for role in roles])
        self._show()

    def _show(self) -> None:
        line: Line | None = self.table.selected
        may = line is not None and self.limits.may_rule
        for part in (self._minutes, self._reach, self._save):
            part.setEnabled(may)
        self._plain.setEnabled(may and line is not None and line.own and line.role != EVERYBODY)
        if line is not None:
            self._minutes.setValue(line.silent_minutes)
            self._reach.setCurrentIndex(self._reach.findData(line.range_digits))

    def _put(self) -> None:
        if self.table.selected_key is not None:
            rule = {"silent_minutes": self._minutes.value(), "range_digits": self._reach.currentData()}
            self.limits.put_rule(self.table.selected_key, rule)

    def take_away(self) -> None:
        if self._plain.isEnabled() and self.table.selected_key is not None:
            self.limits.put_rule(self.table.selected_key, None)


def _columns(tr: Tr) -> list[Column]:
    def name(line: Line) -> str:
        return tr("All other roles") if line.role == EVERYBODY else role_text(line.role, tr)

    def reach(line: Line) -> str:
        known = REACHES.get(line.range_digits)
        return tr(known) if known else str(line.range_digits)

    return [
        Column(tr("Role"), name, width=160),
        Column(tr("Silent after"), lambda line: tr("{n} min", n=line.silent_minutes), width=120),
        Column(tr("Activity range"), reach, width=160),
        Column(
            tr("Rule"),
            lambda line: tr("Own rule") if line.own else tr("As all others"),
            color=lambda line: "text" if line.own else "text.muted",
        ),
    ]
