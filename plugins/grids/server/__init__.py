"""Server half of the grids plugin: plans that change grids, checked and put in force."""

from __future__ import annotations

from collections.abc import Iterable

from console.sdk.records import GridPlan, Role
from console.sdk.server import Caller, ServerContext, Session
from plugins.grids.server.force import Force
from plugins.grids.server.ground import Ground
from plugins.grids.server.plans import RECORD, PlanBook
from plugins.grids.server.routes import make_router


def register(server: ServerContext) -> None:
    """Mount the endpoints and the feed."""
    server.auth.declare("grid_plan.read", *Role)
    server.auth.declare("grids.draft", Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR)
    server.auth.declare("grids.edit", Role.DISPATCHER, Role.ADMINISTRATOR)
    ground = Ground(server)
    plans = PlanBook(server, ground)

    def snapshot(session: Session, caller: Caller) -> Iterable[GridPlan]:
        return plans.drafts(session, caller.areas)

    server.feed.provide(RECORD, snapshot, action="grid_plan.read")
    server.routes(make_router(server, plans, Force(server, ground, plans)))
