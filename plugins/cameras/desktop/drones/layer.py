"""Drones and the ground in their pictures, drawn. Layers of the map are in the 3D view, too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from console.sdk import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape, Text
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.drones.fleet import FRESH, Fleet, Heard

LAYER = "onemap.cameras.drones"
GROUND = "onemap.cameras.drones_ground"
COLOR = "info"
DRONE = Sprite(
    symbol="drone",
    shape=SpriteShape.TRIANGLE,
    fill=COLOR,
    size=24,
    title=Text("飞行中的无人机", "Drone in flight"),
)
STYLE = PointStyle(sprites=(DRONE,), labels_from=12.0, priority=30)
FILL = 0x30
"""Of 255."""


class DroneLayer:
    """Follows the fleet."""

    def __init__(self, desk: Desk, fleet: Fleet) -> None:
        self._desk, self._fleet = desk, fleet
        ctx = desk.ctx
        self._ground = ctx.map.add_shapes(GROUND)
        self._points = ctx.map.add_points(LAYER, STYLE)
        self._shown: list[Heard] = []
        self._points.on_click(lambda at: desk.select(self._shown[at].camera))
        self._points.on_hover(self._tip)
        fleet.changed.connect(self.draw)
        desk.changed.connect(self.draw)
        desk.selected_changed.connect(self._select)
        ctx.on_theme(self.draw)

    def draw(self) -> None:
        """All of them, of cameras that the user may see."""
        shown = self._shown = [each for each in self._fleet.heard.values() if self._desk.record(each.camera)]
        places = np.array([each.seen.place for each in shown], float).reshape(-1, 2)
        headings = [np.nan if each.said.heading is None else each.said.heading for each in shown]
        self._points.set_points(
            places[:, 0],
            places[:, 1],
            heading=np.array(headings, float),
            opacity=np.array([each.opacity for each in shown], float),
        )
        self._points.set_labels([self._name(each) for each in shown])
        self._select()
        self._ground.clear()
        for each in shown:
            self._ground.put(each.camera, *self._shapes(each))

    def _select(self) -> None:
        self._points.select([at for at, e in enumerate(self._shown) if e.camera == self._desk.selected])

    def _shapes(self, each: Heard) -> Iterator[Shape]:
        """The picture's ground, its upper edge stronger, and the line to its middle."""
        seen, color = each.seen, self._desk.ctx.color(COLOR)
        stroke = f"{color}{round(255 * each.opacity):02x}"
        if corners := seen.corners:
            fill = f"{color}{round(FILL * each.opacity):02x}"
            dash = (4, 3) if seen.computed else ()
            yield Shape(
                kind="polygon",
                points=corners,
                style=ShapeStyle(stroke=stroke, width=1.5, fill=fill, dash=dash),
            )
            yield Shape(kind="line", points=corners[:2], style=ShapeStyle(stroke=stroke, width=3.5))
        if seen.center:
            line = ShapeStyle(stroke=stroke, width=1.5, dash=(2, 3))
            yield Shape(kind="line", points=(seen.place, seen.center), style=line)

    def _name(self, each: Heard) -> str:
        record = self._desk.record(each.camera)
        return record.name if record else each.camera

    def _tip(self, at: int) -> str:
        each, tr = self._shown[at], self._desk.ctx.tr
        said, words = each.said, [self._name(each)]
        if each.age > FRESH:
            words.append(tr("Heard {n} s ago", n=f"{each.age:.0f}"))
        if 0 < said.at < 2**33:
            words.append(datetime.fromtimestamp(said.at).strftime("%H:%M:%S"))
        if said.altitude is not None:
            words.append(tr("{n} m above the sea", n=f"{said.altitude:.0f}"))
        if each.seen.above is not None:
            words.append(tr("{n} m above the ground it looks at", n=f"{each.seen.above:.0f}"))
        if each.seen.computed:
            words.append(tr("Extent of the picture worked out on level ground"))
        return "\n".join(words)
