"""All channels of a platform, page by page, several devices at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from plugins.cameras.server.devices.driver import DeviceFault, Fault
from plugins.cameras.server.wvp import reading
from plugins.cameras.server.wvp.client import Platform

PAGE = 200
MOST = 200_000
"""Rows of one list."""
LONGEST = 180.0
"""Seconds that all channels may take."""
AT_ONCE = 6
"""Devices whose channels are asked at the same time."""


async def all_channels(platform: Platform) -> list[reading.Found]:
    """By device, in the platform's order. Raises DeviceFault."""
    gate = asyncio.Semaphore(AT_ONCE)
    try:
        async with asyncio.timeout(LONGEST):
            rows = _rows(platform, "device/query/devices")
            devices = {found.id: found async for row in rows if (found := reading.registered(row))}
            asked = [_of(platform, each, gate) for each in devices.values() if each.channels]
            found = await asyncio.gather(*asked)
    except TimeoutError:
        raise DeviceFault(Fault.UNREACHABLE) from None
    return list({channel.id: channel for some in found for channel in some}.values())


async def _of(platform: Platform, device: reading.Registered, gate: asyncio.Semaphore) -> list[reading.Found]:
    async with gate:
        rows = _rows(platform, f"device/query/devices/{device.id}/channels")
        try:
            return [found async for row in rows if (found := reading.channel(row, device))]
        except DeviceFault as fault:
            if fault.fault is Fault.MISSING:
                return []  # it was taken out meanwhile
            raise


async def _rows(platform: Platform, path: str) -> AsyncIterator[dict[str, Any]]:
    seen = 0
    for page in range(1, MOST // PAGE + 1):
        rows, total = reading.rows(await platform.ask(path, page=page, count=PAGE))
        for row in rows:
            yield row
        seen += PAGE
        if not rows or seen >= total:
            return
