"""Tickets to look through cameras: short, checked when given and when renewed, recorded."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import func, select

from console.sdk.server import ApiError, Caller, OtherKey, ServerContext, Session, conflict, not_found
from plugins.cameras.server.background import Repeated
from plugins.cameras.server.devices.book import DeviceBook, Link
from plugins.cameras.server.devices.driver import DeviceFault
from plugins.cameras.server.devices.sessions import LiveSessions
from plugins.cameras.server.devices.words import refusal
from plugins.cameras.server.streams import StreamBook, Streams
from plugins.cameras.server.tables import CameraRow, ViewingRow
from plugins.cameras.server.view_rules import admit

LASTS = 60.0
"""Seconds that a ticket lasts without being renewed."""
RENEW = 20.0
"""Seconds after which a console should renew it."""
MOST = 600
"""Tickets that an account may ask for in a minute."""
FULL_FROM = 400
"""Height in pixels above which the full picture is worth its cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A ticket. Its holder keeps it in memory alone."""

    id: str
    camera: str
    expires: float
    """s since 1970."""
    renew: float
    """Seconds after which to renew it."""
    prefer: str
    """``main`` or ``sub``, by the height that was asked for."""
    main: str
    sub: str
    """Addresses without a sign-in; ``sub`` may be empty."""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """Which tickets go on until *expires*, and which are over, with why."""

    expires: float
    renewed: list[str]
    over: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """Who looked through which camera; ``ended`` None: still does. s since 1970."""

    id: str
    camera: str
    area: str
    user: str
    user_name: str
    reason: str
    began: float
    ended: float | None


class ViewingDesk:
    """Gives tickets and ends them. Works in the transaction of its caller."""

    def __init__(self, server: ServerContext, streams: StreamBook, devices: DeviceBook) -> None:
        self._server, self._streams, self._devices = server, streams, devices
        self._sessions = LiveSessions(server, devices)

    def open(self, caller: Caller, camera_id: str, height: int, reason: str) -> Given:
        """A new ticket, in transactions of its own: a platform may take seconds to say where the picture is.

        Raises ApiError: 404 outside the caller's areas, 403, 409, 422, 429, 503.
        """
        with self._server.session(write=False) as session:
            self._must_be_few(session, caller, time.time())
            found = self._found(session, self.admitted(session, caller, camera_id, reason).id)
        try:
            streams = self._sessions.begin(found) if isinstance(found, Link) else found
        except DeviceFault as fault:
            raise refusal(fault) from fault
        with self._server.session(write=True) as session:
            return self._give(session, caller, camera_id, height, reason, streams)

    def admitted(self, session: Session, caller: Caller, camera_id: str, reason: str) -> CameraRow:
        """A camera that the caller may look through. Raises ApiError: 404, 403, 422."""
        camera = self._camera(session, caller, camera_id)
        admit(session, caller, camera, reason)
        return camera

    def _give(
        self, session: Session, caller: Caller, camera_id: str, height: int, reason: str, streams: Streams
    ) -> Given:
        now = time.time()
        camera = self.admitted(session, caller, camera_id, reason)
        self._must_be_few(session, caller, now)
        row = ViewingRow(
            id=secrets.token_urlsafe(24),
            camera=camera_id,
            area=camera.area,
            user=caller.user_id,
            user_name=caller.name,
            reason=reason,
            began=now,
            expires=now + LASTS,
        )
        session.add(row)
        self._server.audit(
            session, caller, "camera.view", f"camera/{camera_id}", reason=reason, area=camera.area
        )
        return Given(
            id=row.id,
            camera=camera_id,
            expires=row.expires,
            renew=RENEW,
            prefer="sub" if streams.sub and height <= FULL_FROM else "main",
            main=streams.main,
            sub=streams.sub,
            user=streams.user,
            password=streams.password,
        )

    def renew(self, session: Session, caller: Caller, ids: Sequence[str]) -> Renewed:
        """Let the caller's tickets go on; rights are looked at anew."""
        now, renewed = time.time(), list[str]()
        over = dict.fromkeys(ids, "ended")
        for row in self._open(session, caller, ids):
            try:
                admit(session, caller, self._camera(session, caller, row.camera), row.reason)
            except ApiError as error:
                over[row.id] = error.code
                self._end(session, row, caller, now)
                continue
            row.expires = now + LASTS
            renewed.append(row.id)
            del over[row.id]
        return Renewed(expires=now + LASTS, renewed=renewed, over=over)

    def end(self, session: Session, caller: Caller, ids: Sequence[str]) -> None:
        """The caller looks no longer; tickets that are over already are passed over."""
        now = time.time()
        for row in self._open(session, caller, ids):
            self._end(session, row, caller, now)

    def sweep(self) -> int:
        """End the tickets that nobody renewed, and what platforms send to nobody; how many tickets."""
        ended = self._sweep_tickets()
        self._sessions.sweep()
        return ended

    def _sweep_tickets(self) -> int:
        now = time.time()
        late = (ViewingRow.ended.is_(None), ViewingRow.expires < now)
        with self._server.session(write=False) as session:
            if not session.scalar(select(func.count()).where(*late)):
                return 0
        with self._server.session(write=True) as session:
            rows = session.scalars(select(ViewingRow).where(*late)).all()
            for row in rows:
                self._end(session, row, None, row.expires)
            return len(rows)

    def past(
        self, session: Session, caller: Caller, *, camera: str, user: str, since: float, limit: int
    ) -> list[Viewing]:
        """Who looked, the last first; of the caller's areas."""
        query = select(ViewingRow).where(self._server.in_areas(ViewingRow.area, caller.areas))
        if camera:
            query = query.where(ViewingRow.camera == camera)
        if user:
            query = query.where(ViewingRow.user == user)
        query = query.where(ViewingRow.began >= since).order_by(ViewingRow.began.desc()).limit(limit)
        return [_viewing(row) for row in session.scalars(query)]

    def _camera(self, session: Session, caller: Caller, camera_id: str) -> CameraRow:
        in_areas = self._server.in_areas(CameraRow.area, caller.areas)
        row = session.scalar(select(CameraRow).where(CameraRow.id == camera_id, in_areas))
        if row is None:
            raise not_found()
        return row

    def _found(self, session: Session, camera_id: str) -> Streams | Link:
        """Addresses that are known, or the channel that knows them."""
        try:
            found = self._streams.of(session, camera_id) or self._devices.of(session, camera_id)
        except OtherKey as error:
            raise ApiError(
                503,
                "other_key",
                "The camera's sign-in was sealed with another key: import it anew",
                "摄像头的登录信息由另一密钥加密，请重新导入",
            ) from error
        if found is None:
            raise conflict("no_picture", "This camera has no live picture here", "此摄像头尚未接入画面")
        return found

    def _must_be_few(self, session: Session, caller: Caller, now: float) -> None:
        mine = (ViewingRow.user == caller.user_id, ViewingRow.began > now - 60.0)
        if (session.scalar(select(func.count()).where(*mine)) or 0) >= MOST:
            raise ApiError(
                429,
                "too_many_tickets",
                "Too many cameras in a minute: wait a little",
                "一分钟内打开的画面过多，请稍候",
                headers={"Retry-After": "10"},
            )

    def _open(self, session: Session, caller: Caller, ids: Sequence[str]) -> Sequence[ViewingRow]:
        query = select(ViewingRow).where(
            ViewingRow.id.in_(ids),
            ViewingRow.user == caller.user_id,
            ViewingRow.ended.is_(None),
            ViewingRow.expires >= time.time(),
        )
        return session.scalars(query).all()

    def _end(self, session: Session, row: ViewingRow, caller: Caller | None, at: float) -> None:
        row.ended = at
        seconds = f"{row.user_name} {at - row.began:.0f} s"
        subject = f"camera/{row.camera}"
        self._server.audit(session, caller, "camera.view_end", subject, reason=seconds, area=row.area)


def _viewing(row: ViewingRow) -> Viewing:
    return Viewing(
        id=row.id,
        camera=row.camera,
        area=row.area,
        user=row.user,
        user_name=row.user_name,
        reason=row.reason,
        began=row.began,
        ended=row.ended,
    )


class Sweeps(Protocol):
    """A desk with tickets."""

    def sweep(self) -> int: ...


class Sweeper(Repeated):
    """Ends forgotten tickets every few seconds: one that nobody ends would be a look without an end."""

    EVERY = 5.0
    FAULT = "forgotten tickets were not ended"

    def __init__(self, server: ServerContext, desk: Sweeps) -> None:
        super().__init__(server, "camera tickets")
        self._desk = desk

    def _pause(self, turns: int) -> float:
        return self.EVERY

    def _turn(self) -> None:
        self._desk.sweep()
