"""What a view shows: layers in their order, and what is drawn of them."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QColor, QPainter

from console.map.engine.base_map import BaseMap
from console.map.engine.engine import TileEngine
from console.map.engine.label_cache import PAUSE
from console.map.layers.base_layers import data_ref, layer_ref, legend_of
from console.map.layers.layer_tree import LayerTree
from console.map.live.echoes import Echo, echo_of
from console.map.live.layer import LayerOwner, LiveLayer
from console.map.live.points import PointsLayer
from console.map.live.sprites import Colors
from console.map.render.style import load_style
from console.map.viewport import Viewport
from console.map.views.furniture_paint import BETWEEN
from console.map.views.ground import DrawnLayer, Ground
from console.map.views.painting import paint_base, paint_ground, paint_layers


class Scene:
    """A layer tree with tiles, labels and the pictures of the ground."""

    def __init__(self, parent: QObject, engine: TileEngine, changed: Callable[[], None]) -> None:
        """*changed* is called when layers or their order have."""
        self._engine, self._changed = engine, changed
        self.base = BaseMap(parent, engine)
        self.ground = Ground(self.base)
        self.tree = LayerTree(self._on_tree)
        self.colors: Colors = lambda token: "#888888"
        self.style = "dark"
        self._style = load_style(self.style)
        self._later = QTimer(parent, singleShot=True, interval=round(PAUSE * 1e3))
        self._later.timeout.connect(changed)

    def dress(self, name: str, colors: Colors) -> None:
        """Colours from now on; the map style is the one of the theme's name, or the nearest in lightness."""
        self.colors = colors
        self.ground.clear()
        self.tree.dress(colors)
        light = QColor(colors("surface")).lightness() > 127
        self.style = name if name in ("dark", "light") else ("light" if light else "dark")
        self.base.set_style(self.style)
        self._style = load_style(self.style)
        self.show_legends()
        for slot in self.tree.ordered():
            if isinstance(slot.layer, PointsLayer):
                slot.layer.restyle()

    def show_legends(self) -> None:
        """Of the base layers, in the colours of the style."""
        self.tree.set_legends(lambda kind: legend_of(kind, self._style))

    def layers_at(self, zoom: float) -> list[DrawnLayer]:
        """The live layers that are seen at a zoom, from the ground up."""
        layers = reversed(self.live_layers())
        return [v for v in layers if isinstance(v, DrawnLayer) and v.shown_at(zoom)]

    def live_layers(self) -> list[LiveLayer]:
        """Topmost first."""
        return [slot.layer for slot in self.tree.ordered() if slot.layer is not None]

    def unrest(self, now: float) -> bool:
        """Whether the next frame will look different from the last."""
        return self.ground.unfinished or self.gliding(now)

    def gliding(self, now: float) -> bool:
        """Whether points are on their way."""
        points = (s.layer for s in self.tree.ordered() if isinstance(s.layer, PointsLayer))
        return any(layer.visible and layer.moving(now) for layer in points)

    @property
    def attribution(self) -> str:
        """Of all visible base layers, each once."""
        texts = [s.attribution for s in self.tree.ordered() if s.rendered and s.visible and s.attribution]
        return BETWEEN.join(dict.fromkeys(texts))

    def paint(self, painter: QPainter, viewport: Viewport, now: float, *, zooming: bool) -> None:
        """Base map, labels and live layers."""
        layers, room = self.layers_at(viewport.zoom), None
        if not zooming:
            room = paint_ground(painter, viewport, self.base, self.ground, layers, self.colors, now)
        if room is None:
            began = time.perf_counter()
            paint_base(painter, viewport, self.base, self.colors, zooming)
            room = paint_layers(painter, viewport, layers, self.colors, now)
            self.ground.without = (time.perf_counter() - began) * 1e3
        labels = self.base.labels
        if not zooming and labels.give_way(viewport, room.covered, now):
            self.ground.unfinished = True
        if labels.late and not self._later.isActive():
            self._later.start()

    def freshen(self, viewport: Viewport, now: float) -> list[QRect] | None:
        """See ``Ground``; None while anything moves, too."""
        if not self.ground.unfinished or self.gliding(now):
            return None
        return self.ground.freshen(viewport, self.layers_at(viewport.zoom), self.colors, now)

    def sleep(self) -> None:
        """Nobody looks: give back all memory; ``base.wake`` begins anew."""
        self.ground.clear()
        self.base.sleep()

    def _on_tree(self, base: bool) -> None:
        if base:
            slots = list(reversed(self.tree.ordered()))
            data = [data_ref(slot) for slot in slots if slot.data is not None]
            self._on_gone(self.base.set_layers([layer_ref(s) for s in slots if s.base is not None], data))
        self._changed()

    def _on_gone(self, layers: set[str]) -> None:
        """Nothing more is fetched for layers that are off the map."""
        for layer in layers:
            self._engine.fetcher.remove(layer)


class SecondScene(Scene):
    """The layers of another scene, with visibility, opacity and order of its own."""

    def __init__(self, first: Scene, parent: QObject, owner: LayerOwner, changed: Callable[[], None]) -> None:
        """*owner* is the view that shows it."""
        super().__init__(parent, first._engine, changed)
        self._first, self._owner = first, owner
        self._echoes: dict[str, tuple[LiveLayer, Echo]] = {}
        self.tree.restore(first.tree.save())
        self._undo = first.tree.on_change(self.follow)
        self.follow()

    def follow(self) -> None:
        """Take over which layers there are, and all that is not the user's choice for this view."""
        slots = self._first.tree.ordered()
        live = {slot.id: slot.layer for slot in slots if slot.layer is not None}
        self._echoes = {n: e for n, e in self._echoes.items() if live.get(n) is e[0]}
        for name, layer in live.items():
            if name not in self._echoes:
                self._echoes[name] = layer, echo_of(layer, self._owner)
        self.tree.follow(slots, {name: echo for name, (_, echo) in self._echoes.items()})

    def echo(self, layer_id: str) -> Echo | None:
        """A live layer as it is here."""
        known = self._echoes.get(layer_id)
        return known[1] if known is not None else None

    def touched(self, layer: LiveLayer) -> Echo | None:
        """A layer of the first scene looks different now; gives the one here."""
        known = self._echoes.get(layer.layer_id)
        if known is None or known[0] is not layer:
            return None
        known[1].take()
        return known[1]

    def close(self) -> None:
        """Give all back; its parent deletes the rest."""
        self._undo()
        self.sleep()

    def _on_gone(self, layers: set[str]) -> None:
        """The first scene says when nothing more is fetched."""
