"""The tools: each lets the user draw or click on the map, and makes one step of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import shapely

from console.sdk.editing import Sketch
from console.sdk.records import LonLat
from plugins.grids.cover.check import check
from plugins.grids.cover.cover import UNIT, Cover, Geometry, Grid, Point, parts_of, whole
from plugins.grids.cover.operations import CannotDo, carve, give, merge, reshape, split
from plugins.grids.cover.words import FAULTS
from plugins.grids.desktop.adjust.desk import AdjustDesk

Act = Callable[[], Coroutine[Any, Any, None]]


class Tools:
    """They work on the chosen grid, or ask for one."""

    def __init__(self, desk: AdjustDesk) -> None:
        self._desk, self._ctx = desk, desk.ctx
        self.acts: dict[str, Act] = {
            "move_border": self._at_work(self.move_border),
            "split": self._at_work(self.split),
            "merge": self._at_work(self.merge),
            "give": self._at_work(self.give),
            "carve": self._at_work(self.carve),
        }
        self._running = 0

    def _at_work(self, act: Act) -> Act:
        """Keys go to the panel again when it ends, also by Esc, unless another has taken its place."""

        async def run() -> None:
            self._running += 1
            try:
                await act()
            finally:
                self._running -= 1
            if not self._running:
                self._desk.acted.emit()

        return run

    async def move_border(self) -> None:
        """Drag vertices of the chosen grid; its neighbours follow."""
        tr, code = self._ctx.tr, await self._subject()
        now = self._desk.now
        if now is None or not code:
            return
        around = [now[code], *(grid for grid in now.beside(code) if self._desk.is_mine(grid.code))]
        pieces = [(grid.code, part) for grid in around for part in parts_of(grid.shape)]
        local = Cover({grid.code: grid for grid in now.near(shapely.union_all([g.shape for g in around]))})

        def said(sketches: Sequence[Sketch]) -> str:
            found = check(local, reshape(local, _shapes(pieces, sketches)))
            return FAULTS[found[0].fault].get(self._ctx.language) if found else ""

        prompt = tr("Move the border of {name}; neighbours follow", name=now[code].name)
        left = await self._ctx.map.edit([_sketch(part) for _, part in pieces], prompt, said)
        if left is not None and now is self._desk.now:
            shapes = _shapes(pieces, left)
            moved = {each: shape for each, shape in shapes.items() if shape != now[each].shape}
            if moved:
                self._desk.do(tr("Move a border"), reshape(now, moved), code)

    async def split(self) -> None:
        """Divide the chosen grid along a line."""
        tr, code = self._ctx.tr, await self._subject()
        prompt = tr("Draw a line across the grid, from border to border; double-click ends")
        line = await self._ctx.map.draw("line", prompt) if code else None
        if line:
            self._try(tr("Split"), lambda now: split(now, code, _points(line), self._desk.new_grid))

    async def carve(self) -> None:
        """Draw a new grid within the chosen one."""
        tr, code = self._ctx.tr, await self._subject()
        prompt = tr("Draw around the new grid; double-click ends")
        ring = await self._ctx.map.draw("polygon", prompt) if code else None
        if ring:
            self._try(tr("New grid"), lambda now: carve(now, code, _points(ring), self._desk.new_grid))

    async def merge(self) -> None:
        """Join a neighbour to the chosen grid."""
        tr, code = self._ctx.tr, await self._subject()
        other = await self._ask(tr("Click the neighbour that is joined to {name}"), code) if code else ""
        if other:
            self._try(tr("Merge"), lambda now: merge(now, code, other))

    async def give(self) -> None:
        """Give a piece of the chosen grid to a neighbour."""
        tr, code = self._ctx.tr, await self._subject()
        prompt = tr("Draw a line across the grid, from border to border; double-click ends")
        line = await self._ctx.map.draw("line", prompt) if code else None
        to = await self._ask(tr("Click the neighbour that gets the piece of {name}"), code) if line else ""
        if line and to:
            self._try(tr("Give a piece"), lambda now: give(now, code, _points(line), to))

    def _try(self, title: str, operation: Callable[[Cover], Cover]) -> None:
        now, desk = self._desk.now, self._desk
        if now is None:
            return
        try:
            desk.do(title, operation(now))
        except CannotDo as refused:
            desk.refuse(refused)
        except ValueError:
            self._hint(self._ctx.tr("The community has no code left for another grid"))

    async def _subject(self) -> str:
        """The chosen grid, or one that the user clicks now; empty: none that they may change."""
        desk = self._desk
        if desk.now is None:
            desk.begin()
            return ""
        return desk.chosen or await self._ask(self._ctx.tr("Click a grid"))

    async def _ask(self, prompt: str, subject: str = "") -> str:
        """Code of a grid that the user clicks."""
        tr, desk = self._ctx.tr, self._desk
        text = prompt.replace("{name}", desk.name(subject))
        place = await self._ctx.map.pick_point(text)
        if place is None or desk.now is None:
            return ""
        grid = desk.now.at(_point(place))
        if grid is None:
            self._hint(tr("There is no grid at this place"))
        elif not desk.is_mine(grid.code):
            self._hint(tr("This grid lies in none of your areas"))
        else:
            if not subject:
                desk.choose(grid.code)
            return grid.code
        return ""

    def _hint(self, text: str) -> None:
        self._ctx.notify(text, key="onemap.grids.adjust")


def _point(place: LonLat) -> Point:
    return round(place[0] * UNIT), round(place[1] * UNIT)


def _points(places: Sequence[LonLat]) -> list[Point]:
    return [_point(place) for place in places]


def _sketch(part: shapely.Polygon) -> Sketch:
    shell, *holes = Grid(code="", name="", shape=part).rings()
    return Sketch(kind="polygon", points=_places(shell), holes=tuple(_places(hole) for hole in holes))


def _places(ring: Sequence[Point]) -> tuple[LonLat, ...]:
    return tuple((x / UNIT, y / UNIT) for x, y in ring[:-1])


def _shapes(pieces: Sequence[tuple[str, shapely.Polygon]], sketches: Sequence[Sketch]) -> dict[str, Geometry]:
    """Shapes of grids out of the sketches of their pieces."""
    parts: dict[str, list[shapely.Polygon]] = {}
    for (code, _), sketch in zip(pieces, sketches, strict=True):
        shell, *holes = map(_points, sketch.rings)
        parts.setdefault(code, []).append(shapely.Polygon(shell, holes))
    return {
        code: whole(each[0] if len(each) == 1 else shapely.MultiPolygon(each)) for code, each in parts.items()
    }
