"""Tracks on the map: lines, stops, and where everybody was at the moment shown."""

from __future__ import annotations

import numpy as np

from console.sdk import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape
from plugins.staff.desktop.tracks.desk import COLORS, TracksDesk
from plugins.staff.desktop.trail import trail_lines

LINES, HEADS = "onemap.staff.tracks", "onemap.staff.track_heads"
STOP_RING = 18.0
"""Metres of the ring around a stop."""
HEAD_STYLE = PointStyle(
    sprites=[Sprite(shape=SpriteShape.CIRCLE, fill=token, size=18) for token in COLORS],
    labels_from=0.0,
    priority=60,
)


class TracksLayer:
    """Follows the tracks' desk."""

    def __init__(self, tracks: TracksDesk) -> None:
        self._tracks = tracks
        facet = tracks.ctx.map
        self._lines = facet.add_shapes(LINES)
        self._heads = facet.add_points(HEADS, HEAD_STYLE)
        tracks.loaded.connect(self.draw)
        tracks.moment_changed.connect(self.draw_heads)

    def draw(self) -> None:
        """Lines and stops of all; the view shows them whole."""
        self._lines.clear()
        for track in self._tracks.tracks:
            style = ShapeStyle(stroke=track.color, width=4, casing="map.symbol_outline", arrows=True)
            ring = ShapeStyle(stroke=track.color, width=3)
            lines = [Shape(kind="line", points=p, style=style) for p in trail_lines(track.points, 0.0)]
            rings = [
                Shape(kind="circle", points=[w], radius=STOP_RING, style=ring) for w, _, _ in track.stops
            ]
            self._lines.put(track.staff, *lines, *rings)
        self._fit()
        self.draw_heads()

    def draw_heads(self) -> None:
        """Where everybody was at the moment."""
        moment = self._tracks.moment
        found = [(t, place) for t in self._tracks.tracks if (place := t.at(moment)) is not None]
        self._heads.set_points(
            np.array([place[0] for _, place in found], float),
            np.array([place[1] for _, place in found], float),
            sprite=np.array([COLORS.index(t.color) for t, _ in found], np.uint8),
        )
        self._heads.set_labels([track.name for track, _ in found])

    def _fit(self) -> None:
        points = [t.points[:, :2] for t in self._tracks.tracks if len(t.points)]
        if points:
            (west, south), (east, north) = (f(np.concatenate(points), axis=0) for f in (np.min, np.max))
            self._tracks.ctx.map.fit((float(west), float(south), float(east), float(north)))
