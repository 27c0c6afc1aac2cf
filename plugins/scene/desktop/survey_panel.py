"""The panel 剖面与填挖方: profiles, sections, cut and fill."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.scene_survey import SceneProfile, SceneSection, SceneVolume
from console.sdk.ui import EmptyState, KeyValues, Page, Toolbar, button, row, scrolling
from console.sdk.ui.table_export import ExportLine
from plugins.scene.desktop.survey import SurveyTools
from plugins.scene.desktop.survey_base import BasePart
from plugins.scene.desktop.survey_chart import Drawn, SurveyChart
from plugins.scene.desktop.survey_words import TITLES, pairs_of, rows_of, text_of


class SurveyPanel(Page):
    """Escape gives up what is worked out; Ctrl+C copies the numbers."""

    def __init__(self, ctx: Context, tools: SurveyTools) -> None:
        self._ctx, self._tools = ctx, tools
        self._shown: object = None
        tr = ctx.tr
        profile = button(tr("Profile"), tools.profile, "chart")
        profile.setToolTip(tr("Draw a line in 3D: heights of surface and ground along it"))
        section = button(tr("Section"), tools.section, "columns")
        section.setToolTip(tr("Draw a line in 3D: a cut through buildings, façades and overhangs too"))
        volume = button(tr("Volume"), tools.volume, "area")
        volume.setToolTip(tr("Draw an area in 3D: what stands above a base, and what is missing below it"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_body())
        self._bar = QProgressBar(maximum=1000, textVisible=False)
        self._bar.setAccessibleName(tr("Working it out…"))
        self._cancel = button(tr("Give up"), tools.cancel, "close", tooltip="Esc")
        self._told = QLabel(wordWrap=True)
        self._told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._export = ExportLine()
        super().__init__(row(profile, section, volume))
        self.add(self._stack, 1)
        self.add(row(self._bar, self._cancel))
        self.add(self._told)
        self.add(self._export)
        self._escape = self._shortcut(QKeySequence(Qt.Key.Key_Escape), tools.cancel)
        self._copying = self._shortcut(QKeySequence(QKeySequence.StandardKey.Copy), self._copy)
        tools.changed.connect(self._show)
        self._show()

    def _make_empty(self) -> QWidget:
        tr = self._ctx.tr
        return EmptyState(
            tr("Nothing measured yet"),
            tr("Draw a line or an area in 3D. Visible models, buildings and terrain are taken."),
            icon="chart",
        )

    def _make_body(self) -> QWidget:
        tr, bar = self._ctx.tr, Toolbar()
        self._even = bar.add("measure", tr("Heights and distances 1:1"), self._on_even, checkable=True)
        bar.add("copy", tr("Copy the numbers"), self._copy)
        bar.add("export", tr("Export as CSV"), self._export_rows)
        self._png = bar.add("download", tr("Export as picture (PNG)"), self._export_picture)
        bar.add("trash", tr("Remove the result"), self._tools.clear)
        self._title = QLabel()
        self._title.setObjectName("subheading")
        self._chart = SurveyChart(
            tr("Heights along the line"), (tr("Surface"), tr("Ground")), self._exaggeration
        )
        self._chart.pointed.connect(self._tools.point)
        self._base = BasePart(self._ctx, self._tools)
        self._values = KeyValues()
        self._note = QLabel(tr("Heights are above the ellipsoid (WGS84)."), wordWrap=True)
        self._note.setObjectName("small")
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row(self._title, None, bar))
        layout.addWidget(self._chart, 10)
        for part in (self._base, self._values, self._note):
            layout.addWidget(part)
        layout.addStretch(1)
        return scrolling(body)

    def _shortcut(self, keys: QKeySequence, act: object) -> QShortcut:
        made = QShortcut(keys, self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(act)
        return made

    def _exaggeration(self, times: float) -> str:
        if abs(times - 1.0) < 0.01:
            return self._ctx.tr("Heights and distances 1:1")
        return self._ctx.tr("Heights ×{times}", times=f"{times:.2g}" if times < 10 else f"{times:,.0f}")

    def _on_even(self) -> None:
        self._chart.set_even(self._even.isChecked())

    def _copy(self) -> None:
        if self._tools.result is not None:
            QGuiApplication.clipboard().setText(text_of(self._tools.result, self._ctx.tr))

    def _export_rows(self) -> None:
        if self._tools.result is not None:
            self._export.export(self._name(), rows_of(self._tools.result, self._ctx.tr))

    def _export_picture(self) -> None:
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        path = folder / f"{self._name()} {datetime.now():%Y-%m-%d %H%M%S}.png"
        picture = self._chart.picture()

        def write() -> None:
            folder.mkdir(parents=True, exist_ok=True)
            if not picture.save(str(path)):
                raise OSError(self._ctx.tr("the folder cannot be written to"))

        self._export.write(path, write)

    def _name(self) -> str:
        asked = self._tools.asked
        return self._ctx.tr(TITLES[asked.kind]) if asked is not None else ""

    def _show(self) -> None:
        tools = self._tools
        self._stack.setCurrentIndex(1 if tools.result is not None else 0)
        busy = tools.done is not None
        for part in (self._bar, self._cancel):
            part.setVisible(busy)
        self._escape.setEnabled(busy)
        self._copying.setEnabled(tools.result is not None)
        self._bar.setValue(round((tools.done or 0.0) * 1000))
        self._told.setText(tools.told)
        self._told.setVisible(bool(tools.told))
        if tools.result is not self._shown:
            self._shown = tools.result
            self._show_result(tools.result)

    def _show_result(self, found: SceneProfile | SceneSection | SceneVolume | None) -> None:
        line, volume = self._tools.line, isinstance(found, SceneVolume)
        drawn: Drawn | None = None
        if line is not None:
            section = isinstance(found, SceneSection)
            pieces = np.stack([found.along, found.height], axis=-1) if section else None
            drawn = Drawn(line.along, line.surface, line.ground, line.length, pieces)
        self._chart.draw(drawn)
        self._chart.setVisible(drawn is not None)
        for action in (self._even, self._png):
            action.setVisible(drawn is not None)
        self._base.setVisible(volume)
        self._title.setText(self._name())
        if found is not None:
            self._values.set_pairs(pairs_of(found, self._ctx.tr))
        if isinstance(found, SceneVolume):
            self._base.refresh(found)
