"""The simulated cameras' server with faults to order."""

from __future__ import annotations

import os
from typing import Any

from console.simulation.video.rtsp import VideoServer


class RtspServer(VideoServer):
    """Attributes may be set from any thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stalled = self.deaf = False
        """``stalled``: nothing is sent; ``deaf``: nothing is answered."""

    @property
    def watching(self) -> int:
        """How many streams are played."""
        return sum(len(watchers) for watchers in self._watchers.values())

    def kill(self) -> None:
        """All connections end, and nobody answers."""
        self._call(self._stop())

    def revive(self) -> None:
        """On the same port again."""
        self._call(self._listen())

    def hang_up(self) -> None:
        """All connections end; new ones are served."""
        self._call(self._drop())

    def babble(self, count: int = 200_000) -> None:
        """Send bytes that mean nothing to all who watch."""
        self._call(self._babble(count))

    def _sends(self) -> bool:
        return not self.stalled

    def _answers(self) -> bool:
        return not self.deaf

    async def _babble(self, count: int) -> None:
        for writer in {writer for watchers in self._watchers.values() for writer in watchers}:
            writer.write(os.urandom(count))
