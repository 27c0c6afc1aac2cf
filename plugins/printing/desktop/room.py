"""The sheet being made: its recipe, where it lies on the map, and its writing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Shape, ShapeStyle, Undo, from_mercator, to_mercator
from console.sdk.json_file import JsonFile
from console.sdk.printing import GREATEST_SCALE, LEAST_SCALE, Printed, PrintFailed, PrintSheet
from console.sdk.records import LonLat
from console.sdk.saving import make_folder
from console.sdk.signature import signature
from plugins.printing.desktop.recipe import Recipe, recipe_from

FRAME = "onemap.printing.frame"
STYLE = ShapeStyle(stroke="map.selection", width=2.5, casing="map.symbol_outline", fill="#b7780014")


def view_center(ctx: Context) -> LonLat:
    """Middle of the view, as it is seen."""
    west, south, east, north = ctx.map.bounds()
    x, y = to_mercator(np.array([west, east]), np.array([south, north]))
    lon, lat = from_mercator(x.mean(keepdims=True), y.mean(keepdims=True))
    return float(lon[0]), float(lat[0])


class PrintRoom(QObject):
    """One sheet; the panel comes and goes."""

    changed = Signal()
    """The sheet is another."""
    wrote = Signal(object)
    """A Printed, a PrintFailed, or None when it was cancelled."""
    progressed = Signal(float)

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._file = JsonFile(ctx, "sheet.json")
        self._layer = ctx.map.add_shapes(FRAME, listed=False)
        self._layer.set_visible(False)
        self._leave_off: Undo | None = None
        self.busy = False
        self._shown = self._fitted = False
        self.recipe = Recipe()
        self.follows = True
        """Whether the frame stays in the middle of the view."""
        self.center = view_center(ctx)
        self.title = self.note = self.author = ""
        self._file.load(self._take)
        ctx.map.on_view_changed(self._on_view)
        ctx.map.layers.on_change(self.changed.emit)
        ctx.backend.on_user(lambda user: self.sign())
        self.sign()

    @property
    def sheet(self) -> PrintSheet:
        """As it would be printed now."""
        sheet = self.recipe.sheet(self.center, self.title, self.note, self.author)
        return replace(sheet, without=(FRAME,))

    def sign(self) -> None:
        """Find out who prints."""

        async def signing() -> None:
            self.author = await signature(self._ctx)
            self.changed.emit()

        self._ctx.tasks.start(signing())

    def change(self, **values: Any) -> None:
        """Change the recipe, and remember it."""
        recipe = replace(self.recipe, **values)
        if recipe != self.recipe:
            self.recipe = recipe
            self._file.save([recipe.kept()])
            self._show()

    def say(self, title: str, note: str) -> None:
        """The words of this sheet."""
        if (title, note) != (self.title, self.note):
            self.title, self.note = title, note
            self._show()

    def fit(self) -> None:
        """The view, in the greatest round scale at which the sheet holds it. Raises PrintFailed."""
        self.center = view_center(self._ctx)
        scale = self._ctx.map.printing.scale_to_fit(self.sheet, self._ctx.map.bounds())
        self.change(scale=min(max(scale, LEAST_SCALE), GREATEST_SCALE))
        self._show()

    def put_at(self, place: LonLat) -> None:
        """The middle of the sheet; it stays there."""
        self.center, self.follows, self._fitted = place, False, True
        self._show()

    def follow(self, on: bool) -> None:
        """Keep the frame in the middle of the view from now on, or leave it."""
        self.follows = on
        self._on_view()
        self._show()

    def show_frame(self, shown: bool) -> None:
        """The frame is on the map while the panel is open; the first time it takes in the view."""
        self._shown = shown
        self._layer.set_visible(shown)
        if shown and not self._fitted:
            self._fitted = True
            with suppress(PrintFailed):
                self.fit()
        self._on_view()
        self._show()

    def write(self, path: Path) -> None:
        """Begin to write the sheet; ``wrote`` tells how it went."""
        if not self.busy:
            self.busy = True
            self._leave_off = self._ctx.tasks.start(self._write(path))

    def cancel(self) -> None:
        """Leave off writing; nothing stays behind."""
        if self.busy and self._leave_off is not None:
            self._leave_off()

    async def _write(self, path: Path) -> None:
        result: Printed | PrintFailed | None = None
        try:
            await self._ctx.tasks.run(make_folder, path.parent)
            result = await self._ctx.map.printing.write(self.sheet, str(path), self.progressed.emit)
            self.change(folder=str(path.parent))
        except PrintFailed as error:
            result = error
        except OSError as error:
            result = PrintFailed(error.strerror or str(error))
        finally:
            self.busy = False
            self.wrote.emit(result)

    def _take(self, kept: list[Any]) -> None:
        self.recipe = recipe_from(kept[0] if kept else None)
        self._show()

    def _on_view(self) -> None:
        if self.follows and self._shown:
            center = view_center(self._ctx)
            if center != self.center:
                self.center = center
                self._show()

    def _show(self) -> None:
        """The frame on the map, and whoever shows the sheet."""
        self._layer.clear()
        if self._shown:
            with suppress(PrintFailed):
                west, south, east, north = self._ctx.map.printing.frame(self.sheet)
                corners = [(west, south), (east, south), (east, north), (west, north)]
                self._layer.put("frame", Shape(kind="polygon", points=corners, style=STYLE))
        self.changed.emit()
