"""Endpoints for closures."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from fastapi import APIRouter, Depends, Query, Response

from console.sdk.records import Closure, ClosureShape
from console.sdk.server import (
    ApiError,
    Caller,
    IdempotencyKey,
    ServerContext,
    Session,
    conflict,
    json_answer,
    write_once,
)
from plugins.dispatch.server.bodies import FEWEST_POINTS, ClosureBody, Id, ShapeBody
from plugins.dispatch.server.closures import ClosureBook, to_record
from plugins.dispatch.server.tables import ClosureRow


def add_closures(
    router: APIRouter, server: ServerContext, closures: ClosureBook, changed: Callable[[], None]
) -> None:
    """Reading, drawing and taking back; *changed* is called after each change."""
    reader = Depends(server.auth.require("closure.read"))
    writer = Depends(server.auth.require("closures.write"))

    @router.get("/closures", response_model=list[Closure])
    def list_closures(caller: Caller = reader) -> Response:
        """Closures in the caller's areas, in force or planned."""
        with server.session(write=False) as session:
            return json_answer(closures.all(session, caller.areas))

    @router.get("/closures/history", response_model=list[Closure])
    def history(limit: int = Query(default=200, ge=1, le=2000), caller: Caller = reader) -> Response:
        """Ended closures with who ended them and when, the last first."""
        with server.session(write=False) as session:
            return json_answer(closures.history(session, caller.areas, limit))

    @router.post("/closures", response_model=Closure)
    def close(body: ClosureBody, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Close a stretch of road; it reaches all consoles and rankings at once."""

        def work(session: Session) -> Closure:
            return _close(session, server, closures, body, caller)

        answered = write_once(server, caller, key, work)
        changed()
        return answered

    @router.patch("/closures/{closure_id}", response_model=Closure)
    def reshape(
        closure_id: Id, body: ShapeBody, key: IdempotencyKey = None, caller: Caller = writer
    ) -> Response:
        """Give a closure another shape; 409 when somebody else has changed it meanwhile."""

        def work(session: Session) -> Closure:
            return _reshape(session, server, closures, closure_id, body, caller)

        answered = write_once(server, caller, key, work)
        changed()
        return answered

    @router.get("/closures/{closure_id}/shapes")
    def shapes(closure_id: Id, caller: Caller = reader) -> Response:
        """Shapes that a closure had before in the caller's areas, the last first."""
        with server.session(write=False) as session:
            closures.row(session, closure_id, caller.areas, ended=True)
            return json_answer(closures.former_shapes(session, closure_id, caller.areas))

    @router.delete("/closures/{closure_id}")
    def reopen(closure_id: Id, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Open the road again."""

        def work(session: Session) -> dict[str, str]:
            row = closures.row(session, closure_id, caller.areas)
            server.audit(session, caller, "closures.end", f"closure/{closure_id}", area=row.area)
            closures.end(session, row, caller.name, time.time())
            return {"id": closure_id}

        answered = write_once(server, caller, key, work)
        changed()
        return answered


def _reshape(
    session: Session,
    server: ServerContext,
    closures: ClosureBook,
    closure_id: str,
    body: ShapeBody,
    caller: Caller,
) -> Closure:
    row = closures.row(session, closure_id, caller.areas)
    if row.version != body.version:
        raise conflict(
            "changed_meanwhile",
            "Somebody else has changed this closure: look at it and edit it again",
            "该封控已被他人修改，请查看后重新编辑",
            version=row.version,
        )
    if len(body.points) < FEWEST_POINTS[ClosureShape(row.shape)]:
        raise ApiError(422, "bad_input", "The closure has too few points", "封控的点数不足")
    area = closures.area_for(caller, body.points)
    server.audit(session, caller, "closures.reshape", f"closure/{closure_id}", area=area)
    return closures.reshape(session, row, body.points, area, caller.name)


def _close(
    session: Session, server: ServerContext, closures: ClosureBook, body: ClosureBody, caller: Caller
) -> Closure:
    known = session.get(ClosureRow, body.id) if body.id else None
    if known is not None:
        if not caller.may_see(known.area):
            raise conflict("id_taken", "This id belongs to another closure", "该编号已被占用")
        return to_record(known)
    now = time.time()
    since = max(body.since or now, now)
    if body.until is not None and body.until <= since:
        raise ApiError(422, "bad_input", "The closure ends before it begins", "封控结束时间早于开始时间")
    row = ClosureRow(
        id=body.id or str(uuid.uuid4()),
        area=closures.area_for(caller, body.points),
        shape=body.shape,
        points=[list(point) for point in body.points],
        reason=body.reason,
        means=list(body.means),
        by=caller.name,
        since=since,
        until=body.until,
    )
    closure = closures.add(session, row)
    server.audit(session, caller, "closures.add", f"closure/{row.id}", reason=body.reason, area=row.area)
    return closure
