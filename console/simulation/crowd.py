"""All simulated devices in one event loop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

import aiohttp

from console.simulation.device import DeviceAccount, Habits, SimulatedDevice
from console.simulation.roads import Roads

log = logging.getLogger(__name__)

_STARTS_A_SECOND = 40
"""Devices that come at most, so that a backend that is busy starting is not run over."""
_LONGEST_START = 60.0


async def run_crowd(
    base: str,
    accounts: Sequence[DeviceAccount],
    roads: Roads,
    habits: Habits,
    tell: Callable[[str], None],
    seconds: float | None = None,
) -> int:
    """Run all devices against *base* (``…/api/v1``); the number of reports that were taken.

    Ends after *seconds*, or when cancelled. *tell* gets a line every ten seconds.
    """
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    timeout = aiohttp.ClientTimeout(total=40)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
        devices = [SimulatedDevice(http, base, account, roads, habits) for account in accounts]
        spread = min(max(habits.interval, len(devices) / _STARTS_A_SECOND), _LONGEST_START)
        tasks = [asyncio.create_task(device.run(spread)) for device in devices]
        try:
            await _watch(devices, tasks, tell, seconds)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return sum(device.reports for device in devices)


async def _watch(
    devices: Sequence[SimulatedDevice],
    tasks: Sequence[asyncio.Task[None]],
    tell: Callable[[str], None],
    seconds: float | None,
) -> None:
    """Tell how it goes; a device whose code fails is named, the others go on."""
    end = time.monotonic() + seconds if seconds else float("inf")
    before, failed = 0, set[asyncio.Task[None]]()
    while (left := end - time.monotonic()) > 0:
        pause = min(10.0, left)
        await asyncio.sleep(pause)
        total = sum(device.reports for device in devices)
        tell(f"{len(devices)} staff, {(total - before) / pause:.0f} reports/s, {total} in all")
        before = total
        for task in tasks:
            if task.done() and task not in failed:
                failed.add(task)
                log.error("a simulated device stopped", exc_info=task.exception())
