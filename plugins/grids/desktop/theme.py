"""The grid map: all grids coloured by a number, as it is now."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from console.sdk import AreaLevel, Context, LayerFiles, Text
from console.sdk.json_file import JsonFile
from console.sdk.layer_data import AreaIndex, PackageError, read_areas, read_attributes
from console.sdk.ramps import RAMPS
from plugins.grids.desktop.directory import AREA_KINDS
from plugins.grids.desktop.overview import Overview
from plugins.grids.desktop.theme_source import NumberSource
from plugins.grids.desktop.theme_style import Choices, Choropleth, choropleth

LAYER = "onemap.grids.theme"
RENEW = 5.0
"""Seconds between two looks at the numbers; the map is drawn anew only when a class has changed."""


class GridTheme(QObject):
    """``changed`` after everything that the panel shows. *areas* are there once the map was read."""

    changed = Signal()
    pointed = Signal(str)
    """Name and number of the grid under the pointer; empty: none is."""

    def __init__(self, ctx: Context, overview: Overview) -> None:
        super().__init__()
        self._ctx = ctx
        self._overview = overview
        self.choices = Choices()
        self.areas: AreaIndex | None = None
        self.result: Choropleth | None = None
        self.values: npt.NDArray[np.float64] = np.empty(0)
        """(n,) of the areas."""
        self.fault = ""
        self.source = NumberSource(ctx, overview)
        self._codes: list[str] = []
        self._files: list[LayerFiles] = []
        self._style: list[dict[str, Any]] = []
        self._handle: Any = None
        self._drawing = False
        self._file = JsonFile(ctx, "theme.json")
        self._file.load(self._recall)
        ctx.tasks.every(RENEW, self._renew)
        ctx.map.layers.on_change(self._on_layers)

    @property
    def shown(self) -> bool:
        """Whether the grids are coloured and can be seen."""
        entries = self._ctx.map.layers.entries() if self._handle is not None else ()
        return any(entry.visible for entry in entries if entry.id == LAYER)

    def change(self, **changes: Any) -> None:
        """Choose something else; the map follows."""
        self.choices = msgspec.structs.replace(self.choices, **changes)
        self._file.save([msgspec.to_builtins(self.choices)])
        if self._handle is not None:  # what is chosen here last counts, above a style of the layer's own
            self._ctx.map.layers.set_style(LAYER, ())
        self._draw_soon()
        self.changed.emit()

    async def use_table(self, path: str) -> None:
        """Colour by a table's first column of numbers from now on; what is wrong with it is told."""
        if self.areas is None:
            await self._read(self._grid_files())
        column = await self.source.read_table(path, self._codes)
        if column:
            self.change(shown=True, number=column, table=path)

    def toggle(self) -> None:
        """Show or take away."""
        self.change(shown=not self.choices.shown)

    def name(self, area: int) -> str:
        """What a grid is called, with its number."""
        value = float(self.values[area]) if area < len(self.values) else float("nan")
        code = self._codes[area]
        number = self.source.title(self.choices.number)
        said = f"{value:,.4g}" if value == value else "–"
        return f"{self._overview.directory.name(code)}\n{number} {said}"

    def code(self, area: int) -> str:
        return self._codes[area]

    # ---- drawing ----

    def _renew(self) -> None:
        if self.choices.shown and self._handle is not None:
            self._draw_soon()

    def _on_layers(self) -> None:
        """The grids of the map come after signing in, and may be replaced."""
        if self.choices.shown and self._grid_files() != self._files:
            self._draw_soon()

    def _draw_soon(self) -> None:
        if not self._drawing:  # one at a time; the last choice is looked at again when it is done
            self._drawing = True
            self._ctx.tasks.start(self._draw())

    async def _draw(self) -> None:
        try:
            while True:
                choices, files = self.choices, self._grid_files()
                await self._follow(choices, files)
                if choices is self.choices and files == self._grid_files():
                    break
        finally:
            self._drawing = False
        self.changed.emit()

    async def _follow(self, choices: Choices, files: list[LayerFiles]) -> None:
        """Have the map show what was chosen."""
        if not choices.shown or not files:
            self._take_away()
            self.fault = self._ctx.tr("The map has no grids yet.") if choices.shown else ""
            return
        try:
            await self._read(files)
        except (OSError, PackageError) as error:
            self.fault = self._ctx.tr("The grids cannot be read: {reason}", reason=error)
            return
        if choices.table and self.source.table_path != choices.table:
            await self.source.read_table(choices.table, self._codes)
        self.fault = self.source.missing(choices.number)
        self.values = self.source.values(choices.number, self._codes)
        self.result = await self._ctx.tasks.run(choropleth, self._codes, self.values, choices)
        if choices is self.choices:
            self._show(self.result.style)

    async def _read(self, files: list[LayerFiles]) -> None:
        if files == self._files and self.areas is not None:
            return
        self._take_away()
        packages = [path for file in files for path in file.packages]
        self.areas, self._codes, km2, fields = await self._ctx.tasks.run(_read_grids, packages)
        self.source.take(km2, fields)
        self._files = files

    def _show(self, style: list[dict[str, Any]]) -> None:
        if self._handle is not None and style == self._style:
            return
        self._style = style
        if self._handle is not None:
            self._handle.set_style(style)
            return
        packages = [path for file in self._files for path in file.packages]
        version = "+".join(file.version for file in self._files)
        title = Text("网格专题图", "Grid map")
        self._handle = self._ctx.map.add_features(LAYER, packages, version=version, title=title, style=style)

    def _take_away(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.remove()

    def _grid_files(self) -> list[LayerFiles]:
        """Of grids, then of the boundaries above them; none without grids."""
        layers = self._ctx.map.layers
        kinds = {kind: [e.id for e in layers.entries() if e.kind == kind] for kind in AREA_KINDS}
        found = [layers.files(layer) for kind in AREA_KINDS for layer in kinds[kind]] if kinds["grid"] else []
        return [file for file in found if file is not None]

    def _recall(self, rows: list[Any]) -> None:
        try:
            choices = msgspec.convert(rows[0], Choices) if rows else None
        except msgspec.ValidationError:
            return
        if choices is not None and choices.ramp in RAMPS:
            self.choices = choices
            self._draw_soon()
            self.changed.emit()


def _read_grids(
    packages: list[str],
) -> tuple[AreaIndex, list[str], npt.NDArray[np.float64], dict[str, npt.NDArray[np.float64]]]:
    """The areas of grids with their codes, square kilometres, and numbers; for the worker pool."""
    areas = read_areas(packages, [("level", float(AreaLevel.GRID))])
    rows = range(len(areas))
    codes = [str(areas.value(area, "code") or "") for area in rows]
    names = [field.name for field in read_attributes(packages, 0).fields if field.type == "number"]
    fields = {name: _column(areas, name) for name in names if name != "level"}
    return areas, codes, areas.square_metres() / 1e6, fields


def _column(areas: AreaIndex, name: str) -> npt.NDArray[np.float64]:
    values = (areas.value(area, name) for area in range(len(areas)))
    return np.array([np.nan if value is None else value for value in values], np.float64)
