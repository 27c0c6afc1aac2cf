"""Steering a camera for who holds it: rights and turn first, then the head."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from console.sdk.records import Pose
from console.sdk.server import ApiError, Caller, ServerContext
from plugins.cameras.server.background import Repeated
from plugins.cameras.server.devices.book import DeviceBook, Link
from plugins.cameras.server.devices.driver import Ability, DeviceFault, Preset, Steering
from plugins.cameras.server.devices.words import refusal
from plugins.cameras.server.steering.aiming import aimed, nudge
from plugins.cameras.server.steering.claims import Claims, Taken
from plugins.cameras.server.steering.heads import STILL, Head, Heads, Speed
from plugins.cameras.server.tables import CameraRow

T = TypeVar("T")
PATIENCE = 8.0
"""Seconds that a device may take for a movement that somebody waits for."""
MOST = 25
"""Orders of a claim in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gear:
    """What of a camera can be steered."""

    abilities: list[Ability]
    presets: list[Preset]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The answer to a movement; the words say why the one before was not done."""

    code: str = ""
    message: str = ""
    message_zh: str = ""


class SteeringDesk:
    """In transactions of its own: devices are spoken to outside of them."""

    def __init__(self, server: ServerContext, devices: DeviceBook, claims: Claims) -> None:
        self._server, self._claims = server, claims
        self.heads = Heads(devices.steering, self._moves_here)
        self._pace: dict[str, deque[float]] = {}
        self._pace_lock = threading.Lock()

    def take(self, caller: Caller, camera_id: str, *, wait: bool) -> Taken:
        """See ``Claims.take``. What moved is stopped: it was somebody else who moved it."""
        with self._server.session(write=True) as session:
            taken = self._claims.take(session, caller, camera_id, wait=wait)
        if taken.holding:
            self.heads.halt(camera_id)
        return taken

    def release(self, caller: Caller, ids: Sequence[str]) -> None:
        """Let go."""
        with self._server.session(write=True) as session:
            cameras = self._claims.release(session, caller, ids)
        for camera_id in cameras:
            self.heads.halt(camera_id)

    def sweep(self) -> None:
        """Let go whoever rests or is gone."""
        for camera_id in self._claims.sweep():
            self.heads.halt(camera_id)

    def gear(self, caller: Caller, camera_id: str) -> Gear:
        """Asked of the device."""
        with self._server.session(write=False) as session:
            link = self._claims.link(session, caller, camera_id)

        def ask(steering: Steering) -> Gear:
            can = steering.abilities
            presets = list(steering.presets()) if Ability.PRESETS in can else []
            return Gear(abilities=sorted(can), presets=presets)

        return self._ask(link, ask)

    def pose(self, caller: Caller, camera_id: str) -> Pose | None:
        """Where it looks; None: it does not say."""
        with self._server.session(write=False) as session:
            link = self._claims.link(session, caller, camera_id)
        return self._ask(
            link, lambda steering: steering.pose() if Ability.POSE in steering.abilities else None
        )

    def move(self, caller: Caller, camera_id: str, claim: str, speed: Speed) -> Moved:
        """Go on at *speed* for a moment. Does not wait for the device."""
        head = self._head(caller, camera_id, claim, always=speed == STILL)
        head.move(speed)
        fault = head.fault
        if fault is None:
            return Moved()
        refused = refusal(fault)
        return Moved(code=refused.code, message=str(refused), message_zh=refused.message_zh)

    def go(self, caller: Caller, camera_id: str, claim: str, preset: str) -> None:
        """To a preset."""
        self._order(self._head(caller, camera_id, claim), lambda steering: steering.go(preset))

    def point(
        self, caller: Caller, camera_id: str, claim: str, pan: float, tilt: float, zoom: float | None
    ) -> None:
        """To these angles; zoom None: as it is."""

        def act(steering: Steering) -> None:
            closer = steering.pose().zoom if zoom is None else zoom
            steering.point(Pose(pan, tilt, closer))

        self._order(self._head(caller, camera_id, claim), act)

    def aim(
        self, caller: Caller, camera_id: str, claim: str, x: float, y: float, width: float, shape: float
    ) -> None:
        """Bring a place of the picture into the middle, see ``aiming.aimed``."""
        head = self._head(caller, camera_id, claim)
        with self._server.session(write=False) as session:
            across = session.scalar(select(CameraRow.across).where(CameraRow.id == camera_id))

        def act(steering: Steering) -> None:
            if {Ability.POINT, Ability.POSE} <= steering.abilities:
                steering.point(aimed(steering.pose(), x, y, width, across, shape))
            else:
                nudge(steering, x, y, width)

        self._order(head, act)

    def turn(self, caller: Caller, camera_id: str, pan: float, tilt: float, zoom: float | None) -> None:
        """Point it for a moment's hold: for who has no picture with a hold open. Raises 409 ``held``."""
        with self._server.session(write=False) as session:
            mine = self._claims.mine(session, caller, camera_id)
        claim = mine.id if mine else self.take(caller, camera_id, wait=False).claim
        self.point(caller, camera_id, claim, pan, tilt, zoom)

    def keep(self, caller: Caller, camera_id: str, claim: str, name: str, preset: str) -> Preset:
        """Keep the present pose."""
        link = self._head(caller, camera_id, claim).link
        kept = self._ask(link, lambda steering: steering.keep(name, preset))
        self._record(caller, camera_id, f"kept {kept.id} {kept.name}")
        return kept

    def forget(self, caller: Caller, camera_id: str, claim: str, preset: str) -> None:
        """Forget a pose."""
        link = self._head(caller, camera_id, claim).link
        self._ask(link, lambda steering: steering.forget(preset))
        self._record(caller, camera_id, f"forgot {preset}")

    def close(self) -> None:
        """Stop what moves, with the server's end."""
        self.heads.close()

    def _head(self, caller: Caller, camera_id: str, claim: str, *, always: bool = False) -> Head:
        """The camera's, if it is the caller's turn. Raises ApiError: 404, 403, 409, 422, 429."""
        with self._server.session(write=False) as session:
            row = self._claims.held(session, caller, camera_id, claim)
            link = self._claims.link(session, caller, camera_id)
            stale = self._claims.is_stale(row)
        if not always:
            self._must_be_slow(claim)
        if stale:
            with self._server.session(write=True) as session:
                self._claims.use(session, claim)
        return self.heads.of(link)

    def _order(self, head: Head, act: Callable[[Steering], None]) -> None:
        try:
            self.heads.order(head, act, PATIENCE)
        except DeviceFault as fault:
            raise refusal(fault) from fault

    def _ask(self, link: Link, question: Callable[[Steering], T]) -> T:
        try:
            return self.heads.ask(link, question)
        except DeviceFault as fault:
            raise refusal(fault) from fault

    def _record(self, caller: Caller, camera_id: str, told: str) -> None:
        with self._server.session(write=True) as session:
            camera = session.get(CameraRow, camera_id)
            area = camera.area if camera else ""
            self._server.audit(
                session, caller, "camera.preset", f"camera/{camera_id}", reason=told, area=area
            )

    def _moves_here(self, camera_id: str) -> bool:
        with self._server.session(write=False) as session:
            return self._claims.moved_here(session, camera_id)

    def _must_be_slow(self, claim: str) -> None:
        now = time.monotonic()
        with self._pace_lock:
            if len(self._pace) > 1000:
                self._pace = {each: at for each, at in self._pace.items() if at[-1] > now - 1.0}
            times = self._pace.setdefault(claim, deque(maxlen=MOST))
            if len(times) == MOST and times[0] > now - 1.0:
                text, text_zh = "Too many movements at once", "云台指令过于频繁"
                raise ApiError(429, "too_many_moves", text, text_zh, headers={"Retry-After": "1"})
            times.append(now)


class Sweeper(Repeated):
    """Lets go who rests or is gone: a camera that nobody lets go could be steered by nobody else."""

    EVERY = 1.0
    FAULT = "forgotten holds were not ended"

    def __init__(self, server: ServerContext, desk: SteeringDesk) -> None:
        super().__init__(server, "camera steering")
        self._desk = desk

    def stop(self, patience: float | None = None) -> None:
        """What moves is stopped."""
        super().stop(patience)
        self._desk.close()

    def _pause(self, turns: int) -> float:
        return self.EVERY

    def _turn(self) -> None:
        self._desk.sweep()
