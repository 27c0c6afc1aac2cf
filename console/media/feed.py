"""One stream as the window sees it: its memory, what is said of it, whether what it shows is fresh."""

from __future__ import annotations

import itertools
import time

from console.media.memory import FrameMemory, Picture
from console.media.messages import Clip, Close, Heard, Open, Patience, Reply, Said, Take, Told, Tune
from console.media.workers import Workers
from console.model.looks import Look
from console.model.streams import Metadata, Reason, Saving, State

CRASHES = 2
"""Deaths of processes in the midst of decoding a stream, after which it is left alone for a time."""
RECENT = 2.0
"""Seconds without data after which what is known of the decoder's delay says nothing any more."""
_numbers = itertools.count(1)


def next_number() -> int:
    """Of a stream, or of a memory that is asked for: none comes twice."""
    return next(_numbers)


class Feed:
    """Decoded from when it is made until ``close``."""

    def __init__(self, workers: Workers, url: str, size: tuple[int, int], keys_only: bool) -> None:
        self.url = url
        self.number = next_number()
        self.state, self.reason, self.retry_at = State.CONNECTING, Reason.NONE, 0.0
        self.least, self.saving = keys_only, Saving.NONE
        self.metadata: Metadata | None = None
        """The newest that was said beside the picture."""
        self.soundless, self._heard = False, False
        """The first: it is to be heard, and has no sound."""
        self._size, self._crashes, self._kept = size, 0, 0.0
        self._look = Look()
        self._spent, self._weighed_at = 0.0, time.monotonic()
        self._memory = FrameMemory(self.number)
        self._worker = workers.open(Open(self.number, url, self._memory.path, *size, keys_only))

    @property
    def picture_number(self) -> int:
        """Of the newest; 0: there was none yet."""
        return self._memory.number

    @property
    def keys_only(self) -> bool:
        """Whether key frames alone are decoded."""
        return self.least or self.saving == Saving.FRAMES

    @property
    def late_for(self) -> float:
        """Seconds that the decoder has been late without a rest."""
        heard = time.monotonic() - self._memory.heard_at < RECENT
        return self._memory.late_for if heard else 0.0

    def cost(self, now: float) -> float:
        """Share of a core since this was last asked."""
        spent, passed = self._memory.spent, max(now - self._weighed_at, 0.1)
        taken = max(spent - self._spent, 0.0)
        self._spent, self._weighed_at = spent, now
        return taken / passed

    @property
    def late(self) -> float:
        """Seconds that the decoder is behind what is sent."""
        return self._memory.late

    @property
    def picture_at(self) -> float:
        """When that was made; 0: there was none yet."""
        return self._memory.picture_at

    def newest(self) -> Picture | None:
        """The newest picture, in memory that the decoder may write over."""
        return self._memory.newest()

    def holds(self, picture: Picture) -> bool:
        """Whether it was not written over meanwhile."""
        return self._memory.holds(picture)

    def tune(self, size: tuple[int, int], keys_only: bool) -> None:
        """Decode in another size, or key frames alone, from the next picture on."""
        if (size, keys_only) != (self._size, self.least):
            self._size, self.least = size, keys_only
            self._tell()

    def save(self, saving: Saving) -> None:
        """Do without something from the next picture on, or from the next key frame on with all again."""
        if saving != self.saving:
            self.saving = saving
            self._tell()

    def _tell(self) -> None:
        smooth = self.saving == Saving.NONE
        self._worker.put(
            Tune(self.number, *self._size, self.keys_only, smooth, self._heard, self._kept, self._look)
        )

    def keep(self, seconds: float) -> None:
        """Keep so many of what comes, for clips."""
        if seconds != self._kept:
            self._kept = seconds
            self._tell()

    def look(self, look: Look) -> None:
        """Turn its pictures so from the next one on."""
        if look != self._look:
            self._look = look
            self._tell()

    def ask(self, request: Take | Clip) -> bool:
        """Of its process; False: it does not run."""
        return self._worker.ask(request)

    def listen(self, heard: bool) -> None:
        """Have its sound said, or not any more."""
        if heard != self._heard:
            self._heard, self.soundless = heard, False
            self._tell()

    def hear(self, said: Reply) -> None:
        """What its process said of it."""
        if not isinstance(said, Told | Heard | Said):
            return
        if isinstance(said, Told):
            self.metadata = said.metadata
            return
        if isinstance(said, Heard):
            self.soundless = not said.sound
            return
        self.state, self.reason = said.state, said.reason
        self.retry_at = time.monotonic() + said.retry_in if said.retry_in else 0.0

    def fell(self) -> None:
        """Its process died; it is opened again when that is back, unless it is what processes die of."""
        if self._memory.busy:
            self._crashes += 1
            self._memory.busy = False
        if self._crashes >= CRASHES:
            self.state, self.reason, self.retry_at = State.UNSUPPORTED, Reason.CRASHED, 0.0
            return
        self.state, self.reason, self.retry_at = State.CONNECTING, Reason.CRASHED, 0.0

    def state_now(self, patience: Patience) -> State:
        """Looked at from here: a thread that hangs says nothing."""
        if self.state != State.LIVE:
            return self.state
        last = self._memory.heard_at if self.keys_only else self._memory.picture_at
        return State.STALLED if time.monotonic() - last > patience.silence / 2 else State.LIVE

    def close(self) -> None:
        """Let go of it; who still paints a picture of it may finish."""
        self._worker.put(Close(self.number))
        self._memory.close()
