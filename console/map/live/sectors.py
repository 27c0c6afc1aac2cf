"""A layer of fields of view: circle sectors as columns, one path a colour, no object a sector."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from console.map.live.columns import places
from console.map.live.layer import LayerOwner
from console.map.live.paths import path_of
from console.map.live.shape_geometry import Floats, covers
from console.map.live.shapes import DrawnShape, ShapesLayer
from console.map.live.sprites import Colors, resolve
from console.map.viewport import Bounds, Viewport, from_world, metres_per_pixel
from console.sdk.symbols import Shape, ShapeStyle

FILL, EDGE = 0.14, 0.4
"""Opacity of areas and of their edges: the map beneath stays readable."""
LEAST, MOST = 6, 40
"""Steps of an arc."""
STEP = 7.0
"""Logical pixels of a step."""
EDGES_FROM = 16.25
"""Zoom level; farther away edges are but a tangle, and slow."""
CROWD, PATIENCE = 120, 0.5
"""Sectors in the view that take longer than a frame; seconds that they wait at rest before they take it."""
ROUND = 359.0
"""Degrees from which a sector is a whole circle."""


@dataclass(frozen=True, slots=True)
class Sectors:
    """n sectors of which place, way and size are known."""

    xy: Floats
    """(n, 2) world units."""
    radius: Floats
    """World units."""
    first: Floats
    """Radians clockwise from north, where the arc begins."""
    across: Floats
    """Radians."""
    color: npt.NDArray[np.intp]

    def within(self, area: Bounds) -> Sectors:
        """Those whose circle meets an area in world units."""
        (x, y), r = self.xy.T, self.radius
        left, top, right, bottom = area
        rows = np.flatnonzero((x + r > left) & (x - r < right) & (y + r > top) & (y - r < bottom))
        return self.rows(rows)

    def rows(self, rows: npt.NDArray[Any]) -> Sectors:
        """Some of them."""
        return Sectors(
            self.xy[rows], self.radius[rows], self.first[rows], self.across[rows], self.color[rows]
        )

    def same(self, other: Sectors) -> bool:
        """Whether they look alike."""
        mine = (self.xy, self.radius, self.first, self.across, self.color)
        theirs = (other.xy, other.radius, other.first, other.across, other.color)
        return all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))

    def rings(self, steps: int) -> Floats:
        """(n, steps + 2, 2) world units: the middle of the circle, then the arc."""
        share = np.linspace(0.0, 1.0, steps + 1)
        angle = self.first[:, None] + self.across[:, None] * share
        arc = np.stack([np.sin(angle), -np.cos(angle)], axis=2) * self.radius[:, None, None]
        whole = self.across >= math.radians(ROUND)
        # A circle has no middle in its outline: its first vertex stands twice instead.
        middle = np.where(whole[:, None], arc[:, 0], 0.0)[:, None]
        return np.concatenate([middle, arc], axis=1) + self.xy[:, None]

    def __len__(self) -> int:
        return len(self.xy)


NONE = Sectors(np.empty((0, 2)), np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.intp))


def read_sectors(columns: dict[str, Any], color: Any, colors: int) -> Sectors:
    """Columns as in ``SectorLayer.set_sectors``; raises ValueError for lengths that differ or a colour that
    there is not. What is not known, or sees nothing, is left out."""
    given = {name: np.asarray(column, float) for name, column in columns.items()}
    kinds = np.zeros(len(given["lon"]), np.intp) if color is None else np.asarray(color).astype(np.intp)
    lengths = {name: column.shape for name, column in (given | {"color": kinds}).items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"the columns of sectors differ in length: {lengths}")
    if len(kinds) and (int(kinds.min()) < 0 or int(kinds.max()) >= colors):
        raise ValueError(f"the column color must hold 0 to {colors - 1}")
    xy = places(given["lon"], given["lat"])
    across = np.radians(np.clip(given["across"], 0.0, 360.0))
    first = np.radians(given["heading"]) - across / 2
    with np.errstate(invalid="ignore"):
        metres = metres_per_pixel(0.0, 0.0) * 256.0 * np.cos(np.radians(given["lat"]))
        radius = given["reach"] / metres
        known = np.isfinite(xy[:, 0]) & np.isfinite(first) & (radius > 0) & np.isfinite(radius) & (across > 0)
    return Sectors(xy, radius, first, across, kinds).rows(np.flatnonzero(known))


class SectorsLayer(ShapesLayer):
    """Implements ``console.sdk.map.SectorLayer``. To those who look at a map's shapes it is one of them."""

    def __init__(self, layer_id: str, owner: LayerOwner, colors: Sequence[str], min_zoom: float) -> None:
        super().__init__(layer_id, owner)
        self.min_zoom = min_zoom
        self.fills = tuple(colors)
        self.sectors = NONE
        self._parted = False
        """Whether it is drawn onto paper next: as commands, where there are no pixels to replace."""
        self._since = 0.0
        """When it was first drawn as it is drawn now, s of the monotonic clock."""

    def set_sectors(
        self,
        lon: npt.NDArray[Any],
        lat: npt.NDArray[Any],
        heading: npt.NDArray[Any],
        across: npt.NDArray[Any],
        reach: npt.NDArray[Any],
        *,
        color: npt.NDArray[Any] | None = None,
    ) -> None:
        columns = {"lon": lon, "lat": lat, "heading": heading, "across": across, "reach": reach}
        new = read_sectors(columns, color, len(self.fills))
        if new.same(self.sectors):
            return  # pictures of them stay good
        self.sectors = new
        self._version += 1
        self._tokens = set(self.fills)
        self.touch()

    # ---- what others ask of shapes ----

    def twin(self) -> SectorsLayer:
        other = SectorsLayer(self.layer_id, self.owner, self.fills, self.min_zoom)
        other.sectors = self.sectors
        return other

    def part(self, area: Bounds, *, notes: bool = True) -> None:
        self.sectors = self.sectors.within(area)
        self._parted = True

    def shapes_in(self, area: Bounds) -> list[DrawnShape]:
        """One that stands for all that are there: whether there are any, and how the legend shows them."""
        found = self.sectors.within(area)
        return [self._sample(found)] if len(found) else []

    def _sample(self, found: Sectors) -> DrawnShape:
        lon, lat = from_world(*found.rows(np.array([0])).rings(LEAST)[0].T)
        ink = self.fills[int(found.color[0])]
        points = list(zip(lon.tolist(), lat.tolist(), strict=True))
        style = ShapeStyle(stroke=ink, width=1.0, fill=ink)
        return DrawnShape(Shape(kind="polygon", points=points, style=style))

    # ---- painting ----

    def burn_stamp(self, viewport: Viewport, now: float) -> object | None:
        """See ``PointsLayer.burn_stamp``."""
        return (self._version, self.opacity) if len(self.sectors) and self.opacity > 0 else ()

    def burn(self, painter: QPainter, viewport: Viewport, colors: Colors, now: float) -> None:
        if len(self.sectors) and self.opacity > 0:
            painter.save()
            painter.setOpacity(painter.opacity() * self.opacity)
            painter.scale(viewport.dpr, viewport.dpr)
            self._paint(painter, viewport, colors)
            painter.restore()

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Paint in logical pixels; at rest it is part of the ground's pictures instead.

        While the zoom moves there is no time to paint it anew in each frame: then the last picture serves."""
        if not len(self.sectors) or self.opacity <= 0:
            return
        if self._parted:
            self._paint_parts(painter, self.sectors, viewport, colors, adding=True)
            return
        palette = (resolve(ink, colors).rgba() for ink in self.fills)
        key = (self._version, viewport.zoom, viewport.dpr, *palette)
        now = time.monotonic()
        if key != self._drawn:
            self._drawn, self._since = key, now
        kept = self._picture
        if kept is not None and (kept.key[0] != key[0] or kept.key[2:] != key[2:]):
            kept = None
        ready = kept is not None and kept.key == key and covers(kept.area, viewport.world)
        moving = viewport == self.owner.viewport and now - self._since < PATIENCE
        if ready or not moving or (kept is None and len(self.sectors.within(viewport.world)) <= CROWD):
            self._draw_picture(painter, viewport, colors, key)
        elif kept is not None:
            self._stretch(painter, viewport, kept.area, kept.pixmap)

    def _stretch(self, painter: QPainter, viewport: Viewport, area: Bounds, pixmap: QPixmap) -> None:
        """While the zoom moves, what was painted last: thousands of sectors take several frames' time."""
        (x, y), (far_x, far_y) = viewport.to_pixels(*area[:2]), viewport.to_pixels(*area[2:])
        painter.save()
        painter.setOpacity(painter.opacity() * self.opacity)
        painter.drawPixmap(QRectF(x, y, far_x - x, far_y - y), pixmap, QRectF(pixmap.rect()))
        painter.restore()

    def _paint(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Areas are painted whole into a picture of their own and laid over the map in one go: where many
        cameras look, the map stays as readable."""
        shown = self.sectors.within(viewport.world)
        if not len(shown):
            return
        dpr = viewport.dpr
        width, height = math.ceil(viewport.width * dpr), math.ceil(viewport.height * dpr)
        sheet = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        sheet.fill(0)
        within = QPainter(sheet)
        # Far away a sector is a few pixels of a light fill: nobody sees that its sides are steps.
        within.setRenderHint(QPainter.RenderHint.Antialiasing, viewport.zoom >= EDGES_FROM)
        within.scale(dpr, dpr)
        self._paint_parts(within, shown, viewport, colors)
        within.end()
        painter.save()
        painter.scale(1 / dpr, 1 / dpr)
        painter.drawImage(0, 0, sheet)
        painter.restore()

    def _paint_parts(
        self, painter: QPainter, shown: Sectors, viewport: Viewport, colors: Colors, *, adding: bool = False
    ) -> None:
        """In device pixels: areas replace one another or, *adding*, add up; then edges over all."""
        inks, dpr = [resolve(ink, colors) for ink in self.fills], viewport.dpr
        painter.save()
        painter.scale(1 / dpr, 1 / dpr)
        painter.translate(QPointF(*viewport.origin))
        parts = list(_parts(shown, len(inks), viewport.scale * dpr))
        if not adding:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        for number, polygons in parts:
            _draw(painter, polygons, QPen(Qt.PenStyle.NoPen), QBrush(_faint(inks[number], FILL)))
        if viewport.zoom >= EDGES_FROM:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            for number, polygons in parts:
                _draw(painter, polygons, QPen(_faint(inks[number], EDGE), dpr), QBrush())
        painter.restore()


class _Polygons(NamedTuple):
    origin: QPointF
    """Device pixels from the world's corner."""
    rings: list[QPolygonF]
    """Seen from there: the painter's numbers end somewhere."""


def _parts(shown: Sectors, colors: int, size: float) -> Iterator[tuple[int, _Polygons]]:
    """By number of the colour; wedges apart from circles, which need more steps."""
    whole = shown.across >= math.radians(ROUND)
    for number in range(colors):
        for circles in (False, True):
            rows = np.flatnonzero((shown.color == number) & (whole == circles))
            if not len(rows):
                continue
            some = shown.rows(rows)
            steps = int(np.clip((some.radius * some.across).max() * size / STEP, LEAST, MOST))
            rings = some.rings(steps) * size
            origin = rings[0, 0].copy()
            path = path_of((rings - origin).reshape(-1, 2), np.full(len(rings), steps + 2))
            yield number, _Polygons(QPointF(*origin.tolist()), path.toSubpathPolygons())


def _draw(painter: QPainter, polygons: _Polygons, pen: QPen, brush: QBrush) -> None:
    painter.save()
    painter.translate(polygons.origin)
    painter.setPen(pen)
    painter.setBrush(brush)
    for ring in polygons.rings:
        painter.drawPolygon(ring)
    painter.restore()


def _faint(color: QColor, share: float) -> QColor:
    faint = QColor(color)
    faint.setAlphaF(color.alphaF() * share)
    return faint
