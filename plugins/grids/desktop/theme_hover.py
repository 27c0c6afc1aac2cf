"""The grid under the pointer: outlined and named at once; a click selects it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from console.sdk import Context, Shape, ShapeStyle
from plugins.grids.desktop.theme import GridTheme

KEY = "hover"
WIDTH = 2.0


class GridHover(QObject):
    """Asks an index in memory, so it costs the pointer microseconds however many grids there are."""

    def __init__(self, ctx: Context, theme: GridTheme, select: Callable[[str], Any]) -> None:
        super().__init__()
        self._ctx, self._theme, self._select = ctx, theme, select
        self._layer = ctx.map.add_shapes("onemap.grids.hover", listed=False)
        self._area: int | None = None
        ctx.map.on_pointer(self._point)
        ctx.map.on_pointer_left(lambda: self._show(None))
        ctx.map.on_click(self._click)
        theme.changed.connect(self._renew)

    def _under(self, lon: float, lat: float) -> int | None:
        areas = self._theme.areas
        return areas.at(lon, lat) if areas is not None and self._theme.shown else None

    def _point(self, lon: float, lat: float) -> None:
        self._show(self._under(lon, lat))

    def _show(self, area: int | None) -> None:
        if area != self._area:
            self._area = area
            self._draw()

    def _click(self, lon: float, lat: float) -> None:
        area = self._under(lon, lat)
        if area is not None:
            self._select(self._theme.code(area))

    def _renew(self) -> None:
        """Another number, or none at all."""
        if self._area is not None:
            if not self._theme.shown:
                self._area = None
            self._draw()

    def _draw(self) -> None:
        areas = self._theme.areas
        said = "" if self._area is None else self._theme.name(self._area)
        self._theme.pointed.emit(said)
        if self._area is None or areas is None:
            self._layer.clear()
            return
        style = ShapeStyle(stroke="map.selection", width=WIDTH, casing="map.symbol_outline")
        rings = areas.rings(self._area)
        outline = [Shape(kind="polygon", points=ring, style=style) for ring in rings]
        top = max(rings[0], key=lambda place: place[1])
        plate = Shape(kind="text", points=[top], text=said, style=style)
        self._layer.put(KEY, *outline, plate)
