"""Files for orders: chosen, dropped or pasted; read off the GUI thread; given to the outbox."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QMimeData
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QWidget

from console.sdk import Severity
from console.sdk.ui import ask_files
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


def ask_for_files(parent: QWidget, title: str, on_paths: Callable[[Sequence[str]], Any]) -> None:
    """Let the user choose pictures and documents; returns at once, nothing else is held up."""
    ask_files(parent, title, [_TYPES], on_paths, several=True)


async def read_files(desk: DispatchDesk, paths: Sequence[str]) -> list[PickedFile]:
    """What can be read of *paths*; those that cannot, or are too large, are told."""
    ctx, found = desk.ctx, list[PickedFile]()
    for path in paths:
        try:
            found.append(await ctx.tasks.run(_read, Path(path)))
        except (OSError, ValueError) as error:
            name = Path(path).name
            ctx.notify(ctx.tr("{name} cannot be attached", name=name), Severity.WARNING, detail=str(error))
    return found


def upload(desk: DispatchDesk, files: Sequence[PickedFile]) -> list[str]:
    """Give *files* to the outbox, before the intent that names them; their hashes."""
    for file in files:
        title = desk.ctx.tr("Attachment {name}", name=file.name)
        body = {"name": file.name, "data": base64.b64encode(file.data).decode()}
        desk.submit(title, "POST", "/dispatch/attachments", body)
    return [file.digest for file in files]


def paths_in(data: QMimeData) -> list[str]:
    """Local files that are dropped or pasted."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


def picture_in(data: QMimeData, name: str) -> PickedFile | None:
    """A picture that is pasted, as PNG; None without one, or when it is too large."""
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return None
    buffer = QBuffer()
    QImageWriter(buffer, b"png").write(image)
    written = bytes(buffer.data().data())
    return PickedFile(name, written) if len(written) <= MAX_BYTES else None


def _read(path: Path) -> PickedFile:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError("> 5 MB")
    return PickedFile(path.name, path.read_bytes())
