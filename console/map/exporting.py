"""Exporting the view: the live layers are painted here, all the rest by a worker."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage, QPainter

from console.map.arena import SLOT_BYTES, Arena
from console.map.messages import ExportView
from console.map.painting import paint_layers
from console.map.viewport import resting_zoom
from console.sdk.errors import OneMapError
from console.sdk.ui.words import word
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from console.map.view import MapView

LARGEST = 8000
"""Device pixels on a side."""


class ExportFailed(OneMapError):
    """The sheet could not be written; the message says why."""


async def export_view(view: MapView, path: str, title: str, dpi: int) -> str:
    """Write the view of this moment to *path*; gives the path, raises ExportFailed."""
    if not path.lower().endswith((".png", ".pdf")):
        raise ExportFailed(word("A map is exported as PNG or PDF."))
    viewport = view.viewport
    scale = min(max(dpi, 48) / 96.0, LARGEST / max(viewport.width, viewport.height))
    viewport = replace(viewport, dpr=scale, zoom=resting_zoom(viewport.zoom))
    width, height = round(viewport.width * scale), round(viewport.height * scale)
    arena = Arena(-(-width * height * 4 // SLOT_BYTES))
    try:
        image = QImage(arena.all_bytes, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        painter = QPainter(image)
        paint_layers(painter, viewport, view.layers_at(viewport.zoom), view.colors, time.monotonic())
        painter.end()
        done = await Pending(
            view.base.export(
                lambda number: ExportView(
                    request=number,
                    path=path,
                    width=round(viewport.width),
                    height=round(viewport.height),
                    x=viewport.x,
                    y=viewport.y,
                    zoom=viewport.zoom,
                    scale=scale,
                    overlay=arena.path,
                    title=title,
                    attribution=view.attribution,
                    time=time.strftime("%Y-%m-%d %H:%M"),
                )
            )
        )
    finally:
        arena.close()
    if done.error:
        raise ExportFailed(word("The map could not be exported: {error}").format(error=done.error))
    return path
