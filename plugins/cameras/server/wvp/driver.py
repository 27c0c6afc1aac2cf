"""Driver ``wvp``: channels of GB/T 28181 devices that registered with a WVP platform."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from console.sdk.records import LonLat
from plugins.cameras.server.devices.driver import (
    Channel,
    DeviceFault,
    Fault,
    Recording,
    Replay,
    Steering,
    VideoDevice,
)
from plugins.cameras.server.wvp import reading
from plugins.cameras.server.wvp.client import CALL, QUICK, SEARCH, Platform, Tokens, talk
from plugins.cameras.server.wvp.listing import all_channels
from plugins.cameras.server.wvp.steering import WvpSteering

Floats = npt.NDArray[np.float64]
ToWgs84 = Callable[[str, Floats, Floats], tuple[Floats, Floats]]
"""(datum, longitudes, latitudes) to degrees of WGS84."""


class WvpDriver:
    """Keeps tokens and what it has begun, in memory alone. Safe on all threads."""

    name = "wvp"

    def __init__(self, to_wgs84: ToWgs84, log: logging.Logger) -> None:
        self._to_wgs84, self._log = to_wgs84, log
        self._tokens = Tokens()
        self._lock = threading.Lock()
        self._live: dict[tuple[str, str], reading.Played] = {}
        self._replays: Counter[tuple[str, str]] = Counter()

    def channels(self, device: VideoDevice) -> Sequence[Channel]:
        """All with a picture, of all devices of the platform. Raises DeviceFault."""

        async def work() -> tuple[list[reading.Found], str]:
            async with Platform(device, self._tokens) as platform:
                return await all_channels(platform), platform.place.datum

        found, datum = talk(work())
        places = self._placed([each.where for each in found], datum)
        return [
            Channel(
                id=each.id,
                name=each.name,
                kind=each.kind,
                where=where,
                owner=each.owner,
                steerable=each.steerable,
                recorded=True,  # only asking for recordings tells
                online=each.online,
            )
            for each, where in zip(found, places, strict=True)
        ]

    def streams(self, device: VideoDevice, channel: str) -> reading.Streams:
        """Calls the device, unless somebody looks already. Raises DeviceFault."""
        begun = self._play(device, f"play/start/{_path(channel)}")
        with self._lock:
            self._live[device.id, channel] = begun
        return begun.streams

    def ended(self, device: VideoDevice, channel: str) -> None:
        """Hang up, unless others than we look through the platform: it would be black for them, too."""
        with self._lock:
            begun = self._live.pop((device.id, channel), None)
        if begun is None or not self._watched(device, begun):
            self._ask(device, f"play/stop/{_path(channel)}")

    def steering(self, device: VideoDevice, channel: str) -> Steering:
        """Asks nothing yet."""

        def ask(path: str, **query: Any) -> Any:
            return self._ask(device, path, **query)

        return WvpSteering(ask, _path(channel))

    def recordings(
        self, device: VideoDevice, channel: str, since: float, until: float
    ) -> Sequence[Recording]:
        """As the device tells them. Raises DeviceFault."""
        path = f"gb_record/query/{_path(channel)}"
        return reading.recordings(self._ask(device, path, SEARCH, **_between(since, until)))

    def replay(self, device: VideoDevice, channel: str, since: float, until: float, speed: float) -> Replay:
        """The device may keep to its own speed. Raises DeviceFault."""
        begun = self._play(device, f"playback/start/{_path(channel)}", **_between(since, until))
        if not reading.is_stream(begun.stream):
            raise reading.garbled("name of a replay")
        with self._lock:
            self._replays[device.id, begun.stream] += 1
        replay = Replay(id=begun.stream, streams=begun.streams, begin=float(int(since)))
        if speed != 1.0:
            try:
                self._ask(device, f"playback/speed/{replay.id}/{speed:g}")
            except DeviceFault:
                self.end_replay(device, channel, replay.id)
                raise
        return replay

    def end_replay(self, device: VideoDevice, channel: str, replay: str) -> None:
        """The platform gives those who ask for the same span the same replay: the last one ends it."""
        if not reading.is_stream(replay):
            raise DeviceFault(Fault.MISSING)
        with self._lock:
            self._replays[device.id, replay] -= 1
            if self._replays[device.id, replay] > 0:
                return
            del self._replays[device.id, replay]
        self._ask(device, f"playback/stop/{_path(channel)}/{replay}")

    def _play(self, device: VideoDevice, path: str, **query: str) -> reading.Played:
        async def work() -> reading.Played:
            async with Platform(device, self._tokens) as platform:
                return reading.played(await platform.ask(path, CALL, **query), platform.place.media)

        try:
            return talk(work())
        except DeviceFault as fault:
            if (
                fault.fault is Fault.GARBLED
            ):  # a media server that is not allowed needs to be named by somebody
                self._log.warning("platform %s: %s", device.name, fault)
            raise

    def _ask(self, device: VideoDevice, path: str, seconds: float = QUICK, **query: str | int) -> Any:
        async def work() -> Any:
            async with Platform(device, self._tokens) as platform:
                return await platform.ask(path, seconds, **query)

        return talk(work())

    def _watched(self, device: VideoDevice, begun: reading.Played) -> bool:
        if not (begun.app and begun.stream and begun.server):
            return False
        query = {"app": begun.app, "stream": begun.stream, "mediaServerId": begun.server}
        try:
            return reading.watchers(self._ask(device, "server/media_server/media_info", QUICK, **query)) > 0
        except DeviceFault:
            return False

    def _placed(self, places: Sequence[LonLat | None], datum: str) -> list[LonLat | None]:
        known = [place for place in places if place is not None]
        if datum == "wgs84" or not known:
            return list(places)
        lon, lat = self._to_wgs84(datum, *np.array(known, float).T)
        turned = iter(zip(lon.tolist(), lat.tolist(), strict=True))
        return [None if place is None else next(turned) for place in places]


def _path(channel: str) -> str:
    """``device/channel`` for an address. Raises DeviceFault for what is none."""
    parts = channel.split("/")
    if len(parts) != 2 or not all(map(reading.is_code, parts)):
        raise DeviceFault(Fault.MISSING)
    return channel


def _between(since: float, until: float) -> dict[str, str]:
    return {"startTime": reading.told_time(since), "endTime": reading.told_time(until)}
