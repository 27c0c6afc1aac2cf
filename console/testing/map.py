"""A map that keeps what plugins put on it, to be looked at by tests. It draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from console.model.records import LonLat
from console.model.text import Text
from console.plugin_host.listeners import Listeners
from console.sdk import Identified, PointStyle, Undo
from console.sdk.editing import Check, Sketch
from console.sdk.map import TileService
from console.tasks.pending import Pending
from console.testing.layer_tree import MemoryTree
from console.testing.layers import MemoryFeatures, MemoryPoints, MemorySectors, MemoryShapes
from console.testing.printing import MemoryPrinting
from console.testing.views import MemoryViews


class MemoryMap:
    """Implements ``MapFacet``. ``layers_by_id`` shows what is on it; ``answer`` is what the user will
    pick or draw next (None: Escape)."""

    def __init__(self) -> None:
        self.layers_by_id: dict[str, Any] = {}
        self.center: LonLat = (117.2, 34.26)
        self.followed: tuple[Any, int | None] | None = None
        self.answer: Any = None
        self.found: list[Identified] = []
        self.area: str | None = None
        """What ``area_at`` gives."""
        self.context_point: LonLat | None = None
        self.printing = MemoryPrinting()
        self._zoom = 12.0
        self._clicked: Listeners[[float, float]] = Listeners()
        self._pointer: Listeners[[float, float]] = Listeners()
        self._left: Listeners[[]] = Listeners()
        self._dropped: Listeners[[Sequence[str]]] = Listeners()
        self._context: Listeners[[float, float]] = Listeners()
        self._view: Listeners[[]] = Listeners()
        self.layers = MemoryTree(self.layers_by_id)
        self.views = MemoryViews(self)

    def add_points(
        self,
        layer_id: str,
        style: PointStyle,
        *,
        title: Text | None = None,
        group: str = "live",
        listed: bool = True,
    ) -> MemoryPoints:
        return self._add(MemoryPoints(layer_id, style, self.layers_by_id.pop))

    def add_shapes(
        self, layer_id: str, *, title: Text | None = None, group: str = "live", listed: bool = True
    ) -> MemoryShapes:
        return self._add(MemoryShapes(layer_id, self.layers_by_id.pop))

    def add_sectors(
        self,
        layer_id: str,
        colors: Sequence[str],
        *,
        min_zoom: float = 0.0,
        title: Text | None = None,
        group: str = "live",
        listed: bool = True,
    ) -> MemorySectors:
        return self._add(MemorySectors(layer_id, colors, min_zoom, self.layers_by_id.pop))

    def add_features(
        self,
        layer_id: str,
        packages: Sequence[str],
        *,
        version: str,
        title: Text,
        style: Sequence[dict[str, Any]] = (),
        bounds: tuple[float, float, float, float] | None = None,
        attribution: str = "",
    ) -> MemoryFeatures:
        asked = {"packages": packages, "version": version, "title": title, "style": style}
        asked |= {"bounds": bounds, "attribution": attribution}
        return self._add(MemoryFeatures(layer_id, self.layers_by_id.pop, **asked))

    def add_raster(
        self,
        layer_id: str,
        path: str,
        *,
        version: str,
        title: Text,
        ramp: Sequence[tuple[float, str]] = (),
        bounds: tuple[float, float, float, float] | None = None,
        attribution: str = "",
        datum: str = "wgs84",
    ) -> MemoryFeatures:
        asked = {"path": path, "version": version, "title": title, "ramp": ramp}
        asked |= {"bounds": bounds, "attribution": attribution, "datum": datum}
        return self._add(MemoryFeatures(layer_id, self.layers_by_id.pop, **asked))

    def add_tiles(
        self, layer_id: str, service: TileService, *, title: Text, attribution: str = ""
    ) -> MemoryFeatures:
        asked = {"service": service, "title": title, "bounds": service.bounds, "attribution": attribution}
        return self._add(MemoryFeatures(layer_id, self.layers_by_id.pop, **asked))

    def add_vector_tiles(
        self,
        layer_id: str,
        source: str | TileService,
        *,
        version: str = "",
        title: Text,
        style: Sequence[dict[str, Any]] = (),
        attribution: str = "",
        datum: str = "wgs84",
    ) -> MemoryFeatures:
        asked = {"source": source, "version": version, "title": title, "style": style}
        asked |= {"bounds": None, "attribution": attribution, "datum": datum}
        return self._add(MemoryFeatures(layer_id, self.layers_by_id.pop, **asked))

    def _add(self, layer: Any) -> Any:
        if layer.layer_id in self.layers_by_id:
            raise ValueError(f'the layer "{layer.layer_id}" is on the map already')
        self.layers_by_id[layer.layer_id] = layer
        return layer

    def center_on(self, lon: float, lat: float, zoom: float | None = None) -> None:
        self.center, self._zoom = (lon, lat), self._zoom if zoom is None else zoom
        self._view.fire()

    def fit(self, bounds: tuple[float, float, float, float], margin: float = 0.1) -> None:
        west, south, east, north = bounds
        self.center_on((west + east) / 2, (south + north) / 2)

    def bounds(self) -> tuple[float, float, float, float]:
        lon, lat = self.center
        half = 180 / 2**self._zoom
        return lon - half, lat - half, lon + half, lat + half

    def zoom(self) -> float:
        return self._zoom

    def zoom_by(self, levels: float) -> None:
        self._zoom += levels
        self._view.fire()

    def full_extent(self) -> None:
        self._view.fire()

    def pick_point(self, prompt: str) -> Pending[Any]:
        return done(self.answer)

    def outline(self, shape: str, prompt: str) -> Pending[Any]:
        return done(self.answer)

    def draw(
        self,
        kind: str,
        prompt: str,
        on_change: Callable[[list[LonLat]], str] | None = None,
        start: Sequence[LonLat] = (),
    ) -> Pending[Any]:
        if on_change is not None and self.answer:
            on_change(self.answer)
        return done(self.answer)

    def edit(
        self, sketches: Sequence[Sketch], prompt: str, check: Check | None = None
    ) -> Pending[list[Sketch] | None]:
        """``answer`` is what the sketches become; sketches that *check* refuses are never accepted."""
        if self.answer is not None and check is not None and check(self.answer):
            return done(None)
        return done(self.answer)

    def identify(self, lon: float, lat: float) -> Pending[list[Identified]]:
        return done(self.found)

    def area_at(self, lon: float, lat: float) -> Pending[str | None]:
        return done(self.area)

    def follow(self, layer: Any, key: int | None) -> None:
        self.followed = (layer, key)

    def on_click(self, handler: Callable[[float, float], None]) -> Undo:
        return self._clicked.add(handler)

    def on_drop(self, handler: Callable[[Sequence[str]], None]) -> Undo:
        return self._dropped.add(handler)

    def drop(self, *paths: str) -> None:
        """Drop files onto the map, as the user would."""
        self._dropped.fire(paths)

    def on_pointer(self, handler: Callable[[float, float], None]) -> Undo:
        return self._pointer.add(handler)

    def on_pointer_left(self, handler: Callable[[], None]) -> Undo:
        return self._left.add(handler)

    def leave(self) -> None:
        """The pointer leaves the map."""
        self._left.fire()

    def on_view_changed(self, handler: Callable[[], None]) -> Undo:
        return self._view.add(handler)

    def on_context_menu(self, handler: Callable[[float, float], None]) -> Undo:
        return self._context.add(handler)

    def last_context_point(self) -> LonLat | None:
        return self.context_point

    def point(self, lon: float, lat: float) -> None:
        """Move the pointer to a place, as the user would."""
        self._pointer.fire(lon, lat)

    def open_menu(self, lon: float, lat: float) -> None:
        """Open the context menu at a place, as the user would."""
        self.context_point = (lon, lat)
        self._context.fire(lon, lat)

    def click(self, lon: float, lat: float) -> None:
        """Click a place where no symbol is, as the user would."""
        self._clicked.fire(lon, lat)


def done(value: Any) -> Pending[Any]:
    """Something to await that is there already."""
    future: Future[Any] = Future()
    future.set_result(value)
    return Pending(future)
