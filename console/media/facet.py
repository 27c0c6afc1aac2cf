"""What plugins see of live pictures: implements ``console.sdk.media.Media``. Light before the first tile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, SignalInstance
from PySide6.QtGui import QPainter
from shiboken6 import isValid

from console.model.looks import Look
from console.model.replays import Pace, Progress, Recorded, Told
from console.model.streams import Metadata, Source, Status, Still
from console.sdk.map import Undo

if TYPE_CHECKING:
    from console.media.engine import MediaEngine
    from console.media.playback.engine import PlaybackEngine
    from console.media.playback.tile import PlayerTile
    from console.media.view.tile import CameraTile


class MediaFacet(QObject):
    """One for the program; ``close`` it before the application ends."""

    def __init__(self, hardware: bool = True) -> None:
        """*hardware*: whether a device that decodes is used where there is one."""
        super().__init__()
        self._hardware = hardware
        self._engine: MediaEngine | None = None
        self._playback: PlaybackEngine | None = None

    def tile(self) -> MediaTile:
        """See ``Media``."""
        from console.media.engine import MediaEngine
        from console.media.view.tile import CameraTile

        if self._engine is None:
            self._engine = MediaEngine(self, hardware=self._hardware)
        return MediaTile(CameraTile(self._engine))

    def player(self) -> MediaPlayer:
        """See ``Media``."""
        from console.media.playback.tile import PlayerTile

        return MediaPlayer(PlayerTile(self._playing()))

    def export(
        self,
        recorded: Recorded,
        path: str,
        stretch: tuple[float, float],
        about: dict[str, str],
        on_progress: Callable[[Progress], None],
    ) -> Undo:
        """See ``Media``."""
        return self._playing().save(recorded, path, stretch, about, on_progress).cancel

    def _playing(self) -> PlaybackEngine:
        from console.media.playback.engine import PlaybackEngine

        if self._playback is None:
            self._playback = PlaybackEngine(self)
        return self._playback

    def close(self) -> None:
        """End all; returns when the processes have ended."""
        for engine in (self._engine, self._playback):
            if engine is not None:
                engine.close()


class MediaTile:
    """See ``Tile``."""

    def __init__(self, widget: CameraTile) -> None:
        self.widget = widget

    @property
    def source(self) -> Source | None:
        return self.widget.source

    @property
    def status(self) -> Status:
        return self.widget.status

    @property
    def metadata(self) -> Metadata | None:
        return self.widget.metadata

    def show(self, source: Source | None) -> None:
        self.widget.show_source(source)

    def say(self, title: str, text: str = "", hint: str = "") -> None:
        self.widget.say(title, text, hint)

    def retry(self) -> None:
        self.widget.retry()

    def on_status(self, handler: Callable[[], None]) -> Undo:
        return _connected(self.widget.status_changed, handler)

    def on_metadata(self, handler: Callable[[], None]) -> Undo:
        return _connected(self.widget.metadata_changed, handler)

    def on_enlarge(self, handler: Callable[[], None]) -> Undo:
        return _connected(self.widget.enlarged, handler)

    def overlay(self, paint: Callable[[QPainter, QRectF], None]) -> Undo:
        return self.widget.overlay(paint)

    def picture_place(self) -> QRectF | None:
        return self.widget.picture_place()

    def look(self, look: Look) -> None:
        self.widget.look(look)

    def keep(self, seconds: float) -> None:
        self.widget.keep(seconds)

    def still(self, handler: Callable[[Still | None], None]) -> None:
        self.widget.still(handler)

    def clip(self, path: str, about: dict[str, str], on_progress: Callable[[Progress], None]) -> None:
        self.widget.clip(path, about, on_progress)

    def refresh(self) -> None:
        self.widget.update()

    def remove(self) -> None:
        if not isValid(self.widget):
            return  # it went with what it was in
        self.widget.let_go()
        self.widget.hide()
        self.widget.deleteLater()


class MediaPlayer(MediaTile):
    """See ``Player``."""

    def __init__(self, widget: PlayerTile) -> None:
        super().__init__(widget)
        self._player = widget

    @property
    def told(self) -> Told:
        return self._player.told

    def pace(self, pace: Pace) -> None:
        self._player.follow(pace)

    def on_told(self, handler: Callable[[], None]) -> Undo:
        return _connected(self._player.told_changed, handler)


def _connected(signal: SignalInstance, handler: Callable[[], None]) -> Undo:
    def call() -> None:  # a slot of ours: a guarded handler may be any callable
        handler()

    signal.connect(call)

    def undo() -> None:
        with suppress(RuntimeError):  # its tile is gone
            signal.disconnect(call)

    return undo
