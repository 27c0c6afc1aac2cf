"""Where things lie on a sheet of paper (millimetres), and which piece of the world its map part shows."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRectF

from console.map.render.sheet import Sheet
from console.map.viewport import Bounds, Viewport, from_world, to_world, world_bounds
from console.sdk.printing import PrintSheet

PIXELS = 300.0 / 25.4
"""Sheet pixels in a millimetre: everything is painted in them, whatever the file."""
SCREEN = 300.0 / 96.0
"""Sheet pixels in a logical pixel of a screen of 96 dpi."""
LEAST = 30.0
"""Millimetres of map that are worth printing, both ways."""
AXIS, SQUARED = 6378137.0, 0.0066943799901413165
"""Of the WGS84 ellipsoid: the greater half axis in metres, the square of the eccentricity."""


class NoRoom(ValueError):
    """The paper is too small for what is to stand on it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Millimetres from the upper left corner of the paper."""

    unit: float
    """Height of small text."""
    head: QRectF
    map: QRectF
    legend: QRectF
    """Empty without a legend; beside the map or in its corner, where it is only as high as it needs."""
    foot: QRectF


def layout_of(sheet: PrintSheet) -> Layout:
    """Raises NoRoom."""
    unit = 2.5 * (min(sheet.width, sheet.height) / 210.0) ** 0.6
    edge = 1.7 * unit if sheet.graticule != "none" else 0.0
    page = QRectF(0, 0, sheet.width, sheet.height) - QMarginsF(*[sheet.margin] * 4)
    head = QRectF(page.left(), page.top(), page.width(), 3.6 * unit if sheet.title else 0.0)
    deep = 4.4 * unit + (1.5 * unit if sheet.note else 0.0) if sheet.furniture else 2.0 * unit
    foot = QRectF(page.left(), page.bottom() - deep, page.width(), deep)
    ground = QRectF(page.left(), head.bottom(), page.width(), foot.top() - head.bottom())
    legend = QRectF()
    if sheet.legend != "none":
        wide = min(max(0.13 * page.width(), 14 * unit), 0.34 * page.width())
        legend = QRectF(ground.right() - wide, ground.top(), wide, ground.height())
    if sheet.legend == "beside":
        ground.setRight(legend.left() - 1.2 * unit)
    ground -= QMarginsF(edge, edge, edge, edge)
    if sheet.legend == "beside":
        legend.setTop(ground.top())
        legend.setBottom(ground.bottom())
    elif sheet.legend == "inside":
        inset = 0.8 * unit
        legend = QRectF(ground.right() - wide - inset, ground.top(), wide, ground.height() - inset)
    if ground.width() < LEAST or ground.height() < LEAST:
        raise NoRoom
    return Layout(unit, head, ground, legend, foot)


@dataclass(frozen=True, slots=True)
class Ground:
    """The world under the map part: *sheet* in sheet pixels, which the painter stretches by *stretch*
    downwards. Web Mercator shows the ellipsoid up to half a percent too high; so the scale is exact
    in the middle in both directions."""

    sheet: Sheet
    stretch: float
    world: Bounds
    """Left, top, right, bottom in world units."""

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in degrees."""
        left, top, right, bottom = self.world
        lon, lat = from_world([left, right], [bottom, top])
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    @property
    def viewport(self) -> Viewport:
        """As live layers know views."""
        left, top, right, bottom = self.world
        sheet = self.sheet
        width, height = (right - left) * sheet.scale / sheet.dpr, (bottom - top) * sheet.scale / sheet.dpr
        return Viewport((left + right) / 2, (top + bottom) / 2, sheet.zoom, width, height, sheet.dpr)


def metres_of_world(latitude: float) -> tuple[float, float]:
    """Metres on the ellipsoid that a world unit is at a latitude (degrees): eastwards, northwards."""
    sine, cosine = math.sin(math.radians(latitude)), math.cos(math.radians(latitude))
    curve = math.sqrt(1 - SQUARED * sine**2)
    around = 2 * math.pi * AXIS * cosine
    return around / curve, around * (1 - SQUARED) / curve**3


def ground_of(sheet: PrintSheet, rect: QRectF) -> Ground:
    """The world in a rectangle of the paper whose middle shows the sheet's centre."""
    lon, lat = sheet.center
    x, y = (float(v) for v in to_world(lon, lat))
    east, north = metres_of_world(lat)
    across, down = (metres / sheet.scale * 1000 * PIXELS for metres in (east, north))
    half_x, half_y = rect.width() * PIXELS / 2 / across, rect.height() * PIXELS / 2 / down
    level = min(max(round(2 * math.log2(across / (256 * sheet.symbols * SCREEN))), 4), 44)
    dpr = across / (256.0 * 2.0 ** (level / 2))
    width, height = math.ceil(2 * half_x * across), math.ceil(2 * half_y * across)
    box = (x - half_x, y - half_y, x + half_x, y + half_y)
    return Ground(Sheet(box[0], box[1], across, width, height, level / 2, dpr), down / across, box)


def scale_to_fit(sheet: PrintSheet, rect: QRectF, bounds: Bounds) -> float:
    """The smallest N of round numbers at which the rectangle of the paper holds *bounds*."""
    left, top, right, bottom = world_bounds(bounds)
    east, north = metres_of_world((bounds[1] + bounds[3]) / 2)
    least = max((right - left) * east / rect.width(), (bottom - top) * north / rect.height()) * 1000
    return round_up(max(least, 1.0))


def round_up(number: float) -> float:
    """To the next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(number))
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= number * (1 - 1e-9))
