"""The kilometre grid: Gauss-Krueger in the 3-degree zone of the sheet's middle."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF

from console.map.printing.graticule import LINE, mark_across, mark_upright, tick
from console.map.printing.layout import PIXELS, Ground
from console.map.printing.page_paint import font_of, sharp_pen
from console.map.viewport import to_world
from console.sdk.printing import PrintSheet

if TYPE_CHECKING:
    from pyproj import Proj

Floats = npt.NDArray[np.float64]
APART = 14.0
"""Units (heights of small text) between lines at least."""
SAMPLES = 65
"""Places along a line: it is curved in the map's projection."""
STEPS = (1, 2, 5, 10)


def zone_of(longitude: float) -> int:
    """The 3-degree zone, whose central meridian is three times its number."""
    return round(longitude / 3) % 120


def projection_of(zone: int) -> Proj:
    """Metres on the ellipsoid of CGCS2000, eastings with the zone before them (EPSG:4513 ff.)."""
    from pyproj import Proj  # a tenth of a second, which sheets without this grid need not wait

    return Proj(proj="tmerc", lon_0=3 * zone, x_0=zone * 1e6 + 500_000, a=6378137.0, rf=298.257222101)


def grid_factor(sheet: PrintSheet) -> float:
    """Metres of the grid on a metre of the ground in the sheet's middle."""
    return float(projection_of(zone_of(sheet.center[0])).get_factors(*sheet.center).meridional_scale)


def paint_kilometres(
    painter: QPainter, frame: QRectF, unit: float, ground: Ground, sheet: PrintSheet
) -> None:
    """*frame*: the map part in sheet pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = font_of(0.8 * unit)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    step = step_of(APART * unit / PIXELS / 1000 * sheet.scale)
    for eastwards in (True, False):
        for metres, line in grid_lines(frame, ground, sheet.center[0], step, eastwards=eastwards):
            painter.save()
            painter.setClipRect(frame)
            painter.setPen(sharp_pen(LINE, 0.07 * unit))
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))
            painter.restore()
            text = f"{metres / 1000:.10g}"
            for at, out in ends(frame, line, across=not eastwards):
                tick(painter, at, out, unit)
                mark = mark_upright if eastwards else mark_across
                mark(painter, at, out, text, metrics, unit)
    painter.restore()


def step_of(least: float) -> float:
    """The next of 1, 2, 5 times a power of ten, in metres."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in STEPS if step * power >= least)


def grid_lines(
    frame: QRectF, ground: Ground, longitude: float, step: float, *, eastwards: bool
) -> Iterator[tuple[float, Floats]]:
    """Eastings (or northings) in metres and where they run: (n, 2) sheet pixels, beyond the frame as well."""
    projection = projection_of(zone_of(longitude))
    west, south, east, north = ground.bounds
    side = np.linspace(0.0, 1.0, 9)
    lon, lat = west + (east - west) * side, south + (north - south) * side
    xs, ys = projection(np.r_[lon, lon, west + 0 * side, east + 0 * side],
                        np.r_[south + 0 * side, north + 0 * side, lat, lat])  # fmt: skip
    own, other = (xs, ys) if eastwards else (ys, xs)
    along = np.linspace(other.min(), other.max(), SAMPLES)
    left, top, right, bottom = ground.world
    for number in range(math.ceil(own.min() / step), math.floor(own.max() / step) + 1):
        whole = np.full(SAMPLES, number * step)
        x, y = to_world(*projection(*((whole, along) if eastwards else (along, whole)), inverse=True))
        across = frame.left() + (x - left) / (right - left) * frame.width()
        down = frame.top() + (y - top) / (bottom - top) * frame.height()
        yield number * step, np.column_stack([across, down])


def ends(frame: QRectF, line: Floats, *, across: bool) -> Sequence[tuple[QPointF, QPointF]]:
    """Where a line leaves the frame on its own two sides, and the way out there."""
    axis = 0 if across else 1
    order = np.argsort(line[:, axis])
    along, aside = line[order, axis], line[order, 1 - axis]
    low, high = (frame.left(), frame.right()) if across else (frame.top(), frame.bottom())
    least, most = (frame.top(), frame.bottom()) if across else (frame.left(), frame.right())
    found: list[tuple[QPointF, QPointF]] = []
    for edge, way in ((low, -1.0), (high, 1.0)):
        place = float(np.interp(edge, along, aside))
        if along[0] <= edge <= along[-1] and least <= place <= most:
            at, out = ((edge, place), (way, 0.0)) if across else ((place, edge), (0.0, way))
            found.append((QPointF(*at), QPointF(*out)))
    return found
