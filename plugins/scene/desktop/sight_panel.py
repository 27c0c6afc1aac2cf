"""The panel 通视: lines of sight, viewsheds, and the cameras that see a place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.sight_words import purpose_text, reasons_text
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Toolbar, button, row
from plugins.scene.desktop.sight import SightTools
from plugins.scene.desktop.skyline_box import SkylineBox

EYE, REACH = 1.6, 300.0
"""Metres: the eyes of somebody who stands; as far as a street is looked along."""
MOST_EYE, MOST_REACH = 200.0, 1000.0


class SightPanel(Page):
    """Enter or a double click on a camera selects it and shows what it sees."""

    def __init__(self, ctx: Context, tools: SightTools) -> None:
        self._ctx, self._tools = ctx, tools
        tr = ctx.tr
        self._eye = _metres(0.0, MOST_EYE, EYE, 1)
        self._reach = _metres(10.0, MOST_REACH, REACH, 0)
        self._folder = QLabel()
        self._folder.setObjectName("muted")
        self._told = QLabel(wordWrap=True)
        self._told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        empty = EmptyState(
            tr("No sight data yet"),
            tr("Make them with “onemap data sight FOLDER --cameras … --model …”, then choose the folder."),
            (tr("Choose the folder"), tools.choose),
            "eye",
        )
        self._why = QLabel(wordWrap=True)
        self._why.setObjectName("muted")
        self._stand = button(tr("Stand on the surface"), tools.stand_on_surface, "eye")
        self._stop = button(tr("Break off"), tools.stop, "close")
        self._table, self._sky, self._answers = self._make_table(), SkylineBox(tr), QStackedWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self._make_body())
        super().__init__()
        self.add(self._stack, 1)
        self.add(self._told)
        self.add(row(self._stand, self._stop, None))
        tools.changed.connect(self._show)
        self._show()

    def _make_body(self) -> QWidget:
        tr, tools, bar = self._ctx.tr, self._tools, Toolbar()
        bar.add("inbox", tr("Choose the folder"), tools.choose)
        bar.add("trash", tr("Clear"), tools.clear)
        form = QFormLayout()
        form.addRow(tr("Eye height (m)"), self._eye)
        form.addRow(tr("Reach (m)"), self._reach)
        line = button(tr("Line of sight"), lambda: tools.line(self._eye.value()), "measure")
        line.setToolTip(tr("Click two places in 3D: do they see one another?"))
        shed = button(tr("Viewshed"), lambda: tools.viewshed(self._eye.value(), self._reach.value()), "eye")
        shed.setToolTip(tr("Click a place in 3D: what is seen from there?"))
        cameras = button(tr("Cameras that see a place"), tools.cameras, "camera")
        cameras.setToolTip(tr("Click a place in 3D: which cameras see it, and how well?"))
        sky = button(tr("Skyline"), lambda: tools.skyline(self._eye.value(), self._reach.value()), "chart")
        sky.setToolTip(tr("Click a place in 3D: how high what stands around it reaches"))
        covered = button(tr("Seen by cameras"), tools.coverage, "extent")
        covered.setToolTip(tr("In view of the map: red no camera, yellow one, green several"))
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (row(self._folder, None, bar), form, row(line, shed, sky)):
            layout.addLayout(part)
        layout.addLayout(row(cameras, covered))
        asked = QWidget()
        listed = QVBoxLayout(asked)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.addWidget(self._table, 1)
        listed.addWidget(self._why)
        for each in (asked, self._sky):
            self._answers.addWidget(each)
        layout.addWidget(self._answers, 1)
        return body

    def _make_table(self) -> RecordTable:
        tr = self._ctx.tr
        empty = EmptyState(
            tr("No cameras asked about"),
            tr("Ask which cameras see a place; Enter shows what one sees."),
            icon="camera",
        )
        columns = [
            Column(tr("Camera"), lambda each: self._tools.name_of(each.camera), least=120),
            Column(
                tr("Distance"),
                lambda each: f"{each.metres:,.0f} m",
                76,
                "right",
                sort=lambda each: each.metres,
            ),
            Column(
                tr("Pixels a metre"),
                lambda each: f"{each.pixels_per_metre:,.0f}",
                76,
                "right",
                sort=lambda each: each.pixels_per_metre,
            ),
            Column(tr("Good for"), lambda each: purpose_text(each.reasons, self._ctx.language), least=110),
        ]
        table = RecordTable(columns, key=lambda each: each.camera, empty=empty, name="onemap.scene.sight")
        table.on_activate(self._tools.show_camera)
        table.on_select(self._show_why)
        return table

    def _show_why(self, key: str | None) -> None:
        """The reasons of the chosen camera."""
        found = next((each for each in self._tools.sightings if each.camera == key), None)
        self._why.setText(reasons_text(found.reasons, self._ctx.language) if found is not None else "")
        self._why.setVisible(found is not None)

    def _show(self) -> None:
        folder = self._tools.folder
        self._stack.setCurrentIndex(1 if folder else 0)
        self._folder.setText(Path(folder).name)
        self._folder.setToolTip(folder)
        self._table.set_rows(self._tools.sightings)
        sky = self._tools.skyline_found
        self._answers.setCurrentIndex(0 if sky is None else 1)
        if sky is not None:
            self._sky.set(sky)
        self._show_why(self._table.selected_key)
        self._told.setText(self._tools.told)
        self._told.setVisible(bool(self._tools.told))
        self._stand.setVisible(self._tools.buried is not None)
        self._stop.setVisible(self._tools.busy)


def _metres(least: float, most: float, value: float, decimals: int) -> QDoubleSpinBox:
    return QDoubleSpinBox(minimum=least, maximum=most, decimals=decimals, value=value)
