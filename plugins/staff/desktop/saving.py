"""Where exported files go, and telling of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths

from console.sdk import Context, Severity


def target(stem: str, suffix: str) -> Path:
    """A new file in the user's documents, named by the time."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) / f"{stem}-{datetime.now():%Y%m%d-%H%M%S}.{suffix}"


async def save_in_worker(ctx: Context, path: Path, write: Callable[..., None], *args: Any) -> None:
    """Run ``write(path, *args)`` off the window's thread and tell how it went."""
    try:
        await ctx.tasks.run(write, path, *args)
    except OSError as error:
        tell_failed(ctx, error)
    else:
        tell_written(ctx, path)


def tell_written(ctx: Context, path: Path) -> None:
    """Say where the file is."""
    ctx.notify(ctx.tr("Written to {path}", path=path), Severity.SUCCESS)


def tell_failed(ctx: Context, error: OSError) -> None:
    """Say why there is no file."""
    ctx.notify(
        ctx.tr("The file could not be written: {reason}", reason=error.strerror or str(error)), Severity.ERROR
    )
