"""The list as CSV, written off the GUI thread."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from console.sdk import Severity
from console.sdk.csv_file import write_csv
from console.sdk.records import Event
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.words import CLASSES, STATES, URGENCIES

HEADINGS = (
    "Number",
    "Title",
    "Class",
    "Level",
    "State",
    "Area",
    "Address",
    "Longitude",
    "Latitude",
    "Reported",
    "Closed",
)


async def export_events(desk: EventDesk) -> None:
    """Write the events shown into the documents folder; the notification says where."""
    ctx, tr = desk.ctx, desk.ctx.tr
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path = Path(folder) / f"{tr('events-list')}-{datetime.now():%Y%m%d-%H%M%S}.csv"
    rows = [_cells(desk, event) for event in desk.shown()]
    try:
        await ctx.tasks.run(write_csv, path, [[tr(title) for title in HEADINGS], *rows])
    except OSError as error:
        reason = error.strerror or str(error)
        ctx.notify(tr("The list could not be written: {reason}", reason=reason), Severity.ERROR)
    else:
        ctx.notify(tr("{n} events written to {path}", n=len(rows), path=path), Severity.SUCCESS)


def _cells(desk: EventDesk, event: Event) -> list[str]:
    tr = desk.ctx.tr
    return [
        event.number,
        event.title,
        tr(CLASSES[event.kind]),
        tr(URGENCIES[event.urgency]),
        tr(STATES[event.state]),
        desk.area_name(event.area),
        event.address,
        f"{event.where[0]:.6f}",
        f"{event.where[1]:.6f}",
        _stamp(event.reported_at),
        _stamp(event.closed_at),
    ]


def _stamp(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M:%S}" if at else ""
