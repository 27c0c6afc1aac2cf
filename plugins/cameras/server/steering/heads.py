"""Heads that are being moved: a thread each, so that a slow device keeps nobody else waiting.

The newest order wins; what is older and was not begun is forgotten. A head that moves and hears nothing more
is stopped: whoever moved it may be gone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from plugins.cameras.server.devices.book import Link
from plugins.cameras.server.devices.driver import DeviceFault, Fault, Steering

T = TypeVar("T")
DEAD_MAN = 1.5
"""Seconds without a word after which a head that moves is stopped."""
REPEAT = 1.0
"""Seconds after which a device is told again of a movement that goes on: it stops by itself."""
TRIES = 3
"""Times that a head is told to stop when the device does not answer, half a second apart."""
REST = 10.0
"""Seconds without an order after which a head's thread ends."""

Speed = tuple[float, float, float]
"""Right, up, closer: -1 to 1 each."""
STILL: Speed = (0.0, 0.0, 0.0)


@dataclass(slots=True, eq=False)
class Order:
    """One movement. ``done`` is set when it was told to the device, or a newer one took its place."""

    act: Callable[[Steering], None]
    goes_on: bool = False
    """Whether it must be stopped."""
    done: threading.Event = field(default_factory=threading.Event)
    fault: DeviceFault | None = None


class Head:
    """Of one camera. Safe on all threads."""

    def __init__(
        self, link: Link, open_steering: Callable[[Link], Steering], mine: Callable[[str], bool]
    ) -> None:
        """*mine*: whether this process is still the one that moves a camera."""
        self.link = link
        self.fault: DeviceFault | None = None
        """Why the last order was not done."""
        self._open, self._mine = open_steering, mine
        self._steering: Steering | None = None
        self._changed = threading.Condition()
        self._next: Order | None = None
        self._thread: threading.Thread | None = None
        self._speed, self._told_at = STILL, 0.0
        self._stop_at = float("inf")
        self._tries = 0

    def move(self, speed: Speed) -> None:
        """Go on at *speed* for ``DEAD_MAN`` seconds, or until the next order; STILL stops. Does not wait."""
        with self._changed:
            if speed == STILL:
                self._give(Order(lambda steering: steering.stop()))
                return
            now = time.monotonic()
            self._stop_at = now + DEAD_MAN
            same = self._next is None and speed == self._speed and now - self._told_at < REPEAT
            if not same:
                self._speed, self._told_at = speed, now
                self._give(Order(lambda steering: steering.move(*speed), goes_on=True))

    def order(self, act: Callable[[Steering], None], patience: float) -> None:
        """Do *act* as a movement of its own. Raises DeviceFault; BUSY after *patience* seconds."""
        order = Order(act)
        with self._changed:
            self._give(order)
        if not order.done.wait(patience):
            raise DeviceFault(Fault.BUSY)
        if order.fault is not None:
            raise order.fault

    def halt(self) -> None:
        """Stop it if it moves: who moved it may no longer."""
        with self._changed:
            if self._stop_at != float("inf"):
                self._give(Order(lambda steering: steering.stop()))

    def close(self) -> None:
        """Stop it and wait for that, with the server's end."""
        self.halt()
        if thread := self._thread:
            thread.join(2.0)

    @property
    def rests(self) -> bool:
        """Whether nothing is to be done."""
        return self._thread is None

    def _give(self, order: Order) -> None:
        """Inside the lock."""
        if not order.goes_on:
            self._speed = STILL
        if self._next is not None:
            self._next.done.set()
        self._next, self._tries = order, TRIES
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="camera head", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _run(self) -> None:
        while (order := self._await_order()) is not None:
            self._do(order)
            order.done.set()

    def _await_order(self) -> Order | None:
        """The next order, or a stop when its time has come; None: the thread ends."""
        rest_at = time.monotonic() + REST
        with self._changed:
            while self._next is None:
                wait = min(self._stop_at, rest_at) - time.monotonic()
                if wait > 0:
                    self._changed.wait(wait)
                elif self._stop_at <= rest_at:
                    self._speed = STILL
                    return Order(self._stop_if_mine)
                else:
                    self._thread = self._steering = None
                    return None
            order, self._next = self._next, None
            return order

    def _do(self, order: Order) -> None:
        try:
            if self._steering is None:
                self._steering = self._open(self.link)
            order.act(self._steering)
        except DeviceFault as fault:
            order.fault, self._steering = fault, None
        except Exception:  # one driver's mistake must not leave a head without its thread
            logging.getLogger(__name__).exception("the driver %s failed", self.link.device.driver)
            order.fault, self._steering = DeviceFault(Fault.GARBLED), None
        self.fault = order.fault
        with self._changed:
            if order.goes_on or self._next is not None:
                return
            if order.fault is None or self._tries <= 1:
                self._stop_at = float("inf")
            elif self._stop_at != float("inf"):
                self._tries -= 1
                self._stop_at = time.monotonic() + 0.5

    def _stop_if_mine(self, steering: Steering) -> None:
        if self._mine(self.link.camera):
            steering.stop()


class Heads:
    """Those of this process."""

    MOST = 500
    """Heads that are remembered without being moved."""

    def __init__(self, open_steering: Callable[[Link], Steering], mine: Callable[[str], bool]) -> None:
        self._open, self._mine = open_steering, mine
        self._lock = threading.Lock()
        self._heads: dict[str, Head] = {}
        self._asking = threading.BoundedSemaphore(12)

    def of(self, link: Link) -> Head:
        """The one of a camera; another when it became the channel of another device."""
        with self._lock:
            head = self._heads.get(link.camera)
            if head is None or head.link != link:
                if len(self._heads) >= self.MOST:
                    self._heads = {each: head for each, head in self._heads.items() if not head.rests}
                head = self._heads[link.camera] = Head(link, self._open, self._mine)
            return head

    def halt(self, camera: str) -> None:
        """Stop a camera that this process moves."""
        with self._lock:
            head = self._heads.get(camera)
        if head is not None:
            head.halt()

    def ask(self, link: Link, question: Callable[[Steering], T]) -> T:
        """What a device answers, on the caller's thread. Raises DeviceFault, BUSY when many wait."""
        with self._slot():
            return question(self._open(link))

    def order(self, head: Head, act: Callable[[Steering], None], patience: float) -> None:
        """See ``Head.order``. Raises DeviceFault, BUSY when many wait."""
        with self._slot():
            head.order(act, patience)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """Slow devices take no more than some of the backend's threads."""
        if not self._asking.acquire(timeout=1.0):
            raise DeviceFault(Fault.BUSY)
        try:
            yield
        finally:
            self._asking.release()

    def close(self) -> None:
        """Stop all that moves."""
        with self._lock:
            heads = [head for head in self._heads.values() if not head.rests]
        for head in heads:
            head.halt()
        for head in heads:
            head.close()
