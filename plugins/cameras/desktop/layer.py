"""Cameras and stations on the map, and the field of view of the selected camera."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from console.sdk import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape, Text
from console.sdk.records import CameraKind, Station
from plugins.cameras.desktop.catalogue import SPRITES, reach
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.sight import field_of_view
from plugins.cameras.desktop.words import kind_text, state_text, video_text

CAMERA_STYLE = PointStyle(sprites=SPRITES, cluster=True, cluster_below=15.5, labels_from=18.0, priority=10)
STATION = Sprite(
    shape=SpriteShape.HOUSE, fill="station", size=18, title=Text("中心或驻点", "Centre or station")
)
STATION_STYLE = PointStyle(sprites=(STATION,), labels_from=14.0, min_zoom=12.0, priority=20)
FILL_ALPHA = "30"


class CameraLayer:
    """Follows the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        ctx = desk.ctx
        self._points = ctx.map.add_points("onemap.cameras.cameras", CAMERA_STYLE)
        self._sight = ctx.map.add_shapes("onemap.cameras.sight", listed=False)
        self._rows: npt.NDArray[Any] = np.zeros(0, np.int64)
        self.carded: Callable[[str], bool] = lambda camera: False
        """Whether a card tells of a camera already: no other text stands beside it."""
        self._points.on_click(lambda at: desk.select(self._camera(at).id))
        self._points.on_hover(self._tooltip)
        desk.changed.connect(self.draw)
        desk.filtered.connect(self.draw)
        desk.selected_changed.connect(self._show_selected)
        ctx.on_theme(self._show_selected)
        self.draw()

    def draw(self) -> None:
        """Replace all points."""
        cameras = self._desk.catalogue
        rows = self._rows = np.flatnonzero(self._desk.shown(with_view=False))
        self._points.set_points(
            cameras.lon[rows],
            cameras.lat[rows],
            sprite=cameras.sprite[rows],
            heading=cameras.heading[rows],
        )
        self._points.set_labels([cameras.cameras[row].name for row in rows.tolist()])
        self._show_selected()

    def _show_selected(self) -> None:
        row = self._desk.catalogue.row_of.get(self._desk.selected or "")
        at = np.flatnonzero(self._rows == row) if row is not None else self._rows[:0]
        self._points.select(at.tolist())
        self._sight.clear()
        camera = self._desk.record(self._desk.selected)
        if camera is None or camera.kind == CameraKind.DRONE:
            return  # what a drone sees is drawn by what it says
        color = self._desk.ctx.color("camera.high" if camera.high else "camera.online")
        style = ShapeStyle(
            stroke=color, width=1.5, fill=color + FILL_ALPHA, dash=() if camera.online else (4, 4)
        )
        wedge = field_of_view(camera)
        if wedge:
            self._sight.put("sight", Shape(kind="polygon", points=wedge, style=style))
        else:
            circle = Shape(kind="circle", points=(camera.where,), radius=reach(camera), style=style)
            self._sight.put("sight", circle)

    def camera_at(self, lon: float, lat: float) -> str | None:
        """Whose symbol is at a place, WGS84 degrees."""
        at = self._points.row_at(lon, lat)
        return None if at is None else self._camera(at).id

    def on_open(self, handler: Callable[[], None]) -> None:
        """*handler* is called at a double click, when its camera has been selected."""
        self._points.on_double_click(lambda _: handler())

    def _camera(self, at: int) -> Any:
        return self._desk.catalogue.cameras[int(self._rows[at])]

    def _tooltip(self, at: int) -> str:
        camera, tr = self._camera(at), self._desk.ctx.tr
        if self.carded(camera.id):
            return ""
        parts = (camera.name, kind_text(camera, tr), state_text(camera, tr), video_text(camera, tr))
        return " · ".join(parts)


class StationLayer:
    """Centres and stations: few, fixed, named."""

    def __init__(self, desk: Desk) -> None:
        ctx = desk.ctx
        self._live = ctx.live.collection("station")
        self._points = ctx.map.add_points("onemap.cameras.stations", STATION_STYLE)
        self._stations: Sequence[Station] = ()
        self._points.on_hover(lambda at: self._stations[at].name)
        self._live.on_change(lambda _: self.draw())
        self.draw()

    def draw(self) -> None:
        """Replace all points."""
        self._stations = list(self._live.all())
        places = np.array([station.where for station in self._stations], float).reshape(-1, 2)
        self._points.set_points(places[:, 0], places[:, 1])
        self._points.set_labels([station.name for station in self._stations])
