"""Where a stream's pictures are: a few slots that the decoder fills in turn and the window reads.

There is no queue: the newest picture is looked up when it is painted, older ones are written over. Each
slot carries the number of its picture, which is 0 while it is being written; who painted looks again
whether the number is still the same.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from console.shared_memory import SharedFile

SLOTS = 3
"""One is painted, one is the newest, one is written."""
MOST_PIXELS = 3840 * 2160
"""Of a picture: memory is taken as it is used."""
_HEAD = 256
_NEWEST, _STREAM, _HEARD, _LATE, _BUSY, _LATE_FOR, _SPENT = range(7)
"""Of the eight bytes each before the slots, which have a record each behind them."""
_RECORD = struct.Struct("<QdIII4x")
"""Number, time, width, height, bytes a line."""
_RECORDS = 64


@dataclass(frozen=True, slots=True)
class Picture:
    """BGRX in shared memory, which the decoder may write over."""

    number: int
    at: float
    width: int
    height: int
    stride: int
    pixels: memoryview


class FrameMemory(SharedFile):
    """The owner makes it for a stream; the decoding process attaches by ``path``.

    Raises OSError when that is of another stream by now: numbers of files are used again.
    """

    def __init__(self, stream: int, path: str = "", pixels: int = MOST_PIXELS) -> None:
        self._slot = (pixels + 4096) * 4  # lines are padded
        super().__init__(_HEAD + SLOTS * self._slot, "onemap-video", path)
        self._view = memoryview(self.map)
        self._numbers = self._view[:_RECORDS].cast("Q")
        self._times = self._view[:_RECORDS].cast("d")
        if not path:
            self._numbers[_STREAM] = stream
        elif self._numbers[_STREAM] != stream:
            raise OSError("the memory is of another stream")

    @property
    def number(self) -> int:
        """Of the newest picture; 0: there is none."""
        return self._numbers[_NEWEST]

    @property
    def heard_at(self) -> float:
        """When data of the stream came last (``time.monotonic``)."""
        return self._times[_HEARD]

    @heard_at.setter
    def heard_at(self, when: float) -> None:
        self._times[_HEARD] = when

    @property
    def late(self) -> float:
        """Seconds that the decoder is behind."""
        return self._times[_LATE]

    @late.setter
    def late(self, seconds: float) -> None:
        self._times[_LATE] = seconds

    @property
    def late_for(self) -> float:
        """Seconds that the decoder has been late without a rest: it is that, not the line."""
        return self._times[_LATE_FOR]

    @late_for.setter
    def late_for(self, seconds: float) -> None:
        self._times[_LATE_FOR] = seconds

    @property
    def spent(self) -> float:
        """Seconds of a core that the stream has taken so far."""
        return self._times[_SPENT]

    @spent.setter
    def spent(self, seconds: float) -> None:
        self._times[_SPENT] = seconds

    @property
    def busy(self) -> bool:
        """Whether a decoder is at work for it, or was when its process died."""
        return bool(self._numbers[_BUSY])

    @busy.setter
    def busy(self, at_work: bool) -> None:
        self._numbers[_BUSY] = at_work

    @property
    def picture_at(self) -> float:
        """When the newest picture was made; 0: there is none."""
        number = self.number
        return _RECORD.unpack_from(self._view, _RECORDS + number % SLOTS * _RECORD.size)[1] if number else 0.0

    def write(self, data: memoryview, width: int, height: int, stride: int, at: float) -> None:
        """Put a picture there; one that is too large is left out."""
        size = stride * height
        if size > self._slot or len(data) < size:
            return
        number = self.number + 1
        slot = number % SLOTS
        start = _HEAD + slot * self._slot
        record = _RECORDS + slot * _RECORD.size
        _RECORD.pack_into(self._view, record, 0, at, width, height, stride)
        self._view[start : start + size] = data[:size]
        _RECORD.pack_into(self._view, record, number, at, width, height, stride)
        self._numbers[_NEWEST] = number

    def newest(self) -> Picture | None:
        """What was written last."""
        number = self.number
        if not number:
            return None
        slot = number % SLOTS
        found, at, width, height, stride = _RECORD.unpack_from(self._view, _RECORDS + slot * _RECORD.size)
        start = _HEAD + slot * self._slot
        if found != number or stride * height > self._slot:
            return None
        return Picture(number, at, width, height, stride, self._view[start : start + stride * height])

    def holds(self, picture: Picture) -> bool:
        """Whether it has not been written over meanwhile."""
        slot = picture.number % SLOTS
        return _RECORD.unpack_from(self._view, _RECORDS + slot * _RECORD.size)[0] == picture.number
