"""One view of the map: cached tiles blitted, labels and live layers on top. Nothing in here waits.

A frame paints, from the ground up: the tiles that are there (tiles.py, drawn by
worker processes), their labels, the layers of the tree, the tool at work, the
furniture. What a frame lacks is asked for, and ``BaseMap.changed`` paints anew.
"""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent

from console.map.engine.base_map import BaseMap
from console.map.engine.engine import TileEngine
from console.map.layers.layer_tree import LayerTree
from console.map.listeners import Listeners
from console.map.live.layer import LiveLayer
from console.map.live.sprites import Colors
from console.map.tool_bench import ToolBench
from console.map.tools import Tool, draw_box
from console.map.viewport import Bounds, Viewport
from console.map.views.frames import FrameClock, Frames
from console.map.views.furniture import Furniture
from console.map.views.furniture_paint import paint_furniture
from console.map.views.ground import DrawnLayer, Ground
from console.map.views.hands import HandledView, Heard
from console.map.views.scene import Scene
from console.model.records import LonLat

CHINA: Bounds = (73.5, 18.0, 135.0, 53.6)
"""What is shown before there is any map."""
CROSS, CROSS_GAP = 11.0, 3.0
"""Outer and inner end of the arms of the cross, logical pixels."""


class Pane(HandledView):
    """What all views of the map have in common."""

    def __init__(self, bench: ToolBench, heard: Heard) -> None:
        super().__init__(bench, heard)
        self.engine = self.make_engine()
        self.clock = self.make_clock()
        self.navigator.viewport = Viewport(width=640, height=480).fitted(CHINA)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.changed = Listeners[[]]()
        """The view is elsewhere; told a few times a second."""
        self.shifted = Listeners[[]]()
        """The view is elsewhere; told at once."""
        self.frames = Frames(self, self)
        self.scene = self.make_scene()
        self._cross: LonLat | None = None
        self._placed = False
        self.light = False
        """See ``FrameHost``."""
        self._parts = False
        """Whether the next painting is of what ``freshen`` gave."""
        self._tell = QTimer(self, singleShot=True, interval=60)
        self._tell.timeout.connect(self.changed.fire)
        self.furniture = Furniture(self, lambda: self.zoom_by(1), lambda: self.zoom_by(-1), self.full_extent)
        self._undo = [bench.changed.add(self._on_tool), bench.moved.add(self.update)]
        self.base.changed.connect(self._on_base)
        self.furniture.dress(self.colors)
        self._on_tool()

    def make_engine(self) -> TileEngine:
        """What draws its tiles."""
        raise NotImplementedError

    def make_clock(self) -> FrameClock:
        """The one of all views."""
        raise NotImplementedError

    def make_scene(self) -> Scene:
        """What the view shows."""
        raise NotImplementedError

    def home(self) -> Bounds | None:
        """What *all of the map* is; None before there is any."""
        raise NotImplementedError

    @property
    def base(self) -> BaseMap:
        return self.scene.base

    @property
    def ground(self) -> Ground:
        return self.scene.ground

    @property
    def tree(self) -> LayerTree:
        return self.scene.tree

    @property
    def colors(self) -> Colors:
        return self.scene.colors

    @property
    def placed(self) -> bool:
        """Whether anybody has said what to show."""
        return self._placed

    @property
    def tool(self) -> Tool | None:
        return self.bench.tool

    def set_theme(self, name: str, colors: Colors) -> None:
        """Colours from now on; see ``Scene.dress``."""
        self.scene.dress(name, colors)
        self.furniture.dress(colors)
        self.update()

    def set_language(self, language: str) -> None:
        """Texts anew; they come from the application's words."""
        self.furniture.dress(self.colors)
        self.update()

    def close(self) -> bool:
        """Stop timers, listen to nothing more."""
        for undo in self._undo:
            undo()
        self.frames.close()
        for timer in (self._hover, self._tell):
            timer.stop()
        return super().close()

    def live_at(self, px: float, py: float) -> list[LiveLayer]:
        """See ``HandledView``."""
        return self.scene.live_layers()

    def base_at(self, lon: float, lat: float) -> BaseMap:
        """What is drawn at a place, for asking what lies there."""
        return self.base

    def layers_at(self, zoom: float) -> list[DrawnLayer]:
        """The live layers that are seen at a zoom, from the ground up."""
        return self.scene.layers_at(zoom)

    @property
    def attribution(self) -> str:
        """Of all visible base layers, each once."""
        return self.scene.attribution

    # ---- motion ----

    def show_view(self, viewport: Viewport) -> None:
        """Be there at once."""
        self.navigator.show(viewport)
        self._placed = True
        self.moved(by_user=False)

    def zoom_by(self, levels: float) -> None:
        size = self.viewport
        goal = self.navigator.goal_zoom + levels
        self.navigator.zoom_to(goal, size.width / 2, size.height / 2, time.monotonic())
        self.moved(by_user=False)

    def full_extent(self) -> None:
        """The grids, else all base layers, or the country before there are any."""
        home = self.home()
        self.navigator.show(self.viewport.fitted(home or CHINA, 0.03))
        self._placed = self._placed or home is not None
        self.moved(by_user=False)

    def moved(self, *, by_user: bool) -> None:
        """The view has changed or is about to."""
        if by_user:
            self._placed = True
        self._shift()
        self.update()
        self.frames.view_moved()

    def _shift(self) -> None:
        """Tell at once who goes along, and the others of many changes together."""
        self.shifted.fire()
        self.tell_soon()

    def tell_soon(self) -> None:
        """Listeners hear of many changes at once."""
        if not self._tell.isActive():
            self._tell.start()

    def go_along(self, viewport: Viewport) -> None:
        """Show the same place as another view, at its zoom."""
        here = self.viewport
        if (viewport.x, viewport.y, viewport.zoom) != (here.x, here.y, here.zoom):
            self.navigator.show(replace(here, x=viewport.x, y=viewport.y, zoom=viewport.zoom))
            self._placed = True
            self.tell_soon()
            self.update()

    def frame(self, *, moved: bool) -> None:
        """See ``FrameHost``."""
        if moved:
            self._shift()
        changed = None if moved or self.navigator.zooming else self.freshen()
        self.light = changed is not None
        if changed is None:
            self.update()
            return
        dpr, self._parts = self.viewport.dpr, bool(changed)
        for box in changed:
            part = QRectF(box.x() / dpr, box.y() / dpr, box.width() / dpr, box.height() / dpr)
            self.update(part.toAlignedRect())

    def freshen(self) -> list[QRect] | None:
        """What of the view has got fresher, in device pixels; None: paint all of it."""
        return self.scene.freshen(self.viewport, self.clock.now())

    def unrest(self, now: float) -> bool:
        """See ``FrameHost``."""
        return self.scene.unrest(now)

    @property
    def unfinished(self) -> bool:
        """Whether the next frame will show more, or fresher."""
        return self.ground.unfinished

    def come_to_rest(self) -> None:
        """On to the nearest zoom at which tiles are sharp."""
        size = self.viewport
        self.navigator.zoom_to(size.zoom, size.width / 2, size.height / 2, time.monotonic())
        self.moved(by_user=False)

    # ---- what is told ----

    def _on_tool(self) -> None:
        tool = self.bench.tool
        self.furniture.show_prompt(tool.prompt if tool else "", tool.hints if tool else "")
        if tool is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)
        self.update()

    def _on_base(self) -> None:
        self.furniture.fault.setVisible(self.base.failing)
        if self.ground.covers(self.viewport) and not self.navigator.moving:
            self.ground.unfinished = True  # the next frame paints what is fresh alone
            self.frames.run()
        else:
            self.update()

    def show_cross(self, place: LonLat | None) -> None:
        """Mark where the pointer is in a linked view; None: nowhere."""
        for where in (self._cross, place):
            if where is not None:
                px, py = self.viewport.pixel_of(*where)
                around = QRectF(px, py, 0, 0).adjusted(-CROSS, -CROSS, CROSS, CROSS)
                self.update(around.adjusted(-3, -3, 3, 3).toAlignedRect())
        self._cross = place

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, viewport, now = QPainter(self), self.viewport, self.clock.now()
        self.ground.whole, self._parts = event.rect() == self.rect() and not self._parts, False
        self.paint_scene(painter, viewport, now)
        if self.bench.tool is not None:
            self.bench.tool.draw(painter, viewport, self.colors)
        if self._pointer.box is not None:
            draw_box(painter, self._pointer.box, self.colors)
        if self._cross is not None:
            where = QPointF(*viewport.pixel_of(*self._cross))
            _draw_cross(painter, where, QColor(self.colors("map.selection")))
        paint_furniture(painter, viewport, self.attribution, self.colors)
        painter.end()
        if self.unfinished:
            self.frames.run()

    def paint_scene(self, painter: QPainter, viewport: Viewport, now: float) -> None:
        """Base map and live layers."""
        self.scene.paint(painter, viewport, now, zooming=self.navigator.zooming)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resized()
        self.furniture.place()
        if not self._placed:
            self.full_extent()
        self.moved(by_user=False)

    def _resized(self) -> None:
        dpr = self.devicePixelRatioF()
        self.navigator.viewport = self.viewport.resized(self.width(), self.height(), dpr)
        self.tree.dpr = dpr

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resized()
        return super().event(event)


def _draw_cross(painter: QPainter, where: QPointF, color: QColor) -> None:
    """Light on dark, so that it is seen on any map; its middle stays free."""
    for pen in (QPen(QColor(0, 0, 0, 170), 4.0), QPen(color, 2.0)):
        painter.setPen(pen)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            arm = QPointF(dx, dy)
            painter.drawLine(where + arm * CROSS_GAP, where + arm * CROSS)
