"""Looks at a sample of each camera's pictures now and then: black, covered, frozen."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import numpy as np
from sqlalchemy import Select, select

from console.sdk.server import OtherKey, ServerContext, Session
from plugins.cameras.model import Health
from plugins.cameras.server.background import Repeated
from plugins.cameras.server.health.sampling import Order, Sample, ordered, read_samples
from plugins.cameras.server.health.watch import HealthWatch
from plugins.cameras.server.streams import StreamBook, Streams, hosts_of, spoken
from plugins.cameras.server.tables import HealthRow, PictureRow, StreamRow

BLACK, DARK_SPREAD = 20.0, 6.0
"""Grey levels of 255: darker and more even than this is no night, it is no picture."""
EVEN = 4.0
"""Spread of a lens that is covered."""
STILL = 3.0
"""Largest difference anywhere below which nothing moved, neither a clock nor the sensor's noise."""
SAME = 1.5
"""Mean difference of prints of one and the same picture."""
SURE = 2
"""Looks in a row that must find the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPace:
    """Seconds."""

    first: float = 60.0
    """After the backend's start."""
    turn: float = 5.0
    batch: int = 8
    again: float = 3 * 3600.0
    doubt: float = 900.0
    """After something was found: a picture that stands still must be the same so much later."""
    claim: float = 300.0
    patience: float = 60.0
    """For a batch."""


def judged(sample: Sample, before: bytes) -> str:
    """``black``, ``covered``, ``still`` or nothing. *before*: the last print, or nothing.

    ``still`` is said of a picture in which nothing moves; it is frozen if it is the same much later.
    """
    if sample.brightness < BLACK and sample.spread < DARK_SPREAD:
        return "black"
    if sample.spread < EVEN:
        return "covered"
    if sample.moved >= STILL:
        return ""
    return "frozen" if before and _difference(bytes.fromhex(sample.print), before) < SAME else "still"


def _difference(one: bytes, other: bytes) -> float:
    if len(one) != len(other):
        return 255.0
    cells = [np.frombuffer(each, np.uint8).astype(float) for each in (one, other)]
    return float(np.abs(cells[0] - cells[1]).mean())


class PictureWatch(Repeated):
    """Service ``cameras.pictures``. Several backends share the work by claims."""

    FAULT = "pictures of cameras were not looked at"

    def __init__(self, server: ServerContext, streams: StreamBook, health: HealthWatch) -> None:
        super().__init__(server, "camera pictures")
        self._streams, self._health = streams, health
        self.pace = LookPace()
        """May be set at any time; holds from the next turn on."""

    def _pause(self, turns: int) -> float:
        return self.pace.turn if turns else self.pace.first

    def _turn(self) -> None:
        self.look()

    def look(self) -> int:
        """A batch of those that are due; how many were seen."""
        now = time.time()
        with self._server.session(write=False) as session:
            if session.scalar(_due(now).limit(1)) is None:
                return 0
        with self._server.session(write=True) as session:
            orders = self._claimed(session, now)
        orders = [each for each in orders if all(map(self._server.networks.permits, hosts_of(each.url)))]
        samples = self._sampled(orders) if orders else []
        if samples:
            with self._server.session(write=True) as session:
                for sample in samples:
                    self._note(session, sample, time.time())
        return len(samples)

    def _claimed(self, session: Session, now: float) -> list[Order]:
        query = _due(now).order_by(PictureRow.due, StreamRow.camera).limit(self.pace.batch)
        orders = list[Order]()
        for row, picture in session.execute(query).tuples():
            if picture is None:
                picture = PictureRow(camera=row.camera, fault="", times=0, print=b"", due=0.0)
                session.add(picture)
            picture.due = now + self.pace.claim
            try:
                url = _address(self._streams.opened(row))
            except OtherKey:
                url = ""  # the other watch says so
            if url:
                orders.append(Order(row.camera, url))
            else:
                picture.due = now + self.pace.again
        return orders

    def _sampled(self, orders: Sequence[Order]) -> list[Sample]:
        """By a process, which is killed when it takes too long or the backend ends."""
        command = [sys.executable, "-m", "plugins.cameras.server.health.sampling"]
        until = time.monotonic() + self.pace.patience
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        with process:
            given: bytes | None = ordered(orders)
            while not self._stop.is_set() and time.monotonic() < until:
                try:
                    answer, _ = process.communicate(given, timeout=0.5)
                    return read_samples(answer)
                except subprocess.TimeoutExpired:
                    given = None
                except ValueError:
                    break
            process.kill()
        self._server.log.warning("%d cameras could not be looked at", len(orders))
        return []

    def _note(self, session: Session, sample: Sample, now: float) -> None:
        row = session.get(PictureRow, sample.camera)
        if row is None:
            return  # its stream was taken away meanwhile
        fault = judged(sample, row.print)
        row.times = row.times + 1 if fault and _confirmed(fault, row.fault) else int(bool(fault))
        row.fault, row.print = fault, bytes.fromhex(sample.print)
        row.due = now + (self.pace.doubt if fault else self.pace.again) * random.uniform(0.9, 1.1)
        if row.times >= SURE:
            row.due = now + self.pace.again
            self._health.blind(session, sample.camera, fault, now)
        elif not fault:
            self._health.blind(session, sample.camera, "", now)


def _due(now: float) -> Select[tuple[StreamRow, PictureRow]]:
    """Those that answer and are to be looked at; without a row: never looked at."""
    return (
        select(StreamRow, PictureRow)
        .join(HealthRow, HealthRow.camera == StreamRow.camera)
        .outerjoin(PictureRow, PictureRow.camera == StreamRow.camera)
        .where(HealthRow.state.in_((Health.ONLINE, Health.BLIND)))
        .where(PictureRow.due.is_(None) | (PictureRow.due <= now))
    )


def _confirmed(fault: str, before: str) -> bool:
    """Twice still is not frozen: it was another picture before."""
    return (fault == before and fault != "still") or (fault, before) == ("frozen", "still")


def _address(streams: Streams) -> str:
    """The small picture's if there is one, with the sign-in."""
    parts = urlsplit(spoken(streams.sub or streams.main))
    if streams.user:
        sign_in = f"{quote(streams.user, safe='')}:{quote(streams.password, safe='')}@"
        parts = parts._replace(netloc=sign_in + parts.netloc)
    return urlunsplit(parts)
