"""The query that is shown: found in the worker pool, painted on the map piece by piece, kept by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import Context, ShapeStyle, Undo
from console.sdk.feature_filter import FilterError
from console.sdk.json_file import JsonFile
from console.sdk.layer_data import Field
from console.sdk.ramps import RAMPS
from plugins.buildings.desktop.city import City, Indexes
from plugins.buildings.desktop.model_query import Asked, ModelQuery, steps
from plugins.buildings.desktop.outlines import shapes_of
from plugins.buildings.desktop.query import CLASSES, NONE, Condition, Found, find, line_of

LAYER = "onemap.buildings.matched"
FILL = "99"
"""Opacity of a match, hexadecimal."""
PIECE = 200
"""Buildings given to the map at a time, in some 5 ms; after each piece it paints them all."""
MOST_KEPT = 50


class QueryDesk(QObject):
    """For the GUI thread."""

    changed = Signal()
    """What was found, or why nothing was."""
    counted = Signal()
    """More of the models has come: other counts of theirs, or other attributes."""
    kept_changed = Signal()

    def __init__(self, ctx: Context, city: City) -> None:
        super().__init__()
        self._ctx, self._city = ctx, city
        self._layer = ctx.map.add_shapes(LAYER)
        self._file = JsonFile(ctx, "queries.json")
        self._work: Undo = lambda: None
        self._models = ModelQuery(ctx, self.counted.emit)
        self.found: Found | None = None
        self.fault = ""
        """In the user's words."""
        self.kept: dict[str, list[Condition]] = {}
        self._file.load(self._take_kept)
        ctx.on_theme(self._paint_again)
        ctx.undo(lambda: self._work())

    async def fields(self) -> Sequence[Field]:
        """Attributes that any building has, those of the models last."""
        indexes = await self._city.indexes()
        found = [] if indexes is None else [f for f in indexes.footprints.attributes.fields if f.count]
        known = {field.name for field in found}
        return [*found, *(field for field in self._models.fields() if field.name not in known)]

    @property
    def in_models(self) -> Sequence[int]:
        """Parts of models that each class has, in what has come so far."""
        return self._models.counts()

    def ask(self, conditions: Sequence[Condition], color_by: str) -> None:
        """Find and paint what all *conditions* hold for; ``changed`` follows."""
        try:
            line = line_of(conditions)
        except ValueError:
            self._tell(None, self._ctx.tr("The value must be a number"))
            return
        numbers = [condition.attribute for condition in conditions if not condition.is_text]
        order_by = color_by or next(iter(numbers), "name")
        self._begin(self._find(line, order_by, color_by))

    def clear(self) -> None:
        """Nothing is coloured any more."""
        self._work()
        self._tell(None, "")

    def keep(self, name: str, conditions: Sequence[Condition]) -> None:
        """Keep a query from start to start; without conditions it is forgotten."""
        self.kept.pop(name, None)
        if conditions:
            self.kept = dict(list({name: list(conditions), **self.kept}.items())[:MOST_KEPT])
        rows = [{"name": name, "conditions": [asdict(c) for c in kept]} for name, kept in self.kept.items()]
        self._file.save(rows)
        self.kept_changed.emit()

    def colors(self) -> list[str]:
        """``#rrggbb`` of each class."""
        classes = len(self.found.limits) + 1 if self.found else 1
        return RAMPS["viridis"].colors(classes) if classes > 1 else [self._ctx.color("accent")]

    def _begin(self, coroutine: Any) -> None:
        self._work()
        self._work = self._ctx.tasks.start(coroutine)

    async def _find(self, line: str, order_by: str, color_by: str) -> None:
        indexes = await self._city.indexes()
        if indexes is None and not self._models.fields():
            self._tell(None, self._ctx.tr("The map has no layer of buildings"))
            return
        found = NONE
        try:
            if indexes is not None and not self._in_models_alone(indexes, color_by):
                found = await self._ctx.tasks.run(find, indexes, line, order_by, color_by)
        except FilterError as error:
            if error.kind != "column" or not self._models.knows(error.what):
                self._tell(None, self._ctx.tr("Cannot be asked: {what}", what=error.what or line))
                return
        self._tell(replace(found, limits=found.limits or self._steps(color_by)), "")
        self._models.ask(Asked(line, color_by, self.found.limits if self.found else ()), self.colors())
        await self._paint(found)

    def _in_models_alone(self, indexes: Indexes, name: str) -> bool:
        known = {field.name for field in indexes.footprints.attributes.fields}
        return name not in known and self._models.knows(name)

    def _steps(self, color_by: str) -> tuple[float, ...]:
        """Classes of an attribute that the models alone have."""
        of_models = (field for field in self._models.fields() if field.name == color_by)
        return next((steps(field, CLASSES) for field in of_models), ())

    def _tell(self, found: Found | None, fault: str) -> None:
        self._layer.clear()
        if found is None:
            self._models.clear()
        self.found, self.fault = found, fault
        self.changed.emit()

    def _paint_again(self) -> None:
        if self.found is not None:
            self._layer.clear()
            self._models.recolor(self.colors())
            self._begin(self._paint(self.found))

    async def _paint(self, found: Found) -> None:
        colors = self.colors()
        inks = [*colors, self._ctx.color("text.muted")]  # NO_CLASS is -1: the last
        styles = [ShapeStyle(stroke="", fill=ink + FILL) for ink in inks]  # a stroke takes as long again
        for first in range(0, len(found.outlines), PIECE):
            piece = zip(found.outlines[first : first + PIECE], found.classes[first:], strict=False)
            shapes = [shape for outline, kind in piece for shape in shapes_of(outline, styles[kind])]
            self._layer.put(str(first), *shapes)
            await self._ctx.tasks.sleep(0.0)

    def _take_kept(self, rows: list[Any]) -> None:
        """What was kept; lines that are none are left out."""
        for row in rows[:MOST_KEPT]:
            try:
                self.kept[str(row["name"])] = [Condition(**condition) for condition in row["conditions"]]
            except (TypeError, KeyError):
                self._ctx.log.warning("a kept query could not be read and is dropped")
        self.kept_changed.emit()
