"""The outline of the selected area on the map."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from console.sdk import Context, NotFound, OneMapError, Severity, Shape, ShapeStyle, Undo
from plugins.grids.desktop.directory import Directory

RECORD = "area"
STYLE_WIDTH = 3.0
FILL_ALPHA = "1f"


class Outline(QObject):
    """Shows and zooms to whatever area is selected, by whichever panel."""

    def __init__(self, ctx: Context, directory: Directory) -> None:
        super().__init__()
        self._ctx = ctx
        self._directory = directory
        self._layer = ctx.map.add_shapes("onemap.grids.outline", listed=False)
        self._cancel: Undo = lambda: None
        self._shapes: list[Any] = []
        self._here = ""
        """An area that was clicked on the map: it is in view already."""
        ctx.selection.on_change(self._on_selection)
        directory.changed.connect(self._renew)
        ctx.on_theme(self._draw)
        ctx.commands.bind("onemap.grids.clear", self.clear)
        ctx.commands.bind("onemap.grids.here", self.here)
        ctx.commands.bind("onemap.grids.pick", self.pick)

    async def here(self) -> None:
        """Select the grid of the place of the context menu."""
        where = self._ctx.map.last_context_point()
        if where is not None:
            await self._select_at(*where)

    async def pick(self) -> None:
        """Let the user click a place and select its grid."""
        where = await self._ctx.map.pick_point(self._ctx.tr("Click a place to find its grid"))
        if where is not None:
            await self._select_at(*where)

    def select_here(self, code: str) -> None:
        """Select an area that the user sees, without moving the map."""
        self._here = code
        self._ctx.selection.select(RECORD, code)
        self._here = ""

    def clear(self) -> None:
        """Take the outline away."""
        self._cancel()
        self._shapes = []
        self._layer.clear()

    async def _select_at(self, lon: float, lat: float) -> None:
        ctx, tr = self._ctx, self._ctx.tr
        try:
            area = await ctx.backend.get("/areas/at", lon=lon, lat=lat)
        except NotFound:
            ctx.notify(tr("This place lies in none of your areas"), key="onemap.grids.none")
            return
        except OneMapError as error:
            ctx.notify(str(error), Severity.WARNING, key="onemap.grids.none")
            return
        code = area.code if hasattr(area, "code") else area["code"]
        ctx.selection.select(RECORD, code)
        path = " › ".join(self._directory.name(node.area.code) for node in self._directory.tree.path(code))
        ctx.notify(tr("Here: {path}", path=path or code), key="onemap.grids.here")

    def _on_selection(self, current: tuple[str, str] | None) -> None:
        if current is None or current[0] != RECORD:
            return
        self.clear()
        node = self._directory.tree.nodes.get(current[1])
        if node is not None and current[1] != self._here:
            self._ctx.map.fit(node.area.bounds, 0.15)
        self._cancel = self._ctx.tasks.start(self._fetch(current[1]))

    def _renew(self) -> None:
        """Areas are others than before: so may be the one that is outlined."""
        current = self._ctx.selection.current
        if self._shapes and current is not None and current[0] == RECORD:
            self._cancel()
            self._cancel = self._ctx.tasks.start(self._fetch(current[1]))

    async def _fetch(self, code: str) -> None:
        try:
            answer = await self._ctx.backend.get(f"/areas/{code}/outline")
        except OneMapError as error:
            self._ctx.log.info("no outline of %s: %s", code, error)
            return
        self._shapes = answer["polygons"]
        self._draw()

    def _draw(self) -> None:
        color = self._ctx.color("map.selection")
        style = ShapeStyle(
            stroke=color, width=STYLE_WIDTH, casing="map.symbol_outline", fill=color + FILL_ALPHA
        )
        shapes = [
            Shape(kind="polygon", points=_ring(rings[0]), holes=[_ring(r) for r in rings[1:]], style=style)
            for rings in self._shapes
        ]
        if shapes:
            self._layer.put("outline", *shapes)


def _ring(points: Any) -> list[tuple[float, float]]:
    return [(float(lon), float(lat)) for lon, lat in points]
