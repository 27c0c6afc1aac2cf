"""On the map: routes of open orders, the step and the candidate's way looked at, closures."""

from __future__ import annotations

from collections.abc import Sequence

from console.sdk import Shape, ShapeStyle
from console.sdk.records import OPEN_ORDER_STATES, Closure, ClosureShape, LonLat
from plugins.dispatch.desktop.desk import DispatchDesk

ROUTE = ShapeStyle(stroke="map.route", width=5.0, casing="map.route_casing", arrows=True)
PREVIEW = ShapeStyle(stroke="map.selection", width=4.0, casing="map.route_casing", dash=(6, 4), arrows=True)
CLOSED = ShapeStyle(stroke="map.closure", width=4.0, casing="map.symbol_outline", dash=(3, 2))
PLANNED = ShapeStyle(stroke="map.closure", width=2.0, dash=(1, 4))
STEP = ShapeStyle(stroke="map.selection", width=4.0, casing="map.symbol_outline")
STEP_METRES = 15.0
"""Radius of the ring around the place of a step that is looked at."""
POINT_METRES = 18.0
"""Radius of the ring that marks a closure of one point."""


class RouteLayer:
    """Routes of all open orders, by order id."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._desk = desk
        self._shapes = desk.ctx.map.add_shapes("onemap.dispatch.routes")
        self._shapes.on_click(self._on_click)
        self._drawn: dict[str, object] = {}
        desk.orders_changed.connect(self.draw)
        self.draw()

    def draw(self) -> None:
        """Put what is new or changed, drop what is over."""
        orders = [o for o in self._desk.orders.all() if o.state in OPEN_ORDER_STATES]
        wanted = {order.id: order.route for order in orders if order.route is not None}
        for order_id in self._drawn.keys() - wanted.keys():
            self._shapes.drop(order_id)
        for order_id, route in wanted.items():
            if self._drawn.get(order_id) != route and len(route.path) > 1:
                self._shapes.put(order_id, Shape(kind="line", points=route.path, style=ROUTE))
        self._drawn = dict(wanted)

    def _on_click(self, order_id: str) -> None:
        order = self._desk.orders.get(order_id)
        if order is not None:
            self._desk.ctx.selection.select("event", order.event)


class PreviewLayer:
    """The way of the candidate under the pointer or chosen."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._desk = desk
        self._shapes = desk.ctx.map.add_shapes("onemap.dispatch.preview", listed=False)
        desk.way.changed.connect(self.draw)

    def draw(self) -> None:
        """Show the way asked for last."""
        route = self._desk.way.route
        self._shapes.clear()
        if route is not None and len(route.path) > 1:
            self._shapes.put("way", Shape(kind="line", points=route.path, style=PREVIEW))


class StepLayer:
    """The place of the step that is looked at."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._shapes = desk.ctx.map.add_shapes("onemap.dispatch.step", listed=False)
        desk.step_shown.connect(self.draw)

    def draw(self, where: LonLat | None) -> None:
        """Ring the place; None: no longer."""
        self._shapes.clear()
        if where is not None:
            self._shapes.put("step", Shape(kind="circle", points=(where,), radius=STEP_METRES, style=STEP))


class ClosureLayer:
    """Closures in force, with their reasons."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._desk = desk
        self._hidden: str | None = None
        self._shapes = desk.ctx.map.add_shapes("onemap.dispatch.closures")
        self._shapes.on_click(self._on_click)
        self._draft = desk.ctx.map.add_shapes("onemap.dispatch.closure_draft", listed=False)
        desk.closure_drawn.connect(self._show_draft)
        desk.closure_settled.connect(self._draft.clear)
        desk.closures_changed.connect(self.draw)
        desk.ctx.on_theme(self.draw)
        desk.ctx.tasks.every(30.0, self.draw)  # planned ones begin without a word from the backend
        self.draw()

    def draw(self) -> None:
        """Draw all closures anew; they are few."""
        self._shapes.clear()
        for closure in self._desk.closures.all():
            if closure.id != self._hidden:
                self._shapes.put(closure.id, *self._shapes_of(closure))

    def hide(self, closure_id: str | None) -> None:
        """Leave one out while it is under the user's hands; None: show all."""
        self._hidden = closure_id
        self.draw()

    def _on_click(self, closure_id: str) -> None:
        self._desk.chosen_closure = closure_id
        self._desk.ctx.panels.show("onemap.dispatch.dispatch")
        self._desk.closure_picked.emit(closure_id)

    def _show_draft(self, shape: ClosureShape, points: Sequence[LonLat]) -> None:
        """What was drawn stays while its reason is typed."""
        self._draft.put("draft", _ground(shape, points, self._filled(), CLOSED))

    def _filled(self) -> ShapeStyle:
        fill = self._desk.ctx.color("map.closure") + "38"
        return ShapeStyle(stroke=CLOSED.stroke, width=3.0, casing=CLOSED.casing, dash=CLOSED.dash, fill=fill)

    def _shapes_of(self, closure: Closure) -> list[Shape]:
        planned = closure.since > self._desk.now
        style, line = (PLANNED, PLANNED) if planned else (self._filled(), CLOSED)
        drawn = _ground(closure.shape, closure.points, style, line)
        middle = closure.points[len(closure.points) // 2]
        text = closure.reason or self._desk.ctx.tr("Closed")
        if planned:
            text = f"{text} · {self._desk.ctx.tr('planned')}"
        return [drawn, Shape(kind="text", points=(middle,), text=text, style=CLOSED)]


def _ground(shape: ClosureShape, points: Sequence[LonLat], style: ShapeStyle, line: ShapeStyle) -> Shape:
    """What a closure covers; *line* is the style of lines."""
    if shape is ClosureShape.POINT:
        return Shape(kind="circle", points=points[:1], radius=POINT_METRES, style=style)
    if shape is ClosureShape.LINE:
        return Shape(kind="line", points=points, style=line)
    return Shape(kind="polygon", points=points, style=style)
