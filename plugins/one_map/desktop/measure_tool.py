"""Measuring on the map: draw, see the figures beside the pointer, keep the results."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Shape, ShapeStyle
from console.sdk.records import LonLat
from plugins.one_map.desktop.measuring import Kind, Measured, geod, live_text, measure, summary

STYLE = ShapeStyle(stroke="map.measure", width=2.5, casing="map.symbol_outline")
CHOSEN = replace(STYLE, stroke="map.selection", width=3.5)
PANEL = "onemap.one_map.measure"
REMOVE, CLEAR = "onemap.one_map.remove_measured", "onemap.one_map.clear_measured"
FILL_ALPHA = "33"
LEAST_POINTS: dict[Kind, int] = {"line": 2, "polygon": 3}


class MeasureTool(QObject):
    """Results by number, drawn on the map until they are removed."""

    changed = Signal()
    selected = Signal(int)

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self.results: dict[int, Measured] = {}
        self.chosen: int | None = None
        self._removed: list[dict[int, Measured]] = []
        """What was taken away, the last at the end."""
        self._next = 1
        self._layer = ctx.map.add_shapes("onemap.one_map.measured", listed=False)
        self._layer.on_click(lambda key: self._on_click(int(key)))
        ctx.map.on_context_menu(lambda lon, lat: self._offer_removal(self._layer.key_at(lon, lat)))
        ctx.on_theme(self._draw_all)
        ctx.on_language(self._draw_all)
        ctx.commands.bind("onemap.one_map.measure_distance", self.measure_distance)
        ctx.commands.bind("onemap.one_map.measure_area", self.measure_area)
        ctx.commands.bind("onemap.one_map.measure_from_here", self.measure_from_here)
        ctx.commands.bind(REMOVE, self.remove_here)
        ctx.commands.bind(CLEAR, self.clear)
        self._offer_removal(None)
        self.changed.connect(self._enable)
        self._enable()

    async def measure_distance(self) -> None:
        """Draw a line."""
        await self._draw("line")

    async def measure_area(self) -> None:
        """Draw a polygon."""
        await self._draw("polygon")

    async def measure_from_here(self) -> None:
        """Draw a line that begins where the context menu was opened."""
        where = self._ctx.map.last_context_point()
        await self._draw("line", (where,) if where else ())

    @property
    def can_undo(self) -> bool:
        """Whether something was taken away that can come back."""
        return bool(self._removed)

    def choose(self, number: int | None) -> None:
        """Lift one result out on the map."""
        before, self.chosen = self.chosen, number
        for each in (before, number):
            if each is not None and each in self.results:
                self._put(each, self.results[each])

    def remove(self, number: int) -> None:
        """Take one result away; ``undo`` brings it back."""
        if number in self.results:
            self._take_away([number], self._ctx.tr("The measurement was removed"))

    def remove_here(self) -> None:
        """Take away what lies where the context menu was opened."""
        if self._here is not None:
            self.remove(self._here)

    def clear(self) -> None:
        """Take all results away; ``undo`` brings them back."""
        if self.results:
            self._take_away(list(self.results), self._ctx.tr("All measurements were removed"))

    def undo(self) -> None:
        """Bring back what was taken away last."""
        if self._removed:
            back = self._removed.pop()
            self.results = dict(sorted((self.results | back).items()))
            for number, measured in back.items():
                self._put(number, measured)
            self.changed.emit()

    def _take_away(self, numbers: list[int], said: str) -> None:
        self._removed.append({number: self.results.pop(number) for number in numbers})
        for number in numbers:
            self._layer.drop(str(number))
        self.changed.emit()
        self._ctx.notify(said, action=(self._ctx.tr("Undo"), self.undo), key=REMOVE)

    def _on_click(self, number: int) -> None:
        """In the panel, where Del removes it."""
        self._ctx.panels.show(PANEL)
        self.selected.emit(number)

    def _offer_removal(self, key: str | None) -> None:
        self._here = None if key is None else int(key)
        self._ctx.commands.set_enabled(REMOVE, key is not None)

    def _enable(self) -> None:
        self._ctx.commands.set_enabled(CLEAR, bool(self.results))

    def show(self, number: int) -> None:
        """Bring a result into view."""
        lons, lats = zip(*self.results[number].points, strict=True)
        self._ctx.map.fit((min(lons), min(lats), max(lons), max(lats)), 0.2)

    async def _draw(self, kind: Kind, start: tuple[LonLat, ...] = ()) -> None:
        tr = self._ctx.tr
        prompt = tr("Measure a distance") if kind == "line" else tr("Measure an area")
        await self._ctx.tasks.run(geod)
        points = await self._ctx.map.draw(kind, prompt, lambda now: live_text(kind, now, tr), start)
        if points is not None and len(points) >= LEAST_POINTS[kind]:
            self._keep(measure(kind, points))

    def _keep(self, measured: Measured) -> None:
        number, self._next = self._next, self._next + 1
        self.results[number] = measured
        self._put(number, measured)
        self.changed.emit()
        self._ctx.panels.show(PANEL)
        self.selected.emit(number)

    def _put(self, number: int, measured: Measured) -> None:
        style = CHOSEN if number == self.chosen else STYLE
        if measured.kind == "polygon":
            style = replace(style, fill=self._ctx.color("map.measure") + FILL_ALPHA)
        self._layer.put(
            str(number),
            Shape(kind=measured.kind, points=measured.points, style=style),
            Shape(kind="text", points=(_label_place(measured),), text=summary(measured, self._ctx.tr)),
        )

    def _draw_all(self) -> None:
        for number, measured in self.results.items():
            self._put(number, measured)


def _label_place(measured: Measured) -> LonLat:
    """The end of a line, the middle of a polygon's corners."""
    if measured.kind == "line":
        return measured.points[-1]
    lons, lats = zip(*measured.points, strict=True)
    return sum(lons) / len(lons), sum(lats) / len(lats)
