"""The side of the panel while a camera is calibrated."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLabel

from console.sdk.ui import Chips, Column, EmptyState, Page, RecordTable, Section, button, row
from plugins.linkage.desktop.calibrating import Calibrating
from plugins.linkage.desktop.desk import Desk
from plugins.linkage.desktop.words import PIXELS, fault_text, metres_text, place_text
from plugins.linkage.lens.calibrate import Pair

LARGE = 8.0
"""Pixels (of 1920) of error that are shown in the colour of warnings."""
MAP, SCENE = "map", "scene"


@dataclass(frozen=True, slots=True)
class Line:
    """A pair in the table."""

    number: int
    pair: Pair
    off: float | None = None
    """Widths of the picture."""
    metres: float | None = None


class PairsPage(Page):
    """Clicks come from the picture; this lists what they gave."""

    def __init__(self, desk: Desk, calibrating: Calibrating) -> None:
        super().__init__()
        self._desk, self._calibrating = desk, calibrating
        tr = desk.ctx.tr
        self._hint, self._result = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._hint.setObjectName("muted")
        self._where = Chips([(MAP, tr("On the map")), (SCENE, tr("In 3D"))], self._choose_where, MAP)
        self._held = QCheckBox(tr("It stands just where the map has it; lens above zero:"))
        self._height = QDoubleSpinBox(minimum=-1000, maximum=10_000, decimals=1, suffix=" m")
        self._height.setAccessibleName(tr("Height of the lens"))
        self._height.setKeyboardTracking(False)
        self._table = self._make_table()
        undo = button("", self._undo, "undo", tooltip=tr("Take back (Ctrl+Z)"))
        remove = button("", self._remove, "trash", tooltip=tr("Remove the point (Del)"))
        self._save = button(tr("Save"), lambda: desk.ctx.tasks.start(calibrating.save()), primary=True)
        for part in (Section(tr("Calibrate")), self._hint, row(QLabel(tr("Pick places")), self._where, None)):
            self.add(part)
        self.add(self._table, 1)
        self.add(self._held)
        self.add(row(self._height, None, undo, remove))
        self.add(self._result)
        self.add(row(button(tr("Give up"), calibrating.give_up), None, self._save))
        self._held.clicked.connect(calibrating.hold)
        self._height.valueChanged.connect(lambda metres: calibrating.hold_at(metres))
        for keys, act in (("Ctrl+Z", self._undo), ("Del", self._remove)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        calibrating.changed.connect(self.refresh)

    def _make_table(self) -> RecordTable:
        tr = self._desk.ctx.tr
        columns = [
            Column(tr("No."), lambda line: str(line.number), 44, "right"),
            Column(tr("Off, px"), _pixels, 66, "right", _tone),
            Column(tr("Off, m"), lambda line: metres_text(line.metres), 70, "right"),
            Column(tr("Height, m"), lambda line: f"{line.pair.height:.1f}", 74, "right", edit=self._raise),
            Column(tr("Longitude, latitude"), lambda line: place_text(line.pair.lon, line.pair.lat), 0),
        ]
        empty = EmptyState(
            tr("No points yet"), tr("Corners on the ground and of roofs are best."), icon="pin"
        )
        table = RecordTable(columns, key=lambda line: str(line.number), empty=empty)
        table.view.setAccessibleName(tr("Points"))
        return table

    def refresh(self) -> None:
        """What the draft is now."""
        draft, tr = self._calibrating.draft, self._desk.ctx.tr
        if draft is None:
            return
        fit = draft.fit
        agrees = fit is not None and len(fit.off) == len(draft.pairs)
        self._table.set_rows(
            [
                Line(at + 1, pair, fit.off[at], fit.metres[at]) if fit and agrees else Line(at + 1, pair)
                for at, pair in enumerate(draft.pairs)
            ]
        )
        self._hint.setText(
            tr("Now click the same point on the map")
            if draft.pending
            else tr("Click a point in the picture that you can find on the map: four at least, far apart.")
        )
        held = draft.held is not None
        self._held.setChecked(held)
        self._height.setEnabled(held)
        height = draft.held if draft.held is not None else fit.lens.height if fit else None
        if height is not None:
            self._height.blockSignals(True)
            self._height.setValue(height)
            self._height.blockSignals(False)
        self._save.setEnabled(fit is not None and agrees)
        self._result.setText(self._told())

    def _told(self) -> str:
        draft, tr = self._calibrating.draft, self._desk.ctx.tr
        assert draft is not None
        if draft.fault is not None:
            return fault_text(draft.fault, tr)
        if draft.fit is None:
            return ""
        lens = draft.fit.lens
        return tr(
            "Middle error {error} px. Looks {heading}° from north, {tilt}° to the horizon, {across}° wide; "
            "lens at {height} m, known to {known}",
            error=f"{draft.fit.middle * PIXELS:.1f}",
            heading=f"{lens.heading:.1f}",
            tilt=f"{lens.tilt:+.1f}",
            across=f"{lens.across:.1f}",
            height=f"{lens.height:.1f}",
            known=metres_text(draft.fit.eye_error),
        )

    def _choose_where(self, where: str) -> None:
        self._calibrating.in_scene = where == SCENE
        if where == SCENE and not self._desk.ctx.scene.is_open:
            self._desk.ctx.panels.show("onemap.scene.window")

    def _undo(self) -> None:
        self._calibrating.change(lambda draft: draft.undo())

    def _remove(self) -> None:
        line: Line | None = self._table.selected
        if line is not None:
            self._calibrating.change(lambda draft: draft.remove(line.number - 1))

    def _raise(self, line: Line, text: str) -> None:
        try:
            height = float(text.replace(",", "."))
        except ValueError:
            return
        if -1000 <= height <= 10_000:
            self._calibrating.change(lambda draft: draft.raise_to(line.number - 1, height))


def _pixels(line: Line) -> str:
    return "–" if line.off is None else f"{line.off * PIXELS:.1f}"


def _tone(line: Line) -> str:
    return "warning" if line.off is not None and line.off * PIXELS > LARGE else ""
