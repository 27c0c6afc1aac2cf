"""Roads: tunnels below, then all casings, then all fills, then bridges with casings of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from console.map.colors import color_of
from console.map.render.geometry import LayerGeometry
from console.map.render.sheet import Sheet
from console.map.render.style import RoadRule, Style, at_zoom

Mask = npt.NDArray[np.bool_]
ARROW_ZOOM = 16.0
ARROW_SPACING = 110.0
"""Logical pixels between one-way arrows."""


def paint_roads(painter: QPainter, sheet: Sheet, roads: LayerGeometry, style: Style) -> None:
    """Paint one road layer; rules run from low to high, so that the greater road lies on top."""
    rules = [rule for rule in style.road if rule.applies(sheet.zoom)]
    tunnel, bridge = roads.flag("tunnel"), roads.flag("bridge")
    ground = _paths(sheet, roads, rules, ~tunnel & ~bridge)
    _paint_tunnels(painter, sheet, _paths(sheet, roads, rules, tunnel), style)
    _paint_casings(painter, sheet, ground)
    _paint_fills(painter, sheet, ground)
    for level in _levels(roads, bridge):
        above = _paths(sheet, roads, rules, bridge & (_level_of(roads) == level))
        _paint_casings(painter, sheet, above, style.bridge_casing)
        _paint_fills(painter, sheet, above)
    if sheet.zoom >= ARROW_ZOOM:
        for rule in rules:
            if rule.arrows:
                _paint_arrows(painter, sheet, roads, rule, style.arrow)


Drawn = list[tuple[RoadRule, list[QPainterPath]]]


def _paths(sheet: Sheet, roads: LayerGeometry, rules: Sequence[RoadRule], rows: Mask) -> Drawn:
    drawn: Drawn = []
    for rule in rules:
        chosen = roads.classes(frozenset(rule.classes))
        paths = sheet.paths(roads, rows if chosen is None else rows & chosen)
        if paths:
            drawn.append((rule, paths))
    return drawn


def _level_of(roads: LayerGeometry) -> npt.NDArray[np.int8]:
    return roads.package.columns.get("level", np.zeros(len(roads.package), np.int8))


def _levels(roads: LayerGeometry, bridge: Mask) -> list[int]:
    """Levels of bridges from low to high."""
    return np.unique(_level_of(roads)[bridge]).tolist()


def _pen(color: str | QColor, width: float, *, flat: bool = False) -> QPen:
    pen = QPen(color_of(color) if isinstance(color, str) else color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if flat else Qt.PenCapStyle.RoundCap)
    return pen


def _stroke(painter: QPainter, paths: Sequence[QPainterPath], pen: QPen) -> None:
    for path in paths:
        painter.strokePath(path, pen)


def _width(rule: RoadRule, sheet: Sheet) -> float:
    return at_zoom(rule.width, sheet.zoom) * sheet.dpr


def _casing(rule: RoadRule, sheet: Sheet) -> float:
    """Width of fill and casing together; 0 for a road without casing."""
    edge = at_zoom(rule.casing_width, sheet.zoom) * sheet.dpr
    visible = rule.casing and rule.casing_width and sheet.zoom >= rule.casing_width[0][0] - 1
    return _width(rule, sheet) + 2 * edge if visible else 0.0


def _paint_casings(painter: QPainter, sheet: Sheet, drawn: Drawn, color: str = "") -> None:
    """Casings of all classes before any fill, so that joining roads flow into one another.

    Those of bridges have flat ends, which leave the road open at both ends of the bridge.
    """
    for rule, paths in drawn:
        width = _casing(rule, sheet)
        if width:
            extra = 0.8 * sheet.dpr if color and sheet.zoom >= 15 else 0.0
            _stroke(painter, paths, _pen(color or rule.casing, width + extra, flat=bool(color)))


def _paint_fills(painter: QPainter, sheet: Sheet, drawn: Drawn) -> None:
    for rule, paths in drawn:
        pen = _pen(rule.fill, _width(rule, sheet), flat=bool(rule.dash))
        if rule.dash:
            pen.setDashPattern(rule.dash)
        _stroke(painter, paths, pen)


def _paint_tunnels(painter: QPainter, sheet: Sheet, drawn: Drawn, style: Style) -> None:
    """Dashed edges and a fill that lets the ground through."""
    for rule, paths in drawn:
        width = _width(rule, sheet)
        edge = max(_casing(rule, sheet), width + 1.2 * sheet.dpr)
        pen = _pen(style.tunnel_casing, edge, flat=True)
        dash = 4.0 * sheet.dpr / edge
        pen.setDashPattern([dash, dash * 0.75])
        faint = color_of(rule.tunnel_fill or rule.fill)
        faint.setAlphaF(0.45)
        _stroke(painter, paths, pen)
        _stroke(painter, paths, _pen(style.land, width, flat=True))
        _stroke(painter, paths, _pen(faint, width, flat=True))


def _paint_arrows(painter: QPainter, sheet: Sheet, roads: LayerGeometry, rule: RoadRule, color: str) -> None:
    """Slim arrows along one-way roads, in the direction of traffic."""
    oneway = roads.package.columns.get("oneway")
    width = _width(rule, sheet)
    if oneway is None or width < 5 * sheet.dpr:
        return
    chosen = roads.classes(frozenset(rule.classes))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color_of(color))
    size = min(width * 0.36, 5.5 * sheet.dpr)
    for direction in (1, -1):
        rows = oneway == direction
        parts = sheet.parts(roads, rows if chosen is None else rows & chosen, 32 * sheet.dpr)
        for x, y, angle in _along(parts.xy, parts.counts, ARROW_SPACING * sheet.dpr):
            painter.save()
            painter.translate(x, y)
            painter.rotate(angle if direction == 1 else angle + 180)
            painter.drawPolygon(_arrow(size))
            painter.restore()


def _arrow(size: float) -> QPolygonF:
    """An arrow that points east: shaft and head."""
    shaft, head = 0.16 * size, 0.55 * size
    points = [(-1.6, -shaft), (0.5, -shaft), (0.5, -head), (1.7, 0), (0.5, head), (0.5, shaft), (-1.6, shaft)]
    return QPolygonF([QPointF(x * size, y) for x, y in points])


def _along(
    xy: npt.NDArray[np.float64], counts: npt.NDArray[np.intp], spacing: float
) -> list[tuple[float, float, float]]:
    """Places and angles (degrees, clockwise) on lines: the middle of short ones, then every *spacing*."""
    places: list[tuple[float, float, float]] = []
    start = 0
    for count in counts.tolist():
        line = xy[start : start + count]
        start += count
        step = np.diff(line, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        total = float(length.sum())
        if total < spacing * 0.35:
            continue
        number = max(int(total / spacing), 1)
        goal = (np.arange(number) + 0.5) * (total / number)
        reached = np.concatenate([[0], np.cumsum(length)])
        segment = np.clip(np.searchsorted(reached, goal) - 1, 0, len(length) - 1)
        share = (goal - reached[segment]) / np.maximum(length[segment], 1e-9)
        at = line[segment] + step[segment] * share[:, None]
        angle = np.degrees(np.arctan2(step[segment, 1], step[segment, 0]))
        places += zip(at[:, 0].tolist(), at[:, 1].tolist(), angle.tolist(), strict=True)
    return places
