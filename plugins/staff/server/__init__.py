"""Server half of the staff plugin."""

from __future__ import annotations

from collections.abc import Iterable

from console.sdk import PositionFlag, Positions
from console.sdk.records import Role, Staff
from console.sdk.server import Caller, ServerContext, Session
from plugins.staff.server.desk import StaffDesk
from plugins.staff.server.duty.book import DutyBook
from plugins.staff.server.duty.clock import DutyClock
from plugins.staff.server.duty.routes import build_duty, make_duty_router
from plugins.staff.server.routes import make_router


def register(server: ServerContext) -> None:
    """Mount the endpoints, feed, search and services."""
    server.auth.declare("staff.read", *Role)
    server.auth.declare("staff.write", Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR)
    server.auth.declare("duty.write", Role.DISPATCHER, Role.ADMINISTRATOR)
    desk, book = StaffDesk(server), DutyBook(server)
    clock = DutyClock(server, desk, book)

    def snapshot(session: Session, caller: Caller) -> Iterable[Staff]:
        return desk.roster(session, caller.areas)

    def watch_sos(fixes: Positions) -> None:
        calling = fixes.handle[(fixes.flags & int(PositionFlag.SOS)) > 0].tolist()
        if calling:
            desk.raise_sos(calling)

    server.feed.provide("staff", snapshot, action="staff.read")
    server.positions.admit(book.admit)
    server.positions.on_batch(watch_sos)
    server.search(desk.find)
    server.provide("staff", desk)
    server.provide("seed:staff", desk.seed)
    duty = build_duty(server, desk, book)
    server.provide("seed:rota", duty.rota.seed)
    server.routes(make_duty_router(duty))
    server.routes(make_router(server, desk))
    server.on_start(clock.start)
    server.on_stop(clock.stop)
