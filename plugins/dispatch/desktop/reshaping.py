"""Changing the shape of a closure that is planned or in force."""

from __future__ import annotations

from typing import Any

from console.sdk import Waiting
from console.sdk.editing import Sketch
from console.sdk.records import Closure
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.drawing import RIGHT
from plugins.dispatch.desktop.layers import ClosureLayer


class Reshaper:
    """Puts the chosen closure under the user's hands; what comes of it goes through the outbox."""

    def __init__(self, desk: DispatchDesk, layer: ClosureLayer) -> None:
        self._desk, self._layer = desk, layer

    async def edit(self) -> None:
        """Edit the closure that is chosen in the list or on the map, or the only one."""
        desk, tr = self._desk, self._desk.ctx.tr
        closure = self._chosen()
        if not desk.ctx.backend.allowed(RIGHT):
            desk.ctx.notify(tr("You may not close roads"), key="onemap.dispatch.hint")
        elif closure is None:
            desk.ctx.notify(
                tr("Choose a closure first, on the map or in the list"), key="onemap.dispatch.hint"
            )
        else:
            await self._edit(closure)

    def _chosen(self) -> Closure | None:
        closures = list(self._desk.closures.all())
        if len(closures) == 1:
            return closures[0]
        chosen = self._desk.chosen_closure
        return self._desk.closures.get(chosen) if chosen else None

    async def _edit(self, closure: Closure) -> None:
        tr, waiting = self._desk.ctx.tr, self._waiting(closure)
        points = tuple((lon, lat) for lon, lat in waiting.body["points"]) if waiting else closure.points
        sketch = Sketch(kind=closure.shape.value, points=points)
        prompt = tr("Change the closure: {reason}", reason=closure.reason or tr("Closed"))
        self._layer.hide(closure.id)
        try:
            edited = await self._desk.ctx.map.edit([sketch], prompt)
        finally:
            self._layer.hide(None)
        if edited is not None and edited[0].points != points:
            await self._send(closure, edited[0], waiting)

    async def _send(self, closure: Closure, sketch: Sketch, waiting: Waiting | None) -> None:
        """A change that still waits gives way to this one: the backend would take it for somebody else's."""
        if waiting is not None:
            await self._desk.ctx.backend.withdraw(waiting.id)
        title = self._desk.ctx.tr("Change the closure: {reason}", reason=closure.reason or closure.id[:8])
        body: dict[str, Any] = {"points": [list(p) for p in sketch.points], "version": closure.version}
        await self._desk.submitted(title, "PATCH", f"/dispatch/closures/{closure.id}", body)

    def _waiting(self, closure: Closure) -> Waiting | None:
        """The change of it that was not sent yet."""
        path = f"/dispatch/closures/{closure.id}"
        entries = (each for each in self._desk.waiting() if each.path == path and each.method == "PATCH")
        return next((each for each in entries if not each.error and not each.under_way), None)
