"""Endpoints for several at once. All of them propose; orders are sent one by one by a human."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from console.sdk.server import Caller, ServerContext, json_answer
from plugins.dispatch.model import Release, Together
from plugins.dispatch.server.bodies import ReleaseBody, SeveralBody, TeamBody
from plugins.dispatch.server.teams import Teams, Wanted


def add_teams(router: APIRouter, server: ServerContext, teams: Teams) -> None:
    """``POST /team``, ``POST /several`` and ``POST /release``."""
    sender = Depends(server.auth.require("orders.write"))

    @router.post("/team", response_model=Together)
    def team(body: TeamBody, caller: Caller = sender) -> Response:
        """The quickest team of the wanted skills and roles for one event."""
        wanted = [Wanted(seat.skill, seat.role) for seat in body.seats for _ in range(seat.count)]
        return json_answer(teams.team(body.event, wanted, body.apart, caller))

    @router.post("/several", response_model=Together)
    def several(body: SeveralBody, caller: Caller = sender) -> Response:
        """The best assignment of free staff to several events at once."""
        return json_answer(teams.several({need.event: need.count for need in body.events}, caller))

    @router.post("/release", response_model=list[Release])
    def release(body: ReleaseBody, caller: Caller = sender) -> Response:
        """Who could be freed from lesser events for this one, and what it costs those."""
        return json_answer(teams.releases(body.event, body.limit, caller))
