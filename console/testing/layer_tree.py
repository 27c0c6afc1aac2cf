"""The layer tree of a map that draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from console.model.text import Text
from console.plugin_host.listeners import Listeners
from console.sdk import LayerEntry, LayerFiles, LegendItem, Undo
from console.testing.layers import MemoryFeatures


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
        self.fetched: dict[str, str] = {}
        """Where the tiles of layers lie, by id."""

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
        """Those of ``fetched``."""
        return self.fetched.get(layer_id)

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
