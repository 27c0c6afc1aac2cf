"""Live pictures without streams: tiles that keep what they were told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from console.model.looks import Look
from console.model.replays import Pace, Progress, Recorded, Told
from console.model.streams import Metadata, Reason, Source, State, Status, Still
from console.plugin_host.listeners import Listeners
from console.sdk.map import Undo


@dataclass
class MemoryClip:
    """A file that is not written."""

    path: str
    about: dict[str, str]
    on_progress: Callable[[Progress], None]


class MemoryTile:
    """Implements ``Tile``."""

    def __init__(self) -> None:
        self.widget = QWidget()
        self.source: Source | None = None
        self.status = Status()
        self.metadata: Metadata | None = None
        self.said = ("", "", "")
        """Title, text and hint, while there is no source."""
        self.retries = 0
        self.removed = False
        self.refreshes = 0
        self.place: QRectF | None = None
        """Where the picture is; a test says so."""
        self.looks = Look()
        """What ``look`` was told last."""
        self.kept = 0.0
        """Seconds that ``keep`` asked for."""
        self.picture: Still | None = None
        """What ``still`` gives; a test says so."""
        self.clips: list[MemoryClip] = []
        self.overlays: Listeners[[QPainter, QRectF]] = Listeners()
        """``fire`` paints them."""
        self._status_changed: Listeners[[]] = Listeners()
        self._enlarged: Listeners[[]] = Listeners()
        self._told: Listeners[[]] = Listeners()

    def show(self, source: Source | None) -> None:
        if source != self.source:
            self.source, self.said = source, ("", "", "")
            self.become(State.IDLE if source is None else State.CONNECTING)

    def say(self, title: str, text: str = "", hint: str = "") -> None:
        self.said = (title, text, hint)

    def retry(self) -> None:
        self.retries += 1

    def on_status(self, handler: Callable[[], None]) -> Undo:
        return self._status_changed.add(handler)

    def on_metadata(self, handler: Callable[[], None]) -> Undo:
        return self._told.add(handler)

    def on_enlarge(self, handler: Callable[[], None]) -> Undo:
        return self._enlarged.add(handler)

    def overlay(self, paint: Callable[[QPainter, QRectF], None]) -> Undo:
        return self.overlays.add(paint)

    def picture_place(self) -> QRectF | None:
        return self.place

    def look(self, look: Look) -> None:
        self.looks = look

    def keep(self, seconds: float) -> None:
        self.kept = seconds

    def still(self, handler: Callable[[Still | None], None]) -> None:
        handler(self.picture)

    def clip(self, path: str, about: dict[str, str], on_progress: Callable[[Progress], None]) -> None:
        self.clips.append(MemoryClip(path, about, on_progress))

    def refresh(self) -> None:
        self.refreshes += 1

    def remove(self) -> None:
        self.source, self.removed = None, True
        self.widget.deleteLater()

    # ---- the test's side

    def become(self, state: State, reason: Reason = Reason.NONE) -> None:
        """As if the stream did."""
        self.status = Status(state, reason)
        self._status_changed.fire()

    def tell(self, metadata: Metadata | None) -> None:
        """As if the stream said so beside its picture."""
        self.metadata = metadata
        self._told.fire()

    def enlarge(self) -> None:
        """As if the user pressed Enter."""
        self._enlarged.fire()


class MemoryPlayer(MemoryTile):
    """Implements ``Player``."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Told(0, State.IDLE)
        self.clock: Pace | None = None
        """What it goes by."""
        self._news: Listeners[[]] = Listeners()

    def pace(self, pace: Pace) -> None:
        self.clock = pace

    def on_told(self, handler: Callable[[], None]) -> Undo:
        return self._news.add(handler)

    # ---- the test's side

    def tell(self, told: Told) -> None:
        """As if it was shown."""
        self.told = told
        self._news.fire()


@dataclass
class MemoryExport:
    """A file that is not written."""

    recorded: Recorded
    path: str
    stretch: tuple[float, float]
    about: dict[str, str]
    on_progress: Callable[[Progress], None]
    cancelled: bool = False

    def cancel(self) -> None:
        """What ``export`` gives back."""
        self.cancelled = True


class MemoryMedia:
    """Implements ``Media``."""

    def __init__(self) -> None:
        self.tiles: list[MemoryTile] = []
        """All that were asked for, also those that were removed."""
        self.players: list[MemoryPlayer] = []
        self.exports: list[MemoryExport] = []

    def tile(self) -> MemoryTile:
        self.tiles.append(MemoryTile())
        return self.tiles[-1]

    def player(self) -> MemoryPlayer:
        self.players.append(MemoryPlayer())
        return self.players[-1]

    def export(
        self,
        recorded: Recorded,
        path: str,
        stretch: tuple[float, float],
        about: dict[str, str],
        on_progress: Callable[[Progress], None],
    ) -> Undo:
        self.exports.append(MemoryExport(recorded, path, stretch, about, on_progress))
        return self.exports[-1].cancel
