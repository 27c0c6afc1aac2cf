"""Attachments of an order, opened with the programs of the desktop."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from console.sdk import OneMapError, Severity
from console.sdk.records import Order
from plugins.dispatch.desktop.desk import DispatchDesk

_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
"""The backend checked what it is; what the sender called it does not choose the program."""


async def open_attachments(desk: DispatchDesk, order: Order) -> None:
    """Fetch all attachments and open each; what fails is told."""
    ctx = desk.ctx
    folder = Path(ctx.data_dir()) / "attachments"
    for attachment in order.attachments:
        try:
            answer = await ctx.backend.get(f"/dispatch/orders/{order.id}/attachments/{attachment.id}")
            path = folder / f"{attachment.id}{_SUFFIXES[answer['media_type']]}"
            await ctx.tasks.run(_keep, path, answer)
        except (OneMapError, OSError, KeyError, ValueError) as error:
            text = ctx.tr("{name} cannot be opened", name=attachment.name)
            ctx.notify(text, Severity.WARNING, detail=str(error))
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _keep(path: Path, answer: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(answer["data"], validate=True))
