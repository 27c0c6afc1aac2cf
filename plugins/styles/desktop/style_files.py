"""Styles as files: chosen in the system's dialogs, read and written in the worker pool."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from console.sdk import Context, Severity
from console.sdk.ui import ask_files, ask_save
from plugins.styles.desktop.desk import StyleDesk

LARGEST = 4 << 20
KEY = "onemap.styles.file"


def export_style(ctx: Context, desk: StyleDesk, parent: QWidget) -> None:
    """Ask where, and write there; returns at once."""
    title = ctx.tr("Export the style")
    ask_save(
        parent,
        title,
        _filters(ctx),
        lambda path: ctx.tasks.start(_write(ctx, path, desk.text())),
        path="style.json",
    )


def import_style(ctx: Context, desk: StyleDesk, parent: QWidget) -> None:
    """Ask for a file, and draw the layer by it; returns at once."""
    title = ctx.tr("Import a style")
    ask_files(parent, title, _filters(ctx), lambda paths: ctx.tasks.start(_read(ctx, desk, paths[0])))


def _filters(ctx: Context) -> list[str]:
    return [f"{ctx.tr('MapLibre styles')} (*.json)"]


async def _write(ctx: Context, path: str, text: str) -> None:
    tr = ctx.tr
    try:
        await ctx.tasks.run(_put, path, text)
    except OSError as error:
        reason = error.strerror or str(error)
        ctx.notify(tr("Could not be saved: {reason}", reason=reason), Severity.WARNING, key=KEY)
    else:
        ctx.notify(tr("The style was saved as {path}", path=path), Severity.SUCCESS, key=KEY)


async def _read(ctx: Context, desk: StyleDesk, path: str) -> None:
    try:
        text = await ctx.tasks.run(_get, path)
    except (OSError, ValueError) as error:
        ctx.notify(ctx.tr("The file cannot be read: {reason}", reason=error), Severity.WARNING, key=KEY)
    else:
        desk.take_text(text)


def _put(path: str, text: str) -> None:
    Path(path).write_text(text, "utf-8")


def _get(path: str) -> str:
    """Raises OSError, ValueError."""
    with Path(path).open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("> 4 MB")
    return data.decode("utf-8")
