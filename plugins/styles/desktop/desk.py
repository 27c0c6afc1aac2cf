"""The layer whose style is edited: what is in it, what was chosen, the preview, undo and redo."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from console.sdk import Context, LayerEntry, Undo
from console.sdk.layer_data import Attributes, Field, PackageError, read_attributes, read_values
from console.sdk.ramps import RAMPS
from console.sdk.tile_layers import read_source_layers
from plugins.styles.desktop.first_choices import first_chart, first_measured, first_sorted
from plugins.styles.desktop.history import History
from plugins.styles.desktop.measures import Spread, largest_of, spread_of
from plugins.styles.desktop.recipe import MOST_CATEGORIES, Kind, Recipe, recipe_in, style_of

SOON = 0.12
"""Seconds after the last change until the map draws it: a slider that is dragged is one change."""
COLORS = ("fill-color", "line-color", "circle-color")
HELD = 8
"""Layers whose history is kept."""


class StyleDesk(QObject):
    """``changed`` after everything that a panel shows; ``error`` is in the user's words."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._layers = ctx.map.layers
        self.layer: str | None = None
        self.attributes: Attributes | None = None
        self.recipe = Recipe()
        self.layers: list[dict[str, Any]] = []
        """The style of vector tiles; empty for features, which have a recipe."""
        self.sources: tuple[str, ...] = ()
        """Layers in the vector tiles."""
        self.spread: Spread | None = None
        self.error = ""
        self._unread = False
        """Something was chosen before the layer was read."""
        self._histories: dict[str, History] = {}
        self._values: dict[str, npt.NDArray[Any]] = {}
        self._wait: Undo = lambda: None
        self._work: Undo = lambda: None
        self._layers.on_chosen(self._on_chosen)
        self._layers.on_change(self._on_layers)
        self._on_chosen(self._layers.chosen)
        self._on_layers()

    # ---- which layer ----

    def entries(self) -> list[LayerEntry]:
        """Layers whose style can be edited."""
        return [entry for entry in self._layers.entries() if self._editable(entry.id)]

    def open(self, layer_id: str | None) -> None:
        """Edit this layer's style."""
        if layer_id == self.layer:
            return
        self._wait()
        self._work()
        self.layer, self.attributes, self.spread, self.error = layer_id, None, None, ""
        self._values, self._unread = {}, False
        self.layers, self.sources = [], ()
        if layer_id is not None:
            style = self._layers.style(layer_id) or []
            self._history(layer_id, style)
            self._take_up(style)
            self._work = self._ctx.tasks.start(self._look_in() if self.tiled else self._read(layer_id))
        self.changed.emit()

    def _editable(self, layer_id: str) -> bool:
        return self._layers.style(layer_id) is not None

    @property
    def tiled(self) -> bool:
        """Whether the layer is one of vector tiles, whose style is edited layer by layer."""
        return self.layer is not None and self._layers.tiles(self.layer) is not None

    def _take_up(self, style: Sequence[dict[str, Any]]) -> None:
        """Edit on from a style: what it is made by, or its layers."""
        self.recipe = recipe_in(style) or _guessed(style)
        self.layers = list(style) if self.tiled else []

    async def _look_in(self) -> None:
        """Find the layers in the tiles."""
        tiles = self._layers.tiles(self.layer or "")
        try:
            self.sources = await self._ctx.tasks.run(read_source_layers, tiles)
        except OSError as error:
            self.error = self._ctx.tr("The layer cannot be read: {reason}", reason=error)
        self.changed.emit()

    def _on_chosen(self, layer_id: str | None) -> None:
        if layer_id is not None and self._editable(layer_id):
            self.open(layer_id)

    def _on_layers(self) -> None:
        """Layers come and go."""
        known = [entry.id for entry in self.entries()]
        if self.layer not in known:
            self.open(known[0] if known else None)
        self.changed.emit()

    async def _read(self, layer_id: str) -> None:
        files = self._layers.files(layer_id)
        if files is None:
            return
        try:
            self.attributes = await self._ctx.tasks.run(read_attributes, files.packages)
        except (OSError, PackageError) as error:
            self.error = self._ctx.tr("The layer cannot be read: {reason}", reason=error)
        else:
            await (self._apply() if self._unread else self._spread_out())
        self.changed.emit()

    # ---- what is chosen ----

    @property
    def foreign(self) -> bool:
        """Whether the style was made elsewhere and says more than the panel can show."""
        style = self._layers.style(self.layer) if self.layer is not None and not self.tiled else None
        return bool(style) and recipe_in(style or []) is None and any(map(_says_much, style or []))

    def field(self, name: str) -> Field | None:
        """A field of the layer."""
        fields = self.attributes.fields if self.attributes is not None else ()
        return next((field for field in fields if field.name == name), None)

    def fields(self, kind: str = "") -> list[Field]:
        """Those of a type (``number``, ``text``), or all."""
        fields = self.attributes.fields if self.attributes is not None else ()
        return [field for field in fields if kind in ("", field.type) and field.count]

    def change(self, **changes: Any) -> None:
        """Choose something else; the map follows soon."""
        self.recipe = self._completed(msgspec.structs.replace(self.recipe, **changes))
        if {"category_field", "category_ramp", "kind"} & set(changes) and "categories" not in changes:
            self._choose_categories()
        self._wait()
        self._wait = self._ctx.tasks.later(SOON, self._apply)
        self.changed.emit()

    def change_layers(self, layers: list[dict[str, Any]]) -> None:
        """Another style for the vector tiles; the map follows soon."""
        self.layers = layers
        self._wait()
        self._wait = self._ctx.tasks.later(SOON, self._show_layers)
        self.changed.emit()

    def _show_layers(self) -> None:
        if self.tiled:
            self._show(self.layers)

    def _completed(self, recipe: Recipe) -> Recipe:
        """With the first field that fits where none is chosen."""
        numbers, every = self.fields("number"), self.fields()
        if recipe.kind is Kind.GRADUATED and not recipe.field and numbers:
            recipe = msgspec.structs.replace(recipe, field=first_measured(numbers).name)
        if recipe.kind is Kind.CATEGORIES and not recipe.category_field and every:
            recipe = msgspec.structs.replace(recipe, category_field=first_sorted(every).name)
        if recipe.kind is Kind.CHARTS and not recipe.chart.parts:
            recipe = msgspec.structs.replace(recipe, chart=first_chart(recipe.chart, numbers))
        return recipe

    def _choose_categories(self) -> None:
        field = self.field(self.recipe.category_field)
        if self.recipe.kind is Kind.CATEGORIES and field is not None:
            values = [value for value, _ in field.common[:MOST_CATEGORIES]]
            colors = RAMPS.get(self.recipe.category_ramp, RAMPS["okabe-ito"]).colors(len(values))
            paired = tuple(zip(values, colors, strict=True))
            self.recipe = msgspec.structs.replace(self.recipe, categories=paired)

    # ---- what the map shows ----

    async def _apply(self) -> None:
        layer = self.layer
        try:
            settled = await self._spread_out()
        except (OSError, PackageError) as error:
            self.error = self._ctx.tr("The layer cannot be read: {reason}", reason=error)
            self.changed.emit()
            return
        self._unread = self.attributes is None
        if settled and layer is not None and layer == self.layer and self.attributes is not None:
            self._show(style_of(self.recipe, self.attributes.shapes))

    async def _spread_out(self) -> bool:
        """Find limits of the classes, and how many features each has.

        False: something else was chosen meanwhile, and is on its way.
        """
        recipe = self.recipe
        files = self._layers.files(self.layer or "")
        if recipe.kind is Kind.CHARTS and files is not None:
            return await self._measure(recipe, files.packages)
        if recipe.kind is not Kind.GRADUATED or not recipe.field or files is None:
            return True
        if recipe.field not in self._values:
            found = await self._ctx.tasks.run(read_values, files.packages, recipe.field)
            self._values = {recipe.field: found}  # one column at a time: a layer may have 600,000 features
        column = self._values[recipe.field]
        limits, spread = await self._ctx.tasks.run(spread_of, column, recipe.method, recipe.classes)
        if self.recipe is not recipe:
            return False
        self.recipe = msgspec.structs.replace(recipe, limits=limits, whole=spread.whole)
        self.spread = spread
        return True

    async def _measure(self, recipe: Recipe, packages: Sequence[str]) -> bool:
        """Find what is drawn in full size; as ``_spread_out`` otherwise."""
        fields = tuple(part.field for part in recipe.chart.parts)
        largest = await self._ctx.tasks.run(largest_of, packages, fields, recipe.chart.kind)
        if self.recipe is not recipe:
            return False
        chart = msgspec.structs.replace(recipe.chart, largest=largest)
        self.recipe = msgspec.structs.replace(recipe, chart=chart)
        return True

    def _show(self, style: Sequence[dict[str, Any]], *, remember: bool = True) -> bool:
        """Have the map draw it; False, with the reason in ``error``, when it cannot."""
        assert self.layer is not None
        self.error = ""
        try:
            self._layers.set_style(self.layer, style)
        except ValueError as error:
            self.error = self._ctx.tr("This style cannot be drawn: {reason}", reason=error)
        else:
            if remember:
                self._history(self.layer, style).push(style)
        self.changed.emit()
        return not self.error

    # ---- undo, redo, reset, JSON ----

    @property
    def can_undo(self) -> bool:
        return self.layer in self._histories and self._histories[self.layer].can_undo

    @property
    def can_redo(self) -> bool:
        return self.layer in self._histories and self._histories[self.layer].can_redo

    def undo(self) -> None:
        self._step(-1)

    def redo(self) -> None:
        self._step(1)

    def reset(self) -> None:
        """As the layer came."""
        if self.layer is not None:
            self._take([])

    def text(self) -> str:
        """The style as JSON: layers as MapLibre has them."""
        style = self._layers.style(self.layer) if self.layer is not None else None
        return json.dumps(style or [], ensure_ascii=False, indent=1)

    def take_text(self, text: str) -> None:
        """A style from elsewhere: a list of layers, or a whole style document."""
        try:
            read = json.loads(text)
            style = read.get("layers") if isinstance(read, dict) else read
            if not isinstance(style, list) or not style:
                raise ValueError(self._ctx.tr("no layers"))
        except (ValueError, RecursionError) as error:
            self.error = self._ctx.tr("That is no MapLibre style: {reason}", reason=error)
            self.changed.emit()
        else:
            self._take(style)

    def _take(self, style: list[dict[str, Any]]) -> None:
        self._wait()
        if self.layer is not None and self._show(style):
            self._edit_on(self.layer)

    def _step(self, by: int) -> None:
        self._wait()
        if self.layer is not None and self._show(self._histories[self.layer].step(by), remember=False):
            self._edit_on(self.layer)

    def _edit_on(self, layer: str) -> None:
        """The recipe of what is drawn now."""
        self._take_up(self._layers.style(layer) or [])
        self._work()
        self._work = self._ctx.tasks.start(self._refresh())

    async def _refresh(self) -> None:
        await self._spread_out()
        self.changed.emit()

    def _history(self, layer: str, style: Sequence[dict[str, Any]]) -> History:
        history = self._histories.pop(layer, None) or History(style)
        self._histories[layer] = history
        while len(self._histories) > HELD:
            del self._histories[next(iter(self._histories))]
        return history


def _says_much(layer: dict[str, Any]) -> bool:
    """Whether a colour depends on the feature, or only some features are drawn."""
    paint = layer.get("paint", {})
    of_shape = json.dumps(layer.get("filter")).find("type") > 0
    return any(isinstance(paint.get(name), list | dict) for name in COLORS) or (
        layer.get("filter") is not None and not of_shape
    )


def _guessed(style: Sequence[dict[str, Any]]) -> Recipe:
    """A recipe for a style that was made elsewhere: its first plain colour."""
    recipe = Recipe()
    for layer in style:
        paint = layer.get("paint", {})
        for name in COLORS:
            if isinstance(paint.get(name), str) and paint[name].startswith("#"):
                return msgspec.structs.replace(recipe, symbol=replace(recipe.symbol, color=paint[name][:7]))
    return recipe
