"""A server half for tests: each posted line becomes an event of the live feed, once a key."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header

from console.sdk.records import Event, Role
from console.sdk.server import Caller, ServerContext


def register(server: ServerContext) -> None:
    """Mount the routes and the feed's provider."""
    lines: list[Event] = []
    server.auth.declare("event.read", *Role)
    server.auth.declare("ledger.write", *Role)
    server.feed.provide("event", lambda _session, _caller: list(lines), action="event.read")
    routes = APIRouter()

    @routes.post("/lines")
    def add(
        n: Annotated[int, Body(embed=True)],
        key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
        caller: Caller = Depends(server.auth.require("ledger.write")),
    ) -> dict[str, Any]:
        with server.session() as session:
            known = server.once(session, caller, key)
            if known is not None:
                return known
            version = server.feed.next_version(session)
            event = Event(
                id=f"e{n}",
                number=f"{version}",
                title=str(n),
                area="320302",
                where=(117.2, 34.2),
                version=version,
            )
            server.feed.put(session, "event", event)
            answer = {"n": n, "place": version}
            server.remember(session, caller, key, answer)
        lines.append(event)
        return answer

    @routes.post("/devices")
    def device(
        name: Annotated[str, Body(embed=True)],
        caller: Caller = Depends(server.auth.require("ledger.write")),
    ) -> dict[str, Any]:
        with server.session() as session:
            handle, secret = server.positions.add_device(session, name, f"staff-{name}", "320302")
        return {"handle": handle, "secret": secret}

    server.routes(routes)
