"""A layer of points over the scene: the layer's own columns, motion, symbols, names and handlers."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from console.map.live.clusters import Clusters, badge, gather, radii, short_count
from console.map.live.columns import NO_POINTS, Columns
from console.map.live.point_marks import DRAWN_AT_ONCE, LEAST_ACCURACY, MOST_RINGS, Labels
from console.map.live.points import MANY, PointsLayer
from console.map.live.room import Room
from console.map.live.sprites import RING, Colors, lift_of, reach_of, resolve
from console.map.viewport import EARTH_CIRCUMFERENCE, from_world
from console.scene.overlay.footholds import Footholds, Surface
from console.scene.overlay.sight import MARGIN, NEAREST, Floats, Sight
from console.scene.overlay.symbols import CHOSEN, FARTHER, SIZES, Symbols

Ints = NDArray[np.intp]
LIFT = 2.0
"""Metres from the surface up to the middle of a symbol: about the head of whoever it stands for."""
FAINT, INDOORS = 0.35, 0.8
"""Opacity of what is far behind something, as behind another building; and of what is close behind it, as
what is inside: it is seen from no side otherwise."""
CLOSE, FAR = 30.0, 60.0
"""Metres behind up to which, and from which on, that is so; in between it fades."""
STALKS = 400
"""Most symbols with a line down to their place; the nearest have it."""
GRAB = 12.0
"""Logical pixels around the middle of a symbol that are its own at least."""
NAMED = 300
"""Points, from the nearest on, that are tried for names."""
THINNED = 4.0
"""Logical pixels across a cell of the screen, of which a crowd shows the nearest."""
GATHER_AGAIN = 0.25
"""Seconds that counts are shown at least before they follow new points."""


_TURN = np.linspace(0.0, 2 * np.pi, 48, endpoint=False)
_CIRCLE = np.column_stack([np.cos(_TURN), np.sin(_TURN), np.zeros(len(_TURN))])


class Seen(NamedTuple):
    """Points in the view, the nearest last."""

    rows: Ints
    x: Floats
    y: Floats
    """Of the middle, but for what a pin is above it; logical pixels."""
    foot: Floats
    """(n, 2) logical pixels of the place."""
    ahead: Floats
    hidden: NDArray[np.bool_]
    opacity: Floats
    """Less than 1 of what is hidden."""
    size: Ints


class Badges(NamedTuple):
    """Counts in the view."""

    x: Floats
    y: Floats
    radius: Floats


_NO_ROWS, _NO_METRES = np.empty(0, np.intp), np.empty(0)
NONE = Seen(
    _NO_ROWS, _NO_METRES, _NO_METRES, np.empty((0, 2)), _NO_METRES, np.empty(0, bool), _NO_METRES, _NO_ROWS
)
NO_BADGES = Badges(_NO_METRES, _NO_METRES, _NO_METRES)


class PointsOver:
    """What of one layer is over one scene."""

    def __init__(self, layer: PointsLayer, surface: Surface) -> None:
        self.layer = layer
        self.unrest = False
        """Whether the next frame will look different from the last."""
        self._footholds, self._counted = Footholds(surface), Footholds(surface)
        self._columns = NO_POINTS
        self._texts: list[str] = []
        self._symbols: Symbols | None = None
        self._labels = Labels()
        self._clusters: tuple[int, Columns, float, Clusters] | None = None
        self._seen, self._badges = NONE, NO_BADGES
        self._reach = np.array([reach_of(sprite) for sprite in layer.style.sprites], float)
        self._above = np.array([lift_of(sprite) for sprite in layer.style.sprites], float)

    def restyle(self) -> None:
        """The theme has changed."""
        self._symbols = None
        self._labels.clear()

    def prepare(self, dpr: float, colors: Colors) -> bool:
        """Draw one of the symbols' pictures for a screen of *dpr*; whether one was missing."""
        columns, _, _ = self.layer.snapshot()
        if not len(columns):
            return False
        selected, headings = len(self.layer.selected) > 0, columns.heading is not None
        return self._symbols_in(colors).prepare(dpr, headings=headings, selected=selected)

    def _symbols_in(self, colors: Colors) -> Symbols:
        if self._symbols is None:
            self._symbols = Symbols(self.layer.style, colors)
        return self._symbols

    # ---- painting; the painter works in device pixels ----

    def paint(self, painter: QPainter, sight: Sight, colors: Colors, now: float) -> None:
        """Symbols or counts as they are now."""
        self._seen, self._badges, self.unrest = NONE, NO_BADGES, False
        self._columns, places, self._texts = self.layer.snapshot()
        if not len(self._columns) or not self.layer.shown_at(sight.zoom):
            return
        rows = self._columns.drawn
        painter.save()
        painter.setOpacity(painter.opacity() * self.layer.opacity)
        if self.layer.gathers(sight.zoom):
            clusters = self._gathered(sight.zoom, now)
            alone = clusters.single[clusters.single >= 0]
            rows = np.intersect1d(np.union1d(alone, self.layer.selected), rows)
            self._paint_counts(painter, sight, clusters, colors, now)
        self._seen = self._look(sight, places, rows, now)
        self._paint_stalks(painter, sight, colors)
        self._paint_accuracy(painter, sight, places, colors)
        self._paint_symbols(painter, sight, colors)
        painter.restore()
        self.unrest |= self._glides(sight, places)

    def _look(self, sight: Sight, places: Floats, rows: Ints, now: float) -> Seen:
        """Which of *rows* at world *places* (of all points) are in the view, and where."""
        lon, lat = from_world(places[rows, 0], places[rows, 1])
        self._footholds.resize(len(places))
        foot = sight.frame.place(lon, lat, self._footholds.heights(rows, sight.pose.height))
        x, y, ahead = sight.lens.project(foot)
        inside = np.flatnonzero(sight.inside(x, y, ahead))
        inside = inside[np.argsort(-ahead[inside], kind="stable")]
        rows, x, y = rows[inside], x[inside], y[inside]
        if self._footholds.learn(rows, places[rows], lon[inside], lat[inside], now):
            self.unrest = True
        crowd = len(rows) > MANY
        if crowd:
            kept = self._thinned(rows, x, y)
            rows, x, y, inside = rows[kept], x[kept], y[kept], inside[kept]
        top_x, top_y, ahead = sight.lens.project(foot[inside] + (0.0, 0.0, LIFT))
        size = np.searchsorted(FARTHER, ahead / sight.lens.focal)
        if crowd:
            size[:] = len(SIZES) - 1
        behind = sight.behind(top_x, top_y, ahead)
        opacity = np.where(behind > 0, np.interp(behind, (CLOSE, FAR), (INDOORS, FAINT)), 1.0)
        return Seen(rows, top_x, top_y, np.column_stack([x, y]), ahead, behind > 0, opacity, size)

    def _thinned(self, rows: Ints, x: Floats, y: Floats) -> Ints:
        """The last, which is the nearest, of each cell of the screen, and the selected; in order."""
        column, line = ((v + MARGIN) // THINNED for v in (x, y))
        cell = (line * (column.max() + 1) + column).astype(np.intp)
        last = np.full(int(cell.max()) + 1, -1)
        np.maximum.at(last, cell, np.arange(len(cell)))
        return np.union1d(last[last >= 0], np.flatnonzero(np.isin(rows, self.layer.selected)))

    def _paint_symbols(self, painter: QPainter, sight: Sight, colors: Colors) -> None:
        """From the farthest to the nearest, then the selected."""
        symbols = self._symbols_in(colors)
        seen, columns = self._seen, self._columns
        xy = np.column_stack([seen.x, seen.y]) * sight.dpr
        opacity = seen.opacity
        if columns.opacity is not None:
            opacity = opacity * columns.opacity[seen.rows]
        chosen = np.isin(seen.rows, self.layer.selected)
        turn = sight.heading, sight.dpr
        for size in range(len(SIZES) - 1, -1, -1):
            part = np.flatnonzero((seen.size == size) & ~chosen)
            symbols.draw(painter, columns, seen.rows[part], xy[part], opacity[part], *turn, size=size)
        part = np.flatnonzero(chosen)
        opacity = np.maximum(opacity, FAINT * 2)
        symbols.draw(painter, columns, seen.rows[part], xy[part], opacity[part], *turn, size=0, selected=True)

    def _paint_stalks(self, painter: QPainter, sight: Sight, colors: Colors) -> None:
        """A line from a symbol down to its place where one sees that it is above it."""
        seen = self._seen
        apart = np.hypot(seen.x - seen.foot[:, 0], seen.y - seen.foot[:, 1])
        rows = np.flatnonzero((apart > self._reach[self._columns.sprite[seen.rows]]) & ~seen.hidden)[-STALKS:]
        if not len(rows):
            return
        ends = np.column_stack([seen.x[rows], seen.y[rows], seen.foot[rows]]) * sight.dpr
        painter.setPen(QPen(resolve("map.symbol_outline", colors), 1.5 * sight.dpr))
        painter.drawLines([QLineF(*line) for line in ends.tolist()])

    def _paint_accuracy(self, painter: QPainter, sight: Sight, places: Floats, colors: Colors) -> None:
        """Rings on the ground around the selected, as wide as their fixes are sure."""
        accuracy = self._columns.accuracy
        rows = np.intersect1d(self.layer.selected, self._seen.rows)
        if accuracy is None or not len(rows):
            return
        rows = rows[np.isfinite(accuracy[rows]) & (accuracy[rows] > LEAST_ACCURACY)][:MOST_RINGS]
        lon, lat = from_world(places[rows, 0], places[rows, 1])
        foot = sight.frame.place(lon, lat, self._footholds.heights(rows, sight.pose.height))
        x, y, ahead = sight.lens.project(foot[:, None] + _CIRCLE * accuracy[rows, None, None])
        color = resolve("map.selection", colors)
        fill = QColor(color)
        fill.setAlphaF(0.1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.2 * sight.dpr, Qt.PenStyle.DashLine))
        painter.setBrush(fill)
        for i in np.flatnonzero((ahead > NEAREST).all(axis=1)).tolist():
            corners = zip((x[i] * sight.dpr).tolist(), (y[i] * sight.dpr).tolist(), strict=True)
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.restore()

    def _paint_counts(
        self, painter: QPainter, sight: Sight, clusters: Clusters, colors: Colors, now: float
    ) -> None:
        """Discs with how many points are there, the nearest on top."""
        cells = np.flatnonzero(clusters.count > 1)
        places = clusters.center[cells]
        lon, lat = from_world(places[:, 0], places[:, 1])
        self._counted.resize(len(cells))
        every = np.arange(len(cells))
        foot = sight.frame.place(lon, lat, self._counted.heights(every, sight.pose.height))
        if self._counted.learn(every, places, lon, lat, now):
            self.unrest = True
        x, y, ahead = sight.lens.project(foot)
        inside = np.flatnonzero(sight.inside(x, y, ahead))
        inside = inside[np.argsort(-ahead[inside])]
        x, y, cells = x[inside], y[inside], cells[inside]
        radius = radii(clusters.count[cells])
        self._badges = Badges(x, y, radius)
        fills = [resolve(sprite.fill, colors).name() for sprite in self.layer.style.sprites]
        ground = resolve("surface", colors).name()
        for i, cell in enumerate(cells.tolist()):
            number, kind = int(clusters.count[cell]), int(clusters.sprite[cell])
            picture = badge(short_count(number), float(radius[i]), fills[kind], ground, sight.dpr)
            half = picture.width() // 2
            painter.drawPixmap(int(x[i] * sight.dpr) - half, int(y[i] * sight.dpr) - half, picture)

    def _gathered(self, zoom: float, now: float) -> Clusters:
        """Counts at a zoom, kept until the whole zoom changes or, after a moment, the points."""
        kept, level, columns = self._clusters, math.floor(zoom), self._columns
        if kept is not None and kept[0] == level and (kept[1] is columns or now - kept[2] < GATHER_AGAIN):
            self.unrest |= kept[1] is not columns
            if len(kept[1]) == len(columns):
                return kept[3]
        kinds = max(len(self.layer.style.sprites), 1)
        clusters = gather(columns.xy, columns.sprite, kinds, level, columns.drawn)
        self._clusters = level, columns, now, clusters
        return clusters

    def _glides(self, sight: Sight, places: Floats) -> bool:
        """Whether a point in the view has more than half a pixel to go."""
        rows, goal = self._seen.rows, self._columns.xy
        if places is goal or not len(rows):
            return False
        left = np.abs(goal[rows] - places[rows]).max(axis=1) * EARTH_CIRCUMFERENCE * sight.lens.focal
        return bool((left * math.cos(math.radians(sight.pose.lat)) > 0.5 * self._seen.ahead).any())

    def paint_names(self, painter: QPainter, sight: Sight, colors: Colors, room: Room) -> None:
        """Texts beside the symbols that ``paint`` has painted, as far as there is *room*: of the selected,
        then from near to far."""
        seen, first = self._seen, self.layer.style.labels_from
        if first is None or not len(seen.rows) or len(self._texts) != len(self._columns):
            return
        chosen = np.isin(seen.rows, self.layer.selected)
        order = np.flatnonzero((sight.zoom_of(seen.ahead) >= first) & (~seen.hidden | chosen))
        # Who is in the same octave of distance has turns by row: walking, they don't take turns at names.
        octave = np.floor(2 * np.log2(seen.ahead[order]))
        order = order[np.lexsort((seen.rows[order], octave, ~chosen[order]))][:NAMED]
        sprite, size = self._columns.sprite[seen.rows[order]], SIZES[seen.size[order]]
        size = np.where(chosen[order], CHOSEN, size)
        xy = np.column_stack([seen.x[order], seen.y[order] - self._above[sprite] * size]) * sight.dpr
        radius = self._reach[sprite] * size + np.where(chosen[order], RING, 0.0)
        texts = [self._texts[row] for row in seen.rows[order].tolist()]
        painter.save()
        painter.setOpacity(painter.opacity() * self.layer.opacity)
        self._labels.draw(painter, sight.screen, xy, radius, texts, colors, room, DRAWN_AT_ONCE)
        painter.restore()
        self.unrest |= self._labels.unfinished

    # ---- hands ----

    def row_at(self, x: float, y: float) -> int | None:
        """Row of the symbol at a logical pixel, or else nearest to it; of several the one on top."""
        seen = self._seen
        if not len(seen.rows):
            return None
        sprite, size = self._columns.sprite[seen.rows], SIZES[seen.size]
        distance = np.hypot(seen.x - x, seen.y - self._above[sprite] * size - y)
        distance[distance > np.maximum(GRAB, self._reach[sprite] * size)] = np.inf
        if not np.isfinite(distance).any():
            return None
        return int(seen.rows[len(distance) - 1 - distance[::-1].argmin()])

    def count_at(self, x: float, y: float) -> bool:
        """Whether a count is at a logical pixel."""
        badges = self._badges
        return bool((np.hypot(badges.x - x, badges.y - y) <= badges.radius).any())
