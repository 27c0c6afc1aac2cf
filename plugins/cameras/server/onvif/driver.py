"""The driver ``onvif``: cameras and recorders of Profile S and T."""

from __future__ import annotations

import hashlib
import math
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from console.sdk.records import CameraKind, LonLat
from plugins.cameras.server.devices.driver import (
    Channel,
    DeviceFault,
    Fault,
    Recording,
    Replay,
    Steering,
    VideoDevice,
)
from plugins.cameras.server.onvif.head import Head, node_of
from plugins.cameras.server.onvif.profiles import Profile, Source, sources, tidy
from plugins.cameras.server.onvif.soap import Learned, Talk, ask, on_host
from plugins.cameras.server.onvif.spaces import Node
from plugins.cameras.server.streams import Streams

T = TypeVar("T")
REMEMBERED = 600.0
"""Seconds that what a device said of itself is taken to hold; a fault ends it."""
REST = 30.0
"""Seconds that a sign-in which was refused is not said again: cameras lock out who insists."""
LONG_REST = 3600.0
"""The same where nobody waits."""
MOST = 5000
"""Devices that are remembered."""


class _Memory:
    """Of one device."""

    def __init__(self, sign_in: bytes) -> None:
        self.sign_in, self.at = sign_in, time.monotonic()
        self.learned = Learned()
        self.sources: dict[str, Source] = {}
        self.nodes: dict[str, Node] = {}
        self.refused = -math.inf
        """When its sign-in was."""


class OnvifDriver:
    """Implements ``Driver``. Safe on all threads; keeps no sign-in, only a salted mark of it."""

    name = "onvif"

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._memories: dict[tuple[str, str], _Memory] = {}

    def channels(self, device: VideoDevice) -> Sequence[Channel]:
        """One for each video source. Somebody waits, who may have mended what was refused."""
        self._memory(device, fresh=True)
        return self._channels(device, REST)

    def watched(self, device: VideoDevice) -> Sequence[Channel]:
        """The same for nobody, time and again: a refused sign-in is left alone for long."""
        return self._channels(device, LONG_REST)

    def _channels(self, device: VideoDevice, rest: float) -> Sequence[Channel]:
        async def work(talk: Talk) -> tuple[dict[str, Source], LonLat | None]:
            found = await sources(talk)
            return found, await _place(talk) if len(found) == 1 else None

        found, where = self._ask(device, work, rest)
        self._memory(device).sources = found
        return [_channel(device, source, len(found) == 1, where) for source in found.values()]

    def streams(self, device: VideoDevice, channel: str) -> Streams:
        """Addresses for RTSP over TCP."""

        async def work(talk: Talk) -> tuple[str, str]:
            source = await self._source(device, talk, channel)
            main, sub = await _address(talk, source.main), ""
            if source.sub is not None:
                with suppress(DeviceFault):  # the full picture alone is worth having
                    sub = await _address(talk, source.sub)
            return main, sub

        main, sub = (on_host(device.address, url) if url else "" for url in self._ask(device, work))
        return Streams(main=main, sub="" if sub == main else sub, user=device.user, password=device.password)

    def ended(self, device: VideoDevice, channel: str) -> None:
        """A device sends to who is connected alone: there is nothing to end."""

    def steering(self, device: VideoDevice, channel: str) -> Steering:
        memory = self._memory(device)

        async def work(talk: Talk) -> tuple[Profile, Node]:
            profile = (await self._source(device, talk, channel)).head
            if profile is None:
                raise DeviceFault(Fault.UNABLE)
            node = memory.nodes.get(profile.token) or await node_of(talk, profile)
            memory.nodes[profile.token] = node
            return profile, node

        source = memory.sources.get(channel)
        known = None if source is None or source.head is None else memory.nodes.get(source.head.token)
        if source is not None and source.head is not None and known is not None:
            profile, node = source.head, known
        else:
            profile, node = self._ask(device, work)
        return Head(lambda each: self._ask(device, each), profile.token, node)

    def recordings(
        self, device: VideoDevice, channel: str, since: float, until: float
    ) -> Sequence[Recording]:
        """Not by Profile G: its players say by a header of their own from when on to play, which no library
        of ours can send."""
        raise DeviceFault(Fault.UNABLE)

    def replay(self, device: VideoDevice, channel: str, since: float, until: float, speed: float) -> Replay:
        raise DeviceFault(Fault.UNABLE)

    def end_replay(self, device: VideoDevice, channel: str, replay: str) -> None:
        """Nothing is played."""

    async def _source(self, device: VideoDevice, talk: Talk, channel: str) -> Source:
        memory = self._memory(device)
        if channel not in memory.sources:
            memory.sources = await sources(talk)
        if channel not in memory.sources:
            raise DeviceFault(Fault.MISSING)
        return memory.sources[channel]

    def _ask(self, device: VideoDevice, work: Callable[[Talk], Awaitable[T]], rest: float = REST) -> T:
        """*rest*: seconds that a sign-in which was refused is not said again."""
        memory = self._memory(device)
        if time.monotonic() - memory.refused < rest:
            raise DeviceFault(Fault.SIGN_IN)
        try:
            return ask(device, memory.learned, work)
        except DeviceFault as fault:
            self._forget(device, memory, refused=fault.fault is Fault.SIGN_IN)
            raise

    def _memory(self, device: VideoDevice, *, fresh: bool = False) -> _Memory:
        """*fresh*: nothing of before counts."""
        secret = f"{device.user}\n{device.password}".encode()
        sign_in, key = hashlib.sha256(self._salt + secret).digest(), (device.id, device.address)
        with self._lock:
            memory = self._memories.get(key)
            old = memory is None or memory.sign_in != sign_in or time.monotonic() - memory.at > REMEMBERED
            if memory is None or old or fresh:
                if len(self._memories) >= MOST:
                    self._memories.clear()
                before, memory = memory, _Memory(sign_in)
                if before is not None and before.sign_in == sign_in and not fresh:
                    memory.refused = before.refused
                self._memories[key] = memory
            return memory

    def _forget(self, device: VideoDevice, memory: _Memory, *, refused: bool) -> None:
        """Learn it anew: it may have been changed. A refused sign-in is remembered for a while."""
        with self._lock:
            key = (device.id, device.address)
            if self._memories.get(key) is memory:
                self._memories[key] = _Memory(memory.sign_in)
                self._memories[key].refused = time.monotonic() if refused else memory.refused


async def _address(talk: Talk, profile: Profile) -> str:
    """Where a profile's picture is, in the device's words."""
    from onveef import envelopes, parsers

    media2 = profile.service == "media2"
    body = envelopes.media_get_stream_uri(profile_token=profile.token, use_media2=media2, protocol2="RTSP")
    found = parsers.parse_stream_uri(await talk.call(profile.service, body))
    if not found:
        raise DeviceFault(Fault.GARBLED)
    return found


async def _place(talk: Talk) -> LonLat | None:
    """WGS84 degrees, where a device knows its place; most do not."""
    from onveef import envelopes, parsers

    with suppress(DeviceFault):
        for each in parsers.parse_geo_location(
            await talk.call("device", envelopes.device_get_geo_location())
        ):
            lon, lat = each.get("lon"), each.get("lat")
            if lon and lat and abs(lon) <= 180.0 and abs(lat) <= 90.0:
                return lon, lat
    return None


def _channel(device: VideoDevice, source: Source, alone: bool, where: LonLat | None) -> Channel:
    steerable = source.head is not None
    name = device.name if alone and device.name else f"{device.name} {source.main.name or source.token}"
    return Channel(
        id=source.token,
        name=tidy(name),
        kind=CameraKind.PTZ if steerable else CameraKind.BULLET,
        where=where,
        steerable=steerable,
    )
