"""One tool: its form, run and stop, progress, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from console.sdk import QgisAlgorithm, QgisError, QgisResult, Undo
from console.sdk.ui import Page, button, row, scrolling
from plugins.qgis.desktop.desk import QgisDesk
from plugins.qgis.desktop.form import ToolForm


class ToolPage(Page):
    """*back* leads to the list of tools."""

    def __init__(self, desk: QgisDesk, back: Callable[[], None]) -> None:
        super().__init__()
        self._ctx = desk.ctx
        tr = desk.ctx.tr
        self._stop: Undo | None = None
        self._running = False
        self._form: ToolForm | None = None
        self._title = QLabel(wordWrap=True)
        self._title.setObjectName("section")
        self._help = QLabel(wordWrap=True)
        self._help.setObjectName("muted")
        self._area = scrolling(QWidget())
        self._bar = QProgressBar()
        self._bar.hide()
        self._said = QLabel(wordWrap=True)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._run_button = button(tr("Run"), self._start, "play", primary=True)
        self._stop_button = button(tr("Stop"), self._end, "stop")
        self._stop_button.setEnabled(False)
        self.add(row(button(tr("All tools"), back, "undo"), None))
        self.add(self._title)
        self.add(self._help)
        self.add(self._area, 1)
        self.add(self._bar)
        self.add(self._said)
        self.add(row(self._run_button, self._stop_button, None))
        desk.changed.connect(lambda: self._form.show_layers() if self._form else None)

    def show_tool(self, algorithm: QgisAlgorithm) -> None:
        """A fresh form, unless this tool's stands there already."""
        if self._form is not None and self._form.algorithm.id == algorithm.id:
            return
        self._form = ToolForm(self._ctx, algorithm)
        self._area.setWidget(self._form)
        self._title.setText(self._ctx.tr(algorithm.title))
        self._help.setText(algorithm.help.partition("\n")[0])
        self._said.setText("")

    def _start(self) -> None:
        if self._form is None or self._running:
            return
        lacking = self._form.lacking()
        if lacking:
            self._said.setText(self._ctx.tr("Still to be given: {title}", title=lacking))
            return
        stop = self._ctx.tasks.start(self._run(self._form))
        self._stop = stop if self._running else None  # it may be over already

    def _end(self) -> None:
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    async def _run(self, form: ToolForm) -> None:
        tr = self._ctx.tr
        self._set_running(True)
        try:
            algorithm, name = form.algorithm, tr(form.algorithm.title)
            result = await self._ctx.qgis.run(algorithm.id, form.values(), self._progress, name)
            self._said.setText(self._told(result))
        except QgisError as error:
            self._said.setText(str(error))
        except asyncio.CancelledError:
            self._said.setText(tr("Stopped."))
            raise
        finally:
            self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self._running = running
        self._run_button.setEnabled(not running)
        self._stop_button.setEnabled(running)
        self._bar.setVisible(running)
        self._bar.setRange(0, 0)
        if running:
            self._said.setText(self._ctx.tr("Running …"))

    def _progress(self, done: float) -> None:
        self._bar.setRange(0, 100)
        self._bar.setValue(round(done * 100))

    def _told(self, result: QgisResult) -> str:
        tr = self._ctx.tr
        lines = [f"{title}: {value}" for title, value in result.values.items()]
        files = [tr("On the map, and kept in {path}", path=path) for path in result.files]
        return "\n".join([tr("Done."), *files, *lines])
