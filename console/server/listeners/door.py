"""The door as one listener sees it; implements sdk.server.listening.DeviceDoor."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence

from console.model.positions import PositionFlag, Positions
from console.sdk.server import Device, Message, PositionFix
from console.server.devices import Devices
from console.server.door import Door, Stranger
from console.server.limits import RateLimit
from console.server.positions.board import PositionBoard

_MAX_MESSAGES = 1000
"""Texts kept for a listener that is away; the oldest go first."""
_MAX_SAID = 10_000
SaidHandler = Callable[[Device, str], None]
NamesOf = Callable[[Sequence[str]], dict[str, str]]


class ListenerDoor:
    """Lives as long as the server, so that texts wait while its listener starts anew."""

    def __init__(
        self, door: Door, devices: Devices, board: PositionBoard, tell: SaidHandler, names: NamesOf
    ) -> None:
        self._door, self._devices, self._board = door, devices, board
        self._tell, self._names = tell, names
        self._messages: asyncio.Queue[Message] = asyncio.Queue(_MAX_MESSAGES)
        self._told: OrderedDict[tuple[str, str], None] = OrderedDict()
        # phones send what they kept in one burst, and MQTT has no "try again later"
        self._by_device = RateLimit(1000, 60.0)
        self.refused: Counter[str] = Counter()
        """How many messages were refused, by reason."""
        self.taken = 0
        self.is_ready = False

    def ready(self) -> None:
        """Devices can come now."""
        self.is_ready = True

    async def enter(self, device_id: str, secret: str, address: str) -> Device | None:
        """The device that shows its own secret."""
        try:
            return await self._door.enter(device_id, secret, address)
        except Stranger:
            self.refuse("unknown_device")
            return None

    async def vouched(self, device_id: str) -> Device | None:
        """A device that the transport has made sure of."""
        device = await asyncio.to_thread(self._devices.find, device_id)
        if device is None:
            self.refuse("unknown_device")
        return device

    async def message_key(self, device_id: str) -> bytes | None:
        """The key that messages of a device are encrypted with."""
        return await asyncio.to_thread(self._devices.message_key, device_id)

    def take(self, device: Device, fixes: Sequence[PositionFix]) -> float:
        """Take fixes; 0, or the seconds to wait."""
        if wait := self._by_device.hit(device.id):
            self.refuse("too_often")
            return wait
        self._door.take(device, fixes)
        self.taken += len(fixes)
        return 0.0

    def lost(self, device: Device) -> None:
        """Mark the last position: its device is away."""
        self._board.add_flag(device.handle, PositionFlag.AWAY)

    def said(self, device: Device, text: str, message_id: str) -> None:
        """Hand on a text, once."""
        key = (device.id, message_id)
        if not text.strip() or key in self._told:
            return
        self._told[key] = None
        if len(self._told) > _MAX_SAID:
            self._told.popitem(last=False)
        self._tell(device, text[:1000])

    def refuse(self, reason: str) -> None:
        """Count a refusal."""
        self.refused[reason] += 1

    def keep(self, message: Message) -> None:
        """A text that waits to be sent."""
        if self._messages.full():
            self._messages.get_nowait()
        self._messages.put_nowait(message)

    async def next_message(self) -> Message:
        """Wait for the next text."""
        return await self._messages.get()

    def latest(self, areas: Sequence[str], since: float) -> Positions:
        """Fresher positions than *since*, cut by area."""
        found = self._board.columns(self._board.within(self._board.rows(), areas))
        return found.only(found.time > since)

    async def who(self, handles: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Staff id and name of those who carry these devices."""
        subjects = await asyncio.to_thread(self._devices.subjects, handles)
        names = await asyncio.to_thread(self._names, list(subjects.values()))
        return {handle: (subject, names.get(subject, subject)) for handle, subject in subjects.items()}
