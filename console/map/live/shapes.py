"""A layer of lines, polygons, circles and texts by key. Paths are made once a zoom and moved when panning."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple, get_args, get_type_hints

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from console.map.listeners import Listeners
from console.map.live.areas import FEWEST, fill_areas
from console.map.live.layer import LayerOwner, LiveLayer
from console.map.live.paths import path_of
from console.map.live.shape_geometry import WHOLE, Floats, Geometry, Made, covers
from console.map.live.sprites import FAMILY, Colors, ink_on, resolve
from console.map.viewport import Bounds, Viewport
from console.sdk.map import Undo
from console.sdk.symbols import Shape, ShapeStyle

KINDS = get_args(get_type_hints(Shape)["kind"])
CASING = 2.5
"""Logical pixels that a casing shows on each side."""
WIDEST = 100.0
SLOW = 0.004
"""Seconds; a layer that takes longer to paint is kept as a picture."""
AROUND = 256
"""Logical pixels around the view that the picture shows."""
NOTE = 400.0
"""Logical pixels that a note may reach from its place."""
LONGEST = 60
"""Characters in a line of a note; longer ones are cut."""


class DrawnShape:
    """One shape with its geometry; raises ValueError for what is no shape."""

    def __init__(self, shape: Shape) -> None:
        if shape.kind not in KINDS:
            raise ValueError(f'a shape is one of {", ".join(KINDS)}, not "{shape.kind}"')
        self.style = shape.style
        self.text = shape.text if shape.kind == "text" else None
        self.geometry = Geometry(shape)
        width = shape.style.width
        self.width = min(width, WIDEST) if math.isfinite(width) and width > 0 else 0.0
        self.dash = _dashes(shape.style.dash, self.width)

    def twin(self) -> DrawnShape:
        """The same with paths of its own."""
        other = copy.copy(self)
        other.geometry = self.geometry.twin()
        return other

    def plain(self, scale: float) -> bool:
        """Whether it is a polygon without holes, filled and nothing else, and small in pixels."""
        style, box = self.style, self.geometry.box
        if box is None or len(self.geometry.rings) != 1 or (self.width and (style.stroke or style.casing)):
            return False
        return bool(style.fill) and max(box[2] - box[0], box[3] - box[1]) * scale <= WHOLE

    def near(self, viewport: Viewport, px: float, py: float, reach: float) -> bool:
        """Whether it is drawn within *reach* logical pixels of a pixel."""
        geometry = self.geometry
        if geometry.box is None:
            return False
        if self.text is not None:
            plate = note_plate(*_pixel(viewport, geometry.place), note_lines(self.text))
            return plate.adjusted(-reach, -reach, reach, reach).contains(px, py)
        x, y = viewport.from_pixels(px, py)
        margin = (reach + self.width / 2) / viewport.scale
        if not geometry.meets((x - margin, y - margin, x + margin, y + margin)):
            return False
        return (bool(self.style.fill) and geometry.covers(x, y)) or geometry.distance(x, y) <= margin


class _Picture(NamedTuple):
    """A layer as painted once, with some ground around the view."""

    key: tuple[object, ...]
    area: Bounds
    """World units."""
    origin: tuple[int, int]
    """See ``Viewport.origin``."""
    pixmap: QPixmap


class ShapesLayer(LiveLayer):
    """Implements ``console.sdk.map.ShapeLayer``. What takes long to paint is kept as a picture that
    panning only moves; a translucent layer is always one, or casings would shine through."""

    def __init__(self, layer_id: str, owner: LayerOwner) -> None:
        super().__init__(layer_id, owner)
        self._shapes: dict[str, list[DrawnShape]] = {}
        self._version = 0
        self._tokens: set[str] = set()
        self._drawn: tuple[object, ...] = ()
        self._slow = False
        self._picture: _Picture | None = None
        self._clicked: Listeners[[str]] = Listeners()

    def twin(self) -> ShapesLayer:
        """The same shapes, for another scale and another thread; there, ``part`` it from these first."""
        other = ShapesLayer(self.layer_id, self.owner)
        other._shapes = dict(self._shapes)
        return other

    def part(self, area: Bounds, *, notes: bool = True) -> None:
        """Keep what meets an area in world units, with paths of its own; *notes* too, or not."""
        kept = {
            key: [s.twin() for s in shapes if s.geometry.meets(area) and (notes or s.text is None)]
            for key, shapes in self._shapes.items()
        }
        self._shapes = kept

    def shapes_in(self, area: Bounds) -> list[DrawnShape]:
        """Those that meet an area in world units."""
        return [s for shapes in self._shapes.values() for s in shapes if s.geometry.meets(area)]

    def put(self, key: str, *shapes: Shape) -> None:
        """Set the shapes of *key*. Vertices that are NaN or not on the earth are left out; raises
        ValueError for an unknown kind, a radius that is no length or points that are no pairs."""
        self._shapes[key] = [DrawnShape(shape) for shape in shapes]
        self._change()

    def drop(self, key: str) -> None:
        if self._shapes.pop(key, None) is not None:
            self._change()

    def clear(self) -> None:
        self._shapes.clear()
        self._change()

    def _change(self) -> None:
        self._version += 1
        styles = [shape.style for shapes in self._shapes.values() for shape in shapes]
        self._tokens = {"surface", "text"}.union(*((s.stroke, s.casing, s.fill) for s in styles)) - {""}
        self.touch()

    @property
    def outlines(self) -> tuple[Floats, ...]:
        """Lines and closed rings, world units; circles and texts have none."""
        drawn = (shape for shapes in self._shapes.values() for shape in shapes)
        return tuple(line for shape in drawn for line in shape.geometry.outlines)

    def on_click(self, handler: Callable[[str], None]) -> Undo:
        return self._clicked.add(handler)

    def click(self, key: str) -> None:
        self._clicked.fire(key)

    def hit(self, viewport: Viewport, px: float, py: float, reach: float = 6.0) -> str | None:
        """Key of the topmost shape under a logical pixel, if anybody listens for clicks."""
        return self._at(viewport, px, py, reach) if self._clicked else None

    def key_at(self, lon: float, lat: float, pixels: float = 6.0) -> str | None:
        viewport = self.owner.viewport
        return self._at(viewport, *viewport.pixel_of(lon, lat), pixels)

    def _at(self, viewport: Viewport, px: float, py: float, reach: float) -> str | None:
        if not self.shown_at(viewport.zoom):
            return None
        for key in reversed(self._shapes):
            if any(shape.near(viewport, px, py, reach) for shape in self._shapes[key]):
                return key
        return None

    def burn_stamp(self, viewport: Viewport, now: float) -> object | None:
        """See ``PointsLayer.burn_stamp``; notes and what shines through are painted every frame."""
        if not self._shapes or self.opacity <= 0:
            return ()
        translucent = self.opacity < 1 or any(s.text for shapes in self._shapes.values() for s in shapes)
        return None if translucent else self._version

    def burn(self, painter: QPainter, viewport: Viewport, colors: Colors, now: float) -> None:
        """Paint into a picture, in device pixels."""
        if self._shapes and self.opacity > 0:
            painter.save()
            painter.scale(viewport.dpr, viewport.dpr)
            self._paint(painter, viewport, colors)
            self._paint_notes(painter, viewport, colors)
            painter.restore()

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Paint all but notes, in logical pixels."""
        if not self._shapes or self.opacity <= 0:
            return
        palette = tuple(resolve(token, colors).rgba() for token in sorted(self._tokens))
        key = (self._version, viewport.zoom, viewport.dpr, palette)
        # While the zoom moves no frame is like the one before: a picture would be made for nothing.
        if self.opacity < 1 or (self._slow and key == self._drawn):
            self._draw_picture(painter, viewport, colors, key)
        else:
            began = time.perf_counter()
            self._paint(painter, viewport, colors)
            self._slow = time.perf_counter() - began > SLOW
            self._picture = None
        self._drawn = key

    def note_plates(self, viewport: Viewport) -> list[QRectF]:
        """What notes cover, in logical pixels: they stand where they are put."""
        if self.opacity <= 0:
            return []
        return [
            note_plate(*_pixel(viewport, note.geometry.place), note_lines(note.text or ""))
            for note in self._notes_in(viewport)
        ]

    def draw_notes(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Paint notes, in logical pixels: above what is drawn, or a symbol would hide what they say."""
        if self.opacity > 0:
            painter.save()
            painter.setOpacity(painter.opacity() * self.opacity)
            self._paint_notes(painter, viewport, colors)
            painter.restore()

    def _draw_picture(
        self, painter: QPainter, viewport: Viewport, colors: Colors, key: tuple[object, ...]
    ) -> None:
        kept, view, dpr = self._picture, viewport.world, viewport.dpr
        if kept is None or kept.key != key or not covers(kept.area, view):
            wide = replace(viewport, width=viewport.width + 2 * AROUND, height=viewport.height + 2 * AROUND)
            pixmap = QPixmap(round(wide.width * dpr), round(wide.height * dpr))
            pixmap.fill(Qt.GlobalColor.transparent)
            within = QPainter(pixmap)
            within.scale(dpr, dpr)
            self._paint(within, wide, colors)
            within.end()
            kept = self._picture = _Picture(key, wide.world, wide.origin, pixmap)
        x, y = (here - there for here, there in zip(viewport.origin, kept.origin, strict=True))
        painter.save()
        painter.scale(1 / dpr, 1 / dpr)
        painter.setOpacity(painter.opacity() * self.opacity)
        painter.drawPixmap(x, y, kept.pixmap)
        painter.restore()

    def _paint(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Casings first, so that crossing lines join."""
        shown = [shape for shape in self.shapes_in(_around(viewport, WIDEST)) if shape.text is None]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for shape in shown:
            if shape.style.casing and shape.width:
                casing = _pen(resolve(shape.style.casing, colors), shape.width + 2 * CASING)
                made = shape.geometry.made(viewport)
                _at_origin(painter, viewport, made, lambda p, v, m=made, c=casing: _stroke(p, v, m, c, ()))
        for plain, run in groupby(shown, lambda shape: shape.plain(viewport.scale)):
            shapes = list(run)
            if plain and len(shapes) >= FEWEST:
                _fill_all(painter, viewport, shapes, colors)
                continue
            for shape in shapes:
                made = shape.geometry.made(viewport)
                _at_origin(painter, viewport, made, lambda p, v, s=shape, m=made: _draw(p, v, s, m, colors))
        painter.restore()

    def _paint_notes(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for note in self._notes_in(viewport):
            ink = resolve(note.style.stroke, colors)
            draw_note(painter, *_pixel(viewport, note.geometry.place), note.text or "", ink, colors)

    def _notes_in(self, viewport: Viewport) -> list[DrawnShape]:
        area = _around(viewport, NOTE)
        return [s for shapes in self._shapes.values() for s in shapes if s.text and s.geometry.meets(area)]


def _dashes(given: Sequence[float], width: float) -> tuple[float, ...]:
    """Dashes and gaps in widths of the line; none for what cannot be seen as such."""
    dash = tuple(min(length, 1e4) for length in given)
    if not all(length >= 0 for length in dash) or sum(dash) * width < 1.0:
        return ()
    return dash if len(dash) % 2 == 0 else dash * 2


def _around(viewport: Viewport, pixels: float) -> Bounds:
    """The view and so many logical pixels around it, in world units."""
    margin = pixels / viewport.scale
    left, top, right, bottom = viewport.world
    return left - margin, top - margin, right + margin, bottom + margin


def _pixel(viewport: Viewport, place: tuple[float, float]) -> tuple[float, float]:
    """Whole device pixel of a world place, in logical ones: what is drawn there stays crisp."""
    size, (left, top) = viewport.scale * viewport.dpr, viewport.origin
    return (round(place[0] * size) + left) / viewport.dpr, (round(place[1] * size) + top) / viewport.dpr


def _fill_all(painter: QPainter, viewport: Viewport, shapes: Sequence[DrawnShape], colors: Colors) -> None:
    inks = {fill: resolve(fill, colors) for fill in {shape.style.fill for shape in shapes}}
    origin = QPointF(*_pixel(viewport, shapes[0].geometry.place))
    painter.translate(origin)
    geometries = [shape.geometry for shape in shapes]
    fill_areas(painter, geometries, [inks[shape.style.fill] for shape in shapes], viewport.scale)
    painter.translate(-origin)


def _at_origin(
    painter: QPainter, viewport: Viewport, made: Made, draw: Callable[[QPainter, QRectF], None]
) -> None:
    """Draw with the painter's origin at that of the paths; *draw* gets the view as seen from there."""
    origin = QPointF(*_pixel(viewport, made.origin))
    painter.translate(origin)
    draw(painter, QRectF(0, 0, viewport.width, viewport.height).translated(-origin))
    painter.translate(-origin)


def _pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def _stroke(painter: QPainter, view: QRectF, made: Made, pen: QPen, dash: tuple[float, ...]) -> None:
    half = pen.widthF() / 2 + 1
    view = view.adjusted(-half, -half, half, half)
    # Where pieces meet, what is translucent would be painted twice.
    for piece in made.pieces if pen.color().alpha() == 255 else made.lines:
        box = piece.box
        # Not QRectF.intersects: an upright or level line has no area.
        if box.left() > view.right() or box.right() < view.left():
            continue
        if box.top() > view.bottom() or box.bottom() < view.top():
            continue
        if dash:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern(dash)
            pen.setDashOffset(piece.start / pen.widthF())
        painter.strokePath(piece.path, pen)


def _draw(painter: QPainter, view: QRectF, shape: DrawnShape, made: Made, colors: Colors) -> None:
    style = shape.style
    if style.fill and shape.geometry.closed:
        painter.fillPath(made.fill, resolve(style.fill, colors))
    if style.stroke and shape.width:
        _stroke(painter, view, made, _pen(resolve(style.stroke, colors), shape.width), shape.dash)
    if len(made.heads):
        _draw_heads(painter, made.heads, style, shape.width, colors)


def _draw_heads(painter: QPainter, heads: Floats, style: ShapeStyle, width: float, colors: Colors) -> None:
    """Triangles: on a wide whole line in a contrasting colour, else broader than the line."""
    color, inside = resolve(style.stroke, colors), width >= 4.0 and not style.dash
    size = width * 1.15 if inside else max(width * 1.7, 5.5)
    corners = np.array([[0.75, 0.0], [-0.55, 0.68], [-0.55, -0.68], [0.75, 0.0]]) * size
    at, along = heads[:, None, :2], heads[:, None, 2:]
    across = along[..., ::-1] * (-1.0, 1.0)
    xy = at + along * corners[None, :, :1] + across * corners[None, :, 1:]
    path = path_of(xy.reshape(-1, 2), np.full(len(heads), len(corners)))
    if inside:
        painter.fillPath(path, ink_on(color))
        return
    if style.casing:
        painter.strokePath(path, _pen(resolve(style.casing, colors), 3.0))
    painter.fillPath(path, color)


def _font() -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(12)
    return font


def note_lines(text: str) -> list[str]:
    """As they are written: few, and none too long."""
    return [line if len(line) <= LONGEST else line[: LONGEST - 1] + "…" for line in text.split("\n")[:8]]


def note_plate(px: float, py: float, lines: list[str]) -> QRectF:
    """Where the plate of a text lies whose middle is at a logical pixel."""
    metrics = QFontMetricsF(_font())
    width = math.ceil(max(metrics.horizontalAdvance(line) for line in lines)) + 12
    height = math.ceil(metrics.height()) * len(lines) + 4
    return QRectF(px - width // 2, py - height // 2, width, height)


def draw_note(painter: QPainter, px: float, py: float, text: str, ink: QColor, colors: Colors) -> None:
    """A text on a small plate, centred on a logical pixel."""
    lines = note_lines(text)
    plate = note_plate(px, py, lines)
    ground = resolve("surface", colors)
    ground.setAlphaF(0.88)
    painter.setFont(_font())
    painter.setPen(QPen(ink, 1.0))
    painter.setBrush(ground)
    painter.drawRoundedRect(plate.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(resolve("text", colors))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))
    painter.setBrush(Qt.BrushStyle.NoBrush)
