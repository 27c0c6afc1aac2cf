"""Follows open orders: arrival, expected time, other routes, silence. One thread of its own.

It looks at all open orders at each turn, so it needs no memory that a restart
or another backend process could contradict; each change checks the version of
the order that it was decided on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from console.sdk import PositionFlag, Positions
from console.sdk.records import Closure, LonLat, Means, Order
from console.sdk.server import NoRoads, Router, ServerContext, Session
from plugins.dispatch.model import DeviceAction
from plugins.dispatch.server.closures import ClosureBook
from plugins.dispatch.server.command.escalation import Pursuer
from plugins.dispatch.server.command.stations import Stations
from plugins.dispatch.server.moving import headings, route_heading
from plugins.dispatch.server.orders import OrderBook
from plugins.dispatch.server.ports import EventService, StaffService
from plugins.dispatch.server.progress import Fix, Move, Verdict, Watch, ground_of, judge
from plugins.dispatch.server.tables import OrderRow

TURN_SECONDS = 1.0
"""At most one turn in this time."""
IDLE_SECONDS = 5.0
"""A turn without news, for closures that end and fixes of other processes."""
_WRONG = int(PositionFlag.JUMP | PositionFlag.NULL_ISLAND)
_WHY = {
    Move.REROUTE_OFF: "off the route",
    Move.REROUTE_CLOSED: "road closed",
    Move.REROUTE_OPENED: "road open again",
}
WORTH_SECONDS = 15.0
"""A way that is quicker by less is not worth turning round for when a road opens again."""


class Follower:
    """Start and stop it with the server; ``wake`` it when something moved."""

    def __init__(
        self,
        server: ServerContext,
        router: Router,
        orders: OrderBook,
        closures: ClosureBook,
        pursuer: Pursuer,
        stations: Stations,
    ) -> None:
        self._server, self._router = server, router
        self._orders, self._closures = orders, closures
        self._pursuer, self._stations = pursuer, stations
        self._watches: dict[str, Watch] = {}
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to follow; the first turn is for what happened while no backend ran."""
        self._news.set()
        self._thread = threading.Thread(target=self._run, name="order follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(10)

    def wake(self) -> None:
        """Fixes or closures have come."""
        self._news.set()

    def _run(self) -> None:
        while not self._stopping.wait(TURN_SECONDS):
            self._news.wait(IDLE_SECONDS)
            self._news.clear()
            if self._stopping.is_set():
                return
            try:
                self.turn(time.time())
            except Exception:
                self._server.log.exception("following orders failed; next turn in a moment")

    def turn(self, now: float) -> None:
        """Look at every open order once; *now* is seconds since 1970."""
        self._closures.end_expired()
        self._stations.return_due(now)
        with self._server.session(write=False) as session:
            orders = self._orders.open_everywhere(session)
            closures = self._closures.in_force(session)
            staff = self._staff.handles(session, sorted({order.staff for order in orders}))
            events = self._events.by_ids(session, sorted({order.event for order in orders}))
            self._watches = self._watch(session, orders)
        if not orders:
            return
        fixes = _fixes(self._server.positions.latest(), now)
        for order in orders:
            handle, means = staff.get(order.staff, (-1, Means.FOOT))
            event, fix = events.get(order.event), fixes.get(handle)
            if event is not None:
                verdict = judge(order, event.where, fix, closures, self._watches[order.id], now)
                self._carry_out(verdict, order, event.where, fix, means, closures, now)
        self._pursuer.turn(orders, events, now)

    def _watch(self, session: Session, orders: Sequence[Order]) -> dict[str, Watch]:
        """What is remembered of each order; of one met first, as if the closures that have ended held still.

        So a road that was opened while no backend ran is noticed.
        """
        new = [order for order in orders if order.id not in self._watches]
        ended = self._closures.ended_since(session, min(o.sent_at for o in new)) if new else []
        met = {
            order.id: Watch(closures=frozenset(ground_of(c) for c in ended if _since(c, order.sent_at)))
            for order in new
        }
        return {order.id: met.get(order.id) or self._watches[order.id] for order in orders}

    def _carry_out(
        self,
        verdict: Verdict,
        order: Order,
        goal: LonLat,
        fix: Fix | None,
        means: Means,
        closures: Sequence[Closure],
        now: float,
    ) -> None:
        if verdict.move is Move.ARRIVE:
            self._change(order, lambda s, row: self._orders.move(s, row, DeviceAction.ARRIVE, "geofence", ""))
        elif verdict.move is Move.EXPECT and verdict.eta is not None:
            eta = verdict.eta
            self._change(order, lambda s, row: self._orders.expect(s, row, eta))
        elif verdict.move in _WHY and fix is not None:
            self._reroute(order, goal, fix, means, closures, now, verdict)

    def _reroute(
        self,
        order: Order,
        goal: LonLat,
        fix: Fix,
        means: Means,
        closures: Sequence[Closure],
        now: float,
        verdict: Verdict,
    ) -> None:
        """Another route from where they are; none at all is told as well."""
        try:
            route = route_heading(self._router, fix.where, goal, means, closures, now, fix.heading)
        except NoRoads:
            return
        if route is None and order.route is None:
            return
        opened = verdict.move is Move.REROUTE_OPENED
        if opened and (route is None or route.seconds > verdict.remaining - WORTH_SECONDS):
            return
        eta, why = now + route.seconds if route else None, _WHY[verdict.move]
        self._change(order, lambda s, row: self._orders.reroute(s, row, route, eta, why))

    def _change(self, order: Order, change: Callable[[Session, OrderRow], Order]) -> None:
        """Apply *change* unless the order has moved on since it was looked at."""
        with self._server.session(write=True) as session:
            row = session.get(OrderRow, order.id)
            if row is None or row.version != order.version:
                return
            change(session, row)

    @property
    def _staff(self) -> StaffService:
        return self._server.service("staff")

    @property
    def _events(self) -> EventService:
        return self._server.service("events")


def _since(closure: Closure, at: float) -> bool:
    """Whether it held at *at* (s since 1970), or later."""
    return (closure.ended_at or 0.0) >= at


def _fixes(positions: Positions, now: float) -> dict[int, Fix]:
    """Last good fix by handle."""
    good = positions.only((positions.flags & _WRONG) == 0)
    columns = (good.handle, good.lon, good.lat, good.time, headings(good, now))
    return {
        handle: Fix((lon, lat), at, heading)
        for handle, lon, lat, at, heading in zip(*(column.tolist() for column in columns), strict=True)
    }
