"""Endpoints for choosing: the ranking, why not somebody, and the rules that it goes by."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Query, Response

from console.sdk.records import EventClass
from console.sdk.server import (
    ApiError,
    Caller,
    IdempotencyKey,
    ServerContext,
    Session,
    json_answer,
    write_once,
)
from plugins.dispatch.model import KeptRules, Rules
from plugins.dispatch.server.bodies import RankBody, RulesBody, WhyBody
from plugins.dispatch.server.chooser import Ask, Chooser
from plugins.dispatch.server.rules import RulesBook


def add_choosing(router: APIRouter, server: ServerContext, chooser: Chooser) -> None:
    """``POST /rank`` and ``POST /why``."""
    sender = Depends(server.auth.require("orders.write"))

    @router.post("/rank")
    def rank(body: RankBody, caller: Caller = sender) -> Response:
        """The caller's staff in the order in which they should go, with the reasons."""
        began = time.perf_counter()
        choice = chooser.choose(_asked(chooser, body, caller), caller)
        order = choice.ranking.order
        answer: dict[str, Any] = {
            "candidates": chooser.explain(choice, order[: body.limit].tolist()),
            "straight_first": choice.ranking.straight_first,
            "of": len(order),
            "rules": choice.rules,
            "took_ms": round((time.perf_counter() - began) * 1000, 2),
        }
        return json_answer(answer)

    @router.post("/why")
    def why(body: WhyBody, caller: Caller = sender) -> Response:
        """Where those of a name stand in the ranking, and why; the best beside them."""
        choice = chooser.choose(_asked(chooser, body, caller), caller)
        order = choice.ranking.order
        answer: dict[str, Any] = {
            "found": chooser.find(choice, body.name.strip(), body.limit),
            "best": next(iter(chooser.explain(choice, order[:1].tolist())), None),
            "of": len(order),
        }
        return json_answer(answer)


def _asked(chooser: Chooser, body: RankBody, caller: Caller) -> Ask:
    if body.event is not None:
        return chooser.ask_for_event(body.event, caller)
    if body.where is not None:
        return chooser.ask_for_place(body.where, caller)
    raise ApiError(422, "bad_input", "Give either event or where", "请给出事件或位置")


def add_rules(router: APIRouter, server: ServerContext, rules: RulesBook) -> None:
    """Reading and setting the rules by class of events."""
    reader = Depends(server.auth.require("orders.write"))
    writer = Depends(server.auth.require("rules.write"))

    @router.get("/rules", response_model=list[KeptRules])
    def list_rules(
        area: str = Query(default="", pattern="^[0-9]{0,15}$"), caller: Caller = reader
    ) -> Response:
        """The rules in force for each class in *area*, or in the caller's first area."""
        wanted = area or next(iter(caller.areas), "")
        _check_area(caller, wanted)
        with server.session(write=False) as session:
            return json_answer([rules.in_force(session, kind, wanted) for kind in EventClass])

    @router.put("/rules/{kind}", response_model=KeptRules)
    def set_rules(
        kind: EventClass, body: RulesBody, key: IdempotencyKey = None, caller: Caller = writer
    ) -> Response:
        """Set the rules of a class for an area and all below it; 409 when they changed meanwhile."""
        _check_area(caller, body.area)
        given = msgspec.convert(body.rules.model_dump(), Rules)

        def work(session: Session) -> KeptRules:
            return rules.set(session, caller, kind, body.area, body.version, given)

        return write_once(server, caller, key, work)


def _check_area(caller: Caller, area: str) -> None:
    if not area or not caller.may_see(area):
        raise ApiError(422, "outside_areas", "The area lies outside your areas", "该区域不在您的辖区内")
