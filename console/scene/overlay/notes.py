"""Texts of layers of shapes: they stand upright over their places, while lines and areas are laid down."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QPainter

from console.map.live.room import Room
from console.map.live.shapes import DrawnShape, ShapesLayer, draw_note, note_lines, note_plate
from console.map.live.sprites import Colors, resolve
from console.map.viewport import Viewport, from_world
from console.scene.overlay.footholds import Surface
from console.scene.overlay.sight import Floats, Sight

EVERYWHERE = (-1.0, -1.0, 2.0, 2.0)


class _Note(NamedTuple):
    shape: DrawnShape
    x: float
    y: float


class NotesOver:
    """Of one layer over one scene."""

    def __init__(self, layer: ShapesLayer, surface: Surface) -> None:
        self.layer = layer
        self._surface = surface
        self._notes: list[_Note] = []
        self._screen = Viewport()

    def look(self, sight: Sight, room: Room) -> None:
        """Find those in the view, and keep their plates free of other texts."""
        layer, self._notes, self._screen = self.layer, [], sight.screen
        if layer.opacity <= 0 or not layer.shown_at(sight.zoom):
            return
        found = [shape for shape in layer.shapes_in(EVERYWHERE) if shape.text]
        if not found:
            return
        places: Floats = np.array([shape.geometry.place for shape in found])
        lon, lat = from_world(places[:, 0], places[:, 1])
        height = self._surface(lon, lat)
        height = np.where(np.isnan(height), sight.pose.height, height)
        x, y, ahead = sight.lens.project(sight.frame.place(lon, lat, height))
        seen = np.flatnonzero(sight.inside(x, y, ahead) & ~sight.hidden(x, y, ahead))
        for i in seen[np.argsort(-ahead[seen])].tolist():
            note = _Note(found[i], round(float(x[i])), round(float(y[i])))
            room.put(note_plate(note.x, note.y, note_lines(note.shape.text or "")))
            self._notes.append(note)

    def key_at(self, x: float, y: float) -> str | None:
        """Key of the note at a logical pixel, if anybody listens for clicks."""
        for note in reversed(self._notes):
            place = self._screen.at(*note.shape.geometry.place)
            dx, dy = x - note.x, y - note.y
            plate = note_plate(0, 0, note_lines(note.shape.text or ""))
            if plate.contains(dx, dy):
                return self.layer.hit(place, place.width / 2 + dx, place.height / 2 + dy)
        return None

    def paint(self, painter: QPainter, colors: Colors) -> None:
        """In logical pixels, the nearest on top."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(painter.opacity() * self.layer.opacity)
        for note in self._notes:
            ink = resolve(note.shape.style.stroke, colors)
            draw_note(painter, note.x, note.y, note.shape.text or "", ink, colors)
        painter.restore()
