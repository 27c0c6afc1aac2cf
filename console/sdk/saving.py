"""Files that the user saves: what they are called, how they are put in place, and why one could not be."""

from __future__ import annotations

import errno
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from console.sdk.ui.words import word

CHUNK = 4 << 20
"""Bytes that are written before one looks whether they are still wanted."""


def suggested_path(folder: str, title: str, form: str, now: datetime) -> Path:
    """A file named by title and time, so that none is overwritten; without *folder* in the documents."""
    place = folder or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = "".join(c if c.isalnum() or c in "-_（）()" else "-" for c in title.strip())[:40].strip("-")
    return Path(place or Path.home()) / f"{name or 'onemap'}-{now:%Y%m%d-%H%M%S}.{form}"


def make_folder(folder: Path) -> None:
    """Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)


def put_whole(path: Path, content: bytes, wanted: Callable[[], bool] = lambda: True) -> bool:
    """Write *content* beside its place, then put it there: what fails leaves the old file and nothing else.

    False: it was not *wanted* any more. Not for the GUI thread. Raises OSError.
    """
    make_folder(path.parent)
    fresh = path.with_name(f".{uuid.uuid4().hex}.part")
    view = memoryview(content)
    try:
        with fresh.open("xb") as file:
            for at in range(0, len(view), CHUNK):
                if not wanted():
                    return False
                file.write(view[at : at + CHUNK])
        if not wanted():
            return False
        fresh.replace(path)
        return True
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def why_not(fault: int) -> str:
    """What an ``errno`` of writing a file means to the user; empty: nothing that they could do."""
    if fault in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return word("The disk is full.")
    if fault in (errno.EACCES, errno.EPERM, errno.EROFS):
        return word("The folder must not be written to.")
    if fault in (errno.ENOENT, errno.ENOTDIR, errno.EEXIST):
        return word("There is no such folder.")
    if fault == errno.ENAMETOOLONG:
        return word("The file name is too long.")
    return ""


def size_text(size: int) -> str:
    """Bytes as they are spoken of: 340 kB, 2.1 MB."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(round(size / 1e3), 1)} kB"
