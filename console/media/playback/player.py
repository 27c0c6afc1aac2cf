"""A recording in the replaying process: one thread fetches, one shows what the clock says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import av.error
import msgspec
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from console.media.drawing import fitted
from console.media.faults import reason
from console.media.memory import FrameMemory
from console.media.messages import Patience
from console.media.opening import Unplayable
from console.media.playback.fetch import opened, shots
from console.media.playback.messages import Follow, Replay, Resize
from console.media.playback.reel import Reel
from console.media.scaling import Scaler
from console.model.replays import Told
from console.model.streams import Reason, State

FAST = 4.0
"""Times as fast as it was: beyond, key frames alone are shown."""
TELL = 0.3
"""Seconds between reports."""
LEAST, MOST = 0.004, 0.05
"""Seconds between two looks at the clock."""


class Player:
    """Until it is dropped. What fails is said, not tried again: the window asks for another address."""

    def __init__(self, asked: Replay, patience: Patience, say: Callable[[Told], None]) -> None:
        self._number, self._url, self._begin = asked.stream, asked.url, asked.begin
        self._patience, self._say = patience, say
        self._memory = FrameMemory(asked.stream, asked.memory)
        self._size, self._pace = (asked.width, asked.height), asked.pace
        self._reel, self._scaler = Reel(), Scaler()
        self._decoder: VideoCodecContext | None = None
        self._pixel = None
        self._reason, self._final = Reason.NONE, False
        self._decoded = self._shown = -1
        self._drawn: VideoFrame | None = None
        self._at = self._told_at = 0.0
        self._wake, self._over = threading.Event(), False
        self._threads = [
            threading.Thread(target=run, name=f"{name} {asked.stream}", daemon=True)
            for name, run in (("fetch", self._fetch), ("show", self._run))
        ]

    def start(self) -> None:
        """Begin to fetch and to show."""
        for thread in self._threads:
            thread.start()

    def follow(self, request: Follow) -> None:
        """Another clock."""
        self._pace = request.pace
        self._told_at = 0.0
        self._wake.set()

    def resize(self, request: Resize) -> None:
        """Another size: what is shown is made anew."""
        self._size = (request.width, request.height)
        self._shown = -1
        self._wake.set()

    def close(self) -> None:
        """Have both threads end."""
        self._over = True
        self._reel.close()
        self._wake.set()

    def _fetch(self) -> None:
        try:
            with opened(self._url, self._patience) as container:
                video = container.streams.video[0]
                self._decoder, self._pixel = _decoder_of(video.codec_context), video.sample_aspect_ratio
                for shot in shots(container, self._begin):
                    if not self._reel.add(shot):
                        return
                    self._wake.set()
        except Unplayable:
            self._reason, self._final = Reason.NO_VIDEO, True
        except av.error.FFmpegError as error:
            self._reason = reason(error, self._url)
            self._final = self._reason in (Reason.SIGN_IN, Reason.STRANGER)
        finally:
            self._reel.over = True
            self._told_at = 0.0
            self._wake.set()

    def _run(self) -> None:
        while not self._over:
            pace = self._pace
            now = pace.now(time.monotonic())
            self._reel.play_at(now, pace.speed)
            wait = MOST
            with suppress(av.error.FFmpegError):  # a broken picture: the next may be whole
                wait = self._show(now, pace.speed)
            self._tell()
            if not self._wake.wait(wait):
                continue
            self._wake.clear()

    def _show(self, now: float, speed: float) -> float:
        """The picture of *now*; seconds until there may be another."""
        keys_only = speed > FAST
        found = self._reel.find(now, keys_only)
        if found is None or self._decoder is None:
            return MOST
        number, key = found
        if number != self._shown:
            frame = self._decode(self._decoder, key, number, keys_only)
            if frame is not None:
                self._draw(frame, number)
        after = self._reel.time(number + 1)
        if not after or speed <= 0:
            return MOST
        return min(max((after - self._pace.now(time.monotonic())) / speed, LEAST), MOST)

    def _decode(
        self, decoder: VideoCodecContext, key: int, number: int, keys_only: bool
    ) -> VideoFrame | None:
        """Go on from what was decoded last, or begin with the key frame; the last picture."""
        if number == self._decoded:
            return self._drawn
        first = self._decoded + 1
        if not key < first <= number:
            decoder.flush_buffers()
            first = key
        frames: list[VideoFrame] = []
        for each in range(first, number + 1):
            shot = self._reel.shot(each)
            if shot is None or self._over:
                return None
            with suppress(av.error.InvalidDataError):
                frames = decoder.decode(shot.packet) or frames
        self._decoded = number
        if keys_only and not frames:  # one that waits for the next to know the order
            frames = decoder.decode(None)
            self._decoded = -1
        self._drawn = frames[-1] if frames else self._drawn
        return self._drawn

    def _draw(self, frame: VideoFrame, number: int) -> None:
        width, height = fitted(frame, self._pixel, *self._size)
        scaled = self._scaler.scaled(frame, width, height)
        plane = scaled.planes[0]
        at = self._begin + frame.pts / 1e6 if frame.pts is not None else self._reel.time(number)
        self._memory.write(memoryview(plane), width, height, plane.line_size, at)
        self._at, self._shown = at, number
        if self._pace.speed == 0:
            self._told_at = 0.0  # who steps waits for it

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._told_at < TELL:
            return
        self._told_at = now
        held_from, held_to = self._reel.held
        state = State.LIVE if self._at else State.CONNECTING
        if self._reel.over and not held_to:
            state = State.UNSUPPORTED if self._final else State.WAITING
            self._reason = self._reason or Reason.ENDED
        before, after = (self._reel.time(self._shown + step) if self._shown >= 0 else 0.0 for step in (-1, 1))
        told = Told(self._number, state, self._reason, self._at, before, after, held_from, held_to)
        self._say(msgspec.structs.replace(told, over=self._reel.over))


def _decoder_of(context: VideoCodecContext) -> VideoCodecContext:
    context.thread_count = 1
    return context
