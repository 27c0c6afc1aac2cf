"""Writing the view as a picture: PNG or PDF with scale bar, north arrow, attribution and time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QSpinBox

from console.sdk import Context, OneMapError
from console.sdk.ui import Chips, Page, Section, button, row

FORMATS = (("png", "PNG"), ("pdf", "PDF"))
DPI = (72, 600)


def suggested_path(suffix: str, now: datetime) -> Path:
    """A file in the pictures folder that is named by the time, so that none is overwritten."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(folder or Path.home()) / f"onemap-{now:%Y%m%d-%H%M%S}.{suffix}"


class ExportPanel(Page):
    """Title, format, resolution, file: no dialog, so the map stays usable."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        tr = ctx.tr
        self._title = QLineEdit(placeholderText=tr("Printed above the map; may stay empty"))
        self._format = Chips(FORMATS, self._change_suffix, "png")
        self._dpi = QSpinBox(minimum=DPI[0], maximum=DPI[1], value=150, singleStep=25, suffix=" dpi")
        self._path = QLineEdit(str(suggested_path("png", datetime.now())))
        self._path.returnPressed.connect(self._start)
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("muted")
        form = QFormLayout()
        for name, field in (
            (tr("Title"), self._title),
            (tr("Format"), self._format),
            (tr("Resolution"), self._dpi),
            (tr("File"), self._path),
        ):
            field.setAccessibleName(name)
            form.addRow(name, field)
        self._export = button(tr("Export"), self._start, "export", primary=True)
        self._open = button(tr("Open folder"), self._open_folder)
        self.add(Section(tr("The view as a picture")))
        self.add(form)
        self.add(row(self._export, self._open, None))
        self.add(self._said)
        self._layout.addStretch(1)

    def _change_suffix(self, suffix: str) -> None:
        path = Path(self._path.text().strip() or suggested_path(suffix, datetime.now()))
        self._path.setText(str(path.with_suffix(f".{suffix}")))

    def _start(self) -> None:
        if self._export.isEnabled():
            self._ctx.tasks.start(self._write())

    async def _write(self) -> None:
        tr = self._ctx.tr
        path = self._wanted()
        if path.suffix.lower() not in (".png", ".pdf"):
            self._said.setText(tr("The file name must end in .png or .pdf"))
            return
        self._export.setEnabled(False)
        self._said.setText(tr("Writing …"))
        try:
            await self._ctx.tasks.run(_make_folder, path.parent)
            written = await self._ctx.map.export(str(path), title=self._title.text(), dpi=self._dpi.value())
        except (OSError, OneMapError) as error:
            reason = getattr(error, "strerror", None) or error
            self._said.setText(tr("The picture could not be written: {reason}", reason=reason))
        else:
            self._said.setText(tr("Written: {path}", path=written))
            self._path.setText(str(suggested_path(self._format.value, datetime.now())))
        finally:
            self._export.setEnabled(True)

    def _wanted(self) -> Path:
        return Path(self._path.text().strip()).expanduser()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._wanted().parent)))


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
