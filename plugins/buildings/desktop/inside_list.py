"""Open events, staff on duty and cameras in the building, live."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTreeWidget, QTreeWidgetItem

from console.sdk import Context
from console.sdk.ui import EmptyState, icon
from plugins.buildings.desktop.desk import Desk
from plugins.buildings.desktop.inside import REACH
from plugins.buildings.desktop.words import floor_text

ICONS = {"event": "event", "staff": "user", "camera": "camera"}
"""By type of record."""
_RECORD = Qt.ItemDataRole.UserRole
Line = tuple[str, str, str]
"""Record's id, what it is called, and what else there is to say."""


class InsideList(QStackedWidget):
    """Enter or a click selects the record in all views."""

    def __init__(self, ctx: Context, desk: Desk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._tree = QTreeWidget(columnCount=2)
        self._tree.setHeaderHidden(True)
        self._tree.setAccessibleName(tr("Inside now"))
        self._tree.itemActivated.connect(self._select)
        self._tree.itemClicked.connect(self._select)
        hint = tr("Events, staff on duty and cameras within {metres} m appear here.", metres=f"{REACH:.0f}")
        self.addWidget(self._tree)
        self.addWidget(EmptyState(tr("Nothing is going on here"), hint, icon="building"))
        desk.changed.connect(self._show)
        desk.stirred.connect(self._show)
        self._show()

    def _show(self) -> None:
        tr, found = self._ctx.tr, self._desk.inside
        current = self._tree.currentItem()
        kept = current.data(0, _RECORD) if current is not None else None
        self._tree.clear()
        staff = [(s.id, s.name, floor_text(floor, tr) if floor else "") for s, floor in found.staff]
        gone = {
            c.id: "" if c.online else tr("faulty picture") if c.blind else tr("offline")
            for c in found.cameras
        }
        cameras = [(c.id, c.name, gone[c.id]) for c in found.cameras]
        self._group("event", tr("Open events"), [(e.id, e.title, e.number) for e in found.events], kept)
        self._group("staff", tr("Staff on duty"), staff, kept)
        self._group("camera", tr("Cameras"), cameras, kept)
        self._tree.expandAll()
        self._tree.resizeColumnToContents(0)
        self.setCurrentIndex(0 if len(found) else 1)

    def _group(self, record_type: str, title: str, lines: list[Line], kept: object) -> None:
        if not lines:
            return
        top = QTreeWidgetItem([f"{title} ({len(lines)})"])
        top.setIcon(0, icon(ICONS[record_type]))
        self._tree.addTopLevelItem(top)
        for record_id, name, more in lines:
            item = QTreeWidgetItem(top, [name, more])
            record = [record_type, record_id]
            item.setData(0, _RECORD, record)
            if record == kept:
                self._tree.setCurrentItem(item)

    def _select(self, item: QTreeWidgetItem) -> None:
        record = item.data(0, _RECORD)
        if record:
            self._ctx.selection.select(*record)
