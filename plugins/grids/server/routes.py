"""Endpoints of the grids plugin, under ``/grids``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from console.sdk.records import GridPlan
from console.sdk.server import Caller, IdempotencyKey, ServerContext, json_answer, write_once
from plugins.grids.cover.draft import Draft
from plugins.grids.model import CheckAnswer, Revision
from plugins.grids.server.bodies import EndBody, PlanBody, PlanDetail, PlanId
from plugins.grids.server.force import Force
from plugins.grids.server.plans import PlanBook, draft_in, to_record


def make_router(server: ServerContext, plans: PlanBook, force: Force) -> APIRouter:
    """Reading needs ``grid_plan.read``, drafts ``grids.draft``, putting in force ``grids.edit``."""
    router = APIRouter(tags=["grids"])
    _add_drafts(router, server, plans)
    _add_checks(router, server, force)
    _add_force(router, server, force)
    return router


def _add_drafts(router: APIRouter, server: ServerContext, plans: PlanBook) -> None:
    reader = Depends(server.auth.require("grid_plan.read"))
    drafter = Depends(server.auth.require("grids.draft"))

    @router.get("/plans", response_model=list[GridPlan], name="list_grid_plans")
    def list_plans(caller: Caller = reader) -> Response:
        """Drafts of the caller's areas, the newest first."""
        with server.session(write=False) as session:
            return json_answer(plans.drafts(session, caller.areas))

    @router.get("/plans/{plan}", name="get_grid_plan")
    def get_plan(plan: str, caller: Caller = reader) -> PlanDetail:
        """One plan with its draft."""
        with server.session(write=False) as session:
            row = plans.row(session, plan, caller.areas)
            return PlanDetail(plan=to_record(row), draft=draft_in(row))

    @router.put("/plans/{plan}", response_model=GridPlan, name="put_grid_plan")
    def put_plan(
        plan: PlanId, body: PlanBody, key: IdempotencyKey = None, caller: Caller = drafter
    ) -> Response:
        """Store a draft, or a later state of it; all its grids must be the caller's."""
        grids = plans.check(caller, body.draft)
        return write_once(server, caller, key, lambda session: plans.save(session, caller, plan, body, grids))

    @router.delete("/plans/{plan}", response_model=GridPlan, name="withdraw_grid_plan")
    def withdraw(
        plan: str,
        version: Annotated[int, Query(ge=0)],
        key: IdempotencyKey = None,
        caller: Caller = drafter,
    ) -> Response:
        """Give up a draft."""
        return write_once(server, caller, key, lambda session: plans.withdraw(session, caller, plan, version))


def _add_checks(router: APIRouter, server: ServerContext, force: Force) -> None:
    reader = Depends(server.auth.require("grid_plan.read"))
    drafter = Depends(server.auth.require("grids.draft"))

    @router.post("/check", name="check_grids")
    def check(draft: Draft, caller: Caller = drafter) -> CheckAnswer:
        """What speaks against a draft that is not kept yet, and whom it would move."""
        return force.check(caller, draft)

    @router.post("/plans/{plan}/check", name="check_grid_plan")
    def check_plan(plan: str, caller: Caller = drafter) -> CheckAnswer:
        """The same for a plan."""
        return force.check_plan(caller, plan)

    @router.get("/retired", name="retired_grid_codes")
    def retired(caller: Caller = reader) -> list[str]:
        """Codes of the caller's areas that are not given again."""
        with server.session(write=False) as session:
            return sorted(force.retired(session, caller.areas))


def _add_force(router: APIRouter, server: ServerContext, force: Force) -> None:
    reader = Depends(server.auth.require("grid_plan.read"))
    editor = Depends(server.auth.require("grids.edit"))

    @router.post("/plans/{plan}/force", response_model=Revision, name="force_grid_plan")
    def put_in_force(
        plan: str, body: EndBody, key: IdempotencyKey = None, caller: Caller = editor
    ) -> Response:
        """Change the grids for everybody; refused with the places when they would not fit together."""
        return write_once(
            server,
            caller,
            key,
            lambda session: force.put_in_force(session, caller, plan, body.version, body.reason),
        )

    @router.get("/revisions", name="list_grid_revisions")
    def revisions(caller: Caller = reader) -> list[Revision]:
        """What was put in force, the newest first."""
        with server.session(write=False) as session:
            return force.revisions(session, caller.areas)

    @router.post("/revisions/{revision}/restore", response_model=GridPlan, name="restore_grids")
    def restore(revision: str, key: IdempotencyKey = None, caller: Caller = editor) -> Response:
        """A draft that brings the grids back as they were before a revision."""
        return write_once(server, caller, key, lambda session: force.restore(session, caller, revision))
