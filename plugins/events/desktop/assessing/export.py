"""A list of assessments as CSV, written off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths

from console.sdk import Severity
from console.sdk.csv_file import write_csv
from console.sdk.ui import Column
from plugins.events.desktop.desk import EventDesk
from plugins.events.model import Assessed


async def export_table(desk: EventDesk, columns: Sequence[Column], rows: Sequence[Any]) -> None:
    """Write what is listed into the documents folder; the notification says where."""
    ctx, tr = desk.ctx, desk.ctx.tr
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path = Path(folder) / f"{tr('assessments')}-{datetime.now():%Y%m%d-%H%M%S}.csv"
    head = [column.title for column in columns] + _more_titles(desk, rows)
    cells = [[str(column.value(each)) for column in columns] + _more(each) for each in rows]
    try:
        await ctx.tasks.run(write_csv, path, [head, *cells])
    except OSError as error:
        reason = error.strerror or str(error)
        ctx.notify(tr("The list could not be written: {reason}", reason=reason), Severity.ERROR)
    else:
        ctx.notify(tr("{n} lines written to {path}", n=len(cells), path=path), Severity.SUCCESS)


def _more_titles(desk: EventDesk, rows: Sequence[Any]) -> list[str]:
    tr = desk.ctx.tr
    if not rows or not isinstance(rows[0], Assessed):
        return []
    return [tr("Remark"), tr("Reported"), tr("Closed"), tr("Assessed on")]


def _more(each: Any) -> list[str]:
    """What a row of the table has no room for; whole times."""
    if not isinstance(each, Assessed):
        return []
    return [each.remark, _stamp(each.reported_at), _stamp(each.closed_at), _stamp(each.at)]


def _stamp(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M:%S}" if at else ""
