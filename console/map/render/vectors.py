"""Painting into files of vectors: symbols that are recorded once, and clipping that SVG keeps.

Qt's SVG writer knows no clipping: ``clipped`` leaves marks, from which ``with_clips`` makes groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPainterPath, QPicture

_VECTORS = (QPaintEngine.Type.Pdf, QPaintEngine.Type.SVG, QPaintEngine.Type.Picture)
MARK = -999_999
"""Where nothing is ever painted."""
_MARKS = re.compile(
    rf'<path [^>]*d="M{MARK},{MARK} L(?P<x>[^,]+),(?P<y>[^ ]+) L(?P<right>[^,]+),(?P<bottom>[^"]+)"\s*/>'
)


def is_vector(painter: QPainter) -> bool:
    """Whether pictures would spoil what it paints."""
    return painter.paintEngine().type() in _VECTORS


def recorded(draw: Callable[[QPainter], None]) -> QPicture:
    """What *draw* paints, to be played often."""
    picture = QPicture()
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return picture


def play(painter: QPainter, picture: QPicture) -> None:
    """At the origin, unit for unit: Qt would scale a picture by the resolutions of both devices."""
    share = picture.logicalDpiX() / painter.device().logicalDpiX()
    painter.save()
    painter.scale(share, share)
    painter.drawPicture(0, 0, picture)
    painter.restore()


@contextmanager
def clipped(painter: QPainter, rect: QRectF) -> Iterator[None]:
    """Paint within *rect* (the painter's units) and what it was clipped to before."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    svg = painter.paintEngine().type() == QPaintEngine.Type.SVG
    if svg:
        _mark(painter, painter.transform().mapRect(rect))
    try:
        yield
    finally:
        if svg:
            _mark(painter, QRectF(1, 1, -1, -1))
        painter.restore()


def _mark(painter: QPainter, rect: QRectF) -> None:
    path = QPainterPath(QPointF(MARK, MARK))
    path.lineTo(rect.topLeft())
    path.lineTo(rect.bottomRight())
    painter.save()
    painter.resetTransform()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()


def with_clips(svg: str) -> str:
    """An SVG of Qt's writer with groups that clip in place of the marks."""
    parts: list[str] = []
    done = 0
    for number, mark in enumerate(_MARKS.finditer(svg)):
        state = svg[svg.rindex("<g ", 0, mark.start()) : mark.start()]
        state = state[: state.index(">") + 1]
        parts.append(svg[done : mark.start()])
        x, y, right, bottom = (float(mark[name]) for name in ("x", "y", "right", "bottom"))
        if right > x:
            size = f'x="{x:g}" y="{y:g}" width="{right - x:g}" height="{bottom - y:g}"'
            clip = f'<clipPath id="clip{number}"><rect {size}/></clipPath>'
            parts.append(f'</g>\n{clip}\n<g clip-path="url(#clip{number})">\n{state}\n')
        else:
            parts.append(f"</g>\n</g>\n{state}\n")
        done = mark.end()
    return "".join([*parts, svg[done:]])
