"""Further views of the map, and what lies over the first one: ``ctx.map.views``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from console.sdk.layers import MapLayers

if TYPE_CHECKING:
    from console.sdk.map import Undo

MOST_PANES = 3
"""Further views at a time: each draws every frame that the first one does."""


class MapPane(Protocol):
    """A further view: the layers of the map with visibility, opacity and order of its own.

    While its widget is hidden it holds no memory and draws nothing.
    """

    widget: Any
    """A QWidget to be put into a panel."""

    @property
    def layers(self) -> MapLayers: ...

    @property
    def linked(self) -> bool:
        """Whether it goes along with the first view, and the first with it."""
        ...

    def link(self, linked: bool) -> None: ...

    def copy_first(self) -> None:
        """Place and layers like the first view."""
        ...

    def save(self) -> dict[str, Any]:
        """Place, layers and link, as plain values."""
        ...

    def restore(self, state: dict[str, Any]) -> None:
        """What ``save`` gave; whatever is wrong with it is left out."""
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when there is something else to save."""
        ...

    def remove(self) -> None:
        """Give all back; harmless when it has gone."""
        ...


class MapSwipe(Protocol):
    """A line across the first view that the user moves: the layers as they are, and behind it others."""

    @property
    def layers(self) -> MapLayers:
        """Those behind the line: at its right, or below it."""
        ...

    @property
    def upright(self) -> bool: ...

    def turn(self, upright: bool) -> None:
        """An upright line, or a level one."""
        ...

    def save(self) -> dict[str, Any]:
        """Line and layers, as plain values."""
        ...

    def restore(self, state: dict[str, Any]) -> None:
        """What ``save`` gave; whatever is wrong with it is left out."""
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when there is something else to save."""
        ...

    def on_end(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when it is over, as by Esc."""
        ...

    def remove(self) -> None:
        """End it; harmless when it is over."""
        ...


class MapViews(Protocol):
    """``ctx.map.views``."""

    def open_swipe(self) -> MapSwipe:
        """Compare two sets of layers in the first view; the swipe before, if any, ends."""
        ...

    @property
    def overview(self) -> bool:
        """Whether the overview is shown."""
        ...

    def show_overview(self, shown: bool) -> None:
        """The whole district in a corner of the first view, with a frame to be dragged; or not."""
        ...

    def open_pane(self) -> MapPane:
        """A further view, beside the first; raises ValueError when there are MOST_PANES."""
        ...

    def say(self, text: str) -> None:
        """Words on all views, and on sheets that are printed, that must not be overlooked, such as that they
        show a past time; empty: none."""
        ...

    @property
    def settled(self) -> bool:
        """Whether all of the first view is drawn as it is to be, and not of something older for now."""
        ...

    def link(self) -> str:
        """A link to what the first view shows: place, zoom, visible layers."""
        ...

    def go(self, link: str) -> None:
        """Move the first view to a link and show its layers, also those that come later; nothing is hidden.

        Raises LinkError (``console.sdk.view_link``) for a text that is none.
        """
        ...
