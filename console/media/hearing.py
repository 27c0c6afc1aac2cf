"""The sound of a stream, as ``speaker`` plays it."""

from __future__ import annotations

from contextlib import suppress

import av.error
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.packet import Packet

from console.media.messages import RATE


class Hearing:
    """Of one opening of a stream."""

    def __init__(self) -> None:
        self._made = AudioResampler(format="s16", layout="mono", rate=RATE)

    def sound(self, packet: Packet) -> bytes:
        """Signed samples of two bytes, for both ears; empty: there was none in it."""
        pieces: list[bytes] = []
        with suppress(av.error.FFmpegError):  # a broken piece, or of another form: the next may be well
            for frame in packet.decode():
                if isinstance(frame, AudioFrame):
                    made = self._made.resample(frame)
                    pieces += [bytes(memoryview(each.planes[0]))[: each.samples * 2] for each in made]
        return b"".join(pieces)
