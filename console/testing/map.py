"""A map that keeps what plugins put on it, to be looked at by tests. It draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import numpy as np

from console.model.records import LonLat
from console.model.text import Text
from console.plugin_host.listeners import Listeners
from console.sdk import Identified, LayerEntry, LayerFiles, LegendItem, PointStyle, Shape, Undo
from console.sdk.editing import Check, Sketch
from console.sdk.map import TileService
from console.tasks.pending import Pending
from console.testing.printing import MemoryPrinting
from console.testing.views import MemoryViews


class MemoryLayer:
    """What all layers have in common."""

    def __init__(self, layer_id: str, forget: Callable[[str], object]) -> None:
        self.layer_id = layer_id
        self.visible = True
        self._forget = forget
        self._clicked: Listeners[[Any]] = Listeners()

    def set_visible(self, visible: bool) -> None:
        self.visible = visible

    def remove(self) -> None:
        """Take the layer off the map; a second time it is harmless, as on the real one."""
        forget, self._forget = self._forget, lambda layer_id: None
        forget(self.layer_id)

    def on_click(self, handler: Callable[[Any], None]) -> Undo:
        return self._clicked.add(handler)

    def click(self, what: Any) -> None:
        """Click the row or key *what*, as the user would."""
        self._clicked.fire(what)


class MemoryPoints(MemoryLayer):
    """Implements ``PointLayer``: the columns are kept under their names."""

    def __init__(self, layer_id: str, style: PointStyle, forget: Callable[[str], object]) -> None:
        super().__init__(layer_id, forget)
        self.style = style
        self.lon = self.lat = np.empty(0)
        self.columns: dict[str, Any] = {}
        self.labels: Sequence[str] = ()
        self.selected: Sequence[int] = ()
        self.tooltip: Callable[[int], str] = lambda row: ""

    def set_points(self, lon: Any, lat: Any, **columns: Any) -> None:
        """Keep the columns; they must be of one length."""
        given = {name: np.asarray(values) for name, values in columns.items() if values is not None}
        self.lon, self.lat, self.columns = np.asarray(lon, float), np.asarray(lat, float), given
        lengths = {name: len(values) for name, values in (given | {"lon": self.lon, "lat": self.lat}).items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of different length: {lengths}")

    def set_labels(self, labels: Sequence[str]) -> None:
        self.labels = labels

    def select(self, rows: Sequence[int]) -> None:
        self.selected = rows

    def on_hover(self, tooltip: Callable[[int], str]) -> Undo:
        self.tooltip = tooltip
        return lambda: None

    def row_at(self, lon: float, lat: float, pixels: float = 12.0) -> int | None:
        """The nearest point, however far: this map has no pixels."""
        distance = np.hypot(self.lon - lon, self.lat - lat)
        return int(distance.argmin()) if len(distance) else None


class MemoryShapes(MemoryLayer):
    """Implements ``ShapeLayer``."""

    def __init__(self, layer_id: str, forget: Callable[[str], object]) -> None:
        super().__init__(layer_id, forget)
        self.shapes: dict[str, tuple[Shape, ...]] = {}

    def put(self, key: str, *shapes: Shape) -> None:
        self.shapes[key] = shapes

    def drop(self, key: str) -> None:
        self.shapes.pop(key, None)

    def clear(self) -> None:
        self.shapes.clear()


class MemoryFeatures(MemoryLayer):
    """Implements ``DataLayer``: what was asked for is kept."""

    def __init__(self, layer_id: str, forget: Callable[[str], object], **asked: Any) -> None:
        super().__init__(layer_id, forget)
        self.asked = asked
        """``packages``, ``version``, ``title``, ``style``, ``bounds``, ``attribution``."""
        self.user_style: Sequence[dict[str, Any]] = ()

    def set_style(self, style: Sequence[dict[str, Any]]) -> None:
        self.asked["style"] = style

    def bounds(self) -> tuple[float, float, float, float] | None:
        return self.asked["bounds"]


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
    ) -> MemoryFeatures:
        asked = {"path": path, "version": version, "title": title, "ramp": ramp}
        asked |= {"bounds": bounds, "attribution": attribution}
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
    ) -> MemoryFeatures:
        asked = {"source": source, "version": version, "title": title, "style": style}
        asked |= {"bounds": None, "attribution": attribution}
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

    def click(self, lon: float, lat: float) -> None:
        """Click a place where no symbol is, as the user would."""
        self._clicked.fire(lon, lat)


class MemoryTree:
    """Implements ``MapLayers`` over the layers that are there."""

    def __init__(self, layers: dict[str, Any]) -> None:
        self.filters: dict[str, Any] = {}
        self._layers = layers
        self._opacity: dict[str, float] = {}
        self._states: dict[str, str] = {}
        self._changed: Listeners[[]] = Listeners()
        self._chosen: Listeners[[str | None]] = Listeners()
        self.chosen: str | None = None
        self.base: dict[str, LayerFiles] = {}
        """Base layers that are there, by kind, which is also their id."""

    def entries(self) -> list[LayerEntry]:
        shown = [_entry(k, layer, self._opacity.get(k, 1.0)) for k, layer in self._layers.items()]
        shown = [replace(entry, state=self._states.get(entry.id, "")) for entry in shown]
        return shown + [_base_entry(kind) for kind in self.base]

    def ail(self, layer_id: str, state: str) -> None:
        """Something is wrong with a layer, or nothing any more (empty), as the engine finds out."""
        self._states[layer_id] = state
        self._changed.fire()

    def set_visible(self, layer_id: str, visible: bool) -> None:
        self._layers[layer_id].set_visible(visible)
        self._changed.fire()

    def set_opacity(self, layer_id: str, opacity: float) -> None:
        self._opacity[layer_id] = opacity
        self._changed.fire()

    def move(self, layer_id: str, before: str | None) -> None:
        order = [name for name in self._layers if name != layer_id]
        order.insert(order.index(before) if before in order else len(order), layer_id)
        layers = {name: self._layers[name] for name in order}
        self._layers.clear()
        self._layers.update(layers)
        self._changed.fire()

    def files(self, layer_id: str) -> LayerFiles | None:
        """Of a base layer, or of one of features."""
        layer = self._layers.get(layer_id)
        if isinstance(layer, MemoryFeatures):
            return LayerFiles(packages=layer.asked["packages"], version=layer.asked["version"])
        return self.base.get(layer_id)

    def tiles(self, layer_id: str) -> str | None:
        """None: there are no tiles to look into."""
        return None

    def style(self, layer_id: str) -> Sequence[dict[str, Any]] | None:
        layer = self._layers.get(layer_id)
        return (layer.user_style or layer.asked["style"]) if isinstance(layer, MemoryFeatures) else None

    def set_style(self, layer_id: str, style: Sequence[dict[str, Any]]) -> None:
        layer = self._layers.get(layer_id)
        if isinstance(layer, MemoryFeatures):
            layer.user_style = style
            self._changed.fire()

    def set_filter(self, layer_id: str, condition: Sequence[Any] | None) -> None:
        self.filters[layer_id] = condition

    def choose(self, layer_id: str | None) -> None:
        self.chosen = layer_id
        self._chosen.fire(layer_id)

    def on_chosen(self, handler: Callable[[str | None], None]) -> Undo:
        return self._chosen.add(handler)

    def picture(self, item: LegendItem, width: int, height: int) -> None:
        """This map draws nothing."""

    def on_change(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)


def _entry(layer_id: str, layer: Any, opacity: float) -> LayerEntry:
    data = isinstance(layer, MemoryFeatures)
    return LayerEntry(
        id=layer_id,
        title=layer.asked["title"] if data else Text(layer_id, layer_id),
        group="data" if data else "live",
        visible=layer.visible,
        opacity=opacity,
        min_zoom=0.0,
        max_zoom=24.0,
    )


def _base_entry(kind: str) -> LayerEntry:
    title = Text(kind, kind)
    return LayerEntry(
        id=kind, title=title, group="base", visible=True, opacity=1.0, min_zoom=0.0, max_zoom=24.0, kind=kind
    )


def done(value: Any) -> Pending[Any]:
    """Something to await that is there already."""
    future: Future[Any] = Future()
    future.set_result(value)
    return Pending(future)
