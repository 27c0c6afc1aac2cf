"""The first view of the map: the one that plugins move and draw on; further ones stand beside it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QApplication

from console.map.engine.base_map import BaseMap
from console.map.engine.engine import TileEngine, slots_of
from console.map.facet import Facet
from console.map.layers.base_layers import base_slot, home_of
from console.map.listeners import Listeners
from console.map.live.layer import LiveLayer
from console.map.live.points import PointsLayer
from console.map.live.sprites import Colors
from console.map.tool_bench import ToolBench
from console.map.tools import Tool
from console.map.viewport import Bounds, Viewport, resting_zoom
from console.map.views.frames import FrameClock
from console.map.views.hands import HandledView, Heard
from console.map.views.pane import Pane
from console.map.views.scene import Scene
from console.model.records import LayerInfo
from console.sdk.ui.words import word


class MapView(Pane):
    """``facet`` is what plugins see of it; ``set_base``, ``set_theme``, ``set_language`` are the shell's."""

    def __init__(self, cache: Path | None = None, workers: int | None = None, memory: str = "") -> None:
        """*memory*: megabytes for tiles."""
        self.bounds_of_base: Bounds | None = None
        self.followed: tuple[PointsLayer, int] | None = None
        self.touched: Listeners[[LiveLayer]] = Listeners()
        """A live layer looks different now."""
        self.in_use: Pane = self
        """The view that the user has worked in last."""
        self.theme = "dark"
        self._resources = str(cache or ""), workers, slots_of(memory)
        super().__init__(ToolBench(), Heard(Listeners(), Listeners(), Listeners(), Listeners()))
        self.engine.layer_failed.connect(self._on_fault)
        self.engine.layer_stated.connect(self.tree.set_state)
        self.menu_wanted.add(self._on_menu)  # before anybody who asks for the place
        self.facet = Facet(self)

    def make_engine(self) -> TileEngine:
        """See ``Pane``."""
        return TileEngine(self, *self._resources)

    def make_clock(self) -> FrameClock:
        """See ``Pane``."""
        return FrameClock()

    def make_scene(self) -> Scene:
        """See ``Pane``."""
        return Scene(self, self.engine, self.update)

    def home(self) -> Bounds | None:
        """See ``Pane``."""
        return self.bounds_of_base

    # ---- for the shell ----

    def set_base(self, layers: Sequence[tuple[LayerInfo, Path]]) -> None:
        """The base layers with their packages, topmost first."""
        self.tree.set_base([base_slot(info, path) for info, path in layers])
        self.bounds_of_base = home_of([info for info, _ in layers])
        self.scene.show_legends()
        self.furniture.note.setVisible(not layers)
        if layers and not self._placed:
            self.full_extent()

    def set_theme(self, name: str, colors: Colors) -> None:
        """See ``Pane``; of all views."""
        self.theme = name
        super().set_theme(name, colors)
        self.facet.views.dress()

    def set_language(self, language: str) -> None:
        """See ``Pane``; of all views."""
        super().set_language(language)
        self.facet.views.dress()

    def save_state(self) -> dict[str, Any]:
        """Centre, zoom and layers, as plain values."""
        lon, lat = self.viewport.center
        zoom = resting_zoom(self.navigator.goal_zoom)
        return {"lon": lon, "lat": lat, "zoom": zoom, "placed": self._placed, **self.tree.save()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """What ``save_state`` gave; whatever is wrong with it is left out."""
        self.tree.restore(state)
        place = [state.get(name) for name in ("lon", "lat", "zoom")]
        if state.get("placed") and all(isinstance(value, int | float) for value in place):
            lon, lat, zoom = (float(value) for value in place if value is not None)
            self.facet.center_on(lon, lat, zoom)

    def close(self) -> bool:
        """Stop timers and workers, cancel what the user was asked."""
        self.set_tool(None)
        self.facet.views.close()
        self.facet.printing.close()
        self.scene.sleep()
        self.engine.close()
        return super().close()

    # ---- for the facet and the layers ----

    def touch(self, layer: LiveLayer) -> None:
        if layer.visible or not self.frames.running:
            self.update()
        self.follow_now()
        self.frames.run()
        self.touched.fire(layer)

    def forget(self, layer: LiveLayer) -> None:
        if self.followed and self.followed[0] is layer:
            self.followed = None
        self.tree.forget(layer)
        self.update()

    def set_tool(self, tool: Tool | None) -> None:
        """Hand the pointer to a tool; the one before is cancelled."""
        self.bench.put(tool)
        if tool is not None and not isinstance(QApplication.focusWidget(), HandledView):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def in_hand(self) -> None:
        """See ``HandledView``."""
        self.in_use = self

    def _on_menu(self, lon: float, lat: float) -> None:
        self.facet.context_point = (lon, lat)

    # ---- what lies over it ----

    def live_at(self, px: float, py: float) -> list[LiveLayer]:
        """See ``HandledView``."""
        return self._scene_at(px, py).live_layers()

    def base_at(self, lon: float, lat: float) -> BaseMap:
        """See ``Pane``."""
        return self._scene_at(*self.viewport.pixel_of(lon, lat)).base

    def _scene_at(self, px: float, py: float) -> Scene:
        swipe = self.facet.views.swipe
        return swipe.scene if swipe is not None and swipe.is_behind(px, py) else self.scene

    @property
    def unfinished(self) -> bool:
        """See ``Pane``."""
        swipe = self.facet.views.swipe
        return self.ground.unfinished or (swipe is not None and swipe.scene.ground.unfinished)

    def unrest(self, now: float) -> bool:
        """See ``FrameHost``."""
        swipe = self.facet.views.swipe
        return super().unrest(now) or (swipe is not None and swipe.scene.unrest(now))

    def paint_scene(self, painter: QPainter, viewport: Viewport, now: float) -> None:
        """See ``Pane``; with a swipe, each side its own layers."""
        swipe = self.facet.views.swipe
        if swipe is None:
            super().paint_scene(painter, viewport, now)
            return
        for scene, side in zip((self.scene, swipe.scene), swipe.sides(), strict=True):
            painter.save()
            painter.setClipRect(side)
            scene.paint(painter, viewport, now, zooming=self.navigator.zooming)
            painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.facet.views.place()

    # ---- motion ----

    def moved(self, *, by_user: bool) -> None:
        """The view has changed or is about to."""
        if by_user:
            self.followed = None
        super().moved(by_user=by_user)

    def frame(self, *, moved: bool) -> None:
        """See ``FrameHost``."""
        super().frame(moved=moved)
        self.follow_now()

    def go_along(self, viewport: Viewport) -> None:
        """See ``Pane``; the user has moved the other view."""
        self.followed = None
        super().go_along(viewport)

    def freshen(self) -> list[QRect] | None:
        """See ``Pane``; with a swipe, both sides are painted."""
        return super().freshen() if self.facet.views.swipe is None else None

    def follow_now(self) -> None:
        """Centre on the followed point, wherever it has got to."""
        place = self.followed[0].place_of(self.followed[1], time.monotonic()) if self.followed else None
        if place is not None and place != (self.viewport.x, self.viewport.y):
            self.navigator.viewport = self.viewport.at(*place)
            self._shift()
            self.update()

    def _on_fault(self, layer: str, error: str) -> None:
        self.tree.set_state(layer, word("The layer cannot be read: {error}").format(error=word(error)))
