"""Drawing a closure on the map; the panel then asks for the reason."""

from __future__ import annotations

from console.sdk.records import ClosureShape
from plugins.dispatch.desktop.desk import DispatchDesk

RIGHT = "closures.write"


async def draw_closure(desk: DispatchDesk, shape: ClosureShape) -> None:
    """Let the user click a point or draw a line or polygon; Escape ends it."""
    ctx, tr = desk.ctx, desk.ctx.tr
    if not ctx.backend.allowed(RIGHT):
        ctx.notify(tr("You may not close roads"), key="onemap.dispatch.hint")
        return
    if shape is ClosureShape.POINT:
        place = await ctx.map.pick_point(tr("Click the road to close; Esc cancels"))
        points = [place] if place is not None else None
    elif shape is ClosureShape.LINE:
        prompt = tr("Draw along the road, or across it; double-click ends")
        points = await ctx.map.draw("line", prompt)
    else:
        points = await ctx.map.draw("polygon", tr("Draw around the area; double-click ends"))
    if points:
        ctx.panels.show("onemap.dispatch.dispatch")
        desk.drawn = shape, points
        desk.closure_drawn.emit(shape, points)
