"""What a listener is given: a way in for devices that do not come by HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from console.model.positions import Positions
from console.model.records import LonLat
from console.sdk.server.context import Device, PositionFix


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Text for the person who carries a device, mostly an order."""

    device: Device
    id: str
    """Id of the order; a later message with the same id replaces it."""
    text: str
    where: LonLat | None
    at: float
    """Seconds since 1970."""


class DeviceDoor(Protocol):
    """Says who a device is and takes what it reports. All methods belong to the event loop."""

    def ready(self) -> None:
        """Say that devices can come now: connected, or listening."""
        ...

    async def enter(self, device_id: str, secret: str, address: str) -> Device | None:
        """The device that shows its own secret; None for strangers, and for an *address* that guesses."""
        ...

    async def vouched(self, device_id: str) -> Device | None:
        """A device that the transport has made sure of (a client certificate, a broker's ACL)."""
        ...

    async def message_key(self, device_id: str) -> bytes | None:
        """The key of 32 bytes that messages of a device are encrypted with; None for strangers."""
        ...

    def take(self, device: Device, fixes: Sequence[PositionFix]) -> float:
        """Take fixes; returns 0, or the seconds to wait when the device reports too often."""
        ...

    def lost(self, device: Device) -> None:
        """Note that the connection to the device broke."""
        ...

    def said(self, device: Device, text: str, message_id: str) -> None:
        """Hand on a text that the device sent; one with a known *message_id* is not told twice."""
        ...

    def refuse(self, reason: str) -> None:
        """Count a message that was refused, by a stable word such as ``other_device``."""
        ...

    async def next_message(self) -> Message:
        """Wait for the next text to a device. They are kept while the listener starts anew."""
        ...

    def keep(self, message: Message) -> None:
        """Put back a text that could not be sent just now."""
        ...

    def latest(self, areas: Sequence[str], since: float) -> Positions:
        """Last positions in *areas* that are fresher than *since*."""
        ...

    async def who(self, handles: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Staff id and name of those who carry these devices."""
        ...


Listener = Callable[[DeviceDoor], Awaitable[None]]
"""Runs until cancelled. When it raises, it is started again after a pause that grows."""
