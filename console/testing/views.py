"""Further views of the map in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.plugin_host.listeners import Listeners
from console.sdk import Undo
from console.sdk.view_link import ViewLink, read_link, write_link

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.testing.layer_tree import MemoryTree
    from console.testing.map import MemoryMap


class MemoryPane:
    """Implements ``MapPane``; its layers are those of the map."""

    def __init__(self, views: MemoryViews, layers: MemoryTree) -> None:
        self.widget: Any = None
        self.layers = layers
        self.linked = False
        self._views = views
        self._changed: Listeners[[]] = Listeners()
        self._ended: Listeners[[]] = Listeners()

    def link(self, linked: bool) -> None:
        self.linked = linked
        self._changed.fire()

    def copy_first(self) -> None:
        self._changed.fire()

    def save(self) -> dict[str, Any]:
        return {"linked": self.linked}

    def restore(self, state: dict[str, Any]) -> None:
        self.link(state.get("linked") is True)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)

    def remove(self) -> None:
        if self in self._views.panes:
            self._views.panes.remove(self)


class MemorySwipe(MemoryPane):
    """Implements ``MapSwipe``."""

    upright = True

    def turn(self, upright: bool) -> None:
        self.upright = upright
        self._changed.fire()

    def save(self) -> dict[str, Any]:
        return {"upright": self.upright}

    def restore(self, state: dict[str, Any]) -> None:
        self.turn(state.get("upright") is not False)

    def on_end(self, handler: Callable[[], None]) -> Undo:
        return self._ended.add(handler)

    def remove(self) -> None:
        if self._views.swipe is self:
            self._views.swipe = None
            self._ended.fire()


class MemoryViews:
    """Implements ``MapViews``; ``panes`` are those that are open."""

    def __init__(self, first: MemoryMap) -> None:
        self._first = first
        self.panes: list[MemoryPane] = []
        self.swipe: MemorySwipe | None = None
        self.overview = False
        self.said = ""
        self.settled = True

    def open_pane(self) -> MemoryPane:
        pane = MemoryPane(self, self._first.layers)
        self.panes.append(pane)
        return pane

    def open_swipe(self) -> MemorySwipe:
        self.swipe = MemorySwipe(self, self._first.layers)
        return self.swipe

    def say(self, text: str) -> None:
        self.said = text

    def show_overview(self, shown: bool) -> None:
        self.overview = shown

    def link(self) -> str:
        lon, lat = self._first.center
        return write_link(ViewLink(lon=lon, lat=lat, zoom=self._first.zoom()))

    def go(self, link: str) -> None:
        view = read_link(link)
        self._first.center_on(view.lon, view.lat, view.zoom)
