"""Attachments of an order: fetched once, looked at in the window, opened with the programs of the desktop."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QImageReader

from console.sdk import OneMapError, Severity
from console.sdk.records import Attachment, Order
from plugins.dispatch.desktop.desk import DispatchDesk

_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
"""The backend checked what it is; what the sender called it does not choose the program."""
_MAX_MEGABYTES = 256
"""Of a decoded picture: a small file may unfold to gigabytes."""


async def fetched(desk: DispatchDesk, order: Order, attachment: Attachment) -> Path | None:
    """The file of an attachment of *order*; None when it cannot be had, which is told."""
    ctx = desk.ctx
    path = Path(ctx.data_dir()) / "attachments" / f"{attachment.id}{_SUFFIXES.get(attachment.media_type, '')}"
    try:
        if not path.is_file():
            answer = await ctx.backend.get(f"/dispatch/orders/{order.id}/attachments/{attachment.id}")
            await ctx.tasks.run(_keep, path, answer)
    except (OneMapError, OSError, KeyError, ValueError) as error:
        text = ctx.tr("{name} cannot be opened", name=attachment.name)
        ctx.notify(text, Severity.WARNING, detail=str(error))
        return None
    return path


async def open_attachment(desk: DispatchDesk, order: Order, attachment: Attachment) -> None:
    """Fetch an attachment and open it with the desktop's program for its kind."""
    path = await fetched(desk, order, attachment)
    if path is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


async def preview(desk: DispatchDesk, order: Order, attachment: Attachment, pixels: QSize) -> QImage | None:
    """A picture, scaled down to *pixels*; None for documents and what cannot be read."""
    if not attachment.media_type.startswith("image/"):
        return None
    path = await fetched(desk, order, attachment)
    return await desk.ctx.tasks.run(_decode, path, pixels) if path is not None else None


def _keep(path: Path, answer: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(base64.b64decode(answer["data"], validate=True))
    part.replace(path)


def _decode(path: Path, pixels: QSize) -> QImage | None:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setAllocationLimit(_MAX_MEGABYTES)
    whole = reader.size()
    if whole.width() > pixels.width() or whole.height() > pixels.height():
        reader.setScaledSize(whole.scaled(pixels, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image
