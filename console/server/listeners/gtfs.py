"""Vehicles by GTFS-realtime: a feed is polled, each of its vehicles is a device of ours."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
from google.protobuf.message import DecodeError
from google.transit.gtfs_realtime_pb2 import FeedMessage, VehiclePosition

from console.sdk.server import DeviceDoor, PositionFix, PositionSource
from console.server.listeners.settings import GtfsSettings
from console.server.protocols.reading import place

log = logging.getLogger(__name__)

MAX_FEED = 8 << 20
MAX_VEHICLES = 20_000
_TIMEOUT = aiohttp.ClientTimeout(total=30)


async def poll_vehicles(settings: GtfsSettings, door: DeviceDoor) -> None:
    """Fetch for ever. Raises aiohttp.ClientError, TimeoutError or ValueError when a fetch fails."""
    headers = dict([settings.header]) if settings.header else {}
    async with aiohttp.ClientSession(headers=headers, timeout=_TIMEOUT) as http:
        while True:
            await take_feed(await _fetch(http, settings.url), settings.prefix, door)
            door.ready()
            await asyncio.sleep(settings.seconds)


async def _fetch(http: aiohttp.ClientSession, url: str) -> bytes:
    """The feed; redirects are not followed, since the key would go with them."""
    async with http.get(url, allow_redirects=False) as answer:
        answer.raise_for_status()
        if answer.status != 200:
            raise ValueError(f"the feed answers {answer.status}")
        data = bytearray()
        async for chunk in answer.content.iter_chunked(64 << 10):
            data += chunk
            if len(data) > MAX_FEED:
                raise ValueError("the feed is too large")
        return bytes(data)


async def take_feed(body: bytes, prefix: str, door: DeviceDoor) -> None:
    """Hand on the vehicles of one feed that are known here. Raises ValueError for what is no feed."""
    for vehicle_id, fix in read_feed(body):
        device = await door.vouched(prefix + vehicle_id)
        if device is not None:
            door.take(device, [fix])


def read_feed(body: bytes) -> list[tuple[str, PositionFix]]:
    """(vehicle's id, fix) of those with a usable place. Raises ValueError."""
    try:
        feed = FeedMessage.FromString(body)
    except DecodeError as error:
        raise ValueError("no GTFS-realtime feed") from error
    found: list[tuple[str, PositionFix]] = []
    for entity in feed.entity[:MAX_VEHICLES]:
        vehicle_id = entity.vehicle.vehicle.id or entity.id
        if entity.is_deleted or not entity.vehicle.HasField("position") or not vehicle_id:
            continue
        try:
            found.append((vehicle_id, _fix(entity.vehicle, feed.header.timestamp)))
        except ValueError:
            log.debug("a vehicle without a usable place")
    return found


def _fix(vehicle: VehiclePosition, feed_time: int) -> PositionFix:
    """Speed is in metres a second; a vehicle without a time has that of the feed."""
    at = vehicle.position
    lon, lat = place(at.longitude, at.latitude)
    return PositionFix(
        lon=lon,
        lat=lat,
        time=float(vehicle.timestamp or feed_time) or None,
        speed=at.speed if at.HasField("speed") else None,
        heading=at.bearing if at.HasField("bearing") else None,
        source=PositionSource.VEHICLE,
    )
