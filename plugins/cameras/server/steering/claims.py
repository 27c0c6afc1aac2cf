"""Whose turn it is to steer a camera: kept in the database, so that all processes of the backend agree."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from console.sdk.records import Steerer, Steering
from console.sdk.server import ApiError, Caller, ServerContext, Session, conflict
from plugins.cameras.model import steering_rank
from plugins.cameras.server.devices.book import DeviceBook, Link
from plugins.cameras.server.tables import CameraRow, SteeringRow, ViewingRow
from plugins.cameras.server.viewing import ViewingDesk

RECORD = "steering"
IDLE = 30.0
"""Seconds without a movement after which the camera is free for the next."""
LOST = 12.0
"""Seconds after which a console is gone that says nothing."""
STAY = 4.0
"""Seconds after which a console should say that it is still there."""
COARSE = 3.0
"""Seconds by which ``used`` and ``seen`` may be behind: not every movement is a write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The answer to who wants to steer."""

    claim: str
    holding: bool
    """Otherwise it waits."""
    idle: float = IDLE
    stay: float = STAY


class Claims:
    """Works in the transaction of its caller."""

    def __init__(self, server: ServerContext, devices: DeviceBook, viewing: ViewingDesk) -> None:
        self._server, self._devices, self._viewing = server, devices, viewing
        self.process = secrets.token_urlsafe(12)

    def camera(self, session: Session, caller: Caller, camera_id: str) -> CameraRow:
        """One that the caller may look through now, for the reason of the open picture if one is needed.

        Raises ApiError: 404, 403, 422.
        """
        open_ones = (ViewingRow.ended.is_(None), ViewingRow.expires >= time.time())
        query = select(ViewingRow.reason).where(
            ViewingRow.camera == camera_id, ViewingRow.user == caller.user_id, *open_ones
        )
        reason = session.scalar(query.order_by(ViewingRow.reason.desc()).limit(1)) or ""
        return self._viewing.admitted(session, caller, camera_id, reason)

    def link(self, session: Session, caller: Caller, camera_id: str) -> Link:
        """A steerable camera's channel. Raises ApiError: 404, 403, 422, 409."""
        camera = self.camera(session, caller, camera_id)
        link = self._devices.of(session, camera.id)
        if link is None or not link.steerable:
            raise conflict(
                "not_steerable", "This camera cannot be turned from here", "此摄像头不支持云台控制"
            )
        return link

    def take(self, session: Session, caller: Caller, camera_id: str, *, wait: bool) -> Taken:
        """Steer, now or when one's turn comes; without *wait* now or not at all (409 ``held``).

        Who has the higher rank takes over from who steers, who then waits. An account steers a camera
        from one console: the newest.
        """
        self.link(session, caller, camera_id)
        now = time.time()
        rows = self._rows(session, camera_id)
        for row in [each for each in rows if each.user == caller.user_id]:
            self._end(session, row, caller, now, "elsewhere")
            rows.remove(row)
        rank = steering_rank(caller.role, caller.areas)
        holder = next((row for row in rows if row.since is not None), None)
        if holder is not None and not wait:
            raise self._held(holder)
        mine = SteeringRow(
            id=secrets.token_urlsafe(12),
            camera=camera_id,
            user=caller.user_id,
            user_name=caller.name,
            rank=rank,
            began=now,
            since=None,
            used=now,
            seen=now,
            mover="",
            version=0,
        )
        session.add(mine)
        if holder is not None and holder.rank < rank:
            self._unseat(session, holder, caller, now)
        self._settle(session, camera_id, now, caller)
        return Taken(claim=mine.id, holding=mine.since is not None)

    def held(self, session: Session, caller: Caller, camera_id: str, claim: str) -> SteeringRow:
        """The caller's claim, if it is their turn. Raises ApiError 409 ``not_holder``."""
        row = session.get(SteeringRow, claim)
        if row is None or row.camera != camera_id or row.user != caller.user_id or row.since is None:
            raise conflict(
                "not_holder", "You do not steer this camera (any more)", "您当前未持有此摄像头的云台控制权"
            )
        return row

    def mine(self, session: Session, caller: Caller, camera_id: str) -> SteeringRow | None:
        """The caller's claim where it is their turn."""
        rows = self._rows(session, camera_id)
        return next((row for row in rows if row.user == caller.user_id and row.since is not None), None)

    def is_stale(self, row: SteeringRow) -> bool:
        """Whether ``use`` has something to write."""
        return row.mover != self.process or time.time() - row.used > COARSE

    def use(self, session: Session, claim: str) -> None:
        """It is made use of, by way of this process."""
        if row := session.get(SteeringRow, claim):
            row.used = row.seen = time.time()
            row.mover = self.process

    def moved_here(self, session: Session, camera_id: str) -> bool:
        """Whether no other process has moved the camera for who steers now."""
        rows = self._rows(session, camera_id)
        return all(row.mover in ("", self.process) for row in rows if row.since is not None)

    def stay(self, session: Session, caller: Caller, ids: Sequence[str]) -> list[str]:
        """The caller's console is there and may still look; gives the claims that go on."""
        query = select(SteeringRow).where(SteeringRow.id.in_(ids), SteeringRow.user == caller.user_id)
        now, kept = time.time(), list[str]()
        for row in session.scalars(query).all():
            try:
                self.link(session, caller, row.camera)
            except ApiError as error:
                self._end(session, row, caller, now, error.code)
                self._settle(session, row.camera, now)
                continue
            row.seen = now
            kept.append(row.id)
        return kept

    def release(self, session: Session, caller: Caller, ids: Sequence[str]) -> list[str]:
        """Steer no longer, or wait no longer; gives the cameras that were steered."""
        query = select(SteeringRow).where(SteeringRow.id.in_(ids), SteeringRow.user == caller.user_id)
        return self._end_all(session, session.scalars(query).all(), caller, "released")

    def sweep(self) -> list[str]:
        """Let go whoever rests or is gone; gives the cameras that were steered."""
        now = time.time()
        late = or_(
            SteeringRow.seen < now - LOST,
            SteeringRow.since.is_not(None) & (SteeringRow.used < now - IDLE),
        )
        with self._server.session(write=False) as session:
            if session.scalar(select(SteeringRow.id).where(late).limit(1)) is None:
                return []
        with self._server.session(write=True) as session:
            rows = session.scalars(select(SteeringRow).where(late)).all()
            return self._end_all(session, rows, None, "")

    def current(self, session: Session, caller: Caller) -> Iterable[Steering]:
        """All that are steered in the caller's areas."""
        held = select(CameraRow).join(SteeringRow, CameraRow.id == SteeringRow.camera)
        here = (SteeringRow.since.is_not(None), self._server.in_areas(CameraRow.area, caller.areas))
        for camera in session.scalars(held.where(*here)).all():
            yield _record(camera, self._rows(session, camera.id))

    def _rows(self, session: Session, camera_id: str) -> list[SteeringRow]:
        """Of a camera: who holds it, then who waits in the order of their turns."""
        query = select(SteeringRow).where(SteeringRow.camera == camera_id)
        order = (SteeringRow.since.is_(None), SteeringRow.rank.desc(), SteeringRow.began, SteeringRow.id)
        return list(session.scalars(query.order_by(*order)))

    def _held(self, holder: SteeringRow) -> ApiError:
        name = holder.user_name
        return conflict("held", f"{name} steers this camera now", f"云台正由{name}控制", holder=name)

    def _unseat(self, session: Session, row: SteeringRow, by: Caller, now: float) -> None:
        """Somebody of a higher rank goes first; *row* waits, and has the earliest turn of its rank."""
        self._tell_end(session, row, by, now, "taken over")
        row.since, row.mover = None, ""
        session.flush()

    def _end_all(
        self, session: Session, rows: Sequence[SteeringRow], caller: Caller | None, why: str
    ) -> list[str]:
        now, held = time.time(), [row.camera for row in rows if row.since is not None]
        for row in rows:
            self._end(session, row, caller, now, why or ("lost" if row.seen < now - LOST else "idle"))
        for camera_id in dict.fromkeys(row.camera for row in rows):
            self._settle(session, camera_id, now)
        return held

    def _end(self, session: Session, row: SteeringRow, caller: Caller | None, now: float, why: str) -> None:
        if row.since is not None:
            self._tell_end(session, row, caller, now, why)
        session.delete(row)
        session.flush()

    def _settle(self, session: Session, camera_id: str, now: float, by: Caller | None = None) -> None:
        """Let the next one steer when nobody does, and tell all consoles."""
        session.flush()
        rows, camera = self._rows(session, camera_id), session.get(CameraRow, camera_id)
        if camera is None:
            return
        if not rows:
            self._server.feed.drop(session, RECORD, camera_id, camera.area)
            return
        first = rows[0]
        if first.since is None:
            first.since = first.used = now
            who = by if by is not None and by.user_id == first.user else None
            subject, told = f"camera/{camera_id}", "" if who else first.user_name
            self._server.audit(session, who, "camera.steer", subject, reason=told, area=camera.area)
        first.version = self._server.feed.next_version(session)
        session.flush()
        self._server.feed.put(session, RECORD, _record(camera, rows))

    def _tell_end(self, session: Session, row: SteeringRow, by: Caller | None, now: float, why: str) -> None:
        camera = session.get(CameraRow, row.camera)
        told = f"{row.user_name} {now - (row.since or now):.0f} s: {why}"
        area = camera.area if camera else ""
        self._server.audit(session, by, "camera.steer_end", f"camera/{row.camera}", reason=told, area=area)


def _record(camera: CameraRow, rows: Sequence[SteeringRow]) -> Steering:
    """*rows*: as ``Claims._rows`` gives them; the first one holds."""
    holder, *waiting = (Steerer(claim=row.id, name=row.user_name, rank=row.rank) for row in rows)
    return Steering(
        id=camera.id,
        area=camera.area,
        holder=holder,
        since=rows[0].since or rows[0].began,
        waiting=tuple(waiting),
        version=rows[0].version,
    )
