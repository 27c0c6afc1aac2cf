"""The live layers of the map over a scene: painted over each picture, asked about clicks and the pointer.

The layers are the map's own, so that selection, visibility, opacity, order and handlers are one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, Protocol

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter

from console.map.live.layer import LiveLayer
from console.map.live.points import PointsLayer
from console.map.live.room import Room
from console.map.live.shapes import ShapesLayer
from console.map.live.sprites import Colors
from console.map.viewport import to_world
from console.map.views.painting import device_pixels
from console.scene.frame import Frame
from console.scene.lens import Lens
from console.scene.overlay.labels import MapLabels
from console.scene.overlay.notes import NotesOver
from console.scene.overlay.points import PointsOver
from console.scene.overlay.sight import Floats, Sight
from console.scene.pose import Pose

FRAME = 33
"""Milliseconds between two frames of what moves."""
_TOKENS = ("surface", "text", "accent", "map.selection")
"""By these colours another theme is known."""


class Stage(Protocol):
    """The view under it."""

    frame: Frame

    @property
    def pose(self) -> Pose: ...

    def feet(self, lon: Floats, lat: Floats) -> Floats:
        """Metres above the ellipsoid of what one stands on at WGS84 degrees; NaN: not seen yet."""
        ...

    def update(self) -> None:
        """Paint again soon."""
        ...


class Backdrop(Protocol):
    """The picture that is painted over."""

    @property
    def lens(self) -> Lens: ...

    def ahead(self, x: Floats, y: Floats) -> Floats:
        """Metres ahead of the eye at logical pixels; infinite for the sky."""
        ...


class LiveOver(QObject):
    """All methods are for the GUI thread."""

    def __init__(
        self,
        stage: Stage,
        layers: Callable[[], Sequence[LiveLayer]],
        colors: Callable[[], Colors],
        parent: QObject,
    ) -> None:
        """*layers*: of the map, topmost first."""
        super().__init__(parent)
        self._stage, self._layers, self._colors = stage, layers, colors
        self._points: dict[PointsLayer, PointsOver] = {}
        self._notes: dict[ShapesLayer, NotesOver] = {}
        self._order: list[LiveLayer] = []
        self._palette: tuple[str, ...] = ()
        self._sight: Sight | None = None
        self.names = MapLabels(stage.frame, stage.feet)
        self._next = QTimer(self, singleShot=True, interval=FRAME)
        self._next.timeout.connect(stage.update)

    def touch(self) -> None:
        """A layer looks different now, came or went."""
        if not self._next.isActive():
            self._next.start()

    def prepare(self, dpr: float) -> bool:
        """Draw some of what a picture needs; whether any was missing. *dpr*: device pixels a logical one."""
        colors = self._colors()
        self._follow(colors)
        return any(over.prepare(dpr, colors) for over in self._points.values())

    def paint(self, painter: QPainter, picture: Backdrop) -> None:
        """In logical pixels: symbols of all layers, notes, then names where there is room, the map's last."""
        colors, now = self._colors(), time.monotonic()
        self._follow(colors)
        dpr = painter.device().devicePixelRatioF()
        sight = self._sight = Sight(
            self._stage.frame, picture.lens, picture.ahead, self._stage.pose, float(dpr)
        )
        points = [self._points[layer] for layer in self._order if isinstance(layer, PointsLayer)]
        notes = [self._notes[layer] for layer in self._order if isinstance(layer, ShapesLayer)]
        room = Room(sight.screen)
        with device_pixels(painter, sight.screen):
            for over in reversed(points):
                over.paint(painter, sight, colors, now)
        for each in notes:
            each.look(sight, room)
        with device_pixels(painter, sight.screen):
            for over in points:
                over.paint_names(painter, sight, colors, room)
            self.names.paint(painter, sight, room)
        for each in reversed(notes):
            each.paint(painter, colors)
        if self.unrest:
            self.touch()

    @property
    def unrest(self) -> bool:
        """Whether names that there was no time for wait for the next frame."""
        return self.names.unrest or any(over.unrest for over in self._points.values())

    def _follow(self, colors: Colors) -> None:
        """Have what is needed for the layers that there are now, in the colours of now."""
        self._order = [layer for layer in self._layers() if layer.visible]
        shown = [layer for layer in self._order if isinstance(layer, PointsLayer)]
        written = [layer for layer in self._order if isinstance(layer, ShapesLayer)]
        known, noted, surface = self._points, self._notes, self._stage.feet
        self._points = {layer: known.get(layer) or PointsOver(layer, surface) for layer in shown}
        self._notes = {layer: noted.get(layer) or NotesOver(layer, surface) for layer in written}
        palette = tuple(colors(token) for token in _TOKENS)
        if palette != self._palette:
            self._palette = palette
            for over in self._points.values():
                over.restyle()

    # ---- hands, as ``console.map.views.picking`` has them on the map ----

    def at(self, x: float, y: float) -> tuple[LiveLayer, int | str] | None:
        """The topmost layer that has something at a logical pixel, with the row or the key of it."""
        for layer in self._order:
            found = self._found(layer, x, y)
            if found is not None:
                return layer, found
        return None

    def click(self, x: float, y: float) -> Literal["", "hit", "cluster"]:
        """Give a click to what is there. A count takes none: ``cluster`` says that one should come nearer."""
        for layer in self._order:
            found = self._found(layer, x, y)
            if isinstance(layer, PointsLayer) and isinstance(found, int):
                layer.click(found)
                return "hit"
            if isinstance(layer, ShapesLayer) and isinstance(found, str):
                layer.click(found)
                return "hit"
            if isinstance(layer, PointsLayer) and self._points[layer].count_at(x, y):
                return "cluster"
        return ""

    def tip(self, x: float, y: float) -> str:
        """What the topmost point at a logical pixel has to say; empty for nothing."""
        for layer in self._order:
            row = self._points[layer].row_at(x, y) if isinstance(layer, PointsLayer) else None
            text = layer.tooltip(row) if isinstance(layer, PointsLayer) and row is not None else ""
            if text:
                return text
        return ""

    def _found(self, layer: LiveLayer, x: float, y: float) -> int | str | None:
        if isinstance(layer, PointsLayer):
            return self._points[layer].row_at(x, y) if layer in self._points else None
        if isinstance(layer, ShapesLayer) and layer in self._notes:
            return self._notes[layer].key_at(x, y) or self._lying(layer, x, y)
        return None

    def _lying(self, layer: ShapesLayer, x: float, y: float) -> str | None:
        """Key of the shape that is laid over what is seen at a pixel."""
        sight = self._sight
        ahead = float(sight.depth(np.array(x), np.array(y))) if sight is not None else np.inf
        if sight is None or not np.isfinite(ahead):
            return None
        lon, lat, _ = sight.frame.geographic(sight.lens.at_depth(x, y, ahead))
        across, down = to_world(lon, lat)
        zoom = float(sight.zoom_of(np.float64(ahead)))
        around = replace(sight.screen, x=float(across), y=float(down), zoom=zoom)
        return layer.hit(around, around.width / 2, around.height / 2)
