"""The skyline of a place: the chart, its highest points in words, and the ways to keep it."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.sdk.sight import SceneSkyline
from console.sdk.ui import button, row
from console.sdk.ui.table_export import ExportLine
from plugins.scene.desktop.skyline import Tr, open_sky, peak_text, peaks, table
from plugins.scene.desktop.skyline_chart import SkylineChart


class SkylineBox(QWidget):
    """Empty until ``set``."""

    def __init__(self, tr: Tr) -> None:
        super().__init__()
        self._tr = tr
        self._found: SceneSkyline | None = None
        self._chart, self._peaks, self._export = SkylineChart(tr), QLabel(wordWrap=True), ExportLine()
        copy = button(tr("Copy"), self._copy, "copy")
        save = button(tr("Export as CSV"), self._save, "export")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._chart, 1)
        layout.addWidget(self._peaks)
        layout.addLayout(row(copy, save, None))
        layout.addWidget(self._export)

    def set(self, found: SceneSkyline) -> None:
        """Show another one."""
        tr, highest = self._tr, peaks(found)
        self._found = found
        self._chart.set(found, highest)
        lines = [f"{number}  {peak_text(each, tr)}" for number, each in enumerate(highest, start=1)]
        lines.append(tr("{share} % of the sky is open", share=f"{open_sky(found) * 100:.0f}"))
        self._peaks.setText("\n".join(lines))

    def _copy(self) -> None:
        if self._found is not None:
            text = "\n".join("\t".join(line) for line in table(self._found, self._tr))
            QGuiApplication.clipboard().setText(text)

    def _save(self) -> None:
        if self._found is not None:
            self._export.export(self._tr("Skyline"), table(self._found, self._tr))
