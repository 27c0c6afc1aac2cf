"""Paints charts: a pie or bars in the middle of each feature, the greatest beneath."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from console.map.colors import color_of
from console.map.render.data import values as v
from console.map.render.geometry import LayerGeometry
from console.map.render.middles import middle_of
from console.map.render.sheet import Sheet
from console.sdk.charts import Chart, ChartKind

Floats = npt.NDArray[np.float64]
MOST = 4000
"""Charts of a sheet; of more, the smallest are left out, which nobody could see."""
BAR = 0.22
"""Width of a bar in heights of the highest."""


def paint_charts(
    painter: QPainter,
    sheet: Sheet,
    geometry: LayerGeometry,
    values: Floats,
    rows: npt.NDArray[np.bool_],
    chart: Chart,
) -> None:
    """Of the features of a mask, in device pixels of the sheet; *values* as ``numbers_of`` gives them."""
    totals = values.sum(axis=1)
    reach = _reach(chart) * sheet.dpr
    near = geometry.level(99).within(sheet.area(reach), rows & (totals > 0))
    chosen = np.flatnonzero(near)
    chosen = chosen[np.argsort(-totals[chosen], kind="stable")][:MOST]
    places = np.array([middle_of(geometry, row) for row in chosen.tolist()], float).reshape(-1, 2)
    painter.save()
    painter.setOpacity(painter.opacity() * min(max(chart.opacity, 0.0), 1.0))
    pen = QPen(color_of(chart.outline), sheet.dpr)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    colors = [color_of(part.color) for part in chart.parts]
    draw = _bars if chart.kind is ChartKind.BARS else _pie
    for (x, y), row in zip(sheet.pixels(places).tolist(), chosen.tolist(), strict=True):
        draw(painter, QPointF(x, y), values[row] / chart.largest, colors, chart.size * sheet.dpr)
    painter.restore()


def numbers_of(table: v.Table, chart: Chart) -> Floats:
    """(n, parts) numbers; what is none or negative is nothing."""
    columns = [table.column(part.field) for part in chart.parts]
    numbers = [np.zeros(len(table)) if column is None else v.numbers(column) for column in columns]
    made = np.column_stack(numbers) if numbers else np.zeros((len(table), 0))
    return np.nan_to_num(np.maximum(made, 0.0), nan=0.0, posinf=0.0)


def _reach(chart: Chart) -> float:
    """Logical pixels from the place that a chart covers at most."""
    return chart.size * max(1.0, BAR * len(chart.parts)) + 2


def _pie(painter: QPainter, place: QPointF, shares: Floats, colors: list[QColor], size: float) -> None:
    """Clockwise from above; *shares* of the largest total."""
    total = float(shares.sum())
    radius = size / 2 * total**0.5
    if radius < 0.5:
        return
    box = QRectF(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius)
    if np.count_nonzero(shares) == 1:
        painter.setBrush(colors[int(np.argmax(shares))])
        painter.drawEllipse(box)
        return
    turns = np.rint(90 * 16 - np.concatenate([[0.0], np.cumsum(shares)]) / total * 5760).astype(int)
    for color, (start, end) in zip(colors, pairwise(turns.tolist()), strict=True):
        if end < start:
            painter.setBrush(color)
            painter.drawPie(box, start, end - start)


def _bars(painter: QPainter, place: QPointF, shares: Floats, colors: list[QColor], size: float) -> None:
    """Side by side on a line through the place."""
    width = size * BAR
    left = place.x() - width * len(colors) / 2
    for number, (share, color) in enumerate(zip(shares.tolist(), colors, strict=True)):
        if share > 0:
            height = max(size * min(share, 1.0), 1.0)
            painter.setBrush(color)
            painter.drawRect(QRectF(left + number * width, place.y() - height, width, height))
    painter.drawLine(QPointF(left, place.y()), QPointF(left + width * len(colors), place.y()))
