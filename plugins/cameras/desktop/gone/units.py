"""The share of each unit's cameras that is online, as a table with bars."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from console.sdk.ui import Column, EmptyState, RecordTable
from console.sdk.ui.theming import color
from plugins.cameras.desktop.gone.report import Unit
from plugins.cameras.desktop.gone.words import share_text
from plugins.cameras.desktop.words import Tr

GOOD, FAIR = 0.95, 0.8
"""Shares from which on a bar is green, and yellow."""
BAR, EDGE = 3.0, 8.0
"""Logical pixels: height of a bar, room beside it."""
SHARE = 3
"""Its column."""


def units_table(tr: Tr) -> RecordTable:
    """Records are ``Unit``."""
    columns = [
        Column(tr("Owner"), lambda unit: _owner(unit, tr), least=90),
        Column(tr("Cameras"), lambda unit: f"{unit.cameras:,}", width=58, align="right", sort=_cameras),
        Column(
            tr("Gone"),
            lambda unit: f"{unit.gone:,}" if unit.gone else "–",
            width=50,
            align="right",
            color=lambda unit: "warning" if unit.gone else "text.muted",
            sort=lambda unit: -unit.gone,
        ),
        Column(
            tr("Online of watched"),
            lambda unit: share_text(unit, tr),
            width=130,
            color=lambda unit: "text.muted" if unit.share is None else "",
            sort=lambda unit: unit.share,
        ),
    ]
    empty = EmptyState(tr("No cameras known yet"), icon="camera")
    made = RecordTable(
        columns, key=lambda unit: unit.key, empty=empty, name="onemap.cameras.gone.units_table"
    )
    made.view.setItemDelegateForColumn(SHARE, _Bars(made))
    return made


def tone_of(share: float) -> str:
    """Theme token for a share."""
    return "success" if share >= GOOD else "warning" if share >= FAIR else "error"


class _Bars(QStyledItemDelegate):
    """A line under the words, as long as the share is."""

    def __init__(self, table: RecordTable) -> None:
        parent: QObject = table
        super().__init__(parent)
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        share = self._table.shown[index.row()].share
        cell = QRectF(option.rect)  # type: ignore[attr-defined]
        if share is None:
            return
        line = QRectF(cell.left() + EDGE, cell.bottom() - BAR - 1, cell.width() - 2 * EDGE, BAR)
        painter.fillRect(line, QColor(color("border")))
        line.setWidth(line.width() * share)
        painter.fillRect(line, QColor(color(tone_of(share))))


def _owner(unit: Unit, tr: Tr) -> str:
    return tr("All units") if unit.total else unit.owner or tr("Without a unit")


def _cameras(unit: Unit) -> int:
    return -unit.cameras
