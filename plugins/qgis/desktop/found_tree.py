"""What the project's layers have at a place: features with their attributes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from console.sdk import Identified
from plugins.qgis.desktop.desk import QgisDesk


class FoundTree(QTreeWidget):
    """Ctrl+C copies the current value."""

    def __init__(self, desk: QgisDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self.setColumnCount(2)
        self.setHeaderLabels([tr("Name"), tr("Value")])
        self.setAccessibleName(tr("What is here"))
        self.setColumnWidth(0, 150)
        copying = QAction(self, shortcut=QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copying.triggered.connect(self._copy)
        self.addAction(copying)
        desk.found_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        desk = self._desk
        self.clear()
        self.setVisible(desk.where is not None)
        for feature in desk.found:
            self._add(feature)
        if desk.where is not None and not desk.found:
            QTreeWidgetItem(self, [desk.ctx.tr("Nothing here")])

    def _add(self, feature: Identified) -> None:
        layer = feature.layer_title.get(self._desk.ctx.language)
        top = QTreeWidgetItem(self, [feature.title or layer, layer])
        for name, value in feature.attributes.items():
            item = QTreeWidgetItem(top, [name, value])
            item.setToolTip(1, value)
        top.setExpanded(True)

    def _copy(self) -> None:
        item = self.currentItem()
        if item is not None:
            QGuiApplication.clipboard().setText(item.text(1))
