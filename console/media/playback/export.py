"""Writes a stretch of a recording into an MP4 file, as it was recorded: nothing is encoded anew.

Beside it stands a description with the file's SHA-256. Both get their names when they are whole.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import av
import av.error
from av.container import InputContainer

from console.media.evidence import Cancelled, finish, part_of, utc
from console.media.faults import reason
from console.media.messages import Patience
from console.media.opening import Unplayable
from console.media.playback.fetch import opened, shots
from console.media.playback.messages import Write
from console.model.replays import Progress
from console.model.streams import Reason

LARGEST = 8 << 30
"""Bytes of a file."""
TELL = 0.3
"""Seconds between reports."""


class TooLarge(Exception):
    """It would be larger than LARGEST."""


class Writer(threading.Thread):
    """Writes one file."""

    def __init__(self, asked: Write, patience: Patience, say: Callable[[Progress], None]) -> None:
        super().__init__(name=f"export {asked.stream}", daemon=True)
        self._asked, self._patience, self._say = asked, patience, say
        self._path = Path(asked.path)
        self._part = part_of(self._path, asked.stream)
        self._over = threading.Event()
        self._told_at = 0.0
        self._first = self._last = 0.0

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self._over.set()

    def run(self) -> None:
        number = self._asked.stream
        try:
            with opened(self._asked.url, self._patience) as container:
                frames = self._copy(container)
            if not frames:
                raise Unplayable
            self._say(self._finished(frames))
        except Cancelled:
            pass
        except Unplayable:
            self._say(Progress(number, 0.0, reason=Reason.NO_VIDEO))
        except av.error.FFmpegError as error:
            self._say(Progress(number, 0.0, reason=reason(error, self._asked.url)))
        except (OSError, TooLarge):
            self._say(Progress(number, 0.0, reason=Reason.GARBLED, disk=True))
        finally:
            self._part.unlink(missing_ok=True)

    def _copy(self, container: InputContainer) -> int:
        """From the key frame at or before the beginning; how many pictures."""
        asked, frames, size = self._asked, 0, 0
        options = {"movflags": "faststart"}  # plays while it is still fetched from a server
        with av.open(str(self._part), "w", format="mp4", options=options) as file:
            stream = file.add_stream_from_template(container.streams.video[0])
            for shot in shots(container, asked.begin):
                if self._over.is_set():
                    raise Cancelled
                if shot.at >= asked.until:
                    break
                if not frames and not shot.key:
                    continue
                self._first, self._last = self._first or shot.at, shot.at
                packet, stamp = shot.packet, round((shot.at - self._first) * 1e6)
                packet.pts = packet.dts = stamp
                packet.stream = stream
                frames, size = frames + 1, size + packet.size
                file.mux(packet)
                if size > LARGEST:
                    raise TooLarge
                self._tell(shot.at)
        return frames

    def _tell(self, at: float) -> None:
        now = time.monotonic()
        if now - self._told_at > TELL:
            self._told_at = now
            whole = max(self._asked.until - self._asked.since, 1e-3)
            done = min(max((at - self._asked.since) / whole, 0.0), 0.99)
            self._say(Progress(self._asked.stream, done))

    def _finished(self, frames: int) -> Progress:
        """Hash it, describe it, give it its name."""
        about = self._asked.about | {
            "pictures": str(frames),
            "first_picture": utc(self._first),
            "last_picture": utc(self._last),
            "asked_from": utc(self._asked.since),
            "asked_to": utc(self._asked.until),
        }
        sha256, size = finish(self._part, self._path, about, self._over.is_set)
        return Progress(self._asked.stream, 1.0, sha256, size, frames)
