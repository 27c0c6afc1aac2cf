"""Exporting the view with one key: a sheet like the screen, as PNG."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from console.sdk import Context, Severity, to_mercator
from console.sdk.printing import PrintFailed, PrintSheet
from console.sdk.saving import make_folder, suggested_path
from plugins.printing.desktop.room import FRAME, PrintRoom, view_center

WIDTH = 400.0
"""Millimetres: some 1500 logical pixels of a screen."""
SCREEN_DPI = 144.0
KEY = "onemap.printing.view"


def view_sheet(ctx: Context, room: PrintRoom) -> PrintSheet:
    """Paper of the view's proportions, colours of the screen. Raises PrintFailed."""
    west, south, east, north = ctx.map.bounds()
    x, y = to_mercator(np.array([west, east]), np.array([south, north]))
    shape = float(y[1] - y[0]) / max(float(x[1] - x[0]), 1e-9)
    sheet = PrintSheet(
        width=WIDTH,
        height=min(max(WIDTH * shape, 120.0), 1200.0),
        margin=6.0,
        center=view_center(ctx),
        scale=10_000.0,
        symbols=1.0,
        colors="screen",
        author=room.author,
        legend="none",
        dpi=SCREEN_DPI,
        without=(FRAME,),
    )
    return replace(sheet, scale=ctx.map.printing.scale_to_fit(sheet, ctx.map.bounds()))


async def export_view(ctx: Context, room: PrintRoom) -> None:
    """Into the folder of the last print; says where it is."""
    tr, path = ctx.tr, suggested_path(room.recipe.folder, "", "png", datetime.now())
    try:
        with ctx.tasks.progress(tr("Exporting the view")) as progress:
            await ctx.tasks.run(make_folder, path.parent)
            written = await ctx.map.printing.write(view_sheet(ctx, room), str(path), progress.report)
    except (PrintFailed, OSError) as error:
        ctx.notify(tr("Not printed: {reason}", reason=error), Severity.WARNING, key=KEY)
        return

    def show() -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(written.path))

    ctx.notify(
        tr("Exported: {path}", path=written.path), Severity.SUCCESS, action=(tr("Open"), show), key=KEY
    )
