"""A further view of the map: the layers of the first, seen in its own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent

from console.map.engine.engine import TileEngine
from console.map.layers.layer_tree import LayerTree
from console.map.listeners import Listeners
from console.map.live.layer import LiveLayer
from console.map.viewport import Bounds, resting_zoom, to_world
from console.map.views.frames import FrameClock
from console.map.views.hands import Heard
from console.map.views.pane import Pane
from console.map.views.scene import SecondScene
from console.sdk.map import Undo

if TYPE_CHECKING:
    from console.map.views.view import MapView

NAP = 1500
"""Milliseconds hidden after which all memory is given back; moving a dock hides it for a moment."""


class SideView(Pane):
    """Implements ``console.sdk.views.MapPane``; made by ``Views``."""

    scene: SecondScene

    def __init__(self, first: MapView, heard: Heard) -> None:
        self._first = first
        self.linked = False
        self.link_changed = Listeners[[]]()
        super().__init__(first.bench, heard)
        self.widget = self
        self._nap = QTimer(self, singleShot=True, interval=NAP)
        self._nap.timeout.connect(self._sleep)
        self._undo.append(first.touched.add(self._on_touched))
        self.set_theme(first.theme, first.colors)
        self.copy_first()
        self._sleep()

    def make_engine(self) -> TileEngine:
        """See ``Pane``."""
        return self._first.engine

    def make_clock(self) -> FrameClock:
        """See ``Pane``."""
        return self._first.clock

    def make_scene(self) -> SecondScene:
        """See ``Pane``."""
        return SecondScene(self._first.scene, self, self, self.update)

    def home(self) -> Bounds | None:
        """See ``Pane``."""
        return self._first.bounds_of_base

    def in_hand(self) -> None:
        """See ``HandledView``."""
        self._first.in_use = self

    # ---- for its layers ----

    def touch(self, layer: LiveLayer) -> None:
        """One of its layers looks different now."""
        if self.isVisible() and (layer.visible or not self.frames.running):
            self.update()
            self.frames.run()

    def forget(self, layer: LiveLayer) -> None:
        """Layers go with those of the first view."""

    def _on_touched(self, layer: LiveLayer) -> None:
        echo = self.scene.touched(layer)
        if echo is not None:
            self.touch(echo)

    # ---- the SDK ----

    @property
    def layers(self) -> LayerTree:
        return self.tree

    def link(self, linked: bool) -> None:
        """Go along with the first view, or stay."""
        if linked != self.linked:
            self.linked = linked
            if linked:
                self.go_along(self._first.viewport)
            self.show_cross(None)
            self.link_changed.fire()

    def copy_first(self) -> None:
        """Place and layers like the first view."""
        self.tree.restore(self._first.tree.save())
        if self._first.placed:
            self.go_along(self._first.viewport)

    def save(self) -> dict[str, Any]:
        """Place, layers and link, as plain values."""
        lon, lat = self.viewport.center
        zoom = resting_zoom(self.navigator.goal_zoom)
        return {"lon": lon, "lat": lat, "zoom": zoom, "linked": self.linked, **self.tree.save()}

    def restore(self, state: dict[str, Any]) -> None:
        """What ``save`` gave; whatever is wrong with it is left out."""
        self.tree.restore(state)
        place = [state.get(name) for name in ("lon", "lat", "zoom")]
        if all(isinstance(value, int | float) for value in place):
            lon, lat, zoom = (float(value) for value in place if value is not None)
            x, y = to_world(lon, lat)
            self.show_view(replace(self.viewport, zoom=resting_zoom(zoom)).at(float(x), float(y)))
        self.link(state.get("linked") is True)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when there is something else to save."""
        undos = [listeners.add(handler) for listeners in (self.changed, self.link_changed)]
        undos.append(self.tree.on_change(handler))

        def undo() -> None:
            for each in undos:
                each()

        return undo

    def remove(self) -> None:
        """Give all back; harmless when it has gone."""
        self._first.facet.views.drop(self)

    # ---- being seen ----

    def let_go(self) -> None:
        """Hear of nothing more and hold nothing; also when Qt has deleted the widget already."""
        for undo in self._undo:
            undo()
        self.scene.close()
        if self._first.in_use is self:
            self._first.in_use = self._first

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._nap.stop()
        self.base.wake()
        self._first.facet.views.share_out()
        if self.linked:
            self.go_along(self._first.viewport)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._nap.start()

    def _sleep(self) -> None:
        self.scene.sleep()
        self._first.facet.views.share_out()
        if self._first.in_use is self:
            self._first.in_use = self._first
