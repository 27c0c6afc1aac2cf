"""One sheet in the printing process: found out once, painted onto whatever painter, whole or in strips."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from console.map.engine.data_refs import SourceTile
from console.map.printing.graticule import paint_graticule
from console.map.printing.ground_paint import GroundPainter
from console.map.printing.kilometre_grid import grid_factor, paint_kilometres, zone_of
from console.map.printing.layout import PIXELS, ground_of, layout_of
from console.map.printing.legend import paint_legend, seen_on
from console.map.printing.live_paint import paint_live, paint_notes
from console.map.printing.messages import Drawing, PrintPage
from console.map.printing.names import Names
from console.map.printing.page_paint import PAPER, paint_page, pixels
from console.map.render.renderer import Renderer
from console.map.render.vectors import clipped

Report = Callable[[float], None]
"""Gets the share that is done."""


class Page:
    """Raises NoRoom; painting raises OSError for layers that cannot be read."""

    def __init__(self, order: PrintPage, renderer: Renderer, dpi: float) -> None:
        """*dpi*: of rasters."""
        self.order, self.sheet = order, order.sheet
        self.layout = layout_of(order.sheet)
        self._ground = ground_of(order.sheet, self.layout.map)
        self._map = GroundPainter(renderer, self._ground, dpi)
        self._names = Names(order.live, self._ground.sheet)
        self._renderer = renderer
        self.width, self.height = order.sheet.width * PIXELS, order.sheet.height * PIXELS
        self._done = 0

    def lacks(self) -> list[SourceTile]:
        """Tiles of services that are not there yet."""
        return self._map.lacks()

    def paint(self, painter: QPainter, report: Report, top: float = 0.0, bottom: float = 0.0) -> None:
        """The rows from *top* to *bottom* (sheet pixels; 0: all); the painter's unit is the sheet pixel."""
        bottom = bottom or self.height
        if not self._done:
            self._map.place_labels(self._names.hide)
        share = (bottom - top) / self.height / (self._map.steps + len(self.order.live) + 1)
        state = [top / self.height]

        def tell() -> None:
            state[0] += share
            report(min(state[0], 1.0))

        self._done += 1
        painter.fillRect(QRectF(0, 0, self.width, self.height), PAPER)
        self._paint_map(painter, top, bottom, tell)
        self._paint_around(painter)
        tell()

    def _paint_map(self, painter: QPainter, top: float, bottom: float, tell: Callable[[], None]) -> None:
        frame, stretch = pixels(self.layout.map), self._ground.stretch
        first, last = (top - frame.top()) / stretch, (bottom - frame.top()) / stretch
        with clipped(painter, frame):
            painter.translate(frame.topLeft())
            painter.scale(1.0, stretch)
            if last > 0 and first < self._ground.sheet.height:
                self._map.paint(painter, first, last, tell)
            for layer in self.order.live:
                paint_live(painter, layer, self._ground, self._color)
                tell()
            self._names.paint(painter, self._color)
            for layer in self.order.live:
                if isinstance(layer, Drawing):
                    paint_notes(painter, layer)

    def _paint_around(self, painter: QPainter) -> None:
        sheet, layout, words = self.sheet, self.layout, self.order.words
        seen = seen_on(self._ground, self.order.legend, self._renderer)
        names = list(dict.fromkeys(layer.attribution for layer in seen if layer.attribution))
        if sheet.graticule == "kilometres":
            grid = words.grid.format(zone=zone_of(sheet.center[0]), factor=f"{grid_factor(sheet):.6f}")
            words = msgspec.structs.replace(words, system=f"{words.system} · {grid}")
        paint_page(painter, sheet, layout, words, names)
        unit, frame = layout.unit * PIXELS, pixels(layout.map)
        if sheet.graticule == "kilometres":
            paint_kilometres(painter, frame, unit, self._ground, sheet)
        elif sheet.graticule != "none":
            paint_graticule(painter, frame, unit, self._ground, lines=sheet.graticule == "lines")
        if sheet.legend != "none":
            inside = sheet.legend == "inside"
            paint_legend(painter, pixels(layout.legend), unit, seen, words, self._color, inside=inside)

    def _color(self, token: str) -> str:
        return self.order.colors[token]
