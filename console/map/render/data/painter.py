"""Paints features by the layers of a style: what looks alike is painted at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

from console.map.colors import color_of
from console.map.live.fragments import FIELDS, draw_fragments
from console.map.render.data import values as v
from console.map.render.data.charts import numbers_of, paint_charts
from console.map.render.data.heatmap import paint_heatmap
from console.map.render.data.layers import StyleLayer
from console.map.render.data.stamps import LOOK, is_stamped, stamp_of
from console.map.render.geometry import LayerGeometry
from console.map.render.painter import BaseLayer
from console.map.render.sheet import Sheet
from console.map.render.vectors import is_vector
from console.model.layers import FeatureShape
from console.sdk.charts import Chart

Bools = npt.NDArray[np.bool_]
SHAPE_NAMES = {FeatureShape.POINT: "Point", FeatureShape.LINE: "LineString", FeatureShape.POLYGON: "Polygon"}
_CAPS = {"round": Qt.PenCapStyle.RoundCap, "square": Qt.PenCapStyle.SquareCap}
_JOINS = {"round": Qt.PenJoinStyle.RoundJoin, "bevel": Qt.PenJoinStyle.BevelJoin}
HATCHES = {
    "hatch": Qt.BrushStyle.BDiagPattern,
    "hatch-back": Qt.BrushStyle.FDiagPattern,
    "hatch-cross": Qt.BrushStyle.DiagCrossPattern,
    "grid": Qt.BrushStyle.CrossPattern,
    "dots": Qt.BrushStyle.Dense6Pattern,
    "dots-dense": Qt.BrushStyle.Dense4Pattern,
    "horizontal": Qt.BrushStyle.HorPattern,
    "vertical": Qt.BrushStyle.VerPattern,
}
"""Names that ``fill-pattern`` knows."""
Look = tuple[Bools, tuple[Any, ...]]
"""(n,) mask of features that look alike, and what: a scalar a property."""
KEPT_LOOKS = 64
NEAREST = 22.0
"""Style zoom at which a filter is asked whether it ever lets a feature through."""
_FILL: dict[str, Any] = {
    "fill-color": "#000000",
    "fill-opacity": 1.0,
    "fill-outline-color": None,
    "fill-pattern": None,
}
_LINE: dict[str, Any] = {
    "line-color": "#000000",
    "line-opacity": 1.0,
    "line-width": 1.0,
    "line-gap-width": 0.0,
    "line-cap": "butt",
    "line-join": "miter",
}
_CIRCLE: dict[str, Any] = {
    "circle-radius": 5.0,
    "circle-color": "#000000",
    "circle-opacity": 1.0,
    "circle-stroke-width": 0.0,
    "circle-stroke-color": "#000000",
}


class PackageTable:
    """Attributes of a layer package as style expressions read them; an empty text is none."""

    def __init__(self, geometry: LayerGeometry) -> None:
        self._package = geometry.package
        self._columns: dict[str, npt.NDArray[Any] | None] = {}
        self.shape = SHAPE_NAMES[geometry.package.shape]

    def __len__(self) -> int:
        return len(self._package)

    def column(self, name: str) -> npt.NDArray[Any] | None:
        if name not in self._columns:
            self._columns[name] = self._read(name)
        return self._columns[name]

    def _read(self, name: str) -> npt.NDArray[Any] | None:
        values = self._package.columns.get(name)
        if values is None:
            return None
        if name in self._package.text_columns:
            return np.array([text or None for text in self._package.strings], object)[values]
        return values.astype(np.float64)


class Features:
    """Geometry and attributes of one sublayer, and what a style makes of them at a zoom."""

    def __init__(self, geometry: LayerGeometry, table: v.Table, source_layer: str = "") -> None:
        self.geometry, self.table, self.source_layer = geometry, table, source_layer
        self._looks: dict[tuple[int, float], list[Look]] = {}
        self._numbers: dict[int, npt.NDArray[np.float64]] = {}
        self._seen: tuple[Sequence[StyleLayer], Bools] | None = None

    def identified(self, layer_id: str, style: Sequence[StyleLayer]) -> BaseLayer:
        """As ``identify`` takes layers."""
        return BaseLayer(layer_id, "data", self.geometry, seen=lambda: self._seen_in(style))

    def _seen_in(self, style: Sequence[StyleLayer]) -> Bools:
        """(n,) mask of what any layer of the style draws, at one of its zooms at least."""
        if self._seen is None or self._seen[0] is not style:
            mine = [x for x in style if x.type != "background" and x.source_layer in ("", self.source_layer)]
            rows = [self.rows(layer, min(layer.max_zoom, NEAREST)) for layer in mine]
            self._seen = style, np.logical_or.reduce([np.zeros(len(self.table), bool), *rows])
        return self._seen[1]

    def rows(self, layer: StyleLayer, zoom: float) -> Bools:
        """(n,) mask of what the layer draws at a style zoom."""
        return v.mask(layer.filter(self.table, zoom), len(self.table))

    def numbers(self, layer: StyleLayer, chart: Chart) -> npt.NDArray[np.float64]:
        """(n, parts) of a layer's chart."""
        if layer.number not in self._numbers:
            self._numbers[layer.number] = numbers_of(self.table, chart)
        return self._numbers[layer.number]

    def looks(self, layer: StyleLayer, zoom: float, properties: dict[str, Any]) -> list[Look]:
        """The rows by what they look like; *properties* with their defaults. Found once a zoom."""
        key = layer.number, zoom
        if key not in self._looks:
            if len(self._looks) > KEPT_LOOKS:
                self._looks.clear()
            values = [layer.get(n, d)(self.table, zoom) for n, d in properties.items()]
            self._looks[key] = list(alike(self.rows(layer, zoom), values))
        return self._looks[key]


def paint_features(
    painter: QPainter, sheet: Sheet, features: Sequence[Features], layers: Sequence[StyleLayer]
) -> None:
    """Paint in device pixels of the sheet, layer by layer of the style; texts are left to the labels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    zoom = sheet.zoom - 1
    for layer in layers:
        if not layer.applies(zoom):
            continue
        paint = _PAINTERS.get(layer.type)
        for part in features:
            if paint is not None and layer.source_layer in ("", part.source_layer):
                paint(painter, sheet, part, layer, zoom)
    painter.restore()


def paint_background(painter: QPainter, sheet: Sheet, layers: Sequence[StyleLayer]) -> None:
    """The ground of a whole style, if it has one."""
    zoom = sheet.zoom - 1
    for layer in layers:
        if layer.type == "background" and layer.applies(zoom):
            color = layer.get("background-color", "#000000")(NOTHING, zoom)
            opacity = layer.get("background-opacity", 1.0)(NOTHING, zoom)
            painter.fillRect(0, 0, sheet.width, sheet.height, _faded(color, opacity))


class _Nothing:
    shape = ""

    def __len__(self) -> int:
        return 0

    def column(self, name: str) -> None:
        return None


NOTHING = _Nothing()
"""A table for what no feature has a part in."""


def alike(rows: Bools, looks: Sequence[v.Value]) -> Iterator[Look]:
    """The rows in groups of which each has one look."""
    columns = [look for look in looks if isinstance(look, np.ndarray)]
    if not columns:
        yield rows, tuple(looks)
        return
    codes = np.zeros(len(rows), np.int64)
    for column in columns:
        _, code = np.unique(_comparable(column), return_inverse=True)
        codes = codes * (int(code.max(initial=0)) + 1) + code
    chosen = np.flatnonzero(rows)
    for code in np.unique(codes[chosen]).tolist():
        mine = rows & (codes == code)
        first = int(np.argmax(mine))
        yield mine, tuple(look[first] if isinstance(look, np.ndarray) else look for look in looks)


def _comparable(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return column.astype(str) if column.dtype == object else column


def _faded(color: Any, opacity: Any) -> QColor:
    """The colour with an opacity on top; transparent for what is none."""
    made = color_of(color)
    if not made.isValid():
        return QColor(0, 0, 0, 0)
    share = v.numbers(opacity)
    made.setAlphaF(made.alphaF() * (min(max(share, 0.0), 1.0) if share == share else 1.0))
    return made


def _length(value: Any, default: float) -> float:
    number = v.numbers(value)
    return min(max(number, 0.0), 500.0) if number == number else default


def _fill(painter: QPainter, sheet: Sheet, part: Features, layer: StyleLayer, zoom: float) -> None:
    if not part.geometry.polygon:
        return
    for rows, (color, opacity, outline, pattern) in part.looks(layer, zoom, _FILL):
        brush = QBrush(_faded(color, opacity), HATCHES.get(str(pattern), Qt.BrushStyle.SolidPattern))
        pen = QPen(_faded(outline, opacity), sheet.dpr) if outline else None
        for path in sheet.paths(part.geometry, rows):
            painter.fillPath(path, brush)
            if pen is not None:
                painter.strokePath(path, pen)


def _line(painter: QPainter, sheet: Sheet, part: Features, layer: StyleLayer, zoom: float) -> None:
    if part.geometry.package.shape is FeatureShape.POINT:
        return
    dash = layer.get("line-dasharray", None)(part.table, zoom)
    for rows, (color, opacity, width, gap, cap, join) in part.looks(layer, zoom, _LINE):
        wide, around = (_length(value, 1.0) * sheet.dpr for value in (width, gap))
        if wide <= 0:
            continue
        pen = QPen(_faded(color, opacity), 2 * wide + around if around else wide)
        pen.setCapStyle(_CAPS.get(cap, Qt.PenCapStyle.FlatCap))
        pen.setJoinStyle(_JOINS.get(join, Qt.PenJoinStyle.MiterJoin))
        if _is_dash(dash):
            pen.setDashPattern([max(float(d), 0.01) for d in (dash if len(dash) % 2 == 0 else dash * 2)])
        for path in sheet.paths(part.geometry, rows):
            painter.strokePath(path, pen)


def _is_dash(dash: Any) -> bool:
    return isinstance(dash, list) and bool(dash) and all(isinstance(d, int | float) and d >= 0 for d in dash)


def _circle(painter: QPainter, sheet: Sheet, part: Features, layer: StyleLayer, zoom: float) -> None:
    if layer.chart is not None:
        numbers = part.numbers(layer, layer.chart)
        paint_charts(painter, sheet, part.geometry, numbers, part.rows(layer, zoom), layer.chart)
        return
    for rows, (radius, color, opacity, stroke, edge) in part.looks(layer, zoom, _CIRCLE):
        reach, ring = _length(radius, 5.0) * sheet.dpr, _length(stroke, 0.0) * sheet.dpr
        found = sheet.parts(part.geometry, rows, reach + ring + 2)
        if len(found.xy):
            look = reach, ring, _faded(color, opacity), _faded(edge, opacity)
            places = _apart(found.xy, reach)
            if is_vector(painter):
                for x, y in places.tolist():
                    _draw_dot(painter, QPointF(x, y), *look)
            else:
                _stamp(painter, places, _dot(*look))


def _apart(xy: npt.NDArray[np.float64], radius: float) -> npt.NDArray[np.float64]:
    """One of all that lie on the same spot: half a million dots in a tile look like a few thousand."""
    cell = max(radius * 0.25, 1.0)
    if len(xy) < 2000:
        return xy
    spots = np.rint(xy / cell).astype(np.int64)
    _, first = np.unique(spots[:, 0] * (1 << 32) + spots[:, 1], return_index=True)
    return xy[np.sort(first)]


def _dot(radius: float, stroke: float, fill: QColor, edge: QColor) -> QPixmap:
    side = int(np.ceil(2 * (radius + stroke))) + 2
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_dot(painter, QPointF(side / 2, side / 2), radius, stroke, fill, edge)
    painter.end()
    return pixmap


def _draw_dot(
    painter: QPainter, middle: QPointF, radius: float, stroke: float, fill: QColor, edge: QColor
) -> None:
    """A disc with a ring around it, which does not shine through the disc."""
    disc = QPainterPath()
    disc.addEllipse(middle, radius, radius)
    if stroke > 0:
        ring = QPainterPath(disc)
        ring.addEllipse(middle, radius + stroke, radius + stroke)
        painter.fillPath(ring, edge)
    painter.fillPath(disc, fill)


def _stamp(painter: QPainter, xy: npt.NDArray[np.float64], pixmap: QPixmap) -> None:
    rows = np.zeros((len(xy), FIELDS))
    rows[:, :2] = xy
    rows[:, 4], rows[:, 5] = pixmap.width(), pixmap.height()
    rows[:, 6:8] = 1.0
    rows[:, 9] = 1.0
    draw_fragments(painter, rows, pixmap)


def _heatmap(painter: QPainter, sheet: Sheet, part: Features, layer: StyleLayer, zoom: float) -> None:
    weights = layer.get("heatmap-weight", 1.0)(part.table, zoom)
    paint_heatmap(painter, sheet, part.geometry, part.rows(layer, zoom), weights, layer, zoom)


def _symbols(painter: QPainter, sheet: Sheet, part: Features, layer: StyleLayer, zoom: float) -> None:
    """Those that may overlap; all others are placed with the labels."""
    if not is_stamped(layer, part.table):
        return
    for rows, look in part.looks(layer, zoom, LOOK):
        stamp = stamp_of(look, sheet)
        found = sheet.parts(part.geometry, rows, stamp.reach) if stamp is not None else None
        if stamp is not None and found is not None and len(found.xy):
            places = _apart(found.xy, stamp.side / 6) + np.array([stamp.dx, stamp.dy])
            if not is_vector(painter):
                _stamp(painter, np.rint(places), stamp.picture())
                continue
            for x, y in places.tolist():
                painter.save()
                painter.translate(x, y)
                stamp.draw(painter)
                painter.restore()


_PAINTERS = {"fill": _fill, "line": _line, "circle": _circle, "heatmap": _heatmap, "symbol": _symbols}
