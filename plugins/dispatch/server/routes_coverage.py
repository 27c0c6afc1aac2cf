"""Endpoints of the coverage map."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from console.sdk.server import ApiError, Caller, ServerContext, json_answer
from plugins.dispatch.model import Site, SurveyPart
from plugins.dispatch.server.bodies import SitesBody, SurveyBody
from plugins.dispatch.server.surveys import Surveys


def add_coverage(router: APIRouter, server: ServerContext, surveys: Surveys) -> None:
    """``POST /coverage`` for one part of a survey, ``POST /coverage/sites`` for what would help."""
    sender = Depends(server.auth.require("orders.write"))

    @router.post("/coverage", response_model=SurveyPart)
    def survey(body: SurveyBody, caller: Caller = sender) -> Response:
        """How soon somebody is at the places of one part; ``parts`` says how many there are."""
        return json_answer(surveys.part(_own(body.area, caller), body.part, body.busy, caller))

    @router.post("/coverage/sites", response_model=list[Site])
    def sites(body: SitesBody, caller: Caller = sender) -> Response:
        """Where one more would help most, then where the next, given the first."""
        area = _own(body.area, caller)
        return json_answer(surveys.sites(area, body.unreached, body.minutes, body.means, caller))


def _own(area: str, caller: Caller) -> str:
    if not caller.may_see(area):
        raise ApiError(422, "outside_areas", "The area lies outside your areas", "该区域不在您的辖区内")
    return area
