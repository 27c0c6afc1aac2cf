"""Plans as files: chosen in the system's dialogs, read and written in the worker pool."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from console.sdk import Context, Severity
from console.sdk.records import Plan
from console.sdk.ui import ask_files, ask_save
from plugins.plans.desktop.geojson import NoPlan, from_geojson, to_geojson

LARGEST = 8 << 20
"""Bytes."""
KEY = "onemap.plans.file"


def export_plan(ctx: Context, plan: Plan, parent: QWidget) -> None:
    """Ask where, and write there; returns at once."""
    name = f"{plan.title.replace('/', ' ')}.geojson"
    title = ctx.tr("Export the plan")
    ask_save(parent, title, _filters(ctx), lambda p: ctx.tasks.start(write_plan(ctx, plan, p)), path=name)


def import_plan(ctx: Context, plan: Plan, parent: QWidget, on_read: Callable[[Plan], Any]) -> None:
    """Ask for a file and lay it over *plan*, which *on_read* gets; returns at once."""
    title = ctx.tr("Import a plan")
    ask_files(
        parent, title, _filters(ctx), lambda paths: ctx.tasks.start(read_plan(ctx, plan, paths[0], on_read))
    )


def _filters(ctx: Context) -> list[str]:
    return ["GeoJSON (*.geojson *.json)", f"{ctx.tr('All files')} (*)"]


async def write_plan(ctx: Context, plan: Plan, path: str) -> None:
    """Write *plan* to *path* and tell how it went."""
    tr = ctx.tr
    try:
        await ctx.tasks.run(_put, path, to_geojson(plan))
    except OSError as error:
        reason = error.strerror or str(error)
        ctx.notify(tr("Could not be saved: {reason}", reason=reason), Severity.WARNING, key=KEY)
    else:
        ctx.notify(tr("The plan was saved as {path}", path=path), Severity.SUCCESS, key=KEY)


async def read_plan(ctx: Context, plan: Plan, path: str, on_read: Callable[[Plan], Any]) -> None:
    """Read the file at *path*."""
    try:
        read = await ctx.tasks.run(_read, path, plan)
    except NoPlan as error:
        ctx.notify(ctx.tr(str(error)), Severity.WARNING, key=KEY)
    except (OSError, ValueError) as error:
        ctx.notify(ctx.tr("The file cannot be read: {reason}", reason=error), Severity.WARNING, key=KEY)
    else:
        on_read(read)


def _put(path: str, text: str) -> None:
    Path(path).write_text(text, "utf-8")


def _read(path: str, plan: Plan) -> Plan:
    """Raises OSError, ValueError, NoPlan."""
    with Path(path).open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("> 8 MB")
    return from_geojson(data.decode("utf-8"), plan)
