"""Server half of the polling plugin, under ``/polling``: groups, and inspections that are over."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from console.sdk.records import Role
from console.sdk.server import Caller, IdempotencyKey, ServerContext, Session, json_answer, write_once
from plugins.polling.model import READ, WRITE, Group, Round
from plugins.polling.server.bodies import GroupBody, Id, RoundBody
from plugins.polling.server.book import PollingBook


def register(server: ServerContext) -> None:
    """Mount the endpoints."""
    server.auth.declare(READ, *Role)
    server.auth.declare(WRITE, Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR)
    book = PollingBook(server)
    server.areas.follow(book.follow_areas)
    server.routes(_make_router(server, book))


def _make_router(server: ServerContext, book: PollingBook) -> APIRouter:
    router = APIRouter(tags=["polling"])
    reader, writer = Depends(server.auth.require(READ)), Depends(server.auth.require(WRITE))

    @router.get("/groups", response_model=list[Group])
    def groups(caller: Caller = reader) -> Response:
        """The caller's groups and those that are shared with their areas, by title."""
        with server.session(write=False) as session:
            return json_answer(book.groups(session, caller))

    @router.put("/groups/{group_id}", response_model=Group)
    def save(group_id: Id, body: GroupBody, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Save the next edition; 409 when another one came between."""
        return write_once(server, caller, key, lambda session: book.save(session, group_id, body, caller))

    @router.delete("/groups/{group_id}")
    def delete(group_id: Id, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Take a group away."""

        def work(session: Session) -> dict[str, str]:
            book.delete(session, group_id, caller)
            return {"id": group_id}

        return write_once(server, caller, key, work)

    @router.get("/rounds", response_model=list[Round])
    def rounds(caller: Caller = reader) -> Response:
        """Inspections, the last first."""
        with server.session(write=False) as session:
            return json_answer(book.rounds(session, caller))

    @router.put("/rounds/{round_id}", response_model=Round)
    def keep(round_id: Id, body: RoundBody, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Keep an inspection that is over."""
        return write_once(
            server, caller, key, lambda session: book.keep_round(session, round_id, body, caller)
        )

    return router
