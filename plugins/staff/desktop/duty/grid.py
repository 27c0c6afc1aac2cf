"""The week as a grid, people x days, filled by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from console.sdk.ui import color
from plugins.staff.desktop.duty.desk import DutyDesk
from plugins.staff.desktop.duty.words import WEEKDAYS, clock_text, day_text

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_TONES = {
    "day": "info",
    "night": "accent.text",
    "early": "success",
    "late": "warning",
    "whole": "staff.on_duty",
}


class RotaModel(QAbstractTableModel):
    """Rows are people, columns days."""

    def __init__(self, duty: DutyDesk) -> None:
        super().__init__()
        self._duty = duty
        duty.week_changed.connect(self._reset)

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """People of the week, each with seven cells."""
        return self._duty.week["lines"]

    @property
    def days(self) -> list[str]:
        """The days, as the backend names them."""
        return self._duty.week["days"]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.days)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.lines[index.row()]["cells"][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(color(self._tone(cell)))
        if role == Qt.ItemDataRole.FontRole and cell["lead"]:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._explained(cell)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return day_text(self.days[section], self._duty.ctx.tr)
        line = self.lines[section]
        return f"{line['name']}  {self._duty.desk.area_name(line['area'])}"

    def body(self, index: Index, **change: Any) -> dict[str, Any]:
        """The cell as the backend takes it, with some values changed."""
        line = self.lines[index.row()]
        cell = line["cells"][index.column()]
        kept = {name: cell[name] for name in ("shift", "lead", "substitute")}
        return {"staff": line["staff"], "day": self.days[index.column()]} | kept | change

    def may_change(self, index: Index) -> bool:
        """Days that are over stand as they were."""
        day = self.days[index.column()]
        return day in WEEKDAYS or day >= date.today().isoformat()

    def _text(self, cell: dict[str, Any]) -> str:
        tr = self._duty.ctx.tr
        if cell["leave"]:
            return tr("Leave")
        if cell["shift"] is None:
            return ""
        name = self._duty.shift_name(cell["shift"]) if cell["shift"] else tr("Free")
        if cell["substitute"]:
            return f"{name} → {self._name(cell['substitute'])}"
        return f"★ {name}" if cell["lead"] else name

    def _tone(self, cell: dict[str, Any]) -> str:
        if cell["leave"]:
            return "warning"
        if cell["standard"] or not cell["shift"]:
            return "text.muted"
        return _TONES.get(cell["shift"], "text")

    def _explained(self, cell: dict[str, Any]) -> str:
        tr = self._duty.ctx.tr
        shift = next((s for s in self._duty.week["shifts"] if s["id"] == cell["shift"]), None)
        parts = [f"{clock_text(shift['starts'])}–{clock_text(shift['ends'])}"] if shift else []
        parts += [tr("From the standard week")] * bool(cell["standard"])
        parts += [tr("Leads the shift")] * bool(cell["lead"])
        return " · ".join(parts)

    def _name(self, staff_id: str) -> str:
        record = self._duty.desk.record(staff_id)
        return record.name if record else staff_id


class RotaView(QTableView):
    """Keys: 1 to 9 give a shift, 0 a free day, Backspace the standard week, L the lead, Ctrl+Z undoes."""

    def __init__(self, duty: DutyDesk) -> None:
        super().__init__()
        self._duty = duty
        self.rota = RotaModel(duty)
        self.setModel(self.rota)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(duty.ctx.tr("Rota of the week"))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(30)
        self.verticalHeader().setMaximumWidth(260)
        self.rota.modelAboutToBeReset.connect(self._remember)
        self.rota.modelReset.connect(self._restore)
        self._place = (0, 0)

    def chosen(self) -> list[QModelIndex]:
        """Selected cells that may still be changed."""
        return [index for index in self.selectedIndexes() if self.rota.may_change(index)]

    def change(self, **values: Any) -> None:
        """Give all selected cells the same shift, lead or substitute."""
        if not self._duty.may_write:
            return
        chosen = self.chosen()
        if not chosen:
            ctx = self._duty.ctx
            ctx.notify(ctx.tr("Days that are over cannot be changed"), key="onemap.staff.duty")
        self._duty.set_cells([self.rota.body(index, **values) for index in chosen])

    def set_shift(self, shift: str | None) -> None:
        """The shift of all selected cells; a substitute goes with the old one."""
        self.change(shift=shift, lead=False, substitute="")

    def toggle_lead(self) -> None:
        """Make the selected leaders of their shifts, or no longer."""
        cells = [self.rota.lines[i.row()]["cells"][i.column()] for i in self.chosen()]
        self.change(lead=not all(cell["lead"] for cell in cells))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifts: Sequence[dict[str, Any]] = self._duty.week["shifts"]
        if event.matches(QKeySequence.StandardKey.Undo):
            self._duty.undo()
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_0:
            self.set_shift("")
        elif Qt.Key.Key_1 <= event.key() < Qt.Key.Key_1 + len(shifts):
            self.set_shift(shifts[event.key() - Qt.Key.Key_1]["id"])
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.set_shift(None)
        elif event.key() == Qt.Key.Key_L:
            self.toggle_lead()
        else:
            super().keyPressEvent(event)

    def _remember(self) -> None:
        current = self.currentIndex()
        self._place = (max(current.row(), 0), max(current.column(), 0))

    def _restore(self) -> None:
        row, column = self._place
        if row < self.rota.rowCount() and column < self.rota.columnCount():
            self.setCurrentIndex(self.rota.index(row, column))
