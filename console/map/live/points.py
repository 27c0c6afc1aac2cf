"""A layer of up to some 100,000 points: columns in, pixmap fragments out, no object a point."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from console.map.listeners import Listeners
from console.map.live.clusters import Clusters, badge, gather, radii, short_count
from console.map.live.columns import NO_POINTS, Columns, Floats, Ints, read_columns
from console.map.live.layer import LayerOwner, LiveLayer
from console.map.live.motion import Glide
from console.map.live.place_index import PlaceFinder
from console.map.live.point_marks import DRAWN_AT_ONCE, MOST_LABELS, MOST_TRIED, Labels, draw_accuracy
from console.map.live.point_paint import Look, SymbolPainter
from console.map.live.room import Room
from console.map.live.screen import device, inside
from console.map.live.sprites import RING, Colors, lift_of, reach_of, resolve
from console.map.viewport import Bounds, Viewport
from console.sdk.map import Undo
from console.sdk.symbols import PointStyle

MANY = 3_000
"""More points than this in the view are a crowd: drawn smaller, and burnt into the ground."""
FEWER = 2_500
"""A crowd is one no longer when there are not even so many."""
STEP = 0.5
"""Device pixels that a point of a crowd may have moved before the crowd is drawn anew."""
GATHER_AGAIN = 0.25
"""Seconds that counts are shown at least before they follow new points."""
log = logging.getLogger(__name__)


class _Gathered(NamedTuple):
    """Counts, the points that they were made of, and when."""

    level: int
    columns: Columns
    made: float
    clusters: Clusters


class PointsLayer(LiveLayer):
    """Implements ``console.sdk.map.PointLayer``."""

    def __init__(
        self,
        layer_id: str,
        style: PointStyle,
        owner: LayerOwner,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(layer_id, owner)
        self.style = style
        self.min_zoom, self.max_zoom = style.min_zoom, style.max_zoom
        self._clock = clock
        self._columns = NO_POINTS
        self._glide = Glide()
        self._texts: list[str] = []
        self._labels = Labels()
        self._selected: Ints = np.empty(0, np.intp)
        self._lift = np.array([lift_of(sprite) for sprite in style.sprites], float)
        self._reach = np.array([reach_of(sprite) for sprite in style.sprites], float)
        self._look: Look | None = None
        self._symbols = SymbolPainter()
        self._drawn: tuple[Ints, Floats] = np.empty(0, np.intp), np.empty((0, 2))
        """Rows painted last, and their device pixels."""
        self._gathered: _Gathered | None = None
        self._crowd = False
        self._judged: tuple[Viewport, float] | None = None
        self._epoch = 0
        """Grows when a picture of the layer is out of date."""
        self._burnt: Floats = np.empty((0, 2))
        """Where the points were when it last grew."""
        self._finder = PlaceFinder()
        self._clicked: Listeners[[int]] = Listeners()
        self._doubled: Listeners[[int]] = Listeners()
        self._tooltips: list[Callable[[int], str]] = []

    # ---- the layer's owner ----

    def set_points(
        self,
        lon: npt.NDArray[Any],
        lat: npt.NDArray[Any],
        *,
        sprite: npt.NDArray[Any] | None = None,
        heading: npt.NDArray[Any] | None = None,
        opacity: npt.NDArray[Any] | None = None,
        accuracy: npt.NDArray[Any] | None = None,
        keys: npt.NDArray[Any] | None = None,
    ) -> None:
        """Replace all points; columns as in the SDK, else ValueError. Places that are NaN or not on the
        earth are not drawn. Labels stay while the number of points does, the selection with its keys."""
        given = {"sprite": sprite, "heading": heading, "opacity": opacity, "accuracy": accuracy, "keys": keys}
        new = read_columns(lon, lat, len(self.style.sprites), **given)
        old, self._columns = self._columns, new
        if not old.looks_like(new):
            self._epoch += 1
        if self.style.interpolate and new.keys is not None:
            self._glide.move(new.xy, new.keys, self._clock())
        else:
            self._glide.jump(new.xy)
        if len(self._selected) and old.keys is not None and new.keys is not None:
            self._selected = new.rows_of(old.keys[self._selected])
        self._selected = self._selected[self._selected < len(new)]
        self.touch()

    def set_labels(self, labels: Sequence[str]) -> None:
        """One text a point; none are drawn while there are more or fewer points than texts."""
        self._texts = [str(label) for label in labels]
        self.touch()

    def select(self, rows: Sequence[int]) -> None:
        """Highlight rows; those that there are not are left out."""
        wanted = np.unique(np.asarray([int(row) for row in rows], np.intp))
        self._selected = wanted[(wanted >= 0) & (wanted < len(self))]
        self.touch()

    @property
    def selected(self) -> Ints:
        """Rows, ascending."""
        return self._selected

    def on_click(self, handler: Callable[[int], None]) -> Undo:
        return self._clicked.add(handler)

    def on_double_click(self, handler: Callable[[int], None]) -> Undo:
        return self._doubled.add(handler)

    def on_hover(self, tooltip: Callable[[int], str]) -> Undo:
        self._tooltips.append(tooltip)

        def undo() -> None:
            if tooltip in self._tooltips:
                self._tooltips.remove(tooltip)

        return undo

    def row_at(self, lon: float, lat: float, pixels: float = 12.0) -> int | None:
        viewport = self.owner.viewport
        return self.hit(viewport, *viewport.pixel_of(lon, lat), pixels)

    def snapshot(self) -> tuple[Columns, Floats, list[str]]:
        """The points, where they are drawn now (n, 2), and their texts (one a point, or none); not to be
        written to."""
        texts = self._texts if len(self._texts) == len(self) else []
        return self._columns, self._glide.at(self._clock()), texts

    # ---- the view ----

    def __len__(self) -> int:
        return len(self._columns)

    def moving(self, now: float) -> bool:
        """Whether the next frame will look different from the last."""
        viewport = self.owner.viewport
        if not self.shown_at(viewport.zoom) or len(self) == 0:
            return False
        if self.gathers(viewport.zoom):
            return self._gathered is not None and self._gathered.columns is not self._columns
        return self._labels.unfinished or self._glides(viewport, now)

    def _glides(self, viewport: Viewport, now: float) -> bool:
        """Whether a point in the view has more than half a pixel to go."""
        if not self._glide.moving(now):
            return False
        places = self._glide.at(now)
        left = np.abs(self._glide.goal - places).max(axis=1) * viewport.scale * viewport.dpr
        return bool((left[inside(viewport, places)] > 0.5).any())

    def place_of(self, key: int, now: float) -> tuple[float, float] | None:
        """World place of the point with this key, as drawn; None when there is none or nobody knows it."""
        rows = np.intersect1d(self._columns.rows_of(np.array([key])), self._columns.drawn)
        if len(rows) == 0:
            return None
        x, y = self._glide.at(now)[rows[0]].tolist()
        return x, y

    def gathers(self, zoom: float) -> bool:
        """Whether counts are shown instead of points."""
        return self.style.cluster and zoom < self.style.cluster_below

    def clusters(self, zoom: float) -> Clusters:
        """Counts at a zoom of the points as they are now."""
        return self._counts(zoom, self._clock(), fresh=True).clusters

    def restyle(self) -> None:
        """The theme has changed."""
        self._look = None
        self._epoch += 1
        self._labels.clear()

    def hit(self, viewport: Viewport, px: float, py: float, pixels: float = 12.0) -> int | None:
        """Row of the symbol at a logical pixel, or else nearest to it; points in counts have none."""
        if not self.shown_at(viewport.zoom) or len(self) == 0:
            return None
        around = replace(viewport.at(*viewport.from_pixels(px, py)), width=2 * pixels, height=2 * pixels)
        places, rows = self._apart(around, self._clock())
        sprite = self._columns.sprite[rows]
        x, y = viewport.to_pixels(places[:, 0], places[:, 1])
        distance = np.hypot(x - px, y - self._lift[sprite] - py)
        distance[distance > np.maximum(pixels, self._reach[sprite])] = np.inf
        if not np.isfinite(distance).any():
            return None
        # Of several at one place the one drawn last.
        return int(rows[len(rows) - 1 - distance[::-1].argmin()])

    def hit_cluster(self, viewport: Viewport, px: float, py: float) -> Bounds | None:
        """World box of the points in the count under a logical pixel."""
        if not self.shown_at(viewport.zoom) or not self.gathers(viewport.zoom):
            return None
        clusters = self.clusters(viewport.zoom)
        return clusters.at(*viewport.from_pixels(px, py), 1.0 / viewport.scale)

    def click(self, row: int) -> None:
        self._clicked.fire(row)

    def double_click(self, row: int) -> bool:
        """False: nobody listens."""
        self._doubled.fire(row)
        return bool(self._doubled)

    def tooltip(self, row: int) -> str:
        """What the handlers say of a row, a line each."""
        return "\n".join(text for text in (_told(make, row) for make in tuple(self._tooltips)) if text)

    def _counts(self, zoom: float, now: float, *, fresh: bool = False) -> _Gathered:
        """Counts at a zoom, kept until the whole zoom changes or, after a moment, the points."""
        kept, level = self._gathered, math.floor(zoom)
        columns = self._columns
        if kept is not None and kept.level == level:
            late = kept.columns is not columns and (fresh or now - kept.made >= GATHER_AGAIN)
            if not late:
                return kept
        clusters = gather(columns.xy, columns.sprite, max(len(self.style.sprites), 1), level, columns.drawn)
        self._gathered = _Gathered(level, columns, now, clusters)
        return self._gathered

    def _apart(self, viewport: Viewport, now: float) -> tuple[Floats, Ints]:
        """Places and rows of all that is drawn as single points in the view."""
        places, rows, moving = self._glide.at(now), self._columns.drawn, self._glide.moving(now)
        if self.gathers(viewport.zoom):
            alone = self.clusters(viewport.zoom).single
            rows = np.intersect1d(np.union1d(alone[alone >= 0], self._selected), rows)
            chosen = rows[inside(viewport, places[rows])]
        else:
            chosen = self._finder.inside(viewport, places, rows, moving)
        return places[chosen], chosen

    # ---- painting, in device pixels ----

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors, now: float | None = None) -> None:
        """Paint symbols or counts, then the selected on top; as they are *now* by the clock."""
        if len(self) == 0:
            return
        now = self._clock() if now is None else now
        self._judge_crowd(viewport, now)
        self.burn(painter, viewport, colors, now)
        self.draw_over(painter, viewport, colors, now)

    def burn_stamp(self, viewport: Viewport, now: float) -> object | None:
        """What the picture that ``burn`` paints depends on, beside the view; None while it is not worth
        one, as few points that move or have labels."""
        if len(self) == 0:
            return ()
        if self.gathers(viewport.zoom):
            return (self.opacity, self._epoch, self._counts(viewport.zoom, now).made)
        if self._labelled(viewport) or not (self._judge_crowd(viewport, now) or not self.style.interpolate):
            return None
        places = self._glide.at(now)
        reach = STEP / (viewport.scale * viewport.dpr)
        # Asked so that a place that is not known (NaN) has not moved.
        if places is not self._burnt and (
            len(places) != len(self._burnt) or (np.abs(places - self._burnt) > reach).any()
        ):
            self._epoch, self._burnt = self._epoch + 1, places
        return (self.opacity, self._epoch, self._crowd)

    def burn(self, painter: QPainter, viewport: Viewport, colors: Colors, now: float) -> None:
        """Paint all but the selected; *viewport* may be a piece of the view."""
        if len(self) == 0:
            return
        look = self._look_at(viewport.dpr, colors)
        painter.save()
        painter.setOpacity(painter.opacity() * self.opacity)
        if self.gathers(viewport.zoom):
            gathered = self._counts(viewport.zoom, now)
            self._draw_gathered(painter, viewport, look, gathered.columns, gathered.clusters)
            self._draw_counts(painter, viewport, gathered.clusters, colors)
        else:
            places, drawn = self._glide.at(now), self._columns.drawn
            rows = self._finder.shown(viewport, places, drawn, self._glide.moving(now))
            atlas = look.small if self._crowd else look.plain
            self._drawn = self._symbols.draw(painter, viewport, atlas, self._columns, places[rows], rows)
        painter.restore()

    def draw_over(self, painter: QPainter, viewport: Viewport, colors: Colors, now: float) -> None:
        """Paint the selected, on top of all, with the accuracy of their fixes."""
        if len(self._selected) == 0:
            return
        places = self._glide.at(now)
        rows = np.intersect1d(self._selected, self._columns.drawn)
        rows = rows[inside(viewport, places[rows])]
        places = places[rows]
        painter.save()
        painter.setOpacity(painter.opacity() * self.opacity)
        if self._columns.accuracy is not None:
            draw_accuracy(painter, viewport, places, self._columns.accuracy[rows], colors)
        look = self._look_at(viewport.dpr, colors)
        self._symbols.draw(painter, viewport, look.selected, self._columns, places, rows)
        painter.restore()

    def _judge_crowd(self, viewport: Viewport, now: float) -> bool:
        """Whether the view shows a crowd; asked twice in a frame, and steady when it is nearly one."""
        if self._judged != (viewport, now):
            self._judged = viewport, now
            number = 0
            if len(self) > FEWER:
                moving, drawn = self._glide.moving(now), self._columns.drawn
                number = self._finder.count(viewport, self._glide.at(now), drawn, moving)
            self._crowd = number > (FEWER if self._crowd else MANY)
        return self._crowd

    def _look_at(self, dpr: float, colors: Colors) -> Look:
        headings = self._columns.heading is not None
        if self._look is None or self._look.dpr != dpr or (headings and not self._look.headings):
            self._look = Look(self.style, colors, dpr, headings)
            self._labels.clear()
        return self._look

    def _draw_gathered(
        self, painter: QPainter, viewport: Viewport, look: Look, columns: Columns, clusters: Clusters
    ) -> None:
        """The symbols of points that are alone in their cells."""
        alone = np.flatnonzero(clusters.single >= 0)
        atlas = look.plain if len(alone) <= MANY else look.small
        alone = alone[inside(viewport, clusters.center[alone])]
        self._symbols.draw(painter, viewport, atlas, columns, clusters.center[alone], clusters.single[alone])

    def _labelled(self, viewport: Viewport) -> bool:
        """Whether the points have labels at this zoom."""
        first = self.style.labels_from
        return first is not None and viewport.zoom >= first and len(self._texts) == len(self) > 0

    def draw_names(self, painter: QPainter, viewport: Viewport, colors: Colors, room: Room) -> None:
        """Paint texts beside the symbols that ``draw`` has painted, where there is *room*; the selected
        first, so that theirs are there."""
        self._labels.unfinished = False
        if self.gathers(viewport.zoom) or not self._labelled(viewport):
            return
        rows, xy = self._drawn
        chosen = np.isin(rows, self._selected)
        # By row, not by place on the screen: the same labels win while the map is panned.
        order = np.lexsort((rows, ~chosen))
        rows, chosen = rows[order], chosen[order]
        sprite = self._columns.sprite[rows]
        xy = xy[order] - np.column_stack([np.zeros(len(rows)), self._lift[sprite] * viewport.dpr])
        radius = self._reach[sprite] * np.where(chosen, 1.25, 1.0) + np.where(chosen, RING, 0.0)
        texts = [self._texts[row] for row in rows[:MOST_TRIED].tolist()]
        # What is not the screen, as an export, has one frame alone.
        budget = DRAWN_AT_ONCE if viewport == self.owner.viewport else MOST_LABELS
        painter.save()
        painter.setOpacity(painter.opacity() * self.opacity)
        self._labels.draw(painter, viewport, xy, radius, texts, colors, room, budget)
        painter.restore()

    def _draw_counts(self, painter: QPainter, viewport: Viewport, clusters: Clusters, colors: Colors) -> None:
        chosen = inside(viewport, clusters.center)
        chosen = chosen[clusters.count[chosen] > 1]
        xy = device(viewport, clusters.center[chosen]).astype(int)
        fills = [resolve(sprite.fill, colors).name() for sprite in self.style.sprites]
        ground = resolve("surface", colors).name()
        count, kind = clusters.count[chosen], clusters.sprite[chosen]
        columns = (xy[:, 0].tolist(), xy[:, 1].tolist(), count.tolist(), radii(count).tolist(), kind.tolist())
        for x, y, number, radius, sprite in zip(*columns, strict=True):
            picture = badge(short_count(number), radius, fills[sprite], ground, viewport.dpr)
            half = picture.width() // 2
            painter.drawPixmap(x - half, y - half, picture)


def _told(make: Callable[[int], str], row: int) -> str:
    """A plugin's text; one that fails says nothing and is logged."""
    try:
        return str(make(row))
    except Exception:
        log.exception("a tooltip of the map failed")
        return ""
