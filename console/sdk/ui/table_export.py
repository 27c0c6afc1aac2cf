"""A table as a CSV file: written beside the window's work, with a line that says where it is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QThreadPool, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton

from console.sdk.csv_file import write_csv
from console.sdk.ui.theming import icon
from console.sdk.ui.widgets import button
from console.sdk.ui.words import word

Rows = Iterable[Sequence[str]]


class ExportLine(QFrame):
    """Hidden until the first export; then says where the file is, or why there is none."""

    written = Signal(str, str)
    """Path and, if it failed, the reason."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path()
        self._said = QLabel()
        self._said.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )  # a path may be long
        self._open = button(word("Open folder"), self._open_folder, "export")
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setToolTip(word("Close"))
        close.setAccessibleName(word("Close"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.addWidget(self._said, 1)
        layout.addWidget(self._open)
        layout.addWidget(close)
        self.written.connect(self._say)
        self.hide()

    def export(self, name: str, rows: Rows) -> None:
        """Write *rows* as ``<name> <date> <time>.csv`` into the user's documents; they are made there."""
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        path = folder / f"{name} {datetime.now():%Y-%m-%d %H%M%S}.csv"
        self.write(path, lambda: write_csv(path, rows))

    def write(self, path: Path, work: Callable[[], object]) -> None:
        """Have *work* write *path* beside the window's work (it may raise OSError), and say how it went."""

        def write() -> None:
            reason = ""
            try:
                work()
            except OSError as error:
                reason = error.strerror or str(error)
            with contextlib.suppress(RuntimeError):  # the table is gone meanwhile
                self.written.emit(str(path), reason)

        QThreadPool.globalInstance().start(write)

    def _say(self, path: str, reason: str) -> None:
        self._folder = Path(path).parent
        said = (
            f"{word('The file could not be written')}: {reason}" if reason else f"{word('Exported')}: {path}"
        )
        self._said.setText(said)
        self._said.setToolTip(said)
        self._open.setVisible(not reason)
        self.show()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
