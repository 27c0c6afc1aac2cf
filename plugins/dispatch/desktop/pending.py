"""Events whose report waits to be sent: whoever the events plugin shows can be helped."""

from __future__ import annotations

from console.sdk import Context, MissingService
from console.sdk.records import Event


def pending_event(ctx: Context, event_id: str) -> Event | None:
    """The event, as the service ``events`` knows it; None without that service."""
    try:
        return ctx.services.get("events").event(event_id)
    except MissingService:
        return None
