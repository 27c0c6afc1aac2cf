"""The part of the panel that presses areas flat: a list of them, the height of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.scene_shape import FlatArea
from console.sdk.ui import Section, button, row
from console.sdk.ui.choices import Number
from plugins.scene.desktop.cut_part import BIGGEST, LOWEST, narrow
from plugins.scene.desktop.shape_desk import ShapeDesk
from plugins.scene.desktop.shape_file import MOST_FLAT
from plugins.scene.desktop.shape_picks import ShapePicks
from plugins.scene.desktop.shaping import plan_area

LINES = 4
"""Of a list that are seen at once."""


class FlatPart(QWidget):
    """Del removes the chosen area."""

    def __init__(self, ctx: Context, desk: ShapeDesk, picks: ShapePicks) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Flat areas"))
        self._list.currentRowChanged.connect(self._on_row)
        title = tr("Height of the chosen area")
        self._height = Number(title, self._on_height, least=LOWEST, most=BIGGEST, suffix=" m")
        self._height.setToolTip(tr("Above the ellipsoid"))
        narrow(self._height, title)
        self._draw = button(tr("Draw an area"), picks.flatten, "area")
        self._draw.setToolTip(tr("Models inside are pressed to the mean height of its edge"))
        self._remove = button(tr("Remove"), self._drop, "trash", tooltip="Del")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Section(tr("Flatten")))
        layout.addLayout(row(self._draw, self._remove))
        layout.addWidget(self._list)
        layout.addWidget(self._height)
        for part in (self._list, self._height):
            part.installEventFilter(self)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self._list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._drop)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While one works on an area it is outlined."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._desk.point_at(self._list.currentRow() if event.type() == QEvent.Type.FocusIn else None)
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """As it is; a new area is the chosen one."""
        areas = self._desk.shape.flat
        count, at = self._list.count(), self._list.currentRow()
        with QSignalBlocker(self._list):
            for n, line in enumerate(self._lines(areas)):
                if n < count:
                    self._list.item(n).setText(line)
                else:
                    self._list.addItem(line)
            while self._list.count() > len(areas):
                self._list.takeItem(self._list.count() - 1)
            self._list.setCurrentRow(len(areas) - 1 if len(areas) > count else min(at, len(areas) - 1))
        fit_lines(self._list)
        for part in (self._list, self._height):
            part.setVisible(bool(areas))
        self._remove.setEnabled(bool(areas))
        self._draw.setEnabled(len(areas) < MOST_FLAT)
        self._show_height()

    def _lines(self, areas: Sequence[FlatArea]) -> list[str]:
        return [
            self._ctx.tr(
                "{n}: {area} m² at {height} m",
                n=n,
                area=f"{plan_area(area.places):,.0f}",
                height=f"{area.height:,.1f}",
            )
            for n, area in enumerate(areas, 1)
        ]

    def _show_height(self) -> None:
        at, areas = self._list.currentRow(), self._desk.shape.flat
        if 0 <= at < len(areas):
            self._height.show_value(areas[at].height)

    def _on_row(self, at: int) -> None:
        self._show_height()
        if self._list.hasFocus():
            self._desk.point_at(at)

    def _on_height(self, height: float) -> None:
        if (at := self._list.currentRow()) >= 0:
            self._desk.set_height(at, height)

    def _drop(self) -> None:
        if (at := self._list.currentRow()) >= 0:
            self._desk.drop_flat(at)


def fit_lines(each: QListWidget) -> None:
    """As high as its lines, and never so high that others are squeezed."""
    line = max(each.sizeHintForRow(0), each.fontMetrics().height())
    each.setFixedHeight(min(max(each.count(), 1), LINES) * line + 2 * each.frameWidth() + 2)
