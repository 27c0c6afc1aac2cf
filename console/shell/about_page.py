"""About: versions, the log, and a copy of both for support."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from console.sdk.context import Severity
from console.sdk.ui import KeyValues, Section, button, row
from console.shell.diagnostics import facts, redact, report, tail
from console.shell.services import Services


class AboutPage(QWidget):
    """Facts above, the log below. The log is read in the worker pool."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        tr = services.language.tr
        copy = button(tr("Copy diagnostics"), self._copy, icon="copy", primary=True)
        refresh = button(tr("Read the log again"), self._read, icon="refresh")
        self.log = QPlainTextEdit()
        self.log.setObjectName("log")
        self.log.setReadOnly(True)
        self.log.setTabChangesFocus(True)
        self.log.setAccessibleName(tr("Log"))
        pairs = facts(services)
        half = (len(pairs) + 1) // 2
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addLayout(row(KeyValues(pairs[:half]), KeyValues(pairs[half:])))
        layout.addWidget(Section(tr("Log")))
        layout.addWidget(self.log, 1)
        layout.addLayout(row(copy, refresh, None))
        self.setFocusProxy(copy)
        self._stop = lambda: None
        self.destroyed.connect(lambda: self._stop())
        self._read()

    def _read(self) -> None:
        self._stop()
        self._stop = self._services.tasks.start(self._load())

    async def _load(self) -> None:
        lines = await self._services.tasks.run(tail, self._services.log_file, 500)
        self.log.setPlainText(redact("\n".join(lines)))
        self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def _copy(self) -> None:
        self._services.tasks.start(self._copy_report())

    async def _copy_report(self) -> None:
        services = self._services
        lines = await services.tasks.run(tail, services.log_file, 200)
        QGuiApplication.clipboard().setText(report(services, lines))
        services.notify(services.language.tr("Diagnostics copied, without secrets"), Severity.SUCCESS)
