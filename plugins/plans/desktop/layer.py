"""Plans on the map: areas and lines with their titles, places with their symbols."""

from __future__ import annotations

import numpy as np

from console.sdk import PointLayer, PointStyle, Shape, ShapeStyle, Sprite, SpriteShape, Text, Undo
from console.sdk.records import Plan, PlanItem
from plugins.plans.desktop.desk import PlansDesk

AREAS, POINTS = "onemap.plans.areas", "onemap.plans.points"
SYMBOL_SIZE, MARK_SIZE = 26.0, 16.0
LABELS_FROM = 13.0
FILL = "30"
"""Opacity of areas, as the last two digits of a colour."""


class PlanLayer:
    """What is selected, what stays shown, and what is being edited."""

    def __init__(self, desk: PlansDesk) -> None:
        self._desk = desk
        self._shapes = desk.ctx.map.add_shapes(AREAS)
        self._points: PointLayer | None = None
        self._sprites: list[Sprite] = []
        self._owners: list[str] = []
        self._hidden: tuple[str, int] | None = None
        self._unclick: Undo = lambda: None
        self._shapes.on_click(self._open)
        desk.changed.connect(self.draw)
        desk.shown_changed.connect(self.draw)
        self.draw()

    def hide(self, plan_id: str, index: int | None) -> None:
        """Leave out one thing that is under the user's hands; None: show all."""
        self._hidden = None if index is None else (plan_id, index)
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
        points: list[tuple[str, PlanItem]] = []
        for plan in self.plans():
            items = [item for at, item in enumerate(plan.items) if (plan.id, at) != self._hidden]
            shapes = [shape for item in items if item.kind != "point" for shape in _shapes(item)]
            if shapes:
                self._shapes.put(plan.id, *shapes)
            points += [(plan.id, item) for item in items if item.kind == "point"]
        self._draw_points(points)

    def _draw_points(self, points: list[tuple[str, PlanItem]]) -> None:
        """The layer is made anew when there are symbols that it has not."""
        wanted = [_sprite(item) for _, item in points]
        if not all(sprite in self._sprites for sprite in wanted):
            self._make_layer(list(dict.fromkeys(wanted)))
        if self._points is None:
            return
        self._owners = [plan_id for plan_id, _ in points]
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

    def _open(self, plan_id: str) -> None:
        """A click on a plan selects it in the list."""
        self._desk.ctx.panels.show("onemap.plans.plans")
        self._desk.choose(plan_id)


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
