"""Floors from the top down, each with its dwellings."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QStackedWidget, QTreeWidget, QTreeWidgetItem

from console.sdk import Context
from console.sdk.ui import EmptyState
from plugins.buildings.desktop.building import Building
from plugins.buildings.desktop.desk import Desk
from plugins.buildings.desktop.words import floor_text

_FLOOR = Qt.ItemDataRole.UserRole
ROOMS = 4
"""Dwellings that are named in the line of their floor."""


class FloorList(QStackedWidget):
    """The current line is the chosen floor."""

    def __init__(self, ctx: Context, desk: Desk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._tree = QTreeWidget(columnCount=3)
        self._tree.setHeaderLabels([tr("Floor"), tr("Height"), tr("Dwellings")])
        self._tree.setAccessibleName(tr("Floors"))
        self._tree.currentItemChanged.connect(self._chosen)
        self.addWidget(self._tree)
        self.addWidget(EmptyState(tr("Neither floors nor height are known"), icon="building"))
        self._shown: Building | None = None
        desk.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        building = self._desk.building
        if building is None:
            return
        self._tree.blockSignals(True)
        if building is not self._shown:
            self._fill(building)
            self._shown = building
        self._make_current(self._desk.floor)
        self._tree.blockSignals(False)

    def _fill(self, building: Building) -> None:
        self._tree.clear()
        count = building.storeys.count if building.storeys else 0
        floors = sorted({*range(1, count + 1), *building.rooms}, reverse=True)
        self._tree.addTopLevelItems([self._line(building, floor) for floor in floors])
        self._tree.resizeColumnToContents(0)
        self._tree.resizeColumnToContents(1)
        self.setCurrentIndex(0 if floors else 1)

    def _line(self, building: Building, floor: int) -> QTreeWidgetItem:
        rooms, storeys = building.rooms.get(floor, ()), building.storeys
        height = ""
        if storeys is not None and 1 <= floor <= storeys.count:
            height = "{:.1f}–{:.1f} m".format(*storeys.span(floor))
        few = "  ".join(rooms[:ROOMS]) + (" …" if len(rooms) > ROOMS else "")
        told = f"{len(rooms)}: {few}" if rooms else ""
        item = QTreeWidgetItem([floor_text(floor, self._ctx.tr), height, told])
        item.setData(0, _FLOOR, floor)
        if len(rooms) > ROOMS:
            item.addChildren([QTreeWidgetItem(["", "", room]) for room in rooms])
        return item

    def _make_current(self, floor: int | None) -> None:
        lines = [self._tree.topLevelItem(at) for at in range(self._tree.topLevelItemCount())]
        line = next((line for line in lines if line and line.data(0, _FLOOR) == floor), None)
        if line is not None:
            self._tree.setCurrentItem(line)
            self._tree.scrollToItem(line)
        else:
            self._tree.setCurrentIndex(QModelIndex())

    def _chosen(self, line: QTreeWidgetItem | None) -> None:
        if line is not None:
            floor = (line.parent() or line).data(0, _FLOOR)
            self._desk.choose_floor(floor)
