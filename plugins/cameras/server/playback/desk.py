"""Tickets to replay and export recordings: short, checked when given and when renewed, recorded."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from console.sdk.server import ApiError, Caller, OtherKey, ServerContext, Session, conflict, not_found
from plugins.cameras.server.devices.book import DeviceBook, Link
from plugins.cameras.server.devices.driver import DeviceFault, Fault, Recording, Replay
from plugins.cameras.server.devices.words import refusal
from plugins.cameras.server.playback.tables import ReplayRow
from plugins.cameras.server.viewing import LASTS, MOST, RENEW, ViewingDesk

LONGEST_LIST = 31 * 86_400.0
"""Seconds whose recordings are listed at once."""
LONGEST_REPLAY = 6 * 3600.0
LONGEST_EXPORT = 2 * 3600.0
FINAL = (Fault.UNREACHABLE, Fault.SIGN_IN, Fault.MISSING)
"""What another speed does not change; a sign-in that was refused is not said twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A stretch, s since 1970, and why one wants it."""

    since: float
    until: float
    speed: float = 1.0
    reason: str = ""
    export: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReplay:
    """A ticket. Its holder keeps it in memory alone."""

    id: str
    camera: str
    begin: float
    """s since 1970 of the first picture."""
    until: float
    expires: float
    renew: float
    """Seconds after which to renew it."""
    main: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


class ReplayDesk:
    """Service ``cameras.playback``. Devices are asked outside of transactions."""

    def __init__(self, server: ServerContext, devices: DeviceBook, viewing: ViewingDesk) -> None:
        self._server, self._devices, self._viewing = server, devices, viewing

    def recordings(
        self, caller: Caller, camera_id: str, since: float, until: float, reason: str
    ) -> Sequence[Recording]:
        """What is recorded. Raises ApiError: 404, 403, 409, 422, 503."""
        _must_be_stretch(since, until, LONGEST_LIST)
        with self._server.session(write=False) as session:
            link = self._link(session, caller, camera_id, reason)
        try:
            return self._devices.driver(link.device).recordings(link.device, link.channel, since, until)
        except DeviceFault as fault:
            raise refusal(fault) from fault

    def begin(self, caller: Caller, camera_id: str, wanted: Wanted) -> GivenReplay:
        """A new ticket. Raises ApiError: 404, 403, 409, 422, 429, 503."""
        _must_be_stretch(wanted.since, wanted.until, LONGEST_EXPORT if wanted.export else LONGEST_REPLAY)
        if wanted.export and not wanted.reason:
            raise ApiError(422, "reason_needed", "Say why you export this", "导出录像须填写事由")
        with self._server.session(write=False) as session:
            self._must_be_few(session, caller)
            link = self._link(session, caller, camera_id, wanted.reason)
        try:
            replay = self._replay(link, wanted)
        except DeviceFault as fault:
            raise refusal(fault) from fault
        with self._server.session(write=True) as session:
            return self._give(session, caller, camera_id, wanted, replay)

    def _replay(self, link: Link, wanted: Wanted) -> Replay:
        """At its own speed where the device cannot send as fast. Raises DeviceFault."""
        driver = self._devices.driver(link.device)
        stretch = (wanted.since, wanted.until)
        try:
            return driver.replay(link.device, link.channel, *stretch, wanted.speed)
        except DeviceFault as fault:
            if wanted.speed == 1.0 or fault.fault in FINAL:
                raise
        return driver.replay(link.device, link.channel, *stretch, 1.0)

    def _give(
        self, session: Session, caller: Caller, camera_id: str, wanted: Wanted, replay: Replay
    ) -> GivenReplay:
        now = time.time()
        camera = self._viewing.admitted(session, caller, camera_id, wanted.reason)
        row = ReplayRow(
            id=secrets.token_urlsafe(24),
            camera=camera_id,
            area=camera.area,
            user=caller.user_id,
            user_name=caller.name,
            reason=wanted.reason,
            since=wanted.since,
            until=wanted.until,
            export=wanted.export,
            handle=replay.id,
            began=now,
            expires=now + LASTS,
            sha256="",
            size=0,
        )
        session.add(row)
        action = "camera.export" if wanted.export else "camera.replay"
        told = " ".join(part for part in (_stretch(wanted.since, wanted.until), wanted.reason) if part)
        self._server.audit(session, caller, action, f"camera/{camera_id}", reason=told, area=camera.area)
        streams = replay.streams
        return GivenReplay(
            id=row.id, camera=camera_id, begin=replay.begin, until=wanted.until,
            expires=row.expires, renew=RENEW,
            main=streams.main, user=streams.user, password=streams.password,
        )  # fmt: skip

    def renew(self, caller: Caller, ids: Sequence[str]) -> dict[str, str]:
        """Let the caller's tickets go on, rights looked at anew; which are over, and why."""
        over, lost = dict.fromkeys(ids, "ended"), list[ReplayRow]()
        with self._server.session(write=True) as session:
            for row in self._open(session, caller, ids):
                try:
                    self._viewing.admitted(session, caller, row.camera, row.reason)
                except ApiError as error:
                    over[row.id] = error.code
                    row.ended = time.time()
                    lost.append(row)
                    continue
                row.expires = time.time() + LASTS
                del over[row.id]
        self._let_go(lost)
        return over

    def end(self, caller: Caller, ids: Sequence[str]) -> None:
        """The caller looks no longer; what is over already is passed over."""
        with self._server.session(write=True) as session:
            rows = list(self._open(session, caller, ids))
            for row in rows:
                row.ended = time.time()
        self._let_go(rows)

    def written(self, caller: Caller, ticket: str, sha256: str, size: int) -> None:
        """A file was written by an export's ticket: its hash is kept, the ticket ends. Raises ApiError."""
        with self._server.session(write=True) as session:
            row = next((row for row in self._open(session, caller, [ticket]) if row.export), None)
            if row is None:
                raise not_found()
            row.sha256, row.size, row.ended = sha256, size, time.time()
            told = f"{_stretch(row.since, row.until)} SHA-256 {sha256}, {size} bytes"
            subject = f"camera/{row.camera}"
            self._server.audit(session, caller, "camera.exported", subject, reason=told, area=row.area)
        self._let_go([row])

    def sweep(self) -> int:
        """End the tickets that nobody renewed; how many."""
        late = (ReplayRow.ended.is_(None), ReplayRow.expires < time.time())
        with self._server.session(write=False) as session:
            if not session.scalar(select(func.count()).where(*late)):
                return 0
        with self._server.session(write=True) as session:
            rows = list(session.scalars(select(ReplayRow).where(*late)))
            for row in rows:
                row.ended = row.expires
        self._let_go(rows)
        return len(rows)

    def _let_go(self, rows: Sequence[ReplayRow]) -> None:
        """Tell the devices; one that does not hear it ends by itself what nobody fetches."""
        for row in rows:
            if not row.handle:
                continue
            try:
                with self._server.session(write=False) as session:
                    link = self._devices.of(session, row.camera)
                if link is not None:
                    self._devices.driver(link.device).end_replay(link.device, link.channel, row.handle)
            except (DeviceFault, OtherKey) as fault:
                self._server.log.info("a replay was not ended: %s", type(fault).__name__)

    def _link(self, session: Session, caller: Caller, camera_id: str, reason: str) -> Link:
        self._viewing.admitted(session, caller, camera_id, reason)
        try:
            link = self._devices.of(session, camera_id)
        except OtherKey as error:
            raise ApiError(
                503,
                "other_key",
                "The recorder's sign-in was sealed with another key: enter it anew",
                "录像设备的登录信息由另一密钥加密，请重新录入",
            ) from error
        if link is None or not link.recorded:
            raise conflict("no_recorder", "This camera is not recorded here", "此摄像头尚未接入录像")
        return link

    def _must_be_few(self, session: Session, caller: Caller) -> None:
        mine = (ReplayRow.user == caller.user_id, ReplayRow.began > time.time() - 60.0)
        if (session.scalar(select(func.count()).where(*mine)) or 0) >= MOST:
            raise ApiError(
                429, "too_many_tickets", "Too many recordings in a minute: wait a little",
                "一分钟内打开的录像过多，请稍候", headers={"Retry-After": "10"},
            )  # fmt: skip

    def _open(self, session: Session, caller: Caller, ids: Sequence[str]) -> Sequence[ReplayRow]:
        query = select(ReplayRow).where(
            ReplayRow.id.in_(ids),
            ReplayRow.user == caller.user_id,
            ReplayRow.ended.is_(None),
            ReplayRow.expires >= time.time(),
        )
        return session.scalars(query).all()


def _must_be_stretch(since: float, until: float, longest: float) -> None:
    if not 0 <= since < until < 1e11 or until - since > longest:
        hours = longest / 3600
        raise ApiError(
            422,
            "bad_stretch",
            f"The end must be after the beginning, by {hours:g} hours at most",
            f"结束时间须晚于开始时间，且时长不超过 {hours:g} 小时",
        )


def _stretch(since: float, until: float) -> str:
    """Two times in UTC, for the audit."""
    return "/".join(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(each)) for each in (since, until))
