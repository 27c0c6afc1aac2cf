"""The panel 工作量: one figure at a time as bars beside the mean; never a score of anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QDate, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QShowEvent
from PySide6.QtWidgets import QDateEdit, QLabel, QStyledItemDelegate, QStyleOptionViewItem

from console.sdk import OneMapError
from console.sdk.ui import Chips, Column, EmptyState, Page, RecordTable, button, color, row
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.words import Tr, distance_text, duration_text, role_text

FIGURES = {
    "jobs": "Jobs",
    "metres": "Distance",
    "job_seconds": "Time on jobs",
    "duty_seconds": "Time on duty",
}
"""What can be shown, with English titles."""
BAR = 4
"""Column of the bars."""
Row = dict[str, Any]


class WorkloadPanel(Page):
    """By person or summed by grid, over some days."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._area = desk, ""
        self._figure, self._by = "jobs", "person"
        self._loads: list[Row] = []
        tr = desk.ctx.tr
        today = QDate.currentDate()
        self._first, self._last = _day(tr("From"), today.addDays(-6)), _day(tr("Until"), today)
        figures = Chips([(key, tr(title)) for key, title in FIGURES.items()], self._show_figure)
        by = Chips([("person", tr("By person")), ("grid", tr("By grid"))], self._group)
        picker = desk.areas.picker(self._choose) if desk.areas else None
        refresh = button("", self.read, "refresh", tooltip=tr("Read anew"))
        for field in (self._first, self._last):
            field.dateChanged.connect(lambda _: self.read())
        self._mean = QLabel()
        self._mean.setObjectName("muted")
        empty = EmptyState(tr("Nobody to show"), tr("Choose another area or period."), icon="chart")
        self.table = RecordTable(
            self._columns(), key=lambda load: load["staff"], empty=empty, name="onemap.staff.workload"
        )
        self.table.on_activate(desk.jump)
        self.bars = Bars(self._share, self.table.view)
        self.table.view.setItemDelegateForColumn(BAR, self.bars)
        self.add(row(figures, by, None, *([picker] if picker else []), self._first, self._last, refresh))
        self.add(self._mean)
        self.add(self.table, 1)
        self.setFocusProxy(self.table)

    def showEvent(self, event: QShowEvent) -> None:
        self.read()

    def read(self) -> None:
        """Ask the backend for the period and area chosen."""
        self._desk.ctx.tasks.start(self._read())

    async def _read(self) -> None:
        first, last = (field.date().toString("yyyy-MM-dd") for field in (self._first, self._last))
        try:
            self._loads = await self._desk.ctx.backend.get(
                "/staff/workload", first=first, last=last, area=self._area
            )
        except OneMapError as error:
            self._mean.setText(str(error))
            return
        self._fill()

    def _choose(self, area: str) -> None:
        self._area = area
        self.read()

    def _show_figure(self, figure: str) -> None:
        self._figure = figure
        self._fill()

    def _group(self, by: str) -> None:
        self._by = by
        self._fill()

    def _fill(self) -> None:
        tr = self._desk.ctx.tr
        rows = by_grid(self._loads) if self._by == "grid" else self._loads
        self.table.set_rows(sorted(rows, key=lambda load: -load[self._figure]))
        mean = sum(load[self._figure] for load in rows) / len(rows) if rows else 0.0
        self.bars.mean = mean / self._most() if self._most() else 0.0
        self._mean.setText(tr("Mean: {value}. The line in the bars marks it.", value=self._text(mean)))
        self.table.view.viewport().update()

    def _most(self) -> float:
        return max((load[self._figure] for load in self.table.shown), default=0.0)

    def _share(self, at: int) -> float:
        """Length of the bar of a row, 0 to 1."""
        most = self._most()
        return self.table.shown[at][self._figure] / most if most else 0.0

    def _text(self, value: float) -> str:
        return figure_text(self._figure, value, self._desk.ctx.tr)

    def _columns(self) -> list[Column]:
        desk, tr = self._desk, self._desk.ctx.tr
        return [
            Column(tr("Name"), lambda load: load["name"], width=110),
            Column(tr("Role"), lambda load: role_text(load["role"], tr) if load["role"] else "", width=100),
            Column(tr("Area"), lambda load: desk.area_name(load["area"]), width=160),
            Column(
                tr("Figure"),
                lambda load: self._text(load[self._figure]),
                width=110,
                align="right",
                sort=lambda load: load[self._figure],
            ),
            Column("", lambda _load: ""),
        ]


class Bars(QStyledItemDelegate):
    """A bar as long as the row's share of the greatest, and a line at the mean."""

    def __init__(self, share: Callable[[int], float], parent: Any) -> None:
        super().__init__(parent)
        self._share = share
        self.mean = 0.0

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        room = QRectF(option.rect).adjusted(6, 7, -10, -7)  # pyright: ignore[reportAttributeAccessIssue]
        bar = QRectF(room)
        bar.setWidth(room.width() * self._share(index.row()))
        painter.fillRect(bar, QColor(color("accent")))
        at = room.left() + room.width() * self.mean
        painter.setPen(QColor(color("text.muted")))
        painter.drawLine(int(at), int(room.top()) - 4, int(at), int(room.bottom()) + 4)


def by_grid(loads: Sequence[Row]) -> list[Row]:
    """Sums of each area, in the form of persons' rows."""
    found: dict[str, Row] = {}
    for load in loads:
        area = load["area"]
        total = found.setdefault(
            area, {"staff": area, "name": "", "area": area, "role": ""} | dict.fromkeys(FIGURES, 0)
        )
        for figure in FIGURES:
            total[figure] += load[figure]
    return list(found.values())


def figure_text(figure: str, value: float, tr: Tr) -> str:
    """A value of one of FIGURES in its unit."""
    if figure == "metres":
        return distance_text(value, tr)
    if figure == "jobs":
        return f"{value:,.1f}".removesuffix(".0")
    return duration_text(value, tr)


def _day(title: str, value: QDate) -> QDateEdit:
    made = QDateEdit(value)
    made.setCalendarPopup(True)
    made.setDisplayFormat("yyyy-MM-dd")
    made.setAccessibleName(title)
    made.setToolTip(title)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return made
