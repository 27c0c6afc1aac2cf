"""The endpoint of workload."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from console.sdk.server import ApiError, Caller, ServerContext, json_answer
from plugins.staff.model import Load
from plugins.staff.server.workload.desk import WorkloadDesk

LONGEST_DAYS = 92


def make_workload_router(server: ServerContext, workload: WorkloadDesk) -> APIRouter:
    """Mounted before ``/{staff_id}``."""
    router = APIRouter(tags=["workload"])
    leader = Depends(server.auth.require("workload.read"))

    @router.get("/workload", response_model=list[Load])
    def loads(
        first: date,
        last: date,
        area: Annotated[str, Query(max_length=15, pattern=r"^\d*$")] = "",
        caller: Caller = leader,
    ) -> Response:
        """Jobs, distance, time of people of an area over some days."""
        if not 0 <= (last - first).days < LONGEST_DAYS:
            raise ApiError(422, "period", "Choose a period of at most 92 days", "请选择不超过 92 天的时段")
        with server.session(write=False) as session:
            return json_answer(workload.loads(session, caller, area, first, last))

    return router
