"""What orders tell: who has served an event, which are listed, and where who was sent is."""

from __future__ import annotations

from collections.abc import Iterable

from console.sdk import LivePositions
from console.sdk.records import OPEN_ORDER_STATES, Event, EventState, LonLat, Order, OrderState, Staff

_AGAIN = frozenset({EventState.REPORTED, EventState.ACCEPTED, EventState.RETURNED})
"""States in which somebody is sought, whoever was there before."""


def has_served(orders: Iterable[Order], event_id: str) -> list[str]:
    """Staff ids of who has done an order for the event."""
    done = (each for each in orders if each.event == event_id and each.state is OrderState.DONE)
    return list(dict.fromkeys(each.staff for each in done))


def is_served(orders: Iterable[Order], event: Event) -> bool:
    """Whether the work is done and nobody is on it: the event waits to be checked, not for another one.

    An order ends a moment before its event is fed back, so orders count, too.
    """
    if event.state is EventState.FED_BACK:
        return True
    ours = [each for each in orders if each.event == event.id]
    going = any(each.state in OPEN_ORDER_STATES for each in ours)
    return event.state not in _AGAIN and not going and any(each.state is OrderState.DONE for each in ours)


def listed(orders: Iterable[Order], since: float) -> list[Order]:
    """Orders for events that are open or were sent after *since* (s since 1970); the newest first."""
    found = [o for o in orders if o.event and (o.state in OPEN_ORDER_STATES or o.sent_at > since)]
    return sorted(found, key=lambda order: (order.state not in OPEN_ORDER_STATES, -order.sent_at))


def place_of(positions: LivePositions, member: Staff | None) -> LonLat | None:
    """Where somebody was seen last."""
    row = positions.row(member.handle) if member is not None else None
    if row is None:
        return None
    columns = positions.columns()
    return float(columns.lon[row]), float(columns.lat[row])
