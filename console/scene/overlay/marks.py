"""Lines, areas and notes at their own heights, over the scene: what was measured, what was annotated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from console.scene.frame import Frame
from console.scene.lens import Points
from console.scene.overlay.plates import plate

if TYPE_CHECKING:
    from console.scene.view.screen import Picture

HIDDEN = 0.3
"""Opacity of lines behind something."""
_PARTS = 24
"""Pieces that a line is cut into, so that what is hidden of it is seen to be."""
_GIVES = 0.3, 1.01
"""Metres, and times the distance, by which something must be nearer to hide a line."""


@dataclass(frozen=True, eq=False)
class Mark:
    """Places (n, 3) in WGS84 degrees and metres above the ellipsoid. *stem*: metres that the text stands
    above the last of them."""

    places: Points
    text: str = ""
    closed: bool = False
    color: str = "#ffd24a"
    stem: float = 0.0


class Marks:
    """Implements ``console.scene.view.view.Over``."""

    def __init__(self, frame: Callable[[], Frame | None], changed: Callable[[], None]) -> None:
        """*frame*: of the window that there is."""
        self.marks: dict[tuple[str, str], Mark] = {}
        """By layer and key."""
        self._frame, self._changed = frame, changed

    def put(self, layer: str, key: str, mark: Mark) -> None:
        """Show *mark*, in place of what was there of that name."""
        self.marks[layer, key] = mark
        self._changed()

    def drop(self, layer: str, key: str | None = None) -> None:
        """Take one away, or all of a layer."""
        for name in [name for name in self.marks if name[0] == layer and key in (None, name[1])]:
            del self.marks[name]
        self._changed()

    def click(self, x: float, y: float) -> Literal["", "hit", "cluster"]:
        """See ``Over``: marks take no clicks."""
        return ""

    def tip(self, x: float, y: float) -> str:
        """See ``Over``."""
        return ""

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """See ``Over``."""
        frame = self._frame()
        if frame is None or not self.marks:
            return
        placed = [(mark, frame.place(*mark.places.T)) for mark in self.marks.values() if len(mark.places)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark, points in placed:
            _paint_lines(painter, picture, mark, points)
        for mark, points in placed:
            _paint_text(painter, picture, mark, points)
        painter.restore()


def _paint_lines(painter: QPainter, picture: Picture, mark: Mark, points: Points) -> None:
    points = np.vstack([points, points[:1]]) if mark.closed else points
    color = QColor(mark.color)
    if mark.closed:
        _fill(painter, picture, points, color)
    if len(points) < 2:
        return
    share = np.linspace(0.0, 1.0, _PARTS + 1)[:, None]
    for start, end in pairwise(points):
        line = start + (end - start) * share
        x, y, ahead = picture.lens.project(line)
        hidden = picture.ahead(x, y) * _GIVES[1] + _GIVES[0] < ahead
        for part in range(_PARTS):
            if ahead[part] <= 0.1 or ahead[part + 1] <= 0.1:
                continue
            ink = QColor(color)
            ink.setAlphaF(HIDDEN if hidden[part] or hidden[part + 1] else 1.0)
            painter.setPen(QPen(ink, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QLineF(x[part], y[part], x[part + 1], y[part + 1]))


def _fill(painter: QPainter, picture: Picture, points: Points, color: QColor) -> None:
    x, y, ahead = picture.lens.project(points)
    if (ahead > 0.1).all():
        inside = QColor(color)
        inside.setAlpha(46)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inside)
        painter.drawPolygon(QPolygonF([QPointF(*each) for each in zip(x.tolist(), y.tolist(), strict=True)]))


def _paint_text(painter: QPainter, picture: Picture, mark: Mark, points: Points) -> None:
    if not mark.text:
        return
    foot = points.mean(axis=0) if mark.closed else points[-1]
    head = foot + np.array([0.0, 0.0, mark.stem])
    (x, y, ahead), (foot_x, foot_y, _) = picture.lens.project(head), picture.lens.project(foot)
    if ahead <= 0.1:
        return
    if mark.stem:
        painter.setPen(QPen(QColor(mark.color), 1.5))
        painter.drawLine(QLineF(float(foot_x), float(foot_y), float(x), float(y)))
    plate(painter, QPointF(float(x), float(y) - (0 if mark.stem else 18)), mark.text, middle=True)
