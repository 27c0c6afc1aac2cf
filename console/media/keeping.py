"""The window's side of what is kept of live pictures: one at a time, or a file of what came lately."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtGui import QImage

from console.media.feed import Feed, next_number
from console.media.memory import FrameMemory, Picture
from console.media.messages import Clip, Reply, Saved, Take, Taken
from console.model.replays import Progress
from console.model.streams import Reason, Still

OnStill = Callable[[Still | None], None]
OnProgress = Callable[[Progress], None]


class Jobs:
    """What was asked of decoding processes and not answered yet. Each handler is told how it ended."""

    def __init__(self) -> None:
        self._stills: dict[int, tuple[int, FrameMemory, OnStill]] = {}
        self._clips: dict[int, tuple[int, OnProgress]] = {}

    def still(self, feed: Feed | None, handler: OnStill) -> None:
        """The newest picture that was decoded, in the stream's own size; None: there is none."""
        if feed is None:
            handler(None)
            return
        job = next_number()
        memory = FrameMemory(job)
        self._stills[job] = (feed.number, memory, handler)
        if not feed.ask(Take(feed.number, job, memory.path)):
            self._end_still(job, None)

    def clip(
        self, feed: Feed | None, path: str, seconds: float, about: dict[str, str], handler: OnProgress
    ) -> None:
        """Write what came in the last *seconds*."""
        number, job = (feed.number if feed else 0), next_number()
        self._clips[job] = (number, handler)
        if feed is None or not feed.ask(Clip(number, job, path, seconds, about)):
            self._progress(job, Progress(number, 0.0, reason=Reason.NO_VIDEO))

    def hear(self, said: Reply) -> None:
        """What a process answered."""
        if isinstance(said, Taken) and said.job in self._stills:
            picture = self._stills[said.job][1].newest() if said.done else None
            self._end_still(said.job, _still(picture))
        elif isinstance(said, Saved):
            self._progress(said.job, said.progress)

    def fell(self, streams: list[int]) -> None:
        """Their process died."""
        for job, (stream, _, _) in list(self._stills.items()):
            if stream in streams:
                self._end_still(job, None)
        for job, (stream, _) in list(self._clips.items()):
            if stream in streams:
                self._progress(job, Progress(stream, 0.0, reason=Reason.CRASHED))

    def _end_still(self, job: int, still: Still | None) -> None:
        _, memory, handler = self._stills.pop(job)
        memory.close()
        handler(still)

    def _progress(self, job: int, progress: Progress) -> None:
        if job not in self._clips:
            return
        _, handler = self._clips[job]
        if progress.done >= 1.0 or progress.reason is not Reason.NONE:
            del self._clips[job]
        handler(progress)


def _still(picture: Picture | None) -> Still | None:
    if picture is None:
        return None
    form = QImage.Format.Format_RGB32
    image = QImage(picture.pixels, picture.width, picture.height, picture.stride, form)
    return Still(image.copy(), picture.at + time.time() - time.monotonic())
