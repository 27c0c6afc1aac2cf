"""The one door for devices of every protocol: who they are, how often they may come, what they bring."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from console.sdk.server import Device, PositionFix
from console.server.devices import Devices
from console.server.limits import RateLimit
from console.server.positions.feed_datums import FeedDatums
from console.server.positions.intake import PositionIntake


class Stranger(Exception):
    """The device is not known, or the secret is wrong; *wait*: seconds until this address may try again."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__("unknown device")
        self.wait = wait


class Door:
    """Limits hold for a device over all protocols, and for an address that guesses."""

    def __init__(self, devices: Devices, intake: PositionIntake, datums: FeedDatums) -> None:
        self._devices, self._intake, self._datums = devices, intake, datums
        self._by_device = RateLimit(20, 10.0)
        self._failures = RateLimit(30, 60.0)

    async def enter(self, device_id: str, secret: str, address: str) -> Device:
        """The device that shows its own secret. Raises Stranger."""
        device = self._devices.cached(device_id, secret)
        if device is None:
            device = await asyncio.to_thread(self._devices.check, device_id, secret)
        if device is None:
            raise Stranger(self._failures.hit(address))
        return device

    def wait(self, device: Device) -> float:
        """Count a visit; 0, or the seconds that the device has to wait."""
        return self._by_device.hit(device.id)

    def take(self, device: Device, fixes: Sequence[PositionFix]) -> None:
        """Judge and keep *fixes*, in the datum of their feed, of a device that has not to wait."""
        self._intake.take(device, self._datums.to_wgs84(fixes))
