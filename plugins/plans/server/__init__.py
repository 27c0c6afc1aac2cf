"""Server half of the plans plugin, under ``/plans``."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Depends, Response

from console.sdk.records import Plan, Role
from console.sdk.server import Caller, IdempotencyKey, ServerContext, Session, json_answer, write_once
from plugins.plans.model import READ, WRITE
from plugins.plans.server.bodies import Id, PlanBody
from plugins.plans.server.book import PlanBook


def register(server: ServerContext) -> None:
    """Mount the endpoints and the feed."""
    server.auth.declare(READ, *Role)
    server.auth.declare(WRITE, Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR)
    book = PlanBook(server)

    def snapshot(session: Session, caller: Caller) -> Iterable[Plan]:
        return book.all(session, caller.areas)

    server.areas.follow(book.follow_areas)
    server.feed.provide("plan", snapshot, action=READ)
    server.routes(_make_router(server, book))


def _make_router(server: ServerContext, book: PlanBook) -> APIRouter:
    router = APIRouter(tags=["plans"])
    reader, writer = Depends(server.auth.require(READ)), Depends(server.auth.require(WRITE))

    @router.get("", response_model=list[Plan])
    def list_plans(caller: Caller = reader) -> Response:
        """Plans of the caller's areas, by title."""
        with server.session(write=False) as session:
            return json_answer(book.all(session, caller.areas))

    @router.get("/{plan_id}/editions", response_model=list[Plan])
    def editions(plan_id: Id, caller: Caller = reader) -> Response:
        """All editions of a plan with who saved them and when, the last first."""
        with server.session(write=False) as session:
            return json_answer(book.editions(session, plan_id, caller.areas))

    @router.put("/{plan_id}", response_model=Plan)
    def save(plan_id: Id, body: PlanBody, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Save the next edition; 409 when another one came between."""
        return write_once(server, caller, key, lambda session: book.save(session, plan_id, body, caller))

    @router.delete("/{plan_id}")
    def delete(plan_id: Id, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Take a plan away; saving it anew (version 0) brings it back."""

        def work(session: Session) -> dict[str, str]:
            book.delete(session, plan_id, caller)
            return {"id": plan_id}

        return write_once(server, caller, key, work)

    return router
