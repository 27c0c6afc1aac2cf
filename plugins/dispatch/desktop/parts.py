"""The parts of a ranking: a bar of seconds beneath each row, and all of it in words for the chosen one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from console.sdk.records import Candidate, Reason
from console.sdk.ui import KeyValues, RecordTable, color
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.words import Tr, reason_text, span_text, why_not_text
from plugins.dispatch.model import Looked

Index = QModelIndex | QPersistentModelIndex
PART_COLORS: dict[str, str] = {
    Looked.ETA: "map.route",
    Looked.JOB: "event.critical",
    Looked.GRID: "event.urgent",
    Looked.SKILL: "camera.high",
    Looked.LOAD: "station",
    Looked.BATTERY: "camera.online",
    Looked.POSITION_AGE: "staff.silent",
}
"""Parts that can add seconds; the others are words only."""
MOST_SECONDS = 86_400.0
"""Parts beyond a day mean "not at all" and are not drawn to scale."""
_BAR_PIXELS = 4


def adding(reasons: Sequence[Reason]) -> list[Reason]:
    """Those that add seconds and do not forbid."""
    return [each for each in reasons if each.what in PART_COLORS and 0 < each.seconds < MOST_SECONDS]


def paint_bar(painter: QPainter, place: QRectF, reasons: Sequence[Reason], scale: float) -> None:
    """Seconds side by side; *scale* is the seconds of the whole width."""
    left = place.left()
    for reason in adding(reasons):
        width = reason.seconds / max(scale, 1.0) * place.width()
        part = QRectF(left, place.top(), max(width - 1, 1), place.height())
        painter.fillRect(part, QColor(color(PART_COLORS[reason.what])))
        left += width


def longest(candidates: Sequence[Candidate]) -> float:
    """Seconds of the widest bar among those who can go."""
    return max((each.score for each in candidates if each.able), default=1.0)


def parts_text(candidate: Candidate, tr: Tr) -> str:
    """All parts in words, one a line."""
    lines = [why_not_text(candidate, tr)] if not candidate.able else []
    return "\n".join(lines + [f"{adds}  {text}" for adds, text in pairs_of(candidate, tr)])


def pairs_of(candidate: Candidate, tr: Tr) -> list[tuple[str, str]]:
    """Each part: what it adds, and what it says."""
    said = [(reason, reason_text(reason, tr)) for reason in candidate.reasons]
    return [
        (f"+ {span_text(reason.seconds, tr)}" if adding([reason]) else "–", text)
        for reason, text in said
        if text
    ]


class PartsDelegate(QStyledItemDelegate):
    """Draws the bar of a candidate's parts under the text of the cell; its tooltip says them in words."""

    def __init__(self, table: RecordTable, desk: DispatchDesk) -> None:
        super().__init__(table)
        self._table = table
        self._desk = desk

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """See Qt."""
        super().paint(painter, option, index)
        candidate: Candidate = self._table.shown[index.row()]
        if candidate.able:
            cell = QRectF(option.rect)  # type: ignore[attr-defined]
            place = QRectF(cell.left() + 6, cell.bottom() - _BAR_PIXELS - 1, cell.width() - 12, _BAR_PIXELS)
            paint_bar(painter, place, candidate.reasons, longest(self._desk.ranking.candidates))

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """See Qt."""
        if event.type() == QEvent.Type.ToolTip and index.isValid():
            text = parts_text(self._table.shown[index.row()], self._desk.ctx.tr)
            QToolTip.showText(event.globalPos(), text, view)
            return True
        return super().helpEvent(event, view, option, index)


class PartsBar(QWidget):
    """The seconds of the chosen candidate, to the scale of the longest in the list."""

    def __init__(self) -> None:
        super().__init__()
        self._reasons: Sequence[Reason] = ()
        self._scale = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A thin line."""
        return QSize(200, 10)

    def set_parts(self, reasons: Sequence[Reason], scale: float) -> None:
        """*scale* is the seconds of the whole width."""
        self._reasons, self._scale = reasons, scale
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """See Qt."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(color("surface.input")))
        paint_bar(painter, QRectF(self.rect()), self._reasons, self._scale)


class Parts(QWidget):
    """Why the chosen candidate stands where they stand."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        self._bar, self._pairs, self._why = PartsBar(), KeyValues(), QLabel(wordWrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._bar, self._why, self._pairs):
            layout.addWidget(part)
        desk.chosen_changed.connect(self.refresh)
        desk.ranked.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen candidate."""
        candidate, tr = self._desk.candidate(self._desk.chosen), self._desk.ctx.tr
        self.setVisible(candidate is not None and bool(candidate.reasons))
        if candidate is None:
            return
        self._why.setText(why_not_text(candidate, tr))
        self._why.setVisible(not candidate.able)
        self._pairs.set_pairs(_colored(candidate, tr))
        self._bar.set_parts(candidate.reasons, longest(self._desk.ranking.candidates))


def _colored(candidate: Candidate, tr: Tr) -> list[tuple[str, str]]:
    """``pairs_of`` with the colour of each part in the bar before it."""
    marks = [
        f'<span style="color:{color(PART_COLORS[reason.what])}">■</span> ' if adding([reason]) else ""
        for reason in candidate.reasons
        if reason_text(reason, tr)
    ]
    return [(mark + adds, text) for mark, (adds, text) in zip(marks, pairs_of(candidate, tr), strict=True)]
