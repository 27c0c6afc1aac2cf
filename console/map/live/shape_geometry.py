"""Shapes in world units: what of them is near the view as paths in pixels, and what is under a pixel."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath

from console.map.live.columns import places
from console.map.live.paths import path_of
from console.map.viewport import EARTH_CIRCUMFERENCE, Bounds, Viewport, from_world, metres_per_pixel
from console.sdk.symbols import Shape

Floats = npt.NDArray[np.float64]
WHOLE = 6_000.0
"""Shapes up to this many pixels are made whole; larger ones are cut, as painters' numbers end somewhere."""
SPARE = 400.0
"""Pixels around the view that cut shapes cover, so that panning doesn't make them anew each frame."""
TOLERANCE = 0.35
"""Pixels that a line may be beside its vertices."""
PIECE = 40
"""Segments stroked at a time: the rasteriser's time grows with the square of what overlaps."""
ARROWS_APART = 90.0
"""Logical pixels from arrowhead to arrowhead."""
EVERYWHERE: Bounds = (-math.inf, -math.inf, math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an outline."""

    path: QPainterPath
    start: float
    """Pixels of the outline before it, so that dashes stand still when it is cut."""
    box: QRectF


@dataclass(frozen=True)
class Made:
    """A shape as paths in logical pixels around an origin."""

    zoom: float
    area: Bounds
    """World units in which it is complete."""
    origin: tuple[float, float]
    """World place of the paths' origin."""
    runs: list[tuple[Floats, float]]
    """Vertices of the outline, and how much of it is before them."""
    fill: QPainterPath
    heads: Floats
    """(n, 4) place and direction of arrowheads."""

    @cached_property
    def lines(self) -> list[Piece]:
        """The outline in as few pieces as it has."""
        return [_piece(run, start) for run, start in self.runs]

    @cached_property
    def pieces(self) -> list[Piece]:
        """The outline in short pieces, which are quick to paint, but overlap where they meet."""
        return [piece for run, start in self.runs for piece in _split(run, start)]


class Geometry:
    """The lines, rings or place of one shape; vertices that are nowhere on the earth are left out."""

    def __init__(self, shape: Shape) -> None:
        self.closed = shape.kind in ("polygon", "circle")
        self._arrows = shape.style.arrows
        self._middle, self._radius = _circle(shape) if shape.kind == "circle" else (None, 0.0)
        rings = [shape.points, *shape.holes] if shape.kind == "polygon" else [shape.points]
        if shape.kind in ("circle", "text"):
            rings = [shape.points[:1]]
        least = {"line": 2, "polygon": 3}.get(shape.kind, 1)
        self._parts = [part for part in map(_world, rings) if len(part) >= least]
        if shape.kind == "polygon":
            self._parts = [np.vstack([part, part[:1]]) for part in self._parts]
        self.outlines = self._parts if shape.kind in ("line", "polygon") else []
        """Lines and closed rings, world units."""
        self.box = self._box()
        self._made: Made | None = None

    @property
    def rings(self) -> Sequence[Floats]:
        """Of a polygon, closed, in world units: the shell and its holes; none of anything else."""
        return self._parts if self.closed and self._middle is None else ()

    def twin(self) -> Geometry:
        """The same with paths of its own."""
        other = copy.copy(self)
        other._made = None
        return other

    def _box(self) -> Bounds | None:
        """World units; None when there is nothing to draw."""
        if not self._parts:
            return None
        xy = np.vstack(self._parts)
        left, top, right, bottom = (*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist())
        r = self._radius
        return left - r, top - r, right + r, bottom + r

    @property
    def place(self) -> tuple[float, float]:
        """World place of the first vertex."""
        x, y = self._parts[0][0].tolist()
        return x, y

    def meets(self, area: Bounds) -> bool:
        """Whether its box meets an area in world units."""
        box = self.box
        return (
            box is not None
            and box[0] <= area[2]
            and box[2] >= area[0]
            and box[1] <= area[3]
            and box[3] >= area[1]
        )

    def made(self, viewport: Viewport) -> Made:
        """Its paths at the view's zoom; made anew when the zoom changes or the view leaves what was cut."""
        made = self._made
        if made is None or made.zoom != viewport.zoom or not covers(made.area, viewport.world):
            made = self._made = self._make(viewport)
        return made

    def _make(self, viewport: Viewport) -> Made:
        assert self.box is not None
        scale, spare = viewport.scale, SPARE / viewport.scale
        left, top, right, bottom = viewport.world
        whole = max(self.box[2] - self.box[0], self.box[3] - self.box[1]) * scale <= WHOLE
        area = EVERYWHERE if whole else (left - spare, top - spare, right + spare, bottom + spare)
        origin = (self.box[0], self.box[1]) if whole else (viewport.x, viewport.y)
        runs = [_thin((part - origin) * scale) for part in self._lines(scale)]
        rings = runs if self.closed else []
        outline = [(run, 0.0) for run in runs]
        if not whole:
            half = (viewport.width / 2 + SPARE, viewport.height / 2 + SPARE)
            outline = [piece for run in runs for piece in _cut(run, half)]
            rings = [ring for ring in (cut_ring(ring, half) for ring in rings) if len(ring)]
        heads = [_heads(run, start) for run, start in outline] if self._arrows else []
        fill = path_of(np.vstack(rings), np.array([len(r) for r in rings])) if rings else QPainterPath()
        fill.setFillRule(Qt.FillRule.OddEvenFill)
        return Made(viewport.zoom, area, origin, outline, fill, np.vstack([np.empty((0, 4)), *heads]))

    def _lines(self, scale: float) -> list[Floats]:
        """Runs of vertices in world units; a circle has as many as it needs to look round."""
        if self._middle is None:
            return self._parts
        number = int(min(max(7.0 * math.sqrt(self._radius * scale), 24.0), 8_000.0))
        angle = np.linspace(0.0, 2 * np.pi, number + 1)
        return [self._middle + self._radius * np.column_stack([np.cos(angle), np.sin(angle)])]

    def distance(self, x: float, y: float) -> float:
        """World units from a world place to the outline."""
        if self._middle is not None:
            return abs(math.dist(self._middle.tolist(), (x, y)) - self._radius)
        return min(_distance(part, np.array([x, y])) for part in self._parts)

    def covers(self, x: float, y: float) -> bool:
        """Whether a world place is in it, by the even-odd rule; holes are not."""
        if self._middle is not None:
            return math.dist(self._middle.tolist(), (x, y)) <= self._radius
        return self.closed and sum(crossings(part, x, y) for part in self._parts) % 2 == 1


def covers(area: Bounds, other: Bounds) -> bool:
    """Whether an area holds all of another."""
    return area[0] <= other[0] and area[1] <= other[1] and area[2] >= other[2] and area[3] >= other[3]


def _world(points: Sequence[Any]) -> Floats:
    xy = np.asarray(points, float)
    if not xy.size:
        return np.empty((0, 2))
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise ValueError("the points of a shape must be pairs of longitude and latitude")
    xy = places(xy[:, 0], xy[:, 1])
    return xy[np.isfinite(xy[:, 0])]


def _circle(shape: Shape) -> tuple[Floats | None, float]:
    """Middle and radius in world units; Mercator's scale is that of the middle's latitude."""
    if not 0 <= shape.radius <= EARTH_CIRCUMFERENCE / 2:
        raise ValueError("the radius of a circle must be metres, and at most half around the earth")
    middle = _world(shape.points[:1])
    if not len(middle):
        return None, 0.0
    _, lat = from_world(*middle[0])
    return middle[0], shape.radius / (metres_per_pixel(float(lat), 0.0) * 256.0)


def _thin(pixels: Floats) -> Floats:
    """Without vertices that make no difference to be seen; the ends stay."""
    if len(pixels) < 32:
        return pixels
    cell = np.rint(pixels * 2)
    kept = np.ones(len(pixels), bool)
    kept[1:-1] = (cell[1:-1] != cell[:-2]).any(axis=1)
    line = shapely.simplify(shapely.LineString(pixels[kept]), TOLERANCE, preserve_topology=False)
    return shapely.get_coordinates(line)


def _piece(run: Floats, start: float) -> Piece:
    path = path_of(run, np.array([len(run)]))
    return Piece(path, start, path.controlPointRect())


def _split(run: Floats, start: float) -> list[Piece]:
    """Pieces of a run, each of which begins where the one before ends."""
    reached = start + np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(run, axis=0).T))])
    firsts = range(0, len(run) - 1, PIECE)
    return [_piece(run[first : first + PIECE + 1], float(reached[first])) for first in firsts]


def _heads(run: Floats, start: float) -> Floats:
    """Places and directions along a line in pixels of which *start* pixels are cut off; the first is
    half a distance from the line's start."""
    step = np.diff(run, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    reached = np.concatenate([[0.0], np.cumsum(length)])
    goal = np.arange((ARROWS_APART / 2 - start) % ARROWS_APART, reached[-1], ARROWS_APART)
    if len(goal) == 0:
        return np.empty((0, 4))
    at = np.clip(np.searchsorted(reached, goal, side="right") - 1, 0, len(length) - 1)
    along = step[at] / np.maximum(length[at], 1e-9)[:, None]
    return np.hstack([run[at] + along * (goal - reached[at])[:, None], along])


def _cut(run: Floats, half: tuple[float, float]) -> list[tuple[Floats, float]]:
    """What of a line in pixels is in the box of a half size around the origin, and how much of the line
    is before each piece."""
    line = shapely.LineString(run)
    parts = shapely.get_parts(shapely.clip_by_rect(line, -half[0], -half[1], *half))
    pieces: list[tuple[Floats, float]] = []
    for part in parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]:
        xy = shapely.get_coordinates(part)
        pieces.append((xy, float(shapely.line_locate_point(line, shapely.Point(xy[0])))))
    return pieces


def cut_ring(ring: Floats, half: tuple[float, float]) -> Floats:
    """A ring cut to the box of a half size around the origin (Sutherland-Hodgman). Unlike a polygon
    library's it takes rings that cross themselves, as hands draw them."""
    for axis, sign in ((0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0)):
        if not len(ring):
            break
        depth = half[axis] - sign * ring[:, axis]
        following = np.roll(ring, -1, axis=0)
        other = np.roll(depth, -1)
        crosses = (depth >= 0) != (other >= 0)
        share = np.where(crosses, depth / np.where(crosses, depth - other, 1.0), 0.0)
        both = np.stack([ring, ring + (following - ring) * share[:, None]], axis=1)
        ring = both[np.stack([depth >= 0, crosses], axis=1)]
    return ring


def _distance(part: Floats, place: Floats) -> float:
    """From a place to the nearest segment, or to the only vertex."""
    if len(part) == 1:
        return float(np.hypot(*(part[0] - place)))
    step, to = np.diff(part, axis=0), place - part[:-1]
    square = (step**2).sum(axis=1)
    share = np.clip((to * step).sum(axis=1) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    return float(np.hypot(*(to - step * share[:, None]).T).min())


def crossings(ring: Floats, x: float, y: float) -> int:
    """How often a ray to the right of a place crosses a closed ring."""
    (ax, ay), (bx, by) = ring[:-1].T, ring[1:].T
    spans = (ay > y) != (by > y)
    at = ax + (y - ay) * (bx - ax) / np.where(spans, by - ay, 1.0)
    return int((spans & (x < at)).sum())
