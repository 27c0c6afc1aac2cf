"""A recording in a widget."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from console.media.engine import MediaEngine
from console.media.playback.engine import PlaybackEngine, Replaying
from console.media.view.tile import CameraTile
from console.model.replays import Pace, Progress, Told
from console.model.streams import Reason, Source, State, Still


class PlayerTile(CameraTile):
    """As for live pictures, by a clock."""

    told_changed = Signal()

    def __init__(self, engine: PlaybackEngine, parent: QWidget | None = None) -> None:
        self._playback = engine
        self._replaying: Replaying | None = None
        self._pace = Pace(0.0, time.monotonic(), 0.0)
        super().__init__(cast(MediaEngine, self), parent)  # of an engine, a tile wants ``watch`` alone

    @property
    def told(self) -> Told:
        """How it goes; what is shown is known at once."""
        if self._replaying is None:
            return Told(0, State.IDLE)
        told, picture = self._replaying.told, self._replaying.newest()
        if picture is None or picture.at == told.at:
            return told
        return msgspec.structs.replace(told, at=picture.at, before=0.0, after=0.0)  # those were of another

    def watch(self, source: Source, on_change: Callable[[], None]) -> Replaying:
        """What is shown is asked for here, as tiles do of their engine."""
        self._replaying = self._playback.show(source, self._pace, on_change, self.told_changed.emit)
        return self._replaying

    def let_go(self) -> None:
        """Show nothing."""
        super().let_go()
        self._replaying = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Another try is made by who has the tile: it takes another address."""
        if event.key() == Qt.Key.Key_R:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def still(self, handler: Callable[[Still | None], None]) -> None:
        """Recordings are exported from their recorder instead."""
        handler(None)

    def clip(self, path: str, about: dict[str, str], on_progress: Callable[[Progress], None]) -> None:
        """The same."""
        on_progress(Progress(0, 0.0, reason=Reason.NO_VIDEO))

    def follow(self, pace: Pace) -> None:
        """Go by this clock."""
        self._pace = pace
        if self._replaying is not None:
            self._replaying.follow(pace)
