"""Attachments of one order: looked at, opened, and added while it is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QMimeData, QSize
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.sdk import Severity
from console.sdk.records import OPEN_ORDER_STATES, Attachment, Order
from console.sdk.ui import Page, button, row
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.files import (
    MAX_FILES,
    PickedFile,
    ask_for_files,
    paths_in,
    picture_in,
    read_files,
    upload,
)
from plugins.dispatch.desktop.opening import open_attachment, preview
from plugins.dispatch.desktop.orders import RIGHT

PREVIEW = QSize(320, 240)


class OrderFiles(QWidget):
    """Each attachment with its picture, once that was asked for: every look is written in the audit.

    Files are added by the button, dropped, or pasted with Ctrl+V.
    """

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        self._order: Order | None = None
        self._shown: tuple[Attachment, ...] = ()
        tr = desk.ctx.tr
        self._list = QVBoxLayout()
        self._add = button(tr("Add attachments"), self._pick, "upload")
        self._add.setToolTip(tr("Pictures or PDF, 5 MB each; also dropped here, or pasted with Ctrl+V"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._list)
        layout.addLayout(row(self._add, None))
        self.setAcceptDrops(True)

    def paste_within(self, panel: QWidget) -> None:
        """Ctrl+V anywhere in *panel* adds what is on the clipboard."""
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), panel, self._paste)

    def show_order(self, order: Order) -> None:
        """Rows for the attachments of *order*; those that stand there stay with their pictures."""
        self._order = order
        self._add.setVisible(self._may_add)
        if order.attachments == self._shown:
            return
        self._shown = order.attachments
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for attachment in order.attachments:
            self._list.addWidget(self._line(order, attachment))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """See Qt."""
        if self._may_add and paths_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """See Qt."""
        self._take(event.mimeData())
        event.acceptProposedAction()

    @property
    def _may_add(self) -> bool:
        order = self._order
        if order is None or order.state not in OPEN_ORDER_STATES:
            return False
        return len(order.attachments) < MAX_FILES and self._desk.ctx.backend.allowed(RIGHT)

    def _pick(self) -> None:
        title = self._desk.ctx.tr("Attach pictures or PDF, 5 MB each")
        ask_for_files(self, title, self._add_paths)

    def _paste(self) -> None:
        self._take(QGuiApplication.clipboard().mimeData())

    def _take(self, data: QMimeData) -> None:
        """Files or a picture, dropped or pasted."""
        if not self._may_add:
            return
        name = self._desk.ctx.tr("Picture {time}", time=f"{datetime.now():%H-%M-%S}") + ".png"
        paths, picture = paths_in(data), picture_in(data, name)
        if paths:
            self._add_paths(paths)
        elif picture is not None:
            self._submit([picture])
        elif data.hasImage():
            text = self._desk.ctx.tr("{name} cannot be attached", name=name)
            self._desk.ctx.notify(text, Severity.WARNING, detail="> 5 MB")

    def _add_paths(self, paths: Sequence[str]) -> None:
        self._desk.ctx.tasks.start(self._read(paths))

    async def _read(self, paths: Sequence[str]) -> None:
        room = MAX_FILES - len(self._shown)
        if len(paths) > room:
            tr = self._desk.ctx.tr
            self._desk.ctx.notify(
                tr("An order has {n} attachments at most", n=MAX_FILES), key="onemap.dispatch.hint"
            )
        self._submit(await read_files(self._desk, paths[:room]))

    def _submit(self, files: Sequence[PickedFile]) -> None:
        """Files first, then the order that shall have them: the outbox keeps their turn."""
        desk, order = self._desk, self._order
        if order is None or not files:
            return
        title = desk.ctx.tr("Attachments for {name}", name=desk.name_of(order.staff))
        body = {"attachments": upload(desk, files)}
        desk.submit(title, "POST", f"/dispatch/orders/{order.id}/attachments", body)

    def _line(self, order: Order, attachment: Attachment) -> QWidget:
        desk, tr, start = self._desk, self._desk.ctx.tr, self._desk.ctx.tasks.start
        picture = QLabel()
        picture.setAccessibleName(attachment.name)
        picture.hide()
        size = tr("{n} kB", n=max(1, round(attachment.size / 1000)))
        look = button(tr("Preview"), lambda: start(self._preview(order, attachment, picture)), "eye")
        look.setVisible(attachment.media_type.startswith("image/"))
        open_ = button(
            tr("Open the file"), lambda: start(open_attachment(desk, order, attachment)), "download"
        )
        line = Page(row(QLabel(f"{attachment.name} · {size}"), None, look, open_))
        line.add(picture)
        margins = line.layout()
        if margins is not None:
            margins.setContentsMargins(0, 0, 0, 0)
        return line

    async def _preview(self, order: Order, attachment: Attachment, picture: QLabel) -> None:
        tr = self._desk.ctx.tr
        image: QImage | None = await preview(self._desk, order, attachment, PREVIEW)
        if image is None:
            picture.setText(tr("The picture cannot be shown"))
        else:
            picture.setPixmap(QPixmap.fromImage(image))
        picture.show()
