"""What an order says: a line of text, ready texts, pictures and documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from console.sdk.records import Event, OrderTemplate
from console.sdk.ui import button, icon
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.files import MAX_FILES, PickedFile, ask_for_files, read_files, upload


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
        return upload(self._desk, self.files)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for template in texts_for(list(self._desk.templates.all()), self._desk.event):
            text = filled(template, self._desk.event, self._desk.ctx.language)
            menu.addAction(text, lambda text=text: self._insert(text))

    def _insert(self, text: str) -> None:
        self.line.setText(text[:500])
        self.line.setFocus()

    def _pick(self) -> None:
        title = self._desk.ctx.tr("Attach pictures or PDF, 5 MB each")
        ask_for_files(self, title, lambda paths: self._desk.ctx.tasks.start(self.attach(paths)))

    async def attach(self, paths: Sequence[str]) -> None:
        """Take files along; those too large are told."""
        self.files += await read_files(self._desk, paths[: MAX_FILES - len(self.files)])
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
