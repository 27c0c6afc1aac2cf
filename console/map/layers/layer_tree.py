"""The layers of the map in their order: what the layer tree shows, changes and remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

from console.map.engine.data_refs import AnyRef, FeatureRef, VectorTilesRef
from console.map.engine.messages import LayerRef
from console.map.layers.data_legend import legend_of_style
from console.map.layers.layer_styles import (
    checked_condition,
    checked_style,
    given_style,
    kept_style,
    layers_of,
)
from console.map.layers.legend_paint import draw_legend
from console.map.listeners import Listeners
from console.map.live.layer import LiveLayer
from console.map.live.points import PointsLayer
from console.map.live.sprites import Colors
from console.map.viewport import Bounds
from console.model.text import Text
from console.sdk.layers import LayerEntry, LayerFiles
from console.sdk.map import LegendItem, Undo

GROUPS = ("live", "data", "base")
"""Topmost first."""
SHAPES_RANK = 1000


@dataclass(slots=True)
class Slot:
    """One layer of the tree."""

    id: str
    title: Text
    group: str
    layer: LiveLayer | None = None
    base: LayerRef | None = None
    data: AnyRef | None = None
    """Of a data layer."""
    bounds: Bounds | None = None
    """West, south, east, north in degrees, of a data layer."""
    kind: str = ""
    """Of a base layer."""
    listed: bool = True
    visible: bool = True
    opacity: float = 1.0
    state: str = ""
    attribution: str = ""
    legend: Sequence[LegendItem] = field(default_factory=tuple)
    user_style: str = ""
    """Layers of a MapLibre style as JSON, above what ``data`` says."""
    user_legend: Sequence[LegendItem] = field(default_factory=tuple)
    condition: str = ""
    """A filter as JSON: what it does not let through is not drawn for now."""

    @property
    def rendered(self) -> bool:
        """Whether tile workers draw it."""
        return self.base is not None or self.data is not None

    @property
    def rank(self) -> int:
        """Points lie above shapes, those of greater priority first, until the user moves them."""
        return -self.layer.style.priority if isinstance(self.layer, PointsLayer) else SHAPES_RANK


class LayerTree:
    """Implements ``console.sdk.map.MapLayers``."""

    def __init__(self, apply: Callable[[bool], None]) -> None:
        self._apply = apply
        """Called after a change; True when the base has changed."""
        self._slots: list[Slot] = []
        self._remembered: dict[str, dict[str, Any]] = {}
        self._order: list[str] = []
        self._changed: Listeners[[]] = Listeners()
        self._chosen: Listeners[[str | None]] = Listeners()
        self.chosen: str | None = None
        self._colors: Colors = lambda token: "#888888"
        self._pictures: dict[tuple[LegendItem, int, int, float], QPixmap] = {}
        self.dpr = 1.0

    # ---- the SDK ----

    def entries(self) -> Sequence[LayerEntry]:
        return [_entry(slot) for slot in self.ordered() if slot.listed]

    def set_visible(self, layer_id: str, visible: bool) -> None:
        self._change(layer_id, visible=visible)

    def set_opacity(self, layer_id: str, opacity: float) -> None:
        self._change(layer_id, opacity=min(max(opacity, 0.0), 1.0))

    def move(self, layer_id: str, before: str | None) -> None:
        """Put a layer before another of its group; None: at the end. Unknown ones are left alone."""
        ids = [slot.id for slot in self.ordered()]
        slot = self.find(layer_id)
        if slot is None or before == layer_id:
            return
        ids.remove(layer_id)
        group = [s.id for s in self.ordered() if s.group == slot.group and s.id != layer_id]
        end = ids.index(group[-1]) + 1 if group else len(ids)
        ids.insert(ids.index(before) if before in group else end, layer_id)
        self._order = ids
        self._tell(slot.rendered)

    def picture(self, item: LegendItem, width: int, height: int) -> QPixmap:
        """A symbol as the legend shows it; drawn once for a theme."""
        key = (item, width, height, self.dpr)
        if key not in self._pictures:
            self._pictures[key] = self._drawn(item, width, height)
        return self._pictures[key]

    def _drawn(self, item: LegendItem, width: int, height: int) -> QPixmap:
        pixmap = QPixmap(round(width * self.dpr), round(height * self.dpr))
        pixmap.setDevicePixelRatio(self.dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_legend(painter, item.sprite, item.style, (width, height), self._colors)
        painter.end()
        return pixmap

    def files(self, layer_id: str) -> LayerFiles | None:
        """Of a base layer, or of a data layer of features."""
        slot = self.find(layer_id)
        if slot is not None and slot.base is not None:
            return LayerFiles(packages=[slot.base.path], version=slot.base.version)
        if slot is not None and isinstance(slot.data, FeatureRef):
            return LayerFiles(packages=slot.data.packages, version=slot.data.version)
        return None

    def tiles(self, layer_id: str) -> str | None:
        """Path of the file or folder of vector tiles."""
        slot = self.find(layer_id)
        return slot.data.path if slot is not None and isinstance(slot.data, VectorTilesRef) else None

    def style(self, layer_id: str) -> Sequence[dict[str, Any]] | None:
        """The user's, or what the layer's plugin says."""
        slot = self.find(layer_id)
        text = (slot.user_style or given_style(slot.data)) if slot is not None else ""
        return layers_of(text) if text else None

    def set_style(self, layer_id: str, style: Sequence[dict[str, Any]]) -> None:
        """Raises ValueError for what cannot be drawn; layers without a style are left alone."""
        text = checked_style(style)
        slot = self.find(layer_id)
        if slot is not None and given_style(slot.data) and slot.user_style != text:
            _restyle(slot, text)
            slot.state = ""
            self._tell(True)

    def set_filter(self, layer_id: str, condition: Sequence[Any] | None) -> None:
        """Raises ValueError for what is no filter; layers without a style are left alone."""
        text = checked_condition(condition)
        slot = self.find(layer_id)
        if slot is not None and given_style(slot.data) and slot.condition != text:
            slot.condition = text
            self._tell(True)

    def choose(self, layer_id: str | None) -> None:
        """The layer that the user works with."""
        if layer_id != self.chosen:
            self.chosen = layer_id
            self._chosen.fire(layer_id)

    def on_chosen(self, handler: Callable[[str | None], None]) -> Undo:
        return self._chosen.add(handler)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)

    # ---- the engine ----

    def dress(self, colors: Colors) -> None:
        """Colours of the theme from now on; who shows pictures hears of it."""
        self._colors = colors
        self._pictures.clear()

    def ordered(self) -> list[Slot]:
        """All layers, topmost first."""
        place = {layer_id: i for i, layer_id in enumerate(self._order)}
        known = [slot for slot in self._slots if slot.id in place]
        fresh = [slot for slot in self._slots if slot.id not in place]
        known.sort(key=lambda slot: place[slot.id])
        slots = sorted(fresh, key=lambda slot: slot.rank) + known
        return sorted(slots, key=lambda slot: GROUPS.index(slot.group) if slot.group in GROUPS else 1)

    def find(self, layer_id: str) -> Slot | None:
        return next((slot for slot in self._slots if slot.id == layer_id), None)

    def add(self, slot: Slot) -> None:
        """Raises ValueError when there is one of that id."""
        if self.find(slot.id) is not None:
            raise ValueError(f'the layer "{slot.id}" is on the map already')
        self._recall(slot)
        self._slots.append(slot)
        self._tell(slot.rendered)

    def remove(self, slot: Slot) -> None:
        """It comes back as it was left."""
        self._remembered[slot.id] = _kept(slot)
        self._slots = [other for other in self._slots if other is not slot]
        self._tell(slot.rendered)

    def forget(self, layer: LiveLayer) -> None:
        """Remove the slot of a live layer."""
        for slot in self._slots:
            if slot.layer is layer:
                self.remove(slot)

    def replace_data(self, slot: Slot, data: AnyRef) -> None:
        """Draw a data layer anew."""
        if slot.data != data:
            slot.data, slot.state = data, ""
            self._tell(True)

    def set_base(self, slots: Sequence[Slot]) -> None:
        """Replace the base layers, given topmost first."""
        for slot in slots:
            self._recall(slot)
        self._slots = [slot for slot in self._slots if slot.base is None] + list(slots)
        self._tell(True)

    def follow(self, slots: Sequence[Slot], layers: Mapping[str, LiveLayer]) -> None:
        """Have the layers of another tree, given topmost first; *layers* are the live ones here, by id.

        Visibility, opacity and order stay those of this tree; nothing is told when nothing has changed.
        """
        before, known = self._slots, {slot.id: slot for slot in self._slots}
        self._remembered |= {slot.id: _kept(slot) for slot in before}
        self._slots = [replace(slot, layer=layers.get(slot.id)) for slot in slots]
        for slot in self._slots:
            mine = self._remembered.get(slot.id, {}) if slot.id not in known else _kept(known[slot.id])
            slot.visible = bool(mine.get("visible", slot.visible))
            slot.opacity = _share(mine.get("opacity", slot.opacity))
            _hand_down(slot)
        if self._slots != before:
            self._tell(True)

    def set_legends(self, legend_of: Callable[[str], Sequence[LegendItem]]) -> None:
        """Legends of the base layers by kind; they change with the style."""
        for slot in self._slots:
            if slot.base is not None:
                slot.legend = legend_of(slot.kind)
        self._changed.fire()

    def set_state(self, layer_id: str, state: str) -> None:
        """A fault of a layer in the user's words; empty when it is gone."""
        slot = self.find(layer_id)
        if slot is not None and slot.state != state:
            slot.state = state
            self._changed.fire()

    def save(self) -> dict[str, Any]:
        layers = dict(self._remembered)
        for slot in self._slots:
            layers[slot.id] = _kept(slot)
        return {"layers": layers, "order": [slot.id for slot in self.ordered()] if self._order else []}

    def restore(self, state: dict[str, Any]) -> None:
        """Take back what ``save`` gave; anything else in it is left alone."""
        layers, order = state.get("layers"), state.get("order")
        kept = layers.items() if isinstance(layers, dict) else ()
        self._remembered = {str(name): value for name, value in kept if isinstance(value, dict)}
        self._order = [str(layer_id) for layer_id in order] if isinstance(order, list) else []
        for slot in self._slots:
            self._recall(slot)
        self._tell(True)

    def _recall(self, slot: Slot) -> None:
        kept = self._remembered.get(slot.id, {})
        slot.visible = bool(kept.get("visible", slot.visible))
        slot.opacity = _share(kept.get("opacity", slot.opacity))
        _restyle(slot, kept_style(kept.get("style", "")) if given_style(slot.data) else "")
        _hand_down(slot)

    def _change(self, layer_id: str, *, visible: bool | None = None, opacity: float | None = None) -> None:
        slot = self.find(layer_id)
        if slot is None:
            return
        slot.visible = slot.visible if visible is None else visible
        slot.opacity = slot.opacity if opacity is None else opacity
        _hand_down(slot)
        self._tell(slot.rendered)

    def _tell(self, base: bool) -> None:
        self._apply(base)
        self._changed.fire()


def _share(opacity: Any) -> float:
    return min(max(float(opacity), 0.0), 1.0) if isinstance(opacity, int | float) else 1.0


def _hand_down(slot: Slot) -> None:
    if slot.layer is not None:
        slot.layer.opacity = slot.opacity
        slot.layer.shown_in_tree = slot.visible


def _restyle(slot: Slot, style: str) -> None:
    slot.user_style = style
    slot.user_legend = legend_of_style(style) if style else ()


def _kept(slot: Slot) -> dict[str, Any]:
    """What is remembered of a layer."""
    kept: dict[str, Any] = {"visible": slot.visible, "opacity": slot.opacity}
    return {**kept, "style": slot.user_style} if slot.user_style else kept


def _entry(slot: Slot) -> LayerEntry:
    layer = slot.layer
    return LayerEntry(
        id=slot.id,
        title=slot.title,
        group=slot.group,
        visible=slot.visible,
        opacity=slot.opacity,
        min_zoom=layer.min_zoom if layer else 0.0,
        max_zoom=layer.max_zoom if layer else 24.0,
        legend=slot.user_legend if slot.user_style else slot.legend,
        state=slot.state,
        attribution=slot.attribution,
        kind=slot.kind,
    )
