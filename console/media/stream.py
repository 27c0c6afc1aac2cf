"""A stream in a decoding process: a thread that opens it, decodes, watches over it, and tries again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction

import av.error
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from console.media.backlog import FAR_BEHIND
from console.media.backoff import Backoff
from console.media.clock import Clock, Timing
from console.media.decoder import Decoder
from console.media.drawing import Drawing
from console.media.faults import FINAL, reason
from console.media.hearing import Hearing
from console.media.klv import KEY, Malformed, parse
from console.media.memory import FrameMemory
from console.media.messages import Heard, Open, Patience, Reply, Said, Take, Told, Tune
from console.media.opening import Opener, Unplayable
from console.media.ring import Ring, Room
from console.model.streams import Reason, State

SELDOM = 0.5
"""Seconds between the pictures that are shown of a stream whose decoder is behind."""
SELDOM_TOLD = 0.1
"""Seconds between metadata that are handed on."""


class Silent(Exception):
    """No picture came in time."""


class StreamThread(threading.Thread):
    """Until it is told to end, or trying again would not help."""

    def __init__(
        self,
        asked: Open,
        patience: Patience,
        gate: threading.Semaphore,
        room: Room,
        say: Callable[[Reply], None],
        device: str = "",
    ) -> None:
        """*device*: that decodes, see ``hardware``; empty: the processor does."""
        super().__init__(name=f"stream {asked.stream}", daemon=True)
        self._stream = asked.stream
        self._url = asked.url
        self._wanted: Open | Tune = asked
        self._patience, self._gate, self._say = patience, gate, say
        self._memory = FrameMemory(asked.stream, asked.memory)
        self.ring = Ring(room)
        """What came lately, as it came."""
        self.ring.keep(asked.keep)
        self._decoded: tuple[VideoFrame, Fraction | None, float] | None = None
        """The newest, its ``pixel`` and when that was."""
        self._drawing, self._opener = Drawing(), Opener(asked.url, patience, device)
        self._over = threading.Event()
        self._began = self._lived_from = self._picture_at = self._told_at = 0.0

    def tune(self, wanted: Tune) -> None:
        """Another size from the next picture on."""
        self._wanted = wanted
        self.ring.keep(wanted.keep)

    def take(self, asked: Take) -> bool:
        """Write the newest decoded picture, in its own size, whatever the tile's; whether there is one.

        For another thread than its own: a decoded picture does not change any more.
        """
        if self._decoded is None:
            return False
        frame, pixel, at = self._decoded
        wide, high = round(frame.width * float(pixel or 1)), frame.height
        look = self._wanted.look
        with suppress(OSError):  # nobody waits for it any more
            memory = FrameMemory(asked.job, asked.memory)
            made = Drawing().drawn(frame, pixel, (high, wide) if look.turns % 2 else (wide, high), look)
            memory.write(made.pixels, made.width, made.height, made.stride, at)
            return bool(memory.number)
        return False

    def close(self) -> None:
        """Have it end, which takes as long as a read at most."""
        self._over.set()
        self.ring.keep(0.0)

    def run(self) -> None:
        backoff = Backoff(self._patience.shortest, self._patience.longest)
        while not self._over.is_set():
            self._lived_from = self._picture_at = 0.0
            why = self._attempt()
            if self._over.is_set() or why in FINAL:
                self._end(why)
                return
            if not self._lived_from:
                self._opener.give_up_device()
            lived = time.monotonic() - self._lived_from if self._lived_from else 0.0
            delay = backoff.after(lived)
            self._tell(State.WAITING, why, delay)
            self._over.wait(delay)

    def _end(self, why: Reason) -> None:
        if not self._over.is_set():
            self._tell(State.UNSUPPORTED if why == Reason.NO_VIDEO else State.REFUSED, why)

    def _tell(self, state: State, why: Reason = Reason.NONE, retry_in: float = 0.0) -> None:
        self._say(Said(self._stream, state, why, retry_in))

    def _attempt(self) -> Reason:
        """Open and play until it ends; why it did."""
        self._began = time.monotonic()
        try:
            container = self._open()
            if container is None:
                return Reason.NONE
            with container:
                self._play(container)
        except Unplayable:
            return Reason.NO_VIDEO
        except Silent:
            return Reason.SILENT
        except av.error.FFmpegError as error:
            return self._reason(error)
        return Reason.ENDED

    def _reason(self, error: av.error.FFmpegError) -> Reason:
        """One that gives up to wait says that what it had so far was no stream."""
        why = reason(error, self._url)
        late = time.monotonic() - self._began > self._patience.opening
        if why == Reason.GARBLED and late and not self._lived_from:
            return Reason.SILENT
        return why

    def _open(self) -> InputContainer | None:
        """None: told to end meanwhile. Few at a time: a thousand that come back would be a storm."""
        while not self._gate.acquire(timeout=0.2):
            if self._over.is_set():
                return None
        try:
            if self._over.is_set():
                return None
            self._began = time.monotonic()
            self._tell(State.CONNECTING)
            return self._opener.open()
        finally:
            self._gate.release()

    def _play(self, container: InputContainer) -> None:
        if not container.streams.video:
            raise Unplayable
        video = container.streams.video[0]
        decoder, clock = Decoder(video), Clock(container.format.name)
        self.ring.begin(video)
        opened = before = time.monotonic()
        beside = (*container.streams.data, *container.streams.audio[:1])
        hearing = Hearing() if container.streams.audio else None
        self._silence_told = False
        for packet in container.demux(video, *beside):
            if self._over.is_set():
                return
            if packet.stream is not video:
                self._beside(packet, hearing)
                continue
            now = time.monotonic()
            if pause := clock.pause(packet, now):
                self._over.wait(pause)
                now = time.monotonic()
            timing = clock.timing(packet, now, now - before)
            self.ring.put(packet, now)
            self._note(now, timing)
            self._memory.busy = True
            try:
                self._picture(decoder, packet, timing, now)
            finally:
                self._memory.busy = False
            before = time.monotonic()
            self._watch(before, opened)
            if self._wanted.heard and not hearing and not self._silence_told:
                self._silence_told = True
                self._say(Heard(self._stream, b""))

    def _picture(self, decoder: Decoder, packet: Packet, timing: Timing, now: float) -> None:
        wanted = self._wanted
        few = wanted.keys_only or timing.late > FAR_BEHIND
        frames = decoder.decode(packet, few, wanted.smooth)
        if frames:
            self._decoded = (frames[-1], decoder.pixel, now)
        if frames and (few or timing.newest or now - self._picture_at > SELDOM):
            self._show(frames[-1], decoder.pixel)

    def _note(self, now: float, timing: Timing) -> None:
        """For the window to read."""
        memory = self._memory
        memory.heard_at, memory.late, memory.late_for = now, timing.late, timing.late_for
        memory.spent = time.thread_time()

    def _beside(self, packet: Packet, hearing: Hearing | None) -> None:
        """Sound, or what a drone says beside its picture."""
        if packet.stream.type == "audio":
            if hearing and self._wanted.heard and (sound := hearing.sound(packet)):
                self._say(Heard(self._stream, sound))
            return
        data, now = bytes(packet), time.monotonic()
        start = data.find(KEY)
        if start < 0 or now - self._told_at < SELDOM_TOLD:
            return
        with suppress(Malformed):
            self._say(Told(self._stream, parse(data[start:])))
            self._told_at = now

    def _watch(self, now: float, opened: float) -> None:
        """Data comes; do pictures? Raises Silent."""
        quick = self._picture_at and not self._wanted.keys_only
        allowed = self._patience.silence if quick else self._patience.first_picture
        if now - max(self._picture_at, opened) > allowed:
            raise Silent

    def _show(self, frame: VideoFrame, pixel: Fraction | None) -> None:
        wanted = self._wanted
        made = self._drawing.drawn(frame, pixel, (wanted.width, wanted.height), wanted.look)
        self._picture_at = time.monotonic()
        self._memory.write(made.pixels, made.width, made.height, made.stride, self._picture_at)
        if not self._lived_from:
            self._lived_from = self._picture_at
            self._tell(State.LIVE)
