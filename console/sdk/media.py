"""Live pictures: ``ctx.media``; permission ``media``.

A tile is a widget that shows one stream, decoded in another process in the size that the tile has.
All methods are for the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from console.model.streams import Metadata, Reason, Source, State, Status
from console.sdk.map import Undo

__all__ = ["Media", "Metadata", "Reason", "Source", "State", "Status", "Tile"]


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

    def refresh(self) -> None:
        """Paint again: what is laid over it is another."""
        ...

    def remove(self) -> None:
        """Let go of the stream and delete the widget; one that was deleted has let go already."""
        ...


class Media(Protocol):
    """``ctx.media``."""

    def tile(self) -> Tile:
        """A new tile, showing nothing."""
        ...
