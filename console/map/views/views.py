"""All views of the map: the first, and those beside it; linked ones move together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.map.dropping import FileDrops
from console.map.listeners import Listeners
from console.map.viewport import resting_zoom
from console.map.views.hands import Heard
from console.map.views.overview import Overview
from console.map.views.pane import Pane
from console.map.views.side_view import SideView
from console.map.views.swipe import Swipe
from console.model.records import LonLat
from console.sdk.view_link import ViewLink, read_link, write_link
from console.sdk.views import MOST_PANES

if TYPE_CHECKING:
    from console.map.views.view import MapView


class Views:
    """Implements ``console.sdk.views.MapViews``."""

    def __init__(self, first: MapView, drops: FileDrops) -> None:
        self._first, self._drops = first, drops
        self.panes: list[SideView] = []
        self.swipe: Swipe | None = None
        self.seen = Listeners[[]]()
        """Other views than before are seen."""
        self._overview: Overview | None = None
        self._moving = False
        self.banner = ""
        """What ``say`` said last; it stands on printed sheets, too."""
        self._awaited: set[str] = set()
        """Layers of a link that are not on the map yet."""
        first.tree.on_change(self._show_awaited)
        self._join(first)

    def open_pane(self) -> SideView:
        """A further view, beside the first; raises ValueError when there are MOST_PANES."""
        if len(self.panes) >= MOST_PANES:
            raise ValueError(f"there are {MOST_PANES} further views already")
        first = self._first
        heard = Heard(first.place_left, first.place_clicked, first.place_hovered, first.menu_wanted)
        pane = SideView(first, heard)
        self.panes.append(pane)
        pane.destroyed.connect(lambda: self._forget(pane))  # with the panel that it stands in
        self._drops.watch(pane)
        self._join(pane)
        pane.furniture.show_banner(self.banner)
        return pane

    def open_swipe(self) -> Swipe:
        """A line across the first view, and other layers behind it; the one before ends."""
        if self.swipe is not None:
            self.end_swipe(self.swipe)
        self.swipe = Swipe(self._first)
        self.share_out()
        self._first.update()
        return self.swipe

    def end_swipe(self, swipe: Swipe) -> None:
        """See ``MapSwipe.remove``."""
        if self.swipe is swipe:
            self.swipe = None
            self.share_out()
            swipe.let_go()
            self._first.update()

    @property
    def overview(self) -> bool:
        """Whether there is an overview."""
        return self._overview is not None

    def show_overview(self, shown: bool) -> None:
        """An overview in the corner of the first view, or none."""
        if shown and self._overview is None:
            self._overview = Overview(self._first)
        elif not shown and self._overview is not None:
            self._overview.remove()
            self._overview = None

    def say(self, text: str) -> None:
        """See ``MapViews``."""
        self.banner = text
        for pane in (self._first, *self.panes):
            pane.furniture.show_banner(text)

    @property
    def settled(self) -> bool:
        """Whether the first view shows all that it is to show, and not something older for now."""
        return self._first.base.idle

    def place(self) -> None:
        """The first view has another size."""
        if self.swipe is not None:
            self.swipe.place()
        if self._overview is not None:
            self._overview.place()

    def go(self, link: str) -> None:
        """See ``MapViews``."""
        view = read_link(link)
        self._first.facet.center_on(view.lon, view.lat, view.zoom)
        self._awaited = set(view.layers)
        self._show_awaited()

    def _show_awaited(self) -> None:
        """Layers come with their plugins and from the backend: those of a link are shown as they come."""
        there = {entry.id for entry in self._first.tree.entries()} & self._awaited if self._awaited else set()
        self._awaited -= there
        for layer_id in there:
            self._first.tree.set_visible(layer_id, True)

    def link(self) -> str:
        """See ``MapViews``."""
        viewport = self._first.viewport
        lon, lat = viewport.center
        zoom = resting_zoom(self._first.navigator.goal_zoom)
        shown = tuple(entry.id for entry in self._first.tree.entries() if entry.visible)
        return write_link(ViewLink(lon=lon, lat=lat, zoom=zoom, layers=shown))

    def drop(self, pane: SideView) -> None:
        """See ``MapPane.remove``."""
        if self._forget(pane):
            pane.close()
            pane.deleteLater()

    def share_out(self) -> None:
        """The time of a frame, among the views that are seen."""
        scenes = [self._first.scene, *(pane.scene for pane in self.panes if pane.isVisible())]
        if self.swipe is not None:
            scenes.append(self.swipe.scene)
        for scene in scenes:
            scene.ground.views = len(scenes)
        self.seen.fire()

    def dress(self) -> None:
        """The theme or the language is another."""
        for pane in self.panes:
            pane.set_theme(self._first.theme, self._first.colors)
        if self.swipe is not None:
            self.swipe.dress()
        if self._overview is not None:
            self._overview.dress()

    def close(self) -> None:
        """All but the first view goes."""
        self.show_overview(False)
        if self.swipe is not None:
            self.end_swipe(self.swipe)
        for pane in tuple(self.panes):
            self.drop(pane)

    def _forget(self, pane: SideView) -> bool:
        if pane not in self.panes:
            return False
        self.panes.remove(pane)
        pane.let_go()
        self.share_out()
        return True

    def _join(self, pane: Pane) -> None:
        pane.shifted.add(lambda: self._on_shift(pane))
        pane.pointer_moved.add(lambda lon, lat: self._on_pointer(pane, (lon, lat)))
        pane.pointer_left.add(lambda: self._on_pointer(pane, None))

    def _with(self, pane: Pane) -> list[Pane]:
        """The views that are seen and go along with *pane*."""
        linked = [self._first, *(side for side in self.panes if side.linked)]
        return (
            [other for other in linked if other is not pane and other.isVisible()] if pane in linked else []
        )

    def _on_shift(self, pane: Pane) -> None:
        if not self._moving:
            self._moving = True
            for other in self._with(pane):
                other.go_along(pane.viewport)
            self._moving = False

    def _on_pointer(self, pane: Pane, place: LonLat | None) -> None:
        for other in self._with(pane):
            other.show_cross(place)
