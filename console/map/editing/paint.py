"""How sketches under the user's hands look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from console.map.editing.faults import Fault
from console.map.editing.snap_index import Snap
from console.map.editing.strokes import Sketches
from console.map.editing.targets import Floats, Targets, world_of
from console.map.live.paths import path_of
from console.map.live.shapes import draw_note
from console.map.live.sprites import Colors
from console.map.viewport import Viewport
from console.model.records import LonLat
from console.sdk.editing import Sketch
from console.sdk.ui.words import word

DARK = QColor("#0b1118")
PIECE = 40
"""Vertices that are stroked at a time."""
MOST_HANDLES = 800
"""More vertices than this in view are drawn as a line alone: nearer there are fewer."""
GUIDE = 60.0
"""Logical pixels that the line of a right angle goes on."""
NOTE_ABOVE = 34
"""Logical pixels from the hand."""
NOTE_TOP = 84
"""Logical pixels from the upper edge, below the tool's strip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is to be seen."""

    sketches: Sketches
    before: Sketches
    """As they were, when they have changed."""
    targets: Targets
    open: int | None
    """The sketch that is being drawn: its closing line is dashed."""
    chosen: LonLat | None
    held: bool
    """Something follows the hand: what else could be taken hold of is not shown."""
    snap: Snap | None
    fault: Fault | None
    guide: tuple[LonLat, LonLat] | None
    """A way that is held to an angle: a thin line goes on beyond its end."""
    note: str
    at: LonLat | None
    """Where the hand works; None: the note stands at the top."""


def paint(painter: QPainter, viewport: Viewport, colors: Colors, scene: Scene) -> None:
    """Paint in logical pixels."""
    color = QColor(colors("error" if scene.fault else "map.measure"))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    changed = [sketch for sketch in scene.before if sketch not in scene.sketches]
    for sketch in changed:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors("text.muted")), 1.5, Qt.PenStyle.DashLine))
        for piece in _pieces(_lines(viewport, sketch, closed=True)):
            painter.drawPath(piece)
    for index, sketch in enumerate(scene.sketches):
        _paint_sketch(painter, viewport, sketch, color, drawn=index == scene.open)
    if scene.guide is not None:
        _paint_guide(painter, viewport, scene.guide, QColor(colors("map.selection")))
    _paint_handles(painter, viewport, scene, color, QColor(colors("map.selection")))
    if scene.snap is not None:
        _paint_snap(painter, viewport, scene.snap, colors)
    if scene.fault is not None and scene.fault.place is not None:
        _paint_cross(painter, QPointF(*viewport.pixel_of(*scene.fault.place)), color)
    _paint_note(painter, viewport, scene, color, colors)
    painter.restore()


def _lines(viewport: Viewport, sketch: Sketch, closed: bool) -> list[Floats]:
    """Its rings in pixels, without vertices that make no difference to be seen; a point has none."""
    found: list[Floats] = []
    for ring in sketch.rings:
        if len(ring) > 1:
            xy = world_of(ring)
            line = np.column_stack(viewport.to_pixels(xy[:, 0], xy[:, 1]))
            kept = np.ones(len(line), bool)
            kept[1:-1] = (np.diff(np.rint(line[:-1] * 2), axis=0) != 0).any(axis=1)
            line = line[kept]
            found.append(np.vstack([line, line[:1]]) if closed and sketch.kind == "polygon" else line)
    return found


def _filled(lines: list[Floats]) -> QPainterPath:
    path = path_of(np.vstack(lines), np.array([len(line) for line in lines]))
    path.setFillRule(Qt.FillRule.OddEvenFill)
    return path


def _pieces(lines: list[Floats]) -> list[QPainterPath]:
    """Short runs of the outline: the rasteriser's time grows with the square of what it is given."""
    runs = [line[at : at + PIECE + 1] for line in lines for at in range(0, len(line) - 1, PIECE)]
    return [path_of(run, np.array([len(run)])) for run in runs]


def _paint_sketch(painter: QPainter, viewport: Viewport, sketch: Sketch, color: QColor, drawn: bool) -> None:
    lines = _lines(viewport, sketch, closed=not drawn)
    if sketch.kind == "polygon" and len(sketch.points) > 2:
        ground = QColor(color)
        ground.setAlphaF(0.16)
        painter.fillPath(_filled(lines), ground)
        if drawn:
            last, first = (
                QPointF(*viewport.pixel_of(*place)) for place in (sketch.points[-1], sketch.points[0])
            )
            painter.setPen(QPen(color, 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(last, first)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pieces = _pieces(lines)
    for pen in (QPen(DARK, 5.0), QPen(color, 2.5)):
        for piece in pieces:
            painter.strokePath(piece, pen)


def _paint_handles(
    painter: QPainter, viewport: Viewport, scene: Scene, color: QColor, chosen: QColor
) -> None:
    targets = scene.targets
    if scene.open is None and not scene.held:
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(QColor(255, 255, 255, 130))
        for where in _seen(viewport, targets.middles(viewport)):
            painter.drawEllipse(where, 3.5, 3.5)
        for place in targets.handles.values():
            _paint_grip(painter, QPointF(*viewport.pixel_of(*place)), color)
    painter.setPen(QPen(color, 2.0))
    painter.setBrush(QColor("#ffffff"))
    xy = targets.corners
    for where in _seen(viewport, np.column_stack(viewport.to_pixels(xy[:, 0], xy[:, 1]))):
        painter.drawEllipse(where, 4.5, 4.5)
    if scene.chosen is not None:
        painter.setPen(QPen(DARK, 1.5))
        painter.setBrush(chosen)
        painter.drawEllipse(QPointF(*viewport.pixel_of(*scene.chosen)), 6.5, 6.5)


def _seen(viewport: Viewport, xy: Floats) -> list[QPointF]:
    """Pixels (n, 2) within the view, unless they are too many to be told apart."""
    inside = ((xy >= 0) & (xy <= (viewport.width, viewport.height))).all(axis=1)
    shown = xy[inside]
    return [QPointF(x, y) for x, y in shown.tolist()] if len(shown) <= MOST_HANDLES else []


def _paint_grip(painter: QPainter, at: QPointF, color: QColor) -> None:
    """A square with a cross: the whole can be moved by it."""
    painter.setPen(QPen(color, 2.0))
    painter.setBrush(QColor(255, 255, 255, 220))
    painter.drawRoundedRect(QRectF(at.x() - 9, at.y() - 9, 18, 18), 4, 4)
    for dx, dy in ((5.0, 0.0), (0.0, 5.0)):
        painter.drawLine(QPointF(at.x() - dx, at.y() - dy), QPointF(at.x() + dx, at.y() + dy))


def _paint_snap(painter: QPainter, viewport: Viewport, snap: Snap, colors: Colors) -> None:
    """A square around a corner, a diamond on an edge, and the word for it."""
    color, (x, y) = QColor(colors("map.selection")), viewport.pixel_of(*snap.place)
    painter.save()
    painter.translate(x, y)
    painter.rotate(0 if snap.vertex else 45)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(DARK, 5.0), QPen(color, 2.5)):
        painter.setPen(pen)
        painter.drawRect(QRectF(-8, -8, 16, 16))
    painter.restore()
    draw_note(painter, x + 40, y + 22, word("Corner") if snap.vertex else word("Edge"), color, colors)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_guide(painter: QPainter, viewport: Viewport, way: tuple[LonLat, LonLat], color: QColor) -> None:
    start, end = (QPointF(*viewport.pixel_of(*place)) for place in way)
    line = QLineF(start, end)
    line.setLength(line.length() + GUIDE)
    painter.setPen(QPen(color, 1.5, Qt.PenStyle.DashLine))
    painter.drawLine(line)


def _paint_cross(painter: QPainter, at: QPointF, color: QColor) -> None:
    for pen in (QPen(DARK, 7.0), QPen(color, 3.5)):
        painter.setPen(pen)
        for dx in (7.0, -7.0):
            painter.drawLine(QPointF(at.x() - dx, at.y() - 7), QPointF(at.x() + dx, at.y() + 7))


def _paint_note(painter: QPainter, viewport: Viewport, scene: Scene, color: QColor, colors: Colors) -> None:
    """Size and fault, beside the hand or at the top; what is wrong comes first."""
    text = "\n".join(line for line in (scene.fault.text if scene.fault else "", scene.note) if line)
    if not text:
        return
    x, y = viewport.width / 2, float(NOTE_TOP)
    if scene.at is not None:
        x, y = viewport.pixel_of(*scene.at)
        y -= NOTE_ABOVE
    draw_note(painter, x, y, text, color, colors)
