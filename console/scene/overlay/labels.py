"""The map's own names over the scene: upright at their places, in the map's letters, near ones first."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

from console.map.engine.messages import LayerRef
from console.map.live.room import Room
from console.map.render.candidates import View, letters
from console.map.render.label_painter import draw_label, extent
from console.map.render.style import LabelRule, load_style
from console.scene.frame import Frame
from console.scene.overlay.footholds import Surface
from console.scene.overlay.map_names import NamedPlaces, read_names
from console.scene.overlay.sight import Floats, Sight

MOST = 120
TRIED = 240
"""Names looked at for room in a frame, in the order of their rank and distance."""
FRESH = 0.005
"""Seconds of one frame in which new texts are drawn, one at least; others follow."""
KEPT = 1_500
APART = 300.0
"""Logical pixels between two of the same text."""
LIFT = 3.0
"""Metres above the surface."""


class _Source(NamedTuple):
    named: NamedPlaces
    level: Floats
    """(n, 3) in the frame, on the ellipsoid."""
    up: Floats
    """(n, 3) what a metre of height adds."""


class _Picture(NamedTuple):
    """A text and what its corner is away from its place, in device pixels."""

    pixmap: QPixmap
    left: int
    top: int


class MapLabels:
    """Of one map over one scene."""

    def __init__(self, frame: Frame, surface: Surface) -> None:
        self.unrest = False
        """Whether there is more to come."""
        self._frame, self._surface = frame, surface
        self._shown: tuple[list[LayerRef], str] = ([], "")
        self._reading: Iterator[NamedPlaces] = iter(())
        self._sources: list[_Source] = []
        self._pictures: dict[tuple[int, str, int, float], _Picture] = {}

    def show(self, layers: Sequence[LayerRef], style: str) -> None:
        """Write what the map writes on these layers in this style."""
        if self._shown != (list(layers), style):
            self._shown = list(layers), style
            self._sources, self._pictures = [], {}
            self._reading, self.unrest = read_names(layers, load_style(style)), True

    def paint(self, painter: QPainter, sight: Sight, room: Room) -> None:
        """In device pixels, where there is *room*."""
        self._read_on()
        found = self._ordered(sight)
        if found is None:
            return
        source, row, zoom = found
        places, seen = self._stood(sight, source, row)
        chosen, pictures = self._written(source[seen], row[seen], places[seen], zoom[seen], sight.dpr)
        if not chosen:
            return
        xy = places[seen][chosen] * sight.dpr
        corner = np.floor(xy + [(picture.left, picture.top) for picture in pictures])
        size = np.array([(p.pixmap.width(), p.pixmap.height()) for p in pictures], float)
        for i in room.take(corner, size, MOST):
            painter.drawPixmap(int(corner[i, 0]), int(corner[i, 1]), pictures[i].pixmap)

    def _read_on(self) -> None:
        """One rule a frame."""
        named = next(self._reading, None)
        self.unrest = named is not None
        if named is not None and len(named.codes):
            lon, lat = named.degrees.T
            level = self._frame.place(lon, lat)
            self._sources.append(_Source(named, level, self._frame.place(lon, lat, 1.0) - level))

    def _ordered(self, sight: Sight) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats] | None:
        """Source, row and zoom of what could be written, the first first."""
        parts = []
        for number, source in enumerate(self._sources):
            rule = source.named.rule
            places = source.level + source.up * sight.pose.height
            x, y, ahead = sight.lens.project(places)
            zoom = np.asarray(sight.zoom_of(ahead))
            large = source.named.extent * (256.0 * 2.0**zoom) ** 2 >= rule.least_area
            fits = large & (zoom >= rule.min_zoom) & (zoom < rule.max_zoom)
            rows = np.flatnonzero(fits & sight.inside(x, y, ahead))
            rank = np.full(len(rows), source.named.rank)
            octave = np.floor(2 * np.log2(ahead[rows]))
            parts.append((np.full(len(rows), number), rows, rank, octave, zoom[rows]))
        if not parts:
            return None
        number, rows, rank, octave, zoom = (np.concatenate(each) for each in zip(*parts, strict=True))
        order = np.lexsort((rows, octave, rank))[:TRIED]
        return number[order], rows[order], zoom[order]

    def _stood(
        self, sight: Sight, source: NDArray[np.intp], row: NDArray[np.intp]
    ) -> tuple[Floats, NDArray[np.intp]]:
        """(n, 2) logical pixels of places put on the surface, and which of them are in sight."""
        degrees = np.array(
            [self._sources[s].named.degrees[r] for s, r in zip(source.tolist(), row.tolist(), strict=True)]
        ).reshape(-1, 2)
        height = self._surface(degrees[:, 0], degrees[:, 1])
        height = np.where(np.isnan(height), sight.pose.height, height)
        x, y, ahead = sight.lens.project(self._frame.place(degrees[:, 0], degrees[:, 1], height + LIFT))
        seen = np.flatnonzero(sight.inside(x, y, ahead) & ~sight.hidden(x, y, ahead))
        return np.column_stack([x, y]), seen

    def _written(
        self, source: NDArray[np.intp], row: NDArray[np.intp], places: Floats, zoom: Floats, dpr: float
    ) -> tuple[list[int], list[_Picture]]:
        """Which of them, without the same text again nearby, and their pictures."""
        taken: dict[str, list[tuple[float, float]]] = {}
        chosen: list[int] = []
        pictures: list[_Picture] = []
        until, late = time.perf_counter() + FRESH, False
        for i, (number, at) in enumerate(zip(source.tolist(), row.tolist(), strict=True)):
            named = self._sources[number].named
            text, (x, y) = named.strings[int(named.codes[at])], places[i].tolist()
            if any(math.hypot(x - a, y - b) < APART for a, b in taken.get(text, ())):
                continue
            key = (number, text, round(zoom[i] * 2), dpr)
            if key not in self._pictures:
                if late:
                    self.unrest = True
                    continue
                self._keep(key, _picture(named.rule, text, key[2] / 2, dpr))
                late = time.perf_counter() >= until
            taken.setdefault(text, []).append((x, y))
            chosen.append(i)
            pictures.append(self._pictures[key])
        return chosen, pictures

    def _keep(self, key: tuple[int, str, int, float], picture: _Picture) -> None:
        if len(self._pictures) >= KEPT:
            self._pictures.clear()
        self._pictures[key] = picture


def _picture(rule: LabelRule, text: str, zoom: float, dpr: float) -> _Picture:
    label = letters(rule, View(256.0 * 2.0**zoom * dpr, zoom, dpr)).label(text, 0, 0.0, 0.0, 0.0)
    box = extent(label, dpr)
    left, top = math.floor(box.left()), math.floor(box.top())
    pixmap = QPixmap(math.ceil(box.right()) - left, math.ceil(box.bottom()) - top)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-left, -top)
    draw_label(painter, label, dpr)
    painter.end()
    return _Picture(pixmap, left, top)
