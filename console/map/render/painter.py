"""Paints the base map on a sheet: areas, water, railways, buildings, roads, borders, in the style's order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from console.map.colors import color_of
from console.map.render import roads
from console.map.render.geometry import LayerGeometry
from console.map.render.sheet import Sheet
from console.map.render.style import AreaRule, BuildingRule, LineRule, Style, at_zoom

HEIGHT_STEPS = 6
"""Shades of buildings between low and high."""


@dataclass(slots=True)
class BaseLayer:
    """One layer that can be drawn."""

    id: str
    kind: str
    geometry: LayerGeometry
    opacity: float = 1.0
    seen: Callable[[], npt.NDArray[np.bool_]] | None = None
    """(n,) which features its style draws at all; None: all."""


def paint_base(painter: QPainter, sheet: Sheet, layers: Sequence[BaseLayer], style: Style) -> None:
    """Paint all *layers* on the sheet whose origin is the painter's."""
    paint_ground(painter, sheet, layers, style)
    paint_over(painter, sheet, layers, style)


def paint_ground(painter: QPainter, sheet: Sheet, layers: Sequence[BaseLayer], style: Style) -> None:
    """Land and all that lies on it, up to the roads."""
    painter.fillRect(0, 0, sheet.width, sheet.height, color_of(style.land))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for rule in style.area:
        for layer in _of_kind(layers, rule.kind, rule.applies(sheet.zoom)):
            if layer.geometry.polygon:
                _paint_area(painter, sheet, layer, rule)
    _paint_lines(painter, sheet, layers, style.line)
    for building in style.building:
        for layer in _of_kind(layers, building.kind, building.applies(sheet.zoom)):
            _paint_buildings(painter, sheet, layer, building)
    for layer in _of_kind(layers, "road", True):
        painter.setOpacity(layer.opacity)
        roads.paint_roads(painter, sheet, layer.geometry, style)
    painter.setOpacity(1.0)


def paint_over(painter: QPainter, sheet: Sheet, layers: Sequence[BaseLayer], style: Style) -> None:
    """Lines above the roads: boundaries, borders of grids."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_lines(painter, sheet, layers, style.over)
    painter.setOpacity(1.0)


def _of_kind(layers: Sequence[BaseLayer], kind: str, applies: bool) -> Iterable[BaseLayer]:
    return [layer for layer in layers if layer.kind == kind] if applies else ()


def _paint_area(painter: QPainter, sheet: Sheet, layer: BaseLayer, rule: AreaRule) -> None:
    painter.setOpacity(layer.opacity)
    width = at_zoom(rule.outline_width, sheet.zoom) * sheet.dpr
    hatch = Qt.BrushStyle.BDiagPattern if rule.pattern == "hatch" else Qt.BrushStyle.Dense7Pattern
    for path in sheet.paths(layer.geometry, layer.geometry.classes(frozenset(rule.classes))):
        if rule.fill:
            painter.fillPath(path, color_of(rule.fill))
        if rule.pattern:
            painter.fillPath(path, QBrush(color_of(rule.outline), hatch))
        if rule.outline and width:
            painter.strokePath(path, QPen(color_of(rule.outline), width))


def _paint_buildings(painter: QPainter, sheet: Sheet, layer: BaseLayer, rule: BuildingRule) -> None:
    """Low ones first, each step of height in a shade of its own, all outlined alike."""
    geometry = layer.geometry
    painter.setOpacity(layer.opacity)
    heights = geometry.package.columns.get("height")
    step = np.zeros(len(geometry.package), np.int8)
    if heights is not None:
        share = np.clip(np.nan_to_num(heights) / rule.high, 0, 1)
        step = np.rint(share**0.6 * (HEIGHT_STEPS - 1)).astype(np.int8)
    if rule.shadow and sheet.zoom >= rule.shadow_zoom:
        _paint_shadows(painter, sheet, geometry, rule, step)
    edge = QPen(color_of(rule.outline), min(0.4 + 0.2 * (sheet.zoom - 14), 1.0) * sheet.dpr)
    for i in range(HEIGHT_STEPS):
        fill = _blend(rule.fill_low, rule.fill_high, i / (HEIGHT_STEPS - 1))
        for path in sheet.paths(geometry, step == i):
            painter.fillPath(path, fill)
            if rule.outline and sheet.zoom >= 14.5:
                painter.strokePath(path, edge)


def _paint_shadows(
    painter: QPainter, sheet: Sheet, geometry: LayerGeometry, rule: BuildingRule, step: np.ndarray
) -> None:
    for i in range(HEIGHT_STEPS):
        far = (1.2 + 0.9 * i) * sheet.dpr * 2.0 ** ((sheet.zoom - 17) * 0.7)
        for path in sheet.paths(geometry, step == i):
            painter.fillPath(path.translated(far * 0.7, far), color_of(rule.shadow))


def _blend(low: str, high: str, share: float) -> QColor:
    a, b = color_of(low), color_of(high)
    parts = zip(a.getRgb(), b.getRgb(), strict=True)  # type: ignore[arg-type]
    return QColor(*(round(x + (y - x) * share) for x, y in parts))


def _paint_lines(
    painter: QPainter, sheet: Sheet, layers: Sequence[BaseLayer], rules: Sequence[LineRule]
) -> None:
    for rule in rules:
        for layer in _of_kind(layers, rule.kind, rule.applies(sheet.zoom)):
            geometry = layer.geometry
            rows = geometry.classes(frozenset(rule.classes))
            if rule.level >= 0 and "level" in geometry.package.columns:
                at_level = geometry.package.columns["level"] == rule.level
                rows = at_level if rows is None else rows & at_level
            painter.setOpacity(layer.opacity)
            _stroke_lines(painter, sheet.paths(geometry, rows), rule, sheet)


def _stroke_lines(painter: QPainter, paths: Sequence[QPainterPath], rule: LineRule, sheet: Sheet) -> None:
    width = at_zoom(rule.width, sheet.zoom) * sheet.dpr
    line = QPen(color_of(rule.color), width)
    line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    line.setCapStyle(Qt.PenCapStyle.FlatCap if rule.dash else Qt.PenCapStyle.RoundCap)
    pens = [line]
    if rule.dash:
        line.setDashPattern(rule.dash)
    if rule.casing:
        casing = QPen(color_of(rule.casing), width + 2 * rule.casing_width * sheet.dpr)
        casing.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pens.insert(0, casing)
    if rule.ties and sheet.zoom >= 13:
        ties = QPen(color_of(rule.color), width * rule.ties)
        ties.setCapStyle(Qt.PenCapStyle.FlatCap)
        ties.setDashPattern([1.0 / rule.ties, 6.5 * sheet.dpr / (width * rule.ties)])
        pens.append(ties)
    for pen in pens:
        for path in paths:
            painter.strokePath(path, pen)
