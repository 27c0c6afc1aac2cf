"""Live pictures and recordings: ``ctx.media``; permission ``media``.

A tile is a widget that shows one stream, decoded in another process in the size that the tile has. A player
is a tile that shows a recording by a clock: those with the same clock show the same moment.
All methods are for the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from console.model.looks import FILL, Bend, Look
from console.model.replays import Pace, Progress, Recorded, Told
from console.model.streams import Metadata, Reason, Source, State, Status, Still
from console.sdk.map import Undo

__all__ = [
    "FILL",
    "Bend",
    "Look",
    "Media",
    "Metadata",
    "Pace",
    "Player",
    "Progress",
    "Reason",
    "Recorded",
    "Source",
    "State",
    "Status",
    "Still",
    "Tile",
    "Told",
]


class Tile(Protocol):
    """One picture. It is removed with its plugin."""

    @property
    def widget(self) -> Any:
        """The QWidget to put into a layout. It takes the focus, paints itself, and says in words what is not
        as it should be. Hidden, it lets go of the stream after some seconds."""
        ...

    @property
    def source(self) -> Source | None: ...

    @property
    def status(self) -> Status:
        """How it goes."""
        ...

    @property
    def metadata(self) -> Metadata | None:
        """What a drone said last beside its picture: where it is, where its picture's corners are on the
        ground. None: nothing, which is so with cameras."""
        ...

    def show(self, source: Source | None) -> None:
        """Another stream, or none. The same one goes on."""
        ...

    def say(self, title: str, text: str = "", hint: str = "") -> None:
        """Without a source: whose picture this is, why there is none, what can be done."""
        ...

    def retry(self) -> None:
        """Try at once, whatever was refused before."""
        ...

    def on_status(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when ``status`` has another state or another reason."""
        ...

    def on_metadata(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when ``metadata`` is another, ten times a second at most."""
        ...

    def on_enlarge(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called at Enter and at a double click."""
        ...

    def overlay(self, paint: Callable[[Any, Any], None]) -> Undo:
        """*paint* is called each time that a picture was painted, before the words over it.

        It gets the QPainter and the QRectF of the whole picture, in the widget's logical pixels.
        """
        ...

    def picture_place(self) -> Any:
        """QRectF: where the whole picture is in the widget, in logical pixels; None while there is none."""
        ...

    def look(self, look: Look) -> None:
        """Have the camera's pictures turned and straightened, in all tiles that show it. ``Look.to_camera``
        says where in its own picture a place of the shown one is. Recordings are shown as they are."""
        ...

    def keep(self, seconds: float) -> None:
        """Keep the last *seconds* as they came, for ``clip``; 0: nothing. Only for who may save them."""
        ...

    def still(self, handler: Callable[[Still | None], None]) -> None:
        """*handler* gets the newest picture in the stream's own size, whatever the tile's; None: there is
        none. Nothing is written."""
        ...

    def clip(self, path: str, about: dict[str, str], on_progress: Callable[[Progress], None]) -> None:
        """Write what ``keep`` kept into an MP4 file as it came, from a key frame on, and a JSON file with
        *about* and the SHA-256 beside it. It goes on when the tile shows something else."""
        ...

    def refresh(self) -> None:
        """Paint again: what is laid over it is another."""
        ...

    def remove(self) -> None:
        """Let go of the stream and delete the widget; one that was deleted has let go already."""
        ...


class Player(Tile, Protocol):
    """A tile for recordings: ``show`` it a ``Recorded``. It does not try again by itself."""

    @property
    def told(self) -> Told:
        """What is shown, and what is at hand around it."""
        ...

    def pace(self, pace: Pace) -> None:
        """Go by this clock, also with the recordings to come."""
        ...

    def on_told(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when ``told`` is another, some times a second."""
        ...


class Media(Protocol):
    """``ctx.media``."""

    def tile(self) -> Tile:
        """A new tile, showing nothing."""
        ...

    def player(self) -> Player:
        """A new player, showing nothing."""
        ...

    def export(
        self,
        recorded: Recorded,
        path: str,
        stretch: tuple[float, float],
        about: dict[str, str],
        on_progress: Callable[[Progress], None],
    ) -> Undo:
        """Write a stretch (s since 1970) into an MP4 file as it was recorded, from the key frame before it,
        and a JSON file with *about* and the SHA-256 beside it. The undo cancels it: nothing is left."""
        ...
