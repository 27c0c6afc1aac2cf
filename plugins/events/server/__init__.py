"""Server half of the events plugin."""

from __future__ import annotations

from collections.abc import Iterable

from console.sdk.records import Event, Role
from console.sdk.server import Caller, ServerContext, Session
from plugins.events.model import RIGHT
from plugins.events.server.assessing.routes import make_assessment_router
from plugins.events.server.book import EventBook
from plugins.events.server.routes import make_router


def register(server: ServerContext) -> None:
    """Mount the endpoints, feed, search and services."""
    server.auth.declare("event.read", *Role)
    server.auth.declare("events.write", Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR)
    server.auth.declare(RIGHT, Role.DISPATCHER, Role.ADMINISTRATOR)
    book = EventBook(server)

    def snapshot(session: Session, caller: Caller) -> Iterable[Event]:
        return book.current(session, caller.areas)

    server.feed.provide("event", snapshot, action="event.read")
    server.search(book.find)
    server.areas.follow(book.follow_areas)
    server.provide("events", book)
    server.provide("seed:event", book.seed)
    server.routes(make_assessment_router(server, book))
    server.routes(make_router(server, book))
