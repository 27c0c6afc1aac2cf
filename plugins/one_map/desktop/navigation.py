"""Moving the view, copying places, and the scale in the status bar."""

from __future__ import annotations

import math

from PySide6.QtGui import QGuiApplication

from console.sdk import Context, Severity
from console.sdk.records import LonLat
from plugins.one_map.desktop.map_signals import MapSignals
from plugins.one_map.desktop.readings import decimal

EQUATOR_METRES_PER_PIXEL = 156_543.033_928
"""Of Web Mercator at zoom 0 with tiles of 256 pixels."""
PIXEL_METRES = 0.0254 / 96
"""Side of a logical pixel."""


def scale_denominator(zoom: float, latitude: float) -> float:
    """N of the scale 1:N that a screen of 96 dpi shows."""
    metres = EQUATOR_METRES_PER_PIXEL * math.cos(math.radians(latitude)) / 2**zoom
    return metres / PIXEL_METRES


def round_scale(denominator: float) -> int:
    """*denominator* to two significant digits, as scales are spoken of."""
    if denominator < 10:
        return max(1, round(denominator))
    step = 10 ** (math.floor(math.log10(denominator)) - 1)
    return round(denominator / step) * step


def view_center(ctx: Context) -> LonLat:
    """Middle of the view."""
    west, south, east, north = ctx.map.bounds()
    return (west + east) / 2, (south + north) / 2


def bind_navigation(ctx: Context, signals: MapSignals) -> None:
    """Bind the commands of the view and keep the status item."""
    commands = {
        "onemap.one_map.home": ctx.map.full_extent,
        "onemap.one_map.zoom_in": lambda: ctx.map.zoom_by(1),
        "onemap.one_map.zoom_out": lambda: ctx.map.zoom_by(-1),
        "onemap.one_map.copy_coordinates": lambda: copy_coordinates(ctx),
    }
    for command_id, handler in commands.items():
        ctx.commands.bind(command_id, handler)
    signals.view_changed.connect(lambda: show_scale(ctx))
    show_scale(ctx)


def show_scale(ctx: Context) -> None:
    """Write scale and zoom level to the status bar."""
    zoom = ctx.map.zoom()
    scale = round_scale(scale_denominator(zoom, view_center(ctx)[1]))
    ctx.status(
        "onemap.one_map.scale",
        ctx.tr("1:{scale} · zoom {zoom}", scale=f"{scale:,}", zoom=f"{zoom:.1f}"),
        ctx.tr("Scale in the middle of the view on a screen of 96 dpi, and zoom level"),
    )


def copy_coordinates(ctx: Context) -> None:
    """Copy the place of the context menu, or the middle of the view."""
    text = decimal(*(ctx.map.last_context_point() or view_center(ctx)))
    QGuiApplication.clipboard().setText(text)
    ctx.notify(ctx.tr("Copied: {text}", text=text), Severity.INFO, key="onemap.one_map.copied")
