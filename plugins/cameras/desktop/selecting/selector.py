"""Commands that open the pictures of many cameras at once, and say how many there are beside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import zip_longest
from typing import Any, Literal

import numpy as np
from PySide6.QtCore import QObject

from console.sdk import Shape, ShapeStyle
from console.sdk.records import OPEN_ORDER_STATES, Camera, LonLat, Order
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.live.wall import MOST, LiveDesk
from plugins.cameras.desktop.near import event_place
from plugins.cameras.desktop.selecting.inside import Rows, along, around, in_ring

LAYER = "onemap.cameras.selecting"
STYLE = ShapeStyle(stroke="map.selection", width=2.0, dash=(6, 4), casing="map.symbol_outline")
How = Literal["box", "lasso", "line"]
KEY = "onemap.cameras.opened"


class Selector(QObject):
    """Of the cameras that the map shows: its filter holds here, too."""

    def __init__(self, desk: Desk, live: LiveDesk) -> None:
        super().__init__()
        self._desk, self._live = desk, live
        self._rest: list[str] = []
        """Found, with a picture, not opened yet."""
        ctx = desk.ctx
        self._layer = ctx.map.add_shapes(LAYER, listed=False)
        for how in ("box", "lasso", "line"):
            ctx.commands.bind(f"onemap.cameras.open_{how}", lambda how=how: self._open_drawn(how))
        ctx.commands.bind("onemap.cameras.open_routes", self.open_routes)
        ctx.commands.bind("onemap.cameras.open_event", self.open_event)
        ctx.commands.bind("onemap.cameras.open_more", self.open_more)
        ctx.commands.set_enabled("onemap.cameras.open_more", False)
        live.changed.connect(self._on_live)

    async def choose(self, how: How) -> list[Camera] | None:
        """Let the user draw; the cameras there. None when they give up."""
        places = await self._ask(how)
        return await self._of(how, places) if places else None

    async def open_routes(self) -> None:
        """Along the ways of those who are sent to the selected event, or of the selected order."""
        routes = _routes(self._desk)
        if not routes:
            self._say(self._desk.ctx.tr("Select an event with somebody on the way, or an order, first"))
            return
        rows = [await self._found(along, route, self._reach) for route in routes]
        turns = (camera for row in zip_longest(*rows) for camera in row if camera is not None)
        self._show(*routes, closed=False)
        self.offer(list({camera.id: camera for camera in turns}.values()))

    async def open_event(self) -> None:
        """Around the selected event."""
        where = event_place(self._desk.ctx)
        if where is None:
            self._say(self._desk.ctx.tr("Select an event first"))
            return
        metres = float(self._desk.ctx.settings.get("around_metres"))
        self.offer(await self._found(around, where, metres))

    def open_more(self) -> None:
        """The next of those that were found."""
        now, self._rest = self._rest[:MOST], self._rest[MOST:]
        self._live.open(now)
        self._tell(
            self._desk.ctx.tr(
                "The next {n} pictures are open, {rest} are left", n=len(now), rest=len(self._rest)
            )
        )

    async def _open_drawn(self, how: How) -> None:
        places = await self._ask(how)
        if places:
            self._show(places, closed=how != "line")
            self.offer(await self._of(how, places))

    def _ask(self, how: How) -> Awaitable[list[LonLat] | None]:
        tr, drawn = self._desk.ctx.tr, self._desk.ctx.map
        if how == "line":
            return drawn.draw("line", tr("Draw the way; double-click ends"))
        return drawn.outline(how, tr("Drag around the cameras"))

    async def _of(self, how: How, places: list[LonLat]) -> list[Camera]:
        if how == "line":
            return await self._found(along, places, self._reach)
        return await self._found(in_ring, places)

    def offer(self, found: Sequence[Camera]) -> None:
        """Open as many as there is room for, and say what else there is."""
        tr, seen = self._desk.ctx.tr, [each.id for each in found if each.live]
        if not seen:
            self._layer.clear()
            self._say(
                tr("{n} cameras there, none with video", n=len(found)) if found else tr("No camera there")
            )
            return
        now, self._rest = seen[:MOST], seen[MOST:]
        self._live.open(now)
        words = tr("{n} cameras there, {live} with video", n=len(found), live=len(seen))
        if self._rest:
            words += tr(": the first {n} are open", n=len(now))
        self._tell(words)

    async def _found(self, which: Callable[..., Rows], *about: Any) -> list[Camera]:
        """By one of ``inside``, on a thread: a city has 38,000."""
        catalogue = self._desk.catalogue
        shown = np.flatnonzero(self._desk.shown(with_view=False))
        places = np.column_stack([catalogue.lon[shown], catalogue.lat[shown]])
        rows: Rows = await self._desk.ctx.tasks.run(which, places, *about)
        return [catalogue.cameras[row] for row in shown[rows].tolist()]

    @property
    def _reach(self) -> float:
        return float(self._desk.ctx.settings.get("along_metres"))

    def _show(self, *asked: Sequence[LonLat], closed: bool) -> None:
        """What was asked about, until the pictures are closed."""
        kind: Literal["line", "polygon"] = "polygon" if closed else "line"
        self._layer.put("asked", *(Shape(kind=kind, points=tuple(each), style=STYLE) for each in asked))

    def _on_live(self) -> None:
        if not self._live.open_ids:
            self._layer.clear()
            self._rest = []
            self._desk.ctx.commands.set_enabled("onemap.cameras.open_more", False)

    def _tell(self, words: str) -> None:
        ctx, more = self._desk.ctx, min(len(self._rest), MOST)
        ctx.commands.set_enabled("onemap.cameras.open_more", bool(more))
        action = (ctx.tr("The next {n}", n=more), self.open_more) if more else None
        ctx.notify(words, action=action, key=KEY)

    def _say(self, words: str) -> None:
        self._desk.ctx.notify(words, key=KEY)


def _routes(desk: Desk) -> list[Sequence[LonLat]]:
    """Of the orders that are under way for what is selected."""
    current = desk.ctx.selection.current
    if current is None or current[0] not in ("event", "order"):
        return []
    orders: list[Order] = list(desk.ctx.live.collection("order").all())
    if current[0] == "order":
        mine = [each for each in orders if each.id == current[1]]
    else:
        mine = [each for each in orders if each.event == current[1] and each.state in OPEN_ORDER_STATES]
    return [each.route.path for each in mine if each.route is not None and len(each.route.path) > 1]
