"""A layer of lines, polygons, circles and texts by key. Paths are made once a zoom and moved when panning."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from console.map.layer import LiveLayer
from console.map.listeners import Listeners
from console.map.paths import path_of
from console.map.sprites import FAMILY, Colors, resolve
from console.map.viewport import Bounds, Viewport, metres_per_pixel, to_world
from console.sdk.map import Shape, ShapeStyle, Undo

Floats = npt.NDArray[np.float64]
FAR = 8000.0
"""Shapes larger than this many pixels are cut to the view before they are painted."""
CIRCLE_POINTS = 96


class DrawnShape:
    """One shape ready to be painted."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.style = shape.style
        parts = _parts(shape)
        self.counts = np.array([len(part) for part in parts], np.intp)
        self.xy: Floats = np.concatenate(parts) if parts else np.empty((0, 2))
        box = [*self.xy.min(axis=0), *self.xy.max(axis=0)] if len(self.xy) else [np.nan] * 4
        self.box: Bounds = (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
        self._path: tuple[float, QPainterPath] | None = None

    def meets(self, area: Bounds) -> bool:
        """Whether its box meets an area in world units."""
        box = self.box
        return box[0] <= area[2] and box[2] >= area[0] and box[1] <= area[3] and box[3] >= area[1]

    def path(self, viewport: Viewport) -> tuple[QPainterPath, QPointF]:
        """Its path in logical pixels, and where the path's origin lies in the view."""
        size = max(self.box[2] - self.box[0], self.box[3] - self.box[1]) * viewport.scale
        if size > FAR:
            return self._cut(viewport), QPointF()
        if self._path is None or self._path[0] != viewport.zoom:
            pixels = (self.xy - self.box[:2]) * viewport.scale
            self._path = viewport.zoom, path_of(*_thin(pixels, self.counts))
        return self._path[1], QPointF(*(float(v) for v in viewport.to_pixels(self.box[0], self.box[1])))

    def _cut(self, viewport: Viewport) -> QPainterPath:
        pixels = np.column_stack(viewport.to_pixels(self.xy[:, 0], self.xy[:, 1]))
        geometry = _geometry(pixels, self.counts, self.shape.kind != "line")
        margin = 200.0
        cut = shapely.clip_by_rect(
            geometry, -margin, -margin, viewport.width + margin, viewport.height + margin
        )
        rings = (
            shapely.get_parts(cut) if self.shape.kind == "line" else shapely.get_rings(shapely.get_parts(cut))
        )
        xy, of = shapely.get_coordinates(rings, return_index=True)
        path = path_of(xy, np.bincount(of, minlength=len(rings)))
        path.setFillRule(Qt.FillRule.OddEvenFill)
        return path

    def near(self, viewport: Viewport, px: float, py: float, reach: float) -> bool:
        """Whether it is drawn within *reach* logical pixels of a pixel."""
        margin = reach / viewport.scale
        x, y = viewport.from_pixels(px, py)
        if not self.meets((x - margin, y - margin, x + margin, y + margin)):
            return False
        pixels = np.column_stack(viewport.to_pixels(self.xy[:, 0], self.xy[:, 1]))
        if self.shape.kind == "text":
            return bool(np.hypot(*(pixels[0] - (px, py))) < reach + 8)
        geometry = _geometry(pixels, self.counts, bool(self.style.fill) and self.shape.kind != "line")
        return bool(shapely.distance(geometry, shapely.Point(px, py)) <= reach + self.style.width / 2)


def _parts(shape: Shape) -> list[Floats]:
    """Rings or lines in world units."""
    if shape.kind == "circle":
        lon, lat = shape.points[0]
        angle = np.linspace(0, 2 * np.pi, CIRCLE_POINTS + 1)
        x, y = to_world(lon, lat)
        radius = shape.radius / (metres_per_pixel(lat, 0.0) * 256.0)
        return [np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])]
    rings = [shape.points, *shape.holes] if shape.kind == "polygon" else [shape.points]
    parts = [np.column_stack(to_world(*np.asarray(ring, float).T)) for ring in rings if len(ring)]
    if shape.kind == "polygon":
        parts = [np.vstack([part, part[:1]]) for part in parts]
    return parts


def _thin(pixels: Floats, counts: npt.NDArray[np.intp]) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Without vertices that fall on the pixel of the one before; ends stay."""
    if len(pixels) < 64:
        return pixels, counts
    kept = np.ones(len(pixels), bool)
    cell = np.rint(pixels * 2)
    kept[1:] = np.any(cell[1:] != cell[:-1], axis=1)
    ends = np.cumsum(counts)
    kept[ends - counts] = True
    kept[ends - 1] = True
    return pixels[kept], np.add.reduceat(kept.astype(np.intp), ends - counts)


def _geometry(pixels: Floats, counts: npt.NDArray[np.intp], filled: bool) -> Any:
    index = np.repeat(np.arange(len(counts)), counts)
    if filled:
        rings: Any = shapely.linearrings(pixels, indices=index)
        return shapely.make_valid(shapely.polygons(rings[0], rings[1:]))
    if len(pixels) == 1:
        return shapely.Point(pixels[0])
    lines: Any = shapely.linestrings(pixels, indices=index)
    return shapely.MultiLineString(list(lines))


class ShapesLayer(LiveLayer):
    """Implements ``console.sdk.map.ShapeLayer``."""

    def __init__(self, layer_id: str, owner: Any) -> None:
        super().__init__(layer_id, owner)
        self._shapes: dict[str, list[DrawnShape]] = {}
        self._clicked: Listeners[[str]] = Listeners()

    def put(self, key: str, *shapes: Shape) -> None:
        """Set the shapes of *key*; shapes without points are left out."""
        self._shapes[key] = [DrawnShape(shape) for shape in shapes if len(shape.points)]
        self.owner.touch(self)

    def drop(self, key: str) -> None:
        if self._shapes.pop(key, None) is not None:
            self.owner.touch(self)

    def clear(self) -> None:
        self._shapes.clear()
        self.owner.touch(self)

    def on_click(self, handler: Callable[[str], None]) -> Undo:
        return self._clicked.add(handler)

    def restyle(self) -> None:
        """Colours are looked up a frame; nothing is kept."""

    def click(self, key: str) -> None:
        self._clicked.fire(key)

    def hit(self, viewport: Viewport, px: float, py: float, reach: float = 6.0) -> str | None:
        """Key of the topmost shape under a logical pixel, if anybody listens for clicks."""
        if not self._clicked or not self.shown_at(viewport.zoom):
            return None
        for key in reversed(self._shapes):
            if any(shape.near(viewport, px, py, reach) for shape in self._shapes[key]):
                return key
        return None

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Paint in logical pixels: casings of all shapes first, so that crossing lines join."""
        margin = 40.0 / viewport.scale
        left, top, right, bottom = viewport.world
        area = (left - margin, top - margin, right + margin, bottom + margin)
        shown = [s for shapes in self._shapes.values() for s in shapes if s.meets(area)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self.opacity)
        for shape in shown:
            if shape.style.casing and shape.shape.kind != "text":
                _stroke(painter, shape, viewport, _pen(shape.style, shape.style.casing, 2.5, colors))
        for shape in shown:
            if shape.shape.kind == "text":
                _draw_text(painter, shape, viewport, colors)
            else:
                _draw_shape(painter, shape, viewport, colors)
        painter.restore()


def _pen(style: ShapeStyle, color: str, extra: float, colors: Colors) -> QPen:
    pen = QPen(resolve(color, colors), style.width + 2 * extra)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if style.dash and not extra:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(list(style.dash))
    return pen


def _stroke(painter: QPainter, shape: DrawnShape, viewport: Viewport, pen: QPen) -> None:
    path, origin = shape.path(viewport)
    painter.translate(origin)
    painter.strokePath(path, pen)
    painter.translate(-origin)


def _draw_shape(painter: QPainter, shape: DrawnShape, viewport: Viewport, colors: Colors) -> None:
    path, origin = shape.path(viewport)
    painter.translate(origin)
    if shape.style.fill and shape.shape.kind != "line":
        path.setFillRule(Qt.FillRule.OddEvenFill)
        painter.fillPath(path, resolve(shape.style.fill, colors))
    if shape.style.stroke and shape.style.width > 0:
        painter.strokePath(path, _pen(shape.style, shape.style.stroke, 0.0, colors))
    painter.translate(-origin)
    if shape.style.arrows:
        _draw_arrows(painter, shape, viewport, colors)


def _draw_arrows(painter: QPainter, shape: DrawnShape, viewport: Viewport, colors: Colors) -> None:
    """Heads along the line, every 90 pixels, in the casing's colour or white."""
    xy = np.column_stack(viewport.to_pixels(shape.xy[:, 0], shape.xy[:, 1]))
    size = shape.style.width * 0.85 + 1.5
    head = QPolygonF(
        [QPointF(-0.5 * size, -0.7 * size), QPointF(0.7 * size, 0), QPointF(-0.5 * size, 0.7 * size)]
    )
    painter.setPen(QPen(QColor("#ffffff"), max(1.4, shape.style.width * 0.3)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, y, angle in _along(xy, 90.0, viewport):
        painter.save()
        painter.translate(x, y)
        painter.rotate(angle)
        painter.drawPolyline(head)
        painter.restore()


def _along(xy: Floats, spacing: float, viewport: Viewport) -> Iterable[tuple[float, float, float]]:
    """Places and angles (degrees) on a line, those inside the view."""
    step = np.diff(xy, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    reached = np.concatenate([[0.0], np.cumsum(length)])
    number = min(int(reached[-1] / spacing), 20_000)
    goal = (np.arange(number) + 0.5) * spacing
    segment = np.clip(np.searchsorted(reached, goal) - 1, 0, max(len(length) - 1, 0))
    if number == 0:
        return
    share = (goal - reached[segment]) / np.maximum(length[segment], 1e-9)
    at = xy[segment] + step[segment] * share[:, None]
    inside = (at > 0).all(axis=1) & (at[:, 0] < viewport.width) & (at[:, 1] < viewport.height)
    for i in np.flatnonzero(inside).tolist():
        dx, dy = step[segment[i]]
        yield float(at[i, 0]), float(at[i, 1]), math.degrees(math.atan2(dy, dx))


def _draw_text(painter: QPainter, shape: DrawnShape, viewport: Viewport, colors: Colors) -> None:
    px, py = (float(v) for v in viewport.to_pixels(shape.xy[0, 0], shape.xy[0, 1]))
    draw_note(painter, px, py, shape.shape.text, resolve(shape.style.stroke, colors), colors)


def draw_note(painter: QPainter, px: float, py: float, text: str, ink: QColor, colors: Colors) -> None:
    """A text on a small plate, centred on a logical pixel."""
    font = QFont(FAMILY)
    font.setPixelSize(12)
    painter.setFont(font)
    lines = text.split("\n")
    metrics = painter.fontMetrics()
    width = max(metrics.horizontalAdvance(line) for line in lines) + 12
    height = metrics.height() * len(lines) + 4
    plate = QRectF(round(px - width / 2), round(py - height / 2), width, height)
    ground = QColor(colors("surface"))
    ground.setAlphaF(0.88)
    painter.setPen(QPen(ink, 1.0))
    painter.setBrush(ground)
    painter.drawRoundedRect(plate.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(colors("text")))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
