"""Fetches a recording: encoded pictures with the time that each was taken."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from urllib.parse import urlsplit

import av
import av.error
from av.container import InputContainer
from av.packet import Packet

from console.media.messages import Patience
from console.media.opening import PROTOCOLS, SCHEMES, Unplayable
from console.media.playback.reel import Shot
from console.media.trust import tls_options

TRUSTED = 15.0
"""Seconds by which the recorder's reports may differ from what was asked for; else they are of now."""
MICRO = Fraction(1, 1_000_000)
USUAL = 0.04
"""Seconds between pictures of which nothing is said."""


def opened(url: str, patience: Patience) -> InputContainer:
    """Raises Unplayable or FFmpegError. Nothing is left out, unlike of live pictures."""
    scheme = urlsplit(url).scheme.lower()
    if scheme not in SCHEMES:
        raise Unplayable
    options = {"protocol_whitelist": PROTOCOLS, "probesize": "1000000", "analyzeduration": "500000"}
    options |= {"rtsp_transport": "tcp"} if scheme.startswith("rtsp") else {}
    options |= tls_options(scheme)
    container = av.open(url, timeout=(patience.opening, patience.silence), options=options)
    if not container.streams.video:
        container.close()
        raise Unplayable
    return container


def shots(container: InputContainer, begin: float) -> Iterator[Shot]:
    """All of its video, the first taken at *begin* (s since 1970) if the recorder does not say better.

    Times of packets become microseconds since *begin*, which come back with the decoded pictures.
    """
    clock = _Clock(begin)
    for packet in container.demux(container.streams.video[0]):
        if packet.size == 0:
            continue  # the end
        at = clock.time(packet)
        stamp = round((at - begin) * 1e6)
        packet.pts, packet.dts, packet.time_base = stamp, stamp, MICRO
        yield Shot(at, packet.is_keyframe, packet)


class _Clock:
    """Times of packets of one stream."""

    def __init__(self, begin: float) -> None:
        self._last = begin - USUAL
        self._step = USUAL
        self._zero: float | None = None
        """s since 1970 that the stream counts from."""

    def time(self, packet: Packet) -> float:
        stamp = packet.pts if packet.pts is not None else packet.dts
        seconds = None if stamp is None or packet.time_base is None else float(stamp * packet.time_base)
        guess = self._last + self._step if seconds is None or self._zero is None else self._zero + seconds
        told = _told(packet)
        at = told if told is not None and abs(told - guess) < TRUSTED else guess
        if seconds is not None:
            self._zero = at - seconds
        self._last = at
        return at


def _told(packet: Packet) -> float | None:
    """When it was taken, by the sender's reports (RTCP)."""
    if not packet.has_sidedata("prft"):
        return None
    return struct.unpack("=q", bytes(packet.get_sidedata("prft"))[:8])[0] / 1e6
