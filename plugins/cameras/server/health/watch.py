"""Asks the streams of all cameras in rotation: so many a second and at once, the silent ones ever less."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from console.sdk.server import OtherKey, ServerContext, Session, announce
from plugins.cameras.model import Health
from plugins.cameras.server.background import Background
from plugins.cameras.server.catalogue import to_record
from plugins.cameras.server.health.probe import Found, probe
from plugins.cameras.server.streams import StreamBook, Streams, hosts_of
from plugins.cameras.server.tables import CameraRow, HealthRow, StreamRow

SURE = 2
"""How many times in a row one that answered must be silent before it counts as gone."""

REST = 10.0
"""Seconds to wait while the database is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Times in seconds. 10,000 cameras are asked within 10 minutes, also when all are silent."""

    turn: float = 1.0
    a_turn: int = 24
    """Streams that are begun to be asked in a turn."""
    at_once: int = 96
    patience: float = 4.0
    """How long one may take."""
    again: float = 400.0
    """After an answer."""
    first: float = 30.0
    """After the first silence; doubles with each."""
    longest: float = 600.0
    refused: float = 3600.0
    """After a sign-in was refused: cameras lock out who insists."""
    claim: float = 60.0
    """After which another process of the backend may ask what one has begun to."""


@dataclass(frozen=True, slots=True)
class _Asked:
    camera: str
    streams: Streams


class HealthWatch(Background):
    """Service ``cameras.health``. Several processes may watch: each claims what it asks."""

    def __init__(self, server: ServerContext, streams: StreamBook) -> None:
        super().__init__(server, "camera health")
        self._streams = streams
        self.pace = Pace()
        """May be set at any time; holds from the next turn on."""

    def _run(self) -> None:
        asyncio.run(self._watch())

    async def _watch(self) -> None:
        under_way: dict[asyncio.Task[Found], str] = {}
        while not await asyncio.to_thread(self._stop.wait, self.pace.turn):
            ended = {task: camera for task, camera in under_way.items() if task.done()}
            found = {camera: self._result(task) for task, camera in ended.items()}
            room = min(self.pace.a_turn, self.pace.at_once - len(under_way) + len(ended))
            try:
                asked = await asyncio.to_thread(self._turn, found, room)
            except Exception:  # whatever it is, the cameras are to be asked again
                self._server.log.exception("the health of cameras was not written")
                await asyncio.to_thread(self._stop.wait, REST)
                continue
            for task in ended:
                del under_way[task]
            for each in asked:
                under_way[asyncio.create_task(self._probed(each.streams))] = each.camera
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _probed(self, streams: Streams) -> Found:
        hosts = hosts_of(streams.main)
        if not all([await asyncio.to_thread(self._server.networks.permits, host) for host in hosts]):
            return Found(Health.REFUSED, "barred")
        return await probe(streams, self.pace.patience)

    def _result(self, task: asyncio.Task[Found]) -> Found:
        """What nobody foresaw must not end the watch of all others."""
        error = task.exception()
        if error is None:
            return task.result()
        self._server.log.error("asking a camera failed", exc_info=error)
        return Found(Health.OFFLINE, "failing")

    def _turn(self, found: dict[str, Found], room: int) -> Sequence[_Asked]:
        """Write what was found, claim what is asked next."""
        now = time.time()
        due = select(HealthRow.camera).where(HealthRow.due <= now).limit(1)
        with self._server.session(write=False) as session:
            if not found and session.scalar(due) is None:
                return []
        with self._server.session(write=True) as session:
            for camera, each in found.items():
                self._note(session, camera, each, now)
            return self._claim(session, room, now)

    def _claim(self, session: Session, room: int, now: float) -> list[_Asked]:
        query = select(HealthRow, StreamRow).join(StreamRow, StreamRow.camera == HealthRow.camera)
        query = (
            query.where(HealthRow.due <= now).order_by(HealthRow.due, HealthRow.camera).limit(max(room, 0))
        )
        asked = list[_Asked]()
        for health, row in session.execute(query).tuples():
            health.due = now + self.pace.claim
            try:
                asked.append(_Asked(row.camera, self._streams.opened(row)))
            except OtherKey:
                self._write(session, health, Found(Health.REFUSED, "other-key"), now)
        return asked

    def _note(self, session: Session, camera: str, found: Found, now: float) -> None:
        row = session.get(HealthRow, camera)
        if row is None or row.due == 0.0:
            return  # its stream was taken away or changed meanwhile
        self._write(session, row, found, now)

    def blind(self, session: Session, camera: str, fault: str, now: float) -> None:
        """Its picture shows nothing, for *fault*; or, without one, it does again."""
        row = session.get(HealthRow, camera)
        if row is not None and row.state in (Health.ONLINE, Health.BLIND):
            self._set(session, row, Found(Health.BLIND if fault else Health.ONLINE, fault), now)

    def _write(self, session: Session, row: HealthRow, found: Found, now: float) -> None:
        row.checked = now
        row.fails = row.fails + 1 if found.state is Health.OFFLINE else 0
        row.due = now + self._wait(found.state, row.fails) * random.uniform(0.9, 1.1)
        doubtful = row.state == Health.ONLINE and row.fails in range(1, SURE)
        if doubtful or (row.state == found.state and row.fault == found.fault):
            return
        if (row.state, found.state) != (Health.BLIND, Health.ONLINE):  # that it answers makes it see nothing
            self._set(session, row, found, now)

    def _set(self, session: Session, row: HealthRow, found: Found, now: float) -> None:
        if row.state != found.state:
            row.since = now
        row.state, row.fault = found.state.value, found.fault
        camera = session.get(CameraRow, row.camera)
        if camera is None or found.state is Health.UNKNOWN:
            return
        told = found.state is Health.ONLINE, found.fault if found.state is Health.BLIND else ""
        if (camera.online, camera.blind) != told:
            camera.online, camera.blind = told
            announce(self._server, session, "camera", camera, to_record)

    def _wait(self, state: Health, fails: int) -> float:
        if state is Health.REFUSED:
            return self.pace.refused
        if state is Health.OFFLINE:
            return min(self.pace.first * 2.0 ** min(fails - 1, 10), self.pace.longest)
        return self.pace.again
