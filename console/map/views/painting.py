"""A frame of the map from the ground up; the painter comes and goes in logical pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QColor, QPainter

from console.map.engine.base_map import BaseMap
from console.map.live.points import PointsLayer
from console.map.live.room import Room
from console.map.live.shapes import ShapesLayer
from console.map.live.sprites import Colors
from console.map.viewport import Viewport
from console.map.views.ground import Ground, Layers


def paint_ground(
    painter: QPainter,
    viewport: Viewport,
    base: BaseMap,
    ground: Ground,
    layers: Layers,
    colors: Colors,
    now: float,
) -> Room | None:
    """Base and *layers* (from the ground up) with the pictures of the ground; gives what texts cover. None,
    with nothing painted, while there are no pictures of this view."""
    with device_pixels(painter, viewport):
        burnt = ground.draw(painter, viewport, layers, colors, now)
        if burnt is None:
            return None
        for layer in layers[:burnt]:
            if isinstance(layer, PointsLayer):
                layer.draw_over(painter, viewport, colors, now)
    return paint_layers(painter, viewport, layers[burnt:], colors, now)


def paint_base(painter: QPainter, viewport: Viewport, base: BaseMap, colors: Colors, zooming: bool) -> None:
    """Tiles and labels as they are there."""
    with device_pixels(painter, viewport):
        if not base.tiles.covers(viewport):
            width, height = round(viewport.width * viewport.dpr), round(viewport.height * viewport.dpr)
            painter.fillRect(0, 0, width + 1, height + 1, QColor(colors("map.background")))
        base.draw(painter, viewport)
        base.draw_labels(painter, viewport, zooming)


def paint_layers(painter: QPainter, viewport: Viewport, layers: Layers, colors: Colors, now: float) -> Room:
    """Live *layers* alone, from the ground up, then all their texts; gives what those cover."""
    for layer in layers:
        if isinstance(layer, PointsLayer):
            with device_pixels(painter, viewport):
                layer.draw(painter, viewport, colors, now)
        else:
            layer.draw(painter, viewport, colors)
    return paint_texts(painter, viewport, layers, colors)


def paint_texts(painter: QPainter, viewport: Viewport, layers: Layers, colors: Colors) -> Room:
    """Names and notes of *layers* that have just been painted: above all symbols and none on another. Notes
    have the right of way, then the names of the topmost layer."""
    room = Room(viewport)
    shapes = [layer for layer in layers if isinstance(layer, ShapesLayer)]
    for layer in shapes:
        for plate in layer.note_plates(viewport):
            room.put(plate)
    with device_pixels(painter, viewport):
        for layer in reversed(layers):
            if isinstance(layer, PointsLayer):
                layer.draw_names(painter, viewport, colors, room)
    for layer in shapes:
        layer.draw_notes(painter, viewport, colors)
    return room


@contextmanager
def device_pixels(painter: QPainter, viewport: Viewport) -> Iterator[None]:
    """The painter works in device pixels meanwhile."""
    painter.save()
    painter.scale(1 / viewport.dpr, 1 / viewport.dpr)
    yield
    painter.restore()
