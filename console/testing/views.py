"""Further views of the map in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.plugin_host.listeners import Listeners
from console.sdk import Undo
from console.sdk.view_link import ViewLink, read_link, write_link

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.testing.map import MemoryMap, MemoryTree


class MemoryPane:
    """Implements ``MapPane``; its layers are those of the map."""

    def __init__(self, views: MemoryViews, layers: MemoryTree) -> None:
        self.widget: Any = None
        self.layers = layers
        self.linked = False
        self._views = views
        self._changed: Listeners[[]] = Listeners()

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


class MemoryViews:
    """Implements ``MapViews``; ``panes`` are those that are open."""

    def __init__(self, first: MemoryMap) -> None:
        self._first = first
        self.panes: list[MemoryPane] = []

    def open_pane(self) -> MemoryPane:
        pane = MemoryPane(self, self._first.layers)
        self.panes.append(pane)
        return pane

    def link(self) -> str:
        lon, lat = self._first.center
        return write_link(ViewLink(lon=lon, lat=lat, zoom=self._first.zoom()))

    def go(self, link: str) -> None:
        view = read_link(link)
        self._first.center_on(view.lon, view.lat, view.zoom)
