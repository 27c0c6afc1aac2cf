"""What a stream sent lately, as it was sent: encoded pictures, for saving them without encoding anew.

H.264 and H.265 are kept in the form in which cameras send them (with start codes); what a decoder must know
first stands before a key frame, so that pictures of several connections may follow one another in a file.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from av.bitstream import BitStreamFilterContext
from av.packet import Packet
from av.video.stream import VideoStream

LARGEST = 48 << 20
"""Bytes of a stream: 60 s of 6 Mbit/s."""
TOGETHER = 384 << 20
"""Bytes of all streams of a process."""
LEAST = 2 << 20
"""Bytes that a stream may keep however many there are."""
ASTRAY = 2.0
"""Seconds by which a stream's own times may differ from when it came; then they begin anew."""
LEAD = b"\x00\x00\x01"
MARKED = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}
SAVED = {"h264", "hevc", "mjpeg"}
"""What can be put into a file as it comes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An encoded picture. Times are s of ``time.monotonic``."""

    data: bytes
    at: float
    """When it is decoded."""
    shown: float
    """When it is seen, which is later where pictures are told by those after them."""
    key: bool
    codec: str
    size: tuple[int, int]
    """Pixels, as the stream says at its beginning; (0, 0): it does not."""


class Room:
    """Bytes that the streams of a process share."""

    def __init__(self, together: int = TOGETHER, largest: int = LARGEST) -> None:
        self._together, self._largest = together, largest
        self._count, self._lock = 0, threading.Lock()

    def enter(self) -> None:
        """One more."""
        with self._lock:
            self._count += 1

    def leave(self) -> None:
        """One less."""
        with self._lock:
            self._count -= 1

    @property
    def share(self) -> int:
        """Bytes that one may keep."""
        return max(LEAST, min(self._largest, self._together // max(self._count, 1)))


class Ring:
    """Of one stream, over all of its connections. ``begin`` and ``put`` are for its thread."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._groups: deque[list[Kept]] = deque()
        """Each from a key frame on."""
        self._bytes, self._seconds = 0, 0.0
        self._lock = threading.Lock()
        self._codec, self._size = "", (0, 0)
        self._lead = b""
        self._filter: BitStreamFilterContext | None = None
        self._zero: float | None = None
        """When the stream's time 0 was, by ``time.monotonic``."""

    def keep(self, seconds: float) -> None:
        """So much from now on; 0: nothing, and what there is goes."""
        before, self._seconds = self._seconds, seconds
        if (before > 0) != (seconds > 0):
            self._room.enter() if seconds > 0 else self._room.leave()
        if seconds <= 0:
            with self._lock:
                self._groups.clear()
                self._bytes = 0

    def begin(self, video: VideoStream) -> None:
        """A new connection."""
        context = video.codec_context
        self._codec, self._zero, self._lead, self._filter = context.name, None, b"", None
        self._size = (context.width, context.height)
        extra = bytes(context.extradata or b"")
        if self._codec in MARKED and extra:
            if extra.startswith((LEAD, b"\x00" + LEAD)):
                self._lead = extra
            else:
                self._filter = BitStreamFilterContext(MARKED[self._codec], video)

    def put(self, packet: Packet, now: float) -> None:
        """What came *now*."""
        if self._seconds <= 0 or self._codec not in SAVED or not packet.size:
            return
        for data in self._marked(packet):
            at, shown = self._times(packet, now)
            if packet.is_keyframe and self._lead:
                data, self._lead = self._lead + data, b""
            self._append(Kept(data, at, shown, packet.is_keyframe, self._codec, self._size))

    def _marked(self, packet: Packet) -> list[bytes]:
        data = bytes(packet)
        if self._filter is None:
            return [data]
        return [bytes(each) for each in self._filter.filter(Packet(data))]

    def _times(self, packet: Packet, now: float) -> tuple[float, float]:
        """By the stream's own times where they make sense: the line's unrest is not in the file."""
        base = packet.time_base
        stamp = packet.dts if packet.dts is not None else packet.pts
        if stamp is None or base is None:
            return now, now
        own = float(stamp * base)
        if self._zero is None or abs(self._zero + own - now) > ASTRAY:
            self._zero = now - own
        later = float((packet.pts - stamp) * base) if packet.pts is not None else 0.0
        return self._zero + own, self._zero + own + max(later, 0.0)

    def _append(self, kept: Kept) -> None:
        with self._lock:
            if kept.key:
                self._groups.append([])
            if not self._groups:
                return  # nobody could begin to look here
            self._groups[-1].append(kept)
            self._bytes += len(kept.data)
            oldest = kept.at - self._seconds
            while self._groups and (
                self._bytes > self._room.share or (len(self._groups) > 1 and self._groups[1][0].at <= oldest)
            ):
                self._bytes -= sum(len(each.data) for each in self._groups.popleft())

    def cut(self, seconds: float) -> list[Kept]:
        """The last *seconds*, from the key frame before on, of the kind of picture that came last."""
        with self._lock:
            groups = [list(group) for group in self._groups]
        if not groups:
            return []
        codec, since = groups[-1][0].codec, groups[-1][-1].at - seconds
        begin = len(groups) - 1
        while begin and groups[begin][0].at > since and groups[begin - 1][0].codec == codec:
            begin -= 1
        return [kept for group in groups[begin:] for kept in group]
