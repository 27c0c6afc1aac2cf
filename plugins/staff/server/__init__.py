"""Server half of the staff plugin."""

from __future__ import annotations

from collections.abc import Iterable

from console.sdk import PositionFlag, Positions
from console.sdk.records import Alarm, Role, Staff
from console.sdk.server import Caller, ServerContext, Session
from plugins.staff.server.alarms.register import AlarmRegister
from plugins.staff.server.alarms.routes import make_alarm_router
from plugins.staff.server.alarms.watch import Watch
from plugins.staff.server.areas import StaffAreas
from plugins.staff.server.desk import StaffDesk
from plugins.staff.server.duty.book import DutyBook
from plugins.staff.server.duty.clock import DutyClock
from plugins.staff.server.duty.routes import build_duty, make_duty_router
from plugins.staff.server.enrol.desk import Enrolment
from plugins.staff.server.enrol.routes import make_enrol_router
from plugins.staff.server.patrols.desk import PatrolDesk
from plugins.staff.server.patrols.routes import make_patrol_router
from plugins.staff.server.routes import make_router
from plugins.staff.server.tracks.reader import TrackReader
from plugins.staff.server.tracks.routes import make_tracks_router
from plugins.staff.server.workload.desk import WorkloadDesk
from plugins.staff.server.workload.meter import Meter
from plugins.staff.server.workload.routes import make_workload_router

_WORKING = (Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR)
_LEADING = (Role.DISPATCHER, Role.ADMINISTRATOR)
RIGHTS: dict[str, tuple[Role, ...]] = {
    "staff.read": tuple(Role),
    "alarms.read": tuple(Role),
    "staff.write": _WORKING,
    "staff.manage": (Role.ADMINISTRATOR,),
    "duty.write": _LEADING,
    "tracks.read": _LEADING,
    "workload.read": _LEADING,
}
"""Actions and the roles that have them."""


def register(server: ServerContext) -> None:
    """Mount the endpoints, feed, search and services."""
    for action, roles in RIGHTS.items():
        server.auth.declare(action, *roles)
    alarms = AlarmRegister(server)
    desk, book = StaffDesk(server, alarms), DutyBook(server)
    clock, watch = DutyClock(server, desk, book), Watch(server, book, alarms)
    duty, tracks = build_duty(server, desk, book), TrackReader(server, desk, book)
    meter = Meter(server)
    _feed(server, desk, alarms)
    server.positions.admit(book.admit)
    server.search(desk.find)
    server.areas.follow(StaffAreas(server, desk, alarms).follow)
    server.provide("staff", desk)
    server.provide("staff.watch", watch)
    enrolment = Enrolment(server, desk)
    server.provide("staff.enrol", enrolment)
    server.provide("seed:staff", desk.seed)
    server.provide("seed:rota", duty.rota.seed)
    server.routes(make_duty_router(duty))
    server.routes(make_alarm_router(server, desk, alarms))
    server.routes(make_tracks_router(server, tracks))
    server.routes(make_patrol_router(server, PatrolDesk(server, tracks)))
    server.routes(make_workload_router(server, WorkloadDesk(server, book)))
    server.routes(make_enrol_router(server, enrolment))
    server.routes(make_router(server, desk))
    server.positions.on_batch(meter.take)
    clock.on_tick(watch.tick)
    clock.on_tick(meter.tick)
    server.on_start(clock.start)
    server.on_stop(meter.write)
    server.on_stop(clock.stop)


def _feed(server: ServerContext, desk: StaffDesk, alarms: AlarmRegister) -> None:
    """Staff and alarms on the live feed; calls for help out of the positions."""

    def staff(session: Session, caller: Caller) -> Iterable[Staff]:
        return desk.roster(session, caller.areas)

    def live_alarms(session: Session, caller: Caller) -> Iterable[Alarm]:
        return alarms.live(session, caller.areas)

    def watch_sos(fixes: Positions) -> None:
        calling = fixes.handle[(fixes.flags & int(PositionFlag.SOS)) > 0].tolist()
        if calling:
            desk.raise_sos(calling)

    server.feed.provide("staff", staff, action="staff.read")
    server.feed.provide("alarm", live_alarms, action="alarms.read")
    server.positions.on_batch(watch_sos)
