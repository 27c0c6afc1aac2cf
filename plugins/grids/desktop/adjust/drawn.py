"""What is seen of the plan on the map."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QObject

from console.sdk import LayerFiles, PointStyle, Shape, ShapeStyle, Sprite, Text
from console.sdk.map import DataLayer
from console.sdk.records import LonLat
from plugins.grids.cover.cover import UNIT, Grid, inside, parts_of
from plugins.grids.desktop.adjust.desk import AdjustDesk, Work
from plugins.grids.desktop.directory import AREA_KINDS
from plugins.grids.desktop.theme_style import borders as borders_style

CHOSEN = "chosen"
TOKENS = ("success", "warning")
"""Colours of new grids and of those that change."""
DOT = 7.0
FILL = "2e"
LIGHT = "14"
WIDER = 0.7
"""Pixels that borders gain while they are worked on."""


class Drawn(QObject):
    """Changed grids filled, new ones named, the chosen one outlined, a sign at every fault."""

    def __init__(self, desk: AdjustDesk) -> None:
        super().__init__()
        self._desk, self._ctx = desk, desk.ctx
        self._layer = desk.ctx.map.add_shapes("onemap.grids.adjusted", listed=False)
        # As labels of points, which make room for one another; notes of shapes stand where they are put.
        style = PointStyle(sprites=[Sprite(fill=token, size=DOT) for token in TOKENS], labels_from=0.0)
        self._names = desk.ctx.map.add_points("onemap.grids.adjusted_names", style, listed=False)
        self._files: list[LayerFiles] = []
        self._borders: DataLayer | None = None
        desk.changed.connect(self._draw)
        desk.ctx.on_theme(self._draw)

    def _show_borders(self) -> None:
        """Of all areas, thinner the smaller they are, as long as the mode lasts."""
        layers = self._ctx.map.layers
        kinds = [entry.id for entry in layers.entries() if entry.kind in AREA_KINDS]
        files = [file for file in map(layers.files, kinds) if file is not None] if self._desk.active else []
        if files == self._files:
            return
        self._files, borders, self._borders = files, self._borders, None
        if borders is not None:
            borders.remove()
        if files:
            packages = [path for file in files for path in file.packages]
            self._borders = self._ctx.map.add_features(
                "onemap.grids.borders",
                packages,
                version="+".join(file.version for file in files),
                title=Text("网格边界", "Borders of grids"),
                style=borders_style(self._ctx.color("text.muted"), WIDER),
            )

    def _draw(self) -> None:
        desk = self._desk
        self._layer.clear()
        self._show_borders()
        now = desk.now if desk.active else None
        works = desk.works() if now is not None else []
        self._name([work for work in works if work.after is not None])
        if now is None:
            return
        for work in works:
            if work.after is not None:
                self._layer.put(work.code, *self._grid(work.after, _token(work)))
        if desk.chosen in now:
            fill = self._tint("accent", LIGHT)
            style = ShapeStyle(stroke="map.selection", width=2.5, casing="map.symbol_outline", fill=fill)
            self._layer.put(CHOSEN, *_polygons(now[desk.chosen], style))
        error = ShapeStyle(stroke="error", width=2.0, casing="map.symbol_outline")
        for at, finding in enumerate(desk.findings):
            sign = Shape(kind="text", points=[finding.degrees], text="!", style=error)
            self._layer.put(f"fault-{at}", sign)

    def _grid(self, grid: Grid, token: str) -> list[Shape]:
        return _polygons(grid, ShapeStyle(stroke=token, width=1.5, fill=self._tint(token, FILL)))

    def _name(self, works: list[Work]) -> None:
        """New ones first: where there is no room for all names, theirs are seen."""
        works = sorted(works, key=lambda work: work.before is not None)
        places = np.array([inside(work.after.shape) for work in works if work.after], float).reshape(-1, 2)
        sprite = np.array([TOKENS.index(_token(work)) for work in works], np.intp)
        self._names.set_points(places[:, 0] / UNIT, places[:, 1] / UNIT, sprite=sprite)
        self._names.set_labels([self._desk.name(work.code) for work in works])

    def _tint(self, token: str, alpha: str) -> str:
        return self._ctx.color(token) + alpha


def _token(work: Work) -> str:
    return "success" if work.before is None else "warning"


def _polygons(grid: Grid, style: ShapeStyle) -> list[Shape]:
    return [
        Shape(
            kind="polygon",
            points=_places(part.exterior),
            holes=[_places(hole) for hole in part.interiors],
            style=style,
        )
        for part in parts_of(grid.shape)
    ]


def _places(ring: shapely.LinearRing) -> list[LonLat]:
    return [(x / UNIT, y / UNIT) for x, y in shapely.get_coordinates(ring).tolist()]
