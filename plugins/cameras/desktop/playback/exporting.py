"""Writes what is marked into files, one camera after another: why is asked for here, progress is shown."""

from __future__ import annotations

import re
import time
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from console.sdk import Undo
from console.sdk.errors import OneMapError
from console.sdk.media import Progress, Reason
from console.sdk.ui import button, row
from plugins.cameras.desktop.playback.deck import Deck
from plugins.cameras.desktop.playback.tickets import HeldReplay
from plugins.cameras.desktop.playback.times import clock_text

FAST = 16.0
"""How many times as fast as it was a recorder is asked to send."""


class ExportBar(QWidget):
    """Shown while something is marked or written."""

    def __init__(self, deck: Deck) -> None:
        super().__init__()
        self._deck = deck
        tr = deck.desk.ctx.tr
        self._text = QLabel()
        self._reason = QLineEdit(maxLength=500)
        self._reason.setPlaceholderText(tr("Why is it exported? It is recorded."))
        self._reason.setAccessibleName(self._reason.placeholderText())
        self._reason.returnPressed.connect(self._begin)
        self._reason.textChanged.connect(self.refresh)
        self._go = button(tr("Export"), self._begin, icon="export", primary=True)
        self._progress = QProgressBar(maximum=1000)
        self._progress.setTextVisible(False)
        self._stop = button(tr("Cancel"), self.cancel)
        self._said = QLabel()
        self._said.setObjectName("muted")
        self._said.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for line in ((self._text,), (self._reason, self._go), (self._progress, self._stop), (self._said,)):
            layout.addLayout(row(*line))
        self._waiting: list[str] = []
        self._working = False
        self._held: HeldReplay | None = None
        self._stop_asking: Undo = lambda: None
        self._stop_writing: Undo = lambda: None
        self._stretch = (0.0, 0.0)
        self.refresh()

    def refresh(self) -> None:
        """The marks are others, or the state is."""
        stretch = self._deck.marks.stretch
        tr = self._deck.desk.ctx.tr
        self.setVisible(bool(stretch) or self._working or bool(self._said.text()))
        if stretch and not self._working:
            seconds = round(stretch[1] - stretch[0])
            text = tr(
                "{begin} to {end}, {n} s", begin=clock_text(stretch[0]), end=clock_text(stretch[1]), n=seconds
            )
            self._text.setText(text)
        may = self._deck.desk.ctx.backend.allowed("camera.export")
        for part in (self._reason, self._go):
            part.setVisible(bool(stretch) and not self._working)
        self._text.setVisible(bool(stretch) or self._working)
        self._go.setEnabled(may and bool(self._reason.text().strip()) and bool(self._deck.cameras))
        self._go.setToolTip("" if may else tr("Your role may not export recordings"))
        self._said.setVisible(bool(self._said.text()))
        for part in (self._progress, self._stop):
            part.setVisible(self._working)

    def _begin(self) -> None:
        stretch = self._deck.marks.stretch
        if stretch is None or self._working or not self._go.isEnabled():
            return
        self._stretch, self._waiting = stretch, list(self._deck.cameras)
        self._working = True
        self._said.clear()
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._deck.marks.begin = self._deck.marks.end = None
            self._reason.clear()
            self._finish(self._deck.desk.ctx.tr("Written to {folder}", folder=str(_folder())))
            return
        camera = self._waiting.pop(0)
        self._progress.setValue(0)
        self._text.setText(self._title(camera))
        self.refresh()
        self._stop_asking = self._deck.desk.ctx.tasks.start(self._write(camera))

    def _title(self, camera: str) -> str:
        record = self._deck.desk.record(camera)
        return record.name if record else camera

    async def _write(self, camera: str) -> None:
        ctx, reason = self._deck.desk.ctx, self._reason.text().strip()
        since, until = self._stretch
        wish = {"since": since, "until": until, "speed": FAST, "reason": reason}
        path = (
            _folder()
            / f"{_plain(self._title(camera))}-{time.strftime('%Y%m%d-%H%M%S', time.localtime(since))}.mp4"
        )
        try:
            await ctx.tasks.run(lambda: path.parent.mkdir(parents=True, exist_ok=True))
            held = await self._deck.tickets.take("export", camera, self._title(camera), wish, self._on_over)
        except OneMapError as error:
            self._finish(str(error))
            return
        except OSError:
            self._finish(ctx.tr("The folder cannot be written to"))
            return
        self._held = held
        user = ctx.backend.user
        about = {
            "camera": camera,
            "camera_name": self._title(camera),
            "reason": reason,
            "exported_by": user.name if user else "",
            "ticket": held.id[:8],
        }
        self._stop_writing = ctx.media.export(held.source, str(path), self._stretch, about, self._on_progress)

    def _on_progress(self, progress: Progress) -> None:
        self._progress.setValue(round(progress.done * 1000))
        if progress.disk:
            self._fail(self._deck.desk.ctx.tr("The file cannot be written: is the disk full?"))
        elif progress.reason is not Reason.NONE:
            self._fail(self._deck.desk.ctx.tr("The recorder did not send the recording"))
        elif progress.done >= 1.0 and self._held is not None:
            self._deck.desk.ctx.tasks.start(self._report(self._held, progress))

    async def _report(self, held: HeldReplay, progress: Progress) -> None:
        body = {"id": held.id, "sha256": progress.sha256, "size": progress.size}
        try:
            await self._deck.desk.ctx.backend.post("/cameras/exports/written", body)
        except OneMapError as error:
            self._fail(str(error))
            return
        self._deck.tickets.give_back(held)
        self._held = None
        self._next()

    def _on_over(self, _why: str) -> None:
        """What cannot be recorded must not be written."""
        self._held = None
        self._stop_writing()
        self._finish(self._deck.desk.ctx.tr("The right to export has ended"))

    def cancel(self) -> None:
        """Nothing of the present file is left."""
        if self._working:
            self._stop_asking()
            self._stop_writing()
            self._fail(self._deck.desk.ctx.tr("Cancelled"))

    def _fail(self, text: str) -> None:
        if self._held is not None:
            self._deck.tickets.give_back(self._held)
            self._held = None
        self._finish(text)

    def _finish(self, text: str) -> None:
        self._waiting.clear()
        self._working = False
        self._stop_asking = self._stop_writing = lambda: None
        self._said.setText(text)
        self.refresh()


def _folder() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return Path(place or Path.home()) / "OneMap"


def _plain(name: str) -> str:
    """As part of a file's name anywhere."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", name).strip(" .")[:80] or "camera"
