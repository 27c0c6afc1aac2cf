"""Endpoints under ``/cameras`` to look through cameras, and who did."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from console.sdk.server import Caller, ServerContext, for_whole_district, json_answer
from plugins.cameras.server.view_rules import ViewRule, put_rules, rules_of
from plugins.cameras.server.viewing import Given, Renewed, Viewing, ViewingDesk

Ticket = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{32}$")]


class Wish(BaseModel):
    """How large the picture will be shown, in pixels, and why one looks."""

    height: int = Field(default=0, ge=0, le=16_384)
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class Tickets(BaseModel):
    """Tickets of the caller."""

    ids: list[Ticket] = Field(max_length=256)


class Rules(BaseModel):
    """All rules."""

    rules: list[ViewRule] = Field(max_length=500)


def make_viewing_router(server: ServerContext, desk: ViewingDesk) -> APIRouter:
    """Tickets hold secrets, so no answer is ever stored: there is no Idempotency-Key."""
    router = APIRouter(tags=["cameras"])
    _add_tickets(router, server, desk)
    _add_rules(router, server)
    auditor = Depends(server.auth.require("audit.read"))

    @router.get("/viewings", response_model=list[Viewing])
    def viewings(
        camera: str = "",
        user: str = "",
        since: float = 0.0,
        limit: Annotated[int, Query(ge=1, le=5000)] = 200,
        caller: Caller = auditor,
    ) -> Response:
        """Who looked through which camera, from when to when, why; the last first."""
        with server.session(write=False) as session:
            found = desk.past(session, caller, camera=camera, user=user, since=since, limit=limit)
        return json_answer(found)

    return router


def _add_tickets(router: APIRouter, server: ServerContext, desk: ViewingDesk) -> None:
    viewer = Depends(server.auth.require("camera.view"))

    @router.post("/{camera_id}/ticket", response_model=Given)
    def give(camera_id: str, wish: Wish, caller: Caller = viewer) -> Response:
        """A ticket to look through a camera."""
        given = desk.open(caller, camera_id, wish.height, wish.reason)
        return json_answer(given, headers={"Cache-Control": "no-store"})

    @router.post("/tickets/renew", response_model=Renewed)
    def renew(body: Tickets, caller: Caller = viewer) -> Response:
        """Let tickets go on; all that the caller has at once."""
        with server.session(write=True) as session:
            return json_answer(desk.renew(session, caller, body.ids))

    @router.post("/tickets/end")
    def end(body: Tickets, caller: Caller = viewer) -> Response:
        """End tickets."""
        with server.session(write=True) as session:
            desk.end(session, caller, body.ids)
        return json_answer({})


def _add_rules(router: APIRouter, server: ServerContext) -> None:
    reader = Depends(server.auth.require("camera.read"))
    manager = Depends(server.auth.require("camera.manage"))

    @router.get("/view-rules")
    def get_rules(_caller: Caller = reader) -> Rules:
        """Who may look through whose cameras."""
        with server.session(write=False) as session:
            return Rules(rules=rules_of(session))

    @router.put("/view-rules")
    def replace_rules(body: Rules, caller: Caller = manager) -> Rules:
        """Replace all rules; by who sees the whole district."""
        for_whole_district(caller)
        with server.session(write=True) as session:
            put_rules(session, body.rules)
            told = f"{len(body.rules)} rules"
            server.audit(session, caller, "camera.rules", "camera/rules", reason=told)
        return body
