"""Writes what a stream sent lately into an MP4 file, as it was sent: nothing is encoded anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import av.error
from av.packet import Packet

from console.media.evidence import finish, part_of, utc
from console.media.messages import Clip, Saved
from console.media.ring import Kept
from console.model.replays import Progress
from console.model.streams import Reason

TELL = 0.3
"""Seconds between reports."""
BASE = Fraction(1, 90_000)
USUAL = (1920, 1080)
"""Of a stream that does not say its size before its first picture; decoders go by the picture itself."""
GAP = 2.0
"""Seconds without a picture that the description tells of."""
LEAST = 1 / 90_000


class ClipWriter(threading.Thread):
    """Writes one file."""

    def __init__(self, asked: Clip, kept: Sequence[Kept], say: Callable[[Saved], None]) -> None:
        super().__init__(name=f"clip {asked.job}", daemon=True)
        self._asked, self._kept, self._say = asked, kept, say
        self._path = Path(asked.path)
        self._part = part_of(self._path, asked.job)
        self._told_at = time.monotonic()

    def run(self) -> None:
        if not self._kept:
            self._tell(Progress(self._asked.stream, 0.0, reason=Reason.NO_VIDEO))
            return
        try:
            self._write()
            self._tell(self._finished())
        except OSError:
            self._tell(Progress(self._asked.stream, 0.0, reason=Reason.GARBLED, disk=True))
        except (av.error.FFmpegError, ValueError):
            self._tell(Progress(self._asked.stream, 0.0, reason=Reason.NO_VIDEO))
        finally:
            self._part.unlink(missing_ok=True)

    def _tell(self, progress: Progress) -> None:
        self._say(Saved(self._asked.stream, self._asked.job, progress))

    def _write(self) -> None:
        first = self._kept[0]
        wide, high = first.size if all(first.size) else USUAL
        with av.open(str(self._part), "w", format="mp4", options={"movflags": "faststart"}) as file:
            stream = file.add_mux_stream(first.codec, width=wide, height=high, time_base=BASE)
            at = -LEAST
            for number, kept in enumerate(self._kept):
                at = max(kept.at - first.at, at + LEAST)  # a new connection may overlap the one before
                packet = Packet(kept.data)
                packet.dts = round(at / LEAST)
                packet.pts = packet.dts + round((kept.shown - kept.at) / LEAST)
                packet.time_base, packet.is_keyframe, packet.stream = BASE, kept.key, stream
                file.mux(packet)
                self._report(number)

    def _report(self, number: int) -> None:
        now = time.monotonic()
        if now - self._told_at > TELL:
            self._told_at = now
            self._tell(Progress(self._asked.stream, min(number / len(self._kept), 0.99)))

    def _finished(self) -> Progress:
        kept, offset = self._kept, time.time() - time.monotonic()
        gaps = [after.at - one.at for one, after in pairwise(kept)]
        about = {
            **self._asked.about,
            "pictures": str(len(kept)),
            "first_picture": utc(kept[0].shown + offset),
            "last_picture": utc(kept[-1].shown + offset),
            "seconds_without_pictures": f"{sum(gap for gap in gaps if gap > GAP):.1f}",
        }
        sha256, size = finish(self._part, self._path, about, lambda: False)
        return Progress(self._asked.stream, 1.0, sha256, size, len(kept))
