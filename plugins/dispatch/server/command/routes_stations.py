"""Endpoints for help between stations."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from console.sdk.records import HelpRequest, HelpState, Loan
from console.sdk.server import Caller, IdempotencyKey, ServerContext, Session, json_answer, write_once
from plugins.dispatch.server.bodies import Id
from plugins.dispatch.server.command.bodies import AnswerBody, GrantBody, HelpBody
from plugins.dispatch.server.command.stations import Stations


def add_stations(router: APIRouter, server: ServerContext, stations: Stations) -> None:
    """Asking, granting, declining, returning."""
    asker = Depends(server.auth.require("orders.write"))
    granter = Depends(server.auth.require("help.grant"))
    reader = Depends(server.auth.require("help_request.read"))

    @router.get("/help", response_model=list[HelpRequest])
    def requests(caller: Caller = reader) -> Response:
        """Requests of the caller's areas: open ones, and those of the last day."""
        with server.session(write=False) as session:
            return json_answer(stations.requests(session, caller.areas))

    @router.post("/help", response_model=HelpRequest)
    def ask(body: HelpBody, key: IdempotencyKey = None, caller: Caller = asker) -> Response:
        """Ask for staff of other streets."""
        return write_once(server, caller, key, lambda session: stations.ask(session, body, caller))

    @router.post("/help/{request_id}/grant", response_model=HelpRequest)
    def grant(
        request_id: Id, body: GrantBody, key: IdempotencyKey = None, caller: Caller = granter
    ) -> Response:
        """Lend staff until the help ends."""
        return write_once(
            server, caller, key, lambda session: stations.grant(session, request_id, body, caller)
        )

    @router.post("/help/{request_id}/actions", response_model=HelpRequest)
    def answer(
        request_id: Id, body: AnswerBody, key: IdempotencyKey = None, caller: Caller = asker
    ) -> Response:
        """Decline (by who is above) or withdraw (by who asked)."""
        state = HelpState.DECLINED if body.action == "decline" else HelpState.WITHDRAWN

        def work(session: Session) -> HelpRequest:
            return stations.answer(session, request_id, state, body.note, caller)

        return write_once(server, caller, key, work)

    @router.get("/loans", response_model=list[Loan])
    def loans(caller: Caller = reader) -> Response:
        """Who of the caller's areas is lent, to whom, until when."""
        with server.session(write=False) as session:
            return json_answer(stations.loans(session, caller.areas))

    @router.post("/loans/{staff_id}/return", response_model=Loan)
    def give_back(staff_id: Id, key: IdempotencyKey = None, caller: Caller = asker) -> Response:
        """Let somebody go home before the time is over."""
        return write_once(server, caller, key, lambda session: stations.give_back(session, staff_id, caller))
