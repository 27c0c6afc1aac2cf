"""A layer of up to some 100,000 points: columns in, pixmap fragments out, no object a point."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPainter

from console.map import point_marks
from console.map.clusters import Clusters, badge, badge_radius, gather, short_count
from console.map.fragments import FIELDS, draw_fragments
from console.map.layer import LiveLayer
from console.map.listeners import Listeners
from console.map.motion import Glide
from console.map.sprites import Atlas, Colors, make_atlas, resolve
from console.map.viewport import Viewport, to_world
from console.sdk.map import PointStyle, Undo

Ints = npt.NDArray[np.intp]
CROWD = 20_000
"""More points than this in the view are thinned to one a few pixels."""


class PointsLayer(LiveLayer):
    """Implements ``console.sdk.map.PointLayer``."""

    def __init__(self, layer_id: str, style: PointStyle, owner: Any) -> None:
        super().__init__(layer_id, owner)
        self.style = style
        self.min_zoom, self.max_zoom = style.min_zoom, style.max_zoom
        self._glide = Glide()
        self._sprite: Ints = np.empty(0, np.intp)
        self._heading: npt.NDArray[Any] | None = None
        self._opacity: npt.NDArray[Any] | None = None
        self._accuracy: npt.NDArray[Any] | None = None
        self._keys: npt.NDArray[Any] | None = None
        self._labels: list[str] = []
        self._selected: list[int] = []
        self._atlas: tuple[float, Atlas] | None = None
        self._clusters: tuple[int, Clusters] | None = None
        self._clicked: Listeners[[int]] = Listeners()
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
        """Replace all points; columns as in the SDK, all of one length, else ValueError."""
        columns = [c for c in (lat, sprite, heading, opacity, accuracy, keys) if c is not None]
        if any(len(column) != len(lon) for column in columns):
            raise ValueError("the columns of points differ in length")
        goal = np.column_stack(to_world(lon, lat)).reshape(-1, 2)
        last = max(len(self.style.sprites) - 1, 0)
        given = np.zeros(len(goal)) if sprite is None else np.asarray(sprite)
        self._sprite = np.clip(given.astype(np.intp), 0, last)
        self._heading, self._opacity, self._accuracy, self._keys = heading, opacity, accuracy, keys
        if self.style.interpolate and keys is not None:
            self._glide.move(goal, np.asarray(keys), time.monotonic())
        else:
            self._glide.jump(goal)
        self._selected = [row for row in self._selected if row < len(goal)]
        self._clusters = None
        self.owner.touch(self)

    def set_labels(self, labels: Sequence[str]) -> None:
        self._labels = list(labels)
        self.owner.touch(self)

    def select(self, rows: Sequence[int]) -> None:
        self._selected = [int(row) for row in rows if 0 <= row < len(self)]
        self.owner.touch(self)

    def on_click(self, handler: Callable[[int], None]) -> Undo:
        return self._clicked.add(handler)

    def on_hover(self, tooltip: Callable[[int], str]) -> Undo:
        self._tooltips.append(tooltip)

        def undo() -> None:
            if tooltip in self._tooltips:
                self._tooltips.remove(tooltip)

        return undo

    def row_at(self, lon: float, lat: float, pixels: float = 12.0) -> int | None:
        x, y = self.owner.viewport.pixel_of(lon, lat)
        return self.hit(self.owner.viewport, x, y, pixels)

    # ---- the view ----

    def __len__(self) -> int:
        return len(self._sprite)

    def moving(self, now: float) -> bool:
        """Whether the next frame will look different."""
        return self.visible and self._glide.moving(now)

    def place_of(self, key: int, now: float) -> tuple[float, float] | None:
        """World place of the point with this key."""
        if self._keys is None:
            return None
        rows = np.flatnonzero(np.asarray(self._keys) == key)
        if len(rows) == 0:
            return None
        x, y = self._glide.at(now)[rows[0]]
        return float(x), float(y)

    def gathered(self, zoom: float) -> bool:
        """Whether counts are shown instead of points."""
        return self.style.cluster and zoom < self.style.cluster_below

    def clusters(self, zoom: float) -> Clusters:
        """Counts at a zoom, kept until the points or the whole zoom change."""
        whole = int(np.floor(zoom))
        if self._clusters is None or self._clusters[0] != whole:
            kinds = max(len(self.style.sprites), 1)
            self._clusters = whole, gather(self._glide.goal, self._sprite, kinds, zoom)
        return self._clusters[1]

    def restyle(self) -> None:
        """The theme has changed."""
        self._atlas = None

    def hit(self, viewport: Viewport, px: float, py: float, pixels: float = 12.0) -> int | None:
        """Row nearest to a logical pixel, of those that are drawn one by one."""
        if not self.shown_at(viewport.zoom) or len(self) == 0:
            return None
        xy, rows = self._drawn(viewport)
        dx, dy = viewport.to_pixels(xy[:, 0], xy[:, 1])
        distance = (dx - px) ** 2 + (dy - py) ** 2
        near = int(distance.argmin()) if len(distance) else 0
        if not len(distance) or distance[near] > pixels**2:
            return None
        return int(rows[near])

    def hit_cluster(self, viewport: Viewport, px: float, py: float) -> tuple[float, float] | None:
        """World centre of the count under a logical pixel."""
        if not self.shown_at(viewport.zoom) or not self.gathered(viewport.zoom) or len(self) == 0:
            return None
        clusters = self.clusters(viewport.zoom)
        x, y = viewport.to_pixels(clusters.center[:, 0], clusters.center[:, 1])
        reach = 16.0 + 5.0 * np.log10(clusters.count)
        inside = np.flatnonzero(((x - px) ** 2 + (y - py) ** 2 < reach**2) & (clusters.count > 1))
        return tuple(clusters.center[inside[0]].tolist()) if len(inside) else None

    def click(self, row: int) -> None:
        self._clicked.fire(row)

    def tooltip(self, row: int) -> str:
        return "\n".join(text for text in (make(row) for make in self._tooltips) if text)

    def _drawn(self, viewport: Viewport) -> tuple[npt.NDArray[np.float64], Ints]:
        """Places and rows of what is drawn as single points."""
        if self.gathered(viewport.zoom):
            clusters = self.clusters(viewport.zoom)
            alone = clusters.single[clusters.single >= 0]
            return self._glide.goal[alone], alone
        return self._glide.at(time.monotonic()), np.arange(len(self))

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Paint in device pixels."""
        if len(self) == 0:
            return
        if self._atlas is None or self._atlas[0] != viewport.dpr:
            self._atlas = viewport.dpr, make_atlas(self.style.sprites, colors, viewport.dpr)
        atlas = self._atlas[1]
        xy, rows = self._drawn(viewport)
        px, py = (v * viewport.dpr for v in viewport.to_pixels(xy[:, 0], xy[:, 1]))
        reach = 40 * viewport.dpr
        inside = (px > -reach) & (px < viewport.width * viewport.dpr + reach)
        inside &= (py > -reach) & (py < viewport.height * viewport.dpr + reach)
        chosen = np.flatnonzero(inside)
        if len(chosen) > CROWD:
            chosen = _thinned(chosen, px, py, 4.0 * viewport.dpr)
        px, py, rows = px[chosen], py[chosen], rows[chosen]
        marks = point_marks.Marks(painter, viewport, colors)
        for row in self._selected:
            self._draw_selected(marks, atlas, row)
        draw_fragments(painter, self._fragments(atlas, px, py, rows), atlas.pixmap)
        if self.gathered(viewport.zoom):
            self._draw_clusters(painter, viewport, colors)
        elif self.style.labels_from is not None and viewport.zoom >= self.style.labels_from and self._labels:
            top = atlas.radius[self._sprite[rows]] * viewport.dpr
            marks.labels(px, py + top, [self._labels[r] if r < len(self._labels) else "" for r in rows])

    def _fragments(self, atlas: Atlas, px: Any, py: Any, rows: Ints) -> npt.NDArray[np.float64]:
        sprite = self._sprite[rows]
        fragments = np.empty((len(rows), FIELDS))
        half = atlas.sources[sprite, 2] / 2
        fragments[:, 0] = np.rint(px - half) + half
        fragments[:, 1] = np.rint(py - half) + half
        fragments[:, 2:6] = atlas.sources[sprite]
        fragments[:, 6:8] = 1.0
        fragments[:, 8] = 0.0
        if self._heading is not None:
            turned = atlas.turns[sprite]
            fragments[turned, 8] = np.nan_to_num(np.asarray(self._heading, float)[rows[turned]])
        opacity = 1.0 if self._opacity is None else np.asarray(self._opacity, float)[rows]
        fragments[:, 9] = opacity * self.opacity
        return fragments

    def _draw_selected(self, marks: point_marks.Marks, atlas: Atlas, row: int) -> None:
        x, y = self._glide.at(time.monotonic())[row]
        accuracy = 0.0 if self._accuracy is None else float(self._accuracy[row])
        marks.selection(float(x), float(y), float(atlas.radius[self._sprite[row]]), accuracy)

    def _draw_clusters(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        clusters = self.clusters(viewport.zoom)
        many = clusters.count > 1
        x, y = (v * viewport.dpr for v in viewport.to_pixels(*clusters.center[many].T))
        inside = (x > -60) & (x < viewport.width * viewport.dpr + 60)
        inside &= (y > -60) & (y < viewport.height * viewport.dpr + 60)
        fills = [resolve(sprite.fill, colors).name() for sprite in self.style.sprites]
        counts, kinds = clusters.count[many], clusters.sprite[many]
        painter.setOpacity(self.opacity)
        for i in np.flatnonzero(inside).tolist():
            count = int(counts[i])
            picture = badge(short_count(count), badge_radius(count), fills[kinds[i]], viewport.dpr)
            painter.drawPixmap(round(x[i] - picture.width() / 2), round(y[i] - picture.height() / 2), picture)
        painter.setOpacity(1.0)


def _thinned(rows: Ints, px: Any, py: Any, cell: float) -> Ints:
    """One row a cell of the screen: 100,000 points cost no more than the pixels that they cover."""
    place = (py[rows] // cell).astype(np.int64) * 100_000 + (px[rows] // cell).astype(np.int64)
    _, first = np.unique(place[::-1], return_index=True)
    return np.sort(rows[::-1][first])
