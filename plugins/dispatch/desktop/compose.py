"""What an order says: a line of text, ready texts, pictures and documents."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from console.sdk import Severity
from console.sdk.records import Event, OrderTemplate
from console.sdk.ui import button, icon
from plugins.dispatch.desktop.desk import DispatchDesk

MAX_FILES, MAX_BYTES = 5, 5 << 20
_TYPES = "(*.jpg *.jpeg *.png *.pdf)"


@dataclass(frozen=True, slots=True)
class PickedFile:
    """A file as it goes to the backend; known there by the SHA-256 of its bytes."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """Hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


class Compose(QWidget):
    """Enter in the line runs *on_enter*."""

    def __init__(self, desk: DispatchDesk, name: str, hint: str, on_enter: Callable[[], Any]) -> None:
        super().__init__()
        self._desk = desk
        self.files: list[PickedFile] = []
        tr = desk.ctx.tr
        self.line = QLineEdit(placeholderText=hint, maxLength=500)
        self.line.setAccessibleName(name)
        self.line.returnPressed.connect(on_enter)
        self._texts = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self._texts.setIcon(icon("message"))
        self._texts.setToolTip(tr("Ready texts"))
        self._texts.setAccessibleName(tr("Ready texts"))
        menu = QMenu(self._texts)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self._texts.setMenu(menu)
        self._attach = button("", self._pick, "upload", tooltip=tr("Attach pictures or PDF, 5 MB each"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.line, self._texts, self._attach):
            layout.addWidget(part)

    @property
    def text(self) -> str:
        """What is written."""
        return self.line.text().strip()

    def clear(self) -> None:
        """Begin anew."""
        self.line.clear()
        self.files.clear()
        self._show_files()

    def take_files(self) -> list[str]:
        """Give the files to the outbox, before the order that names them; their hashes."""
        for file in self.files:
            title = self._desk.ctx.tr("Attachment {name}", name=file.name)
            body = {"name": file.name, "data": base64.b64encode(file.data).decode()}
            self._desk.submit(title, "POST", "/dispatch/attachments", body)
        return [file.digest for file in self.files]

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for template in texts_for(list(self._desk.templates.all()), self._desk.event):
            text = filled(template, self._desk.event, self._desk.ctx.language)
            menu.addAction(text, lambda text=text: self._insert(text))

    def _insert(self, text: str) -> None:
        self.line.setText(text[:500])
        self.line.setFocus()

    def _pick(self) -> None:
        dialog = QFileDialog(self, self._desk.ctx.tr("Attach pictures or PDF, 5 MB each"), "", _TYPES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self._desk.ctx.tasks.start(self.attach(paths)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()  # returns at once: nothing else is held up

    async def attach(self, paths: Sequence[str]) -> None:
        """Read files off the GUI thread; those too large are told."""
        ctx = self._desk.ctx
        for path in paths[: MAX_FILES - len(self.files)]:
            try:
                file = await ctx.tasks.run(_read, Path(path))
            except (OSError, ValueError) as error:
                name = Path(path).name
                ctx.notify(
                    ctx.tr("{name} cannot be attached", name=name), Severity.WARNING, detail=str(error)
                )
            else:
                self.files.append(file)
        self._show_files()

    def _show_files(self) -> None:
        self._attach.setText(str(len(self.files)) if self.files else "")
        names = "\n".join(file.name for file in self.files)
        self._attach.setToolTip(names or self._desk.ctx.tr("Attach pictures or PDF, 5 MB each"))


def texts_for(templates: Sequence[OrderTemplate], event: Event | None) -> list[OrderTemplate]:
    """Those of the event's class first, then those for all."""
    kind = event.kind.value if event else ""
    fitting = [each for each in templates if each.kind in ("", kind)]
    return sorted(fitting, key=lambda each: (each.kind == "", each.zh))


def filled(template: OrderTemplate, event: Event | None, language: str) -> str:
    """The text in the user's language with title and address of the event."""
    text = template.en if language == "en" and template.en else template.zh
    place = (event.address or event.title) if event else ""
    return text.replace("{address}", place).replace("{title}", event.title if event else "").strip()


def _read(path: Path) -> PickedFile:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError("> 5 MB")
    return PickedFile(path.name, path.read_bytes())
