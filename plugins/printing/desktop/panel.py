"""The page of printing: preview, form, file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from console.sdk import Context
from console.sdk.printing import FORMATS, Printed, PrintFailed
from console.sdk.saving import size_text, suggested_path
from console.sdk.ui import Chips, Page, Section, ask_save, button, row, scrolling
from plugins.printing.desktop.preview import Preview
from plugins.printing.desktop.recipe import GREATEST_DPI, LEAST_DPI
from plugins.printing.desktop.room import PrintRoom
from plugins.printing.desktop.sheet_form import SheetForm


class PrintPanel(Page):
    """No dialog: the map stays usable, and the sheet's frame is on it while the page is open."""

    def __init__(self, ctx: Context, room: PrintRoom) -> None:
        super().__init__()
        self._ctx, self._room = ctx, room
        self._written = ""
        self.preview = Preview(ctx, room)
        self._form = SheetForm(ctx, room)
        self._bar = QProgressBar(maximum=100, textVisible=False)
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("muted")
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(Section(ctx.tr("Sheet")))
        inner.addLayout(self._form)
        inner.addWidget(Section(ctx.tr("File")))
        inner.addLayout(self._file_form())
        inner.addStretch(1)
        self.add(self.preview, 2)
        self.add(scrolling(page), 3)
        self.add(self._bar)
        self.add(self._said)
        self.add(self._buttons())
        room.changed.connect(self._show)
        room.progressed.connect(lambda share: self._bar.setValue(round(share * 100)))
        room.wrote.connect(self._on_wrote)
        self._show()
        self._show_busy()

    def _file_form(self) -> QFormLayout:
        tr, recipe = self._ctx.tr, self._room.recipe
        self._formats = Chips([(form, form.upper()) for form in FORMATS], self._take_format, recipe.form)
        self._dpi = QSpinBox(minimum=LEAST_DPI, maximum=GREATEST_DPI, singleStep=50, suffix=" dpi")
        self._dpi.setToolTip(tr("Of a PNG, and at most of pictures in a PDF or SVG"))
        self._dpi.setValue(round(recipe.dpi))
        self._dpi.valueChanged.connect(lambda value: self._room.change(dpi=float(value)))
        self._path = QLineEdit()
        self._offered = ""
        self._offer()
        self._path.returnPressed.connect(self._start)
        choose = button(tr("Choose …"), self._choose)
        form = QFormLayout()
        for name, field in (
            (tr("Format"), self._formats),
            (tr("Resolution"), self._dpi),
            (tr("File"), self._path),
        ):
            field.setAccessibleName(name)
        form.addRow(tr("Format"), row(self._formats, self._dpi))
        form.addRow(tr("File"), row(self._path, choose))
        return form

    def _buttons(self) -> QWidget:
        tr = self._ctx.tr
        self._print = button(tr("Print"), self._start, "print", primary=True)
        self._cancel = button(tr("Cancel"), self._room.cancel, "stop")
        self._open = button(tr("Open"), lambda: _open(self._written))
        self._folder = button(tr("Open folder"), lambda: _open(str(Path(self._written).parent)))
        holder = QWidget()
        layout = row(self._print, self._cancel, self._open, self._folder, None)
        layout.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(layout)
        return holder

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._room.show_frame(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._room.show_frame(False)

    def _show(self) -> None:
        recipe = self._room.recipe
        self._form.show_recipe()
        self._formats.select(recipe.form)
        self._dpi.setValue(round(recipe.dpi))
        self._offer()

    def _show_busy(self) -> None:
        busy = self._room.busy
        self._print.setEnabled(not busy)
        for part in (self._cancel, self._bar):
            part.setVisible(busy)
        for part in (self._open, self._folder):
            part.setVisible(bool(self._written) and not busy)

    def _offer(self) -> None:
        """A name after the title, unless the user has given one."""
        if self._path.text() == self._offered:
            self._offered = str(self._suggested())
            self._path.setText(self._offered)

    def _suggested(self) -> Path:
        recipe = self._room.recipe
        return suggested_path(recipe.folder, self._room.title, recipe.form, datetime.now())

    def _take_format(self, form: str) -> None:
        if self._path.text() != self._offered:
            path = Path(self._path.text().strip() or self._suggested())
            self._path.setText(str(path.with_suffix(f".{form}")))
        self._room.change(form=form)

    def _choose(self) -> None:
        path = self._path.text().strip() or str(self._suggested())
        filters = [" ".join(f"*.{form}" for form in FORMATS)]
        ask_save(self, self._ctx.tr("Print to a file"), filters, self._take_path, path=path)

    def _take_path(self, path: str) -> None:
        self._path.setText(path)
        form = Path(path).suffix.lower().removeprefix(".")
        if form in FORMATS:
            self._room.change(form=form)

    def _start(self) -> None:
        if self._room.busy:
            return
        path = Path(self._path.text().strip() or self._suggested()).expanduser()
        self._bar.setValue(0)
        self._said.setText(self._ctx.tr("Printing …"))
        self._room.write(path)
        self._show_busy()

    def _on_wrote(self, result: Printed | PrintFailed | None) -> None:
        tr = self._ctx.tr
        if isinstance(result, Printed):
            self._written = result.path
            text = tr("Printed: {path} ({size})", path=result.path, size=size_text(result.bytes))
            if result.lacking:
                text += "\n" + tr("{count} tiles of services did not come in time.", count=result.lacking)
            self._path.setText(self._offered)
            self._offer()
        elif result is None:
            text = tr("Cancelled; nothing was written.")
        else:
            text = tr("Not printed: {reason}", reason=result)
        self._said.setText(text)
        self._show_busy()
        self.preview.refresh()


def _open(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
