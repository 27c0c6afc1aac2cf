"""Plans on the map: areas and lines with their titles, places with their symbols."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from console.sdk import PointLayer, PointStyle, Shape, ShapeStyle, Sprite, SpriteShape, Text, Undo
from console.sdk.records import Plan, PlanItem
from plugins.plans.desktop.desk import PANEL, PlansDesk

AREAS, POINTS = "onemap.plans.areas", "onemap.plans.points"
REMOVE = "onemap.plans.remove_here"
SYMBOL_SIZE, MARK_SIZE = 26.0, 16.0
LABELS_FROM = 13.0
FILL = "30"
"""Opacity of areas, as the last two digits of a colour."""


class Drawn(NamedTuple):
    """One thing that a plan draws: the plan's id, and which of its things."""

    plan: str
    at: int


class PlanLayer:
    """What is selected, what stays shown, and what is being edited."""

    def __init__(self, desk: PlansDesk) -> None:
        self._desk = desk
        self._shapes = desk.ctx.map.add_shapes(AREAS)
        self._points: PointLayer | None = None
        self._sprites: list[Sprite] = []
        self._owners: list[Drawn] = []
        """Of the rows of ``_points``."""
        self._here: int | None = None
        """What of the draft lies where the context menu was opened."""
        self._hidden: Drawn | None = None
        self._unclick: Undo = lambda: None
        self._shapes.on_click(lambda key: self._open(_drawn(key)))
        desk.ctx.map.on_context_menu(self._offer_removal)
        desk.ctx.commands.bind(REMOVE, self._remove_here)
        desk.ctx.commands.set_enabled(REMOVE, False)
        desk.changed.connect(self.draw)
        desk.shown_changed.connect(self.draw)
        self.draw()

    def hide(self, plan_id: str, index: int | None) -> None:
        """Leave out one thing that is under the user's hands; None: show all."""
        self._hidden = None if index is None else Drawn(plan_id, index)
        self.draw()

    def plans(self) -> list[Plan]:
        """What is to be seen."""
        desk = self._desk
        draft = desk.draft
        wanted = desk.shown | ({desk.chosen} if desk.chosen else set())
        seen = [plan for plan in desk.all() if plan.id in wanted and (draft is None or plan.id != draft.id)]
        return [*seen, *([draft] if draft is not None else [])]

    def draw(self) -> None:
        """Draw all of it anew; plans that are shown are few."""
        self._shapes.clear()
        points: list[tuple[Drawn, PlanItem]] = []
        for plan in self.plans():
            items = [(Drawn(plan.id, at), item) for at, item in enumerate(plan.items)]
            for drawn, item in items:
                if item.kind != "point" and drawn != self._hidden:
                    self._shapes.put(f"{drawn.at} {drawn.plan}", *_shapes(item))
            points += [each for each in items if each[1].kind == "point" and each[0] != self._hidden]
        self._draw_points(points)

    def _draw_points(self, points: list[tuple[Drawn, PlanItem]]) -> None:
        """The layer is made anew when there are symbols that it has not."""
        wanted = [_sprite(item) for _, item in points]
        if not all(sprite in self._sprites for sprite in wanted):
            self._make_layer(list(dict.fromkeys(wanted)))
        if self._points is None:
            return
        self._owners = [drawn for drawn, _ in points]
        places = np.array([item.points[0] for _, item in points], float).reshape(-1, 2)
        sprite = np.array([self._sprites.index(each) for each in wanted], np.intp)
        self._points.set_points(places[:, 0], places[:, 1], sprite=sprite)
        self._points.set_labels([item.title for _, item in points])

    def _make_layer(self, sprites: list[Sprite]) -> None:
        if self._points is not None:
            self._unclick()
            self._points.remove()
        self._sprites = sprites
        style = PointStyle(sprites=sprites, labels_from=LABELS_FROM, priority=2)
        self._points = self._desk.ctx.map.add_points(POINTS, style, title=Text("预案：点位", "Plans: places"))
        self._unclick = self._points.on_click(lambda row: self._open(self._owners[row]))

    def _open(self, drawn: Drawn) -> None:
        """A click on a plan selects it in the list; in the form, what was clicked."""
        desk = self._desk
        desk.ctx.panels.show(PANEL)
        if desk.draft is not None and desk.draft.id == drawn.plan:
            desk.item_chosen.emit(drawn.at)
        else:
            desk.choose(drawn.plan)

    def _offer_removal(self, lon: float, lat: float) -> None:
        row = self._points.row_at(lon, lat) if self._points is not None else None
        key = self._shapes.key_at(lon, lat)
        found = self._owners[row] if row is not None else _drawn(key) if key is not None else None
        draft = self._desk.draft
        mine = found is not None and draft is not None and found.plan == draft.id
        self._here = found.at if found is not None and mine else None
        self._desk.ctx.commands.set_enabled(REMOVE, mine)

    def _remove_here(self) -> None:
        if self._here is not None:
            self._desk.item_unwanted.emit(self._here)


def _drawn(key: str) -> Drawn:
    """Of a key of the shapes."""
    at, plan = key.split(" ", 1)
    return Drawn(plan, int(at))


def _sprite(item: PlanItem) -> Sprite:
    if item.symbol:
        return Sprite(symbol=item.symbol, fill=item.color, size=SYMBOL_SIZE)
    return Sprite(shape=SpriteShape.PIN, fill=item.color, size=MARK_SIZE)


def _shapes(item: PlanItem) -> list[Shape]:
    """The thing itself, and its title in its middle."""
    fill = item.color + FILL if item.kind == "polygon" else ""
    style = ShapeStyle(stroke=item.color, width=3.0, casing="map.symbol_outline", fill=fill)
    kind = "polygon" if item.kind == "polygon" else "line"
    drawn = [Shape(kind=kind, points=item.points, holes=item.holes, style=style)]
    if item.title:
        lons, lats = zip(*item.points, strict=True)
        middle = item.points[len(item.points) // 2]
        if item.kind == "polygon":
            middle = (sum(lons) / len(lons), sum(lats) / len(lats))
        drawn.append(Shape(kind="text", points=(middle,), text=item.title, style=style))
    return drawn
