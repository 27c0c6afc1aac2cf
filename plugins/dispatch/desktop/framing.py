"""Which part of the map shows an order: who goes, their way, and where to."""

from __future__ import annotations

from console.sdk.records import OPEN_ORDER_STATES, LonLat, Order
from plugins.dispatch.desktop.desk import DispatchDesk

_ROOM = 0.0012
"""Degrees around it all, about 120 m: who stands at the goal is not shown at house size."""


def show_order(desk: DispatchDesk, order: Order) -> None:
    """Select the event of *order*, and bring all that belongs to the order into view."""
    desk.jump(order.event)
    places = _places(desk, order)
    if len(places) > 1:
        lons, lats = zip(*places, strict=True)
        desk.ctx.map.fit((min(lons) - _ROOM, min(lats) - _ROOM, max(lons) + _ROOM, max(lats) + _ROOM))


def _places(desk: DispatchDesk, order: Order) -> list[LonLat]:
    """Person, way and event as far as they are known; of an order that is over, the event alone."""
    event, seen = desk.events.get(order.event), desk.seen_at(order.staff)
    places = [event.where] if event else []
    if order.state in OPEN_ORDER_STATES:
        places += [seen] if seen else []
        places += order.route.path if order.route else ()
    return places
