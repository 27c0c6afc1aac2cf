"""The driver ``recorder``: a video recorder that is asked by addresses with times in them.

A device's address is one or two patterns (see ``Pattern``) with a blank between them: where a stretch is
played, and where the list of what is recorded stands, a JSON array of ``{"begin": …, "end": …}`` (s since
1970 or ISO 8601). A recorder without a list is taken to record always; who plays a gap then finds no picture.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from plugins.cameras.server.devices.driver import (
    Channel,
    DeviceFault,
    Fault,
    Recording,
    Replay,
    Steering,
    VideoDevice,
)
from plugins.cameras.server.playback.pattern import Pattern
from plugins.cameras.server.streams import Streams, checked

PATIENCE = 5.0
"""Seconds that a recorder has to answer."""
LARGEST = 4 << 20
"""Bytes of a list."""
MOST = 20_000
"""Stretches of a list."""


class RecorderDriver:
    """Implements ``Driver``; replays alone."""

    name = "recorder"

    def recordings(
        self, device: VideoDevice, channel: str, since: float, until: float
    ) -> Sequence[Recording]:
        _, listing = _patterns(device)
        until = min(until, time.time())
        if listing is None:
            return [Recording(since, until)] if since < until else []
        rows = _fetched(device, listing.filled(channel, since, until))
        found = sorted((_recording(row) for row in rows), key=lambda each: each.begin)
        return [
            Recording(max(each.begin, since), min(each.end, until))
            for each in found
            if each.end > since and each.begin < until
        ]

    def replay(self, device: VideoDevice, channel: str, since: float, until: float, speed: float) -> Replay:
        playing, _ = _patterns(device)
        try:
            streams = checked(Streams(main=playing.filled(channel, since, until, speed)))
        except ValueError as error:
            raise DeviceFault(Fault.GARBLED, "not an address that can be played") from error
        user, password = (device.user, device.password) if device.user else (streams.user, streams.password)
        signed = Streams(main=streams.main, user=user, password=password)
        return Replay(id="", streams=signed, begin=since)

    def end_replay(self, device: VideoDevice, channel: str, replay: str) -> None:
        """A recorder ends by itself what nobody fetches."""

    def channels(self, device: VideoDevice) -> Sequence[Channel]:
        raise DeviceFault(Fault.UNABLE)

    def streams(self, device: VideoDevice, channel: str) -> Streams:
        raise DeviceFault(Fault.UNABLE)

    def ended(self, device: VideoDevice, channel: str) -> None:
        """There was no live picture."""

    def steering(self, device: VideoDevice, channel: str) -> Steering:
        raise DeviceFault(Fault.UNABLE)


def _patterns(device: VideoDevice) -> tuple[Pattern, Pattern | None]:
    texts = device.address.split()
    try:
        playing, *listing = [Pattern(text) for text in texts]
    except ValueError as error:
        raise DeviceFault(Fault.GARBLED, "not a recorder's address") from error
    return playing, listing[0] if listing else None


def _fetched(device: VideoDevice, url: str) -> list[Any]:
    import httpx  # only where a recorder has a list

    sign_in = httpx.DigestAuth(device.user, device.password) if device.user else None
    body = bytearray()
    try:
        with httpx.stream("GET", url, auth=sign_in, timeout=PATIENCE) as answer:
            _refuse(answer.status_code)
            for part in answer.iter_bytes():
                body += part
                if len(body) > LARGEST:
                    _garbled()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DeviceFault(Fault.UNREACHABLE) from error
    try:
        rows = json.loads(bytes(body))
    except ValueError:
        _garbled()
    if not isinstance(rows, list) or len(rows) > MOST:
        _garbled()
    return rows


def _refuse(status: int) -> None:
    faults = {401: Fault.SIGN_IN, 403: Fault.SIGN_IN, 404: Fault.MISSING, 503: Fault.BUSY}
    if status >= 400:
        raise DeviceFault(faults.get(status, Fault.GARBLED))


def _recording(row: Any) -> Recording:
    try:
        begin, end = _seconds(row["begin"]), _seconds(row["end"])
    except (KeyError, TypeError, ValueError, OverflowError):
        _garbled()
    if not 0 <= begin <= end < 1e11:
        _garbled()
    return Recording(begin, end)


def _seconds(value: Any) -> float:
    if isinstance(value, str):
        return datetime.fromisoformat(value).timestamp()
    return float(value)


def _garbled() -> NoReturn:
    raise DeviceFault(Fault.GARBLED, "the list of recordings was not understood")
