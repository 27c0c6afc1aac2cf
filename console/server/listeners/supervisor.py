"""Runs the listeners, starts those that fail anew, and brings orders and texts to and from them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from console.sdk.server import Device, Listener, Message
from console.server.devices import Devices
from console.server.door import Door
from console.server.listeners.door import ListenerDoor, NamesOf
from console.server.positions.board import PositionBoard

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 60.0
_STEADY = 30.0
"""Seconds after which a listener counts as well again."""
TextHandler = Callable[[Device, str], None]


@dataclass(slots=True)
class ListenerState:
    """One listener as ``GET /listeners`` shows it."""

    name: str
    state: str = "stopped"
    """``stopped``, ``starting``, ``running`` or ``waiting`` (for the next attempt)."""
    fault: str = ""
    """Why it waits: the kind of error, without addresses or secrets."""
    since: float = 0.0
    starts: int = 0


class Listeners:
    """All listeners of one server. *first_pause*: seconds before the first new attempt."""

    def __init__(
        self,
        door: Door,
        devices: Devices,
        board: PositionBoard,
        names: NamesOf,
        first_pause: float = 1.0,
    ) -> None:
        self._door, self._devices, self._board, self._names = door, devices, board, names
        self._first_pause = first_pause
        self._listeners: dict[str, tuple[Listener, ListenerState]] = {}
        self._doors: dict[str, ListenerDoor] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._text_handlers: list[TextHandler] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, name: str, listener: Listener) -> None:
        """Note a listener for the start. Raises ValueError when the name is taken."""
        if name in self._listeners:
            raise ValueError(f"the listener {name} is there already")
        self._listeners[name] = listener, ListenerState(name)

    def on_text(self, handler: TextHandler) -> None:
        """*handler* gets texts from devices, on a worker thread."""
        self._text_handlers.append(handler)

    @property
    def busy(self) -> bool:
        """Whether there is anybody to send to."""
        return bool(self._doors)

    def states(self) -> list[tuple[ListenerState, int, dict[str, int]]]:
        """State, fixes taken and refusals by reason of each listener."""
        return [
            (_shown(state, door), door.taken if door else 0, dict(door.refused) if door else {})
            for name, (_, state) in self._listeners.items()
            for door in (self._doors.get(name),)
        ]

    def send(self, subject: str, message_id: str, text: str, where: tuple[float, float] | None) -> None:
        """A text to all devices of somebody; from a worker thread (it reads the database)."""
        loop = self._loop
        if loop is None or not self._doors:
            return
        now = time.time()
        for device in self._devices.of_subject(subject):
            message = Message(device=device, id=message_id, text=text, where=where, at=now)
            with contextlib.suppress(RuntimeError):  # the loop ended meanwhile
                loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: Message) -> None:
        for door in self._doors.values():
            door.keep(message)

    async def start(self) -> None:
        """Start all."""
        self._loop = asyncio.get_running_loop()
        for name, (listener, state) in self._listeners.items():
            door = ListenerDoor(self._door, self._devices, self._board, self._tell, self._names)
            self._doors[name] = door
            self._tasks.append(asyncio.create_task(self._keep(listener, state, door), name=f"listen {name}"))

    async def stop(self) -> None:
        """End all."""
        self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _keep(self, listener: Listener, state: ListenerState, door: ListenerDoor) -> None:
        """Run one listener for ever; pauses double from one attempt to the next."""
        pause = self._first_pause
        while True:
            door.is_ready = False
            state.state, state.since, state.starts = "starting", time.time(), state.starts + 1
            begun = time.monotonic()
            try:
                await listener(door)
                reason = "it ended"
            except Exception as error:
                reason = _kind(error)
                log.warning("listener %s: %s; tried again in %.0f s", state.name, reason, pause)
                log.debug("listener %s", state.name, exc_info=True)
            if time.monotonic() - begun > _STEADY:
                pause = self._first_pause
            state.state, state.fault, state.since = "waiting", reason, time.time()
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _tell(self, device: Device, text: str) -> None:
        for handler in self._text_handlers:
            work = asyncio.get_running_loop().run_in_executor(None, handler, device, text)
            work.add_done_callback(_log_fault)


def _shown(state: ListenerState, door: ListenerDoor | None) -> ListenerState:
    ready = state.state == "starting" and door is not None and door.is_ready
    return replace(state, state="running") if ready else state


def _kind(error: BaseException) -> str:
    """Name of the error, of the first one in a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__


def _log_fault(work: asyncio.Future[None]) -> None:
    if not work.cancelled() and (error := work.exception()) is not None:
        log.error("a handler of texts failed", exc_info=error)
