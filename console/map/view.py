"""The 2D map: cached tiles blitted, labels and live layers on top. Nothing in here waits.

A frame paints, from the ground up: the tiles that are there (tiles.py, drawn by
worker processes), their labels, the layers of the tree, the tool at work, the
furniture. What a frame lacks is asked for, and ``BaseMap.changed`` paints anew.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from console.map import picking
from console.map.base_layers import base_slot, data_ref, home_of, layer_ref, legend_of
from console.map.base_map import BaseMap, slots_of
from console.map.facet import Facet
from console.map.furniture import Furniture
from console.map.furniture_paint import paint_furniture
from console.map.ground import DrawnLayer, Ground
from console.map.layer import LiveLayer
from console.map.layer_tree import LayerTree
from console.map.listeners import Listeners
from console.map.navigator import Navigator
from console.map.painting import paint_base, paint_ground, paint_layers
from console.map.pointer import Pointer
from console.map.points import PointsLayer
from console.map.render.style import load_style
from console.map.sprites import Colors
from console.map.tools import Tool, draw_box
from console.map.viewport import Bounds, Viewport, resting_zoom
from console.model.records import LayerInfo
from console.sdk.ui.words import word

FRAME = 16
"""Milliseconds between frames while the view moves."""
GLIDE = 33
"""… and while only symbols do; also between answers to the pointer."""
CHINA: Bounds = (73.5, 18.0, 135.0, 53.6)
"""What is shown before there is any map."""


class MapView(QWidget):
    """``facet`` is what plugins see of it; ``set_base``, ``set_theme``, ``set_language`` are the shell's."""

    def __init__(self, cache: Path | None = None, workers: int | None = None, memory: str = "") -> None:
        """*memory*: megabytes for tiles."""
        super().__init__()
        self.navigator = Navigator()
        self.navigator.viewport = Viewport(width=640, height=480).fitted(CHINA)
        self._pointer = Pointer(self)  # events come from the next line on
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.base = BaseMap(self, str(cache or ""), workers, slots_of(memory))
        self.ground = Ground(self.base)
        self.tree = LayerTree(self._on_tree)
        self.colors: Colors = lambda token: "#888888"
        self.bounds_of_base: Bounds | None = None
        self.changed, self.place_left = Listeners[[]](), Listeners[[]]()
        self.place_clicked: Listeners[[float, float]] = Listeners()
        self.place_hovered: Listeners[[float, float]] = Listeners()
        self.menu_wanted: Listeners[[float, float]] = Listeners()
        self.followed: tuple[PointsLayer, int] | None = None
        self.tool: Tool | None = None
        self._placed = False
        self._style = load_style("dark")
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._hover = QTimer(self, singleShot=True, interval=GLIDE)
        self._hover.timeout.connect(self._on_hover)
        self._rest = QTimer(self, singleShot=True, interval=180)
        self._rest.timeout.connect(self._come_to_rest)
        self._tell = QTimer(self, singleShot=True, interval=60)
        self._tell.timeout.connect(self.changed.fire)
        self._furniture = Furniture(self, lambda: self.zoom_by(1), lambda: self.zoom_by(-1), self.full_extent)
        self.base.changed.connect(self._on_base)
        self.base.layer_failed.connect(self._on_fault)
        self.base.layer_stated.connect(self.tree.set_state)
        self.facet = Facet(self)
        self._furniture.dress(self.colors)

    # ---- for the shell ----

    def set_base(self, layers: Sequence[tuple[LayerInfo, Path]]) -> None:
        """The base layers with their packages, topmost first."""
        self.tree.set_base([base_slot(info, path) for info, path in layers])
        self.bounds_of_base = home_of([info for info, _ in layers])
        self._show_legends()
        self._furniture.note.setVisible(not layers)
        if layers and not self._placed:
            self.full_extent()

    def set_theme(self, name: str, colors: Colors) -> None:
        """Colours from now on; the map style is the one of the theme's name, or the nearest in lightness."""
        self.colors = colors
        self.ground.clear()
        self.tree.dress(colors)
        light = QColor(colors("surface")).lightness() > 127
        style = name if name in ("dark", "light") else ("light" if light else "dark")
        self.base.set_style(style)
        self._style = load_style(style)
        self._show_legends()
        for slot in self.tree.ordered():
            if isinstance(slot.layer, PointsLayer):
                slot.layer.restyle()
        self._furniture.dress(colors)
        self.update()

    def _show_legends(self) -> None:
        self.tree.set_legends(lambda kind: legend_of(kind, self._style))

    def set_language(self, language: str) -> None:
        """Texts anew; they come from the application's words."""
        self._furniture.dress(self.colors)
        self.update()

    def save_state(self) -> dict[str, Any]:
        """Centre, zoom and layers, as plain values."""
        lon, lat = self.viewport.center
        zoom = resting_zoom(self.navigator.goal_zoom)
        return {"lon": lon, "lat": lat, "zoom": zoom, "placed": self._placed, **self.tree.save()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """What ``save_state`` gave; whatever is wrong with it is left out."""
        self.tree.restore(state)
        place = [state.get(name) for name in ("lon", "lat", "zoom")]
        if state.get("placed") and all(isinstance(value, int | float) for value in place):
            lon, lat, zoom = (float(value) for value in place if value is not None)
            self.facet.center_on(lon, lat, zoom)

    def close(self) -> bool:
        """Stop timers and workers, cancel what the user was asked."""
        for timer in (self._timer, self._hover, self._rest, self._tell):
            timer.stop()
        self.set_tool(None)
        self.ground.clear()
        self.base.close()
        return super().close()

    # ---- for the facet and the layers ----

    @property
    def viewport(self) -> Viewport:
        return self.navigator.viewport

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
        self.navigator.show(self.viewport.fitted(self.bounds_of_base or CHINA, 0.03))
        self._placed = self._placed or self.bounds_of_base is not None
        self.moved(by_user=False)

    def touch(self, layer: LiveLayer) -> None:
        if layer.visible or not self._timer.isActive():
            self.update()
        self.follow_now()
        self._run()

    def forget(self, layer: LiveLayer) -> None:
        if self.followed and self.followed[0] is layer:
            self.followed = None
        self.tree.forget(layer)
        self.update()

    def set_tool(self, tool: Tool | None) -> None:
        """Hand the pointer to a tool; the one before is cancelled."""
        before, self.tool = self.tool, tool
        if before is not None and not before.over:
            before.finish(None)
        self._furniture.show_prompt(tool.prompt if tool else "", tool.hints if tool else "")
        if tool is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    @property
    def attribution(self) -> str:
        """Of all visible base layers, each once."""
        texts = [s.attribution for s in self.tree.ordered() if s.rendered and s.visible and s.attribution]
        return " · ".join(dict.fromkeys(texts))

    # ---- motion ----

    def moved(self, *, by_user: bool) -> None:
        """The view has changed or is about to."""
        if by_user:
            self.followed = None
            self._placed = True
        self._tell_soon()
        if self.navigator.zooming:
            self._rest.start()
        self.update()
        self._run()

    def _tell_soon(self) -> None:
        """Listeners hear of many changes at once."""
        if not self._tell.isActive():
            self._tell.start()

    def _run(self) -> None:
        """Have frames come while anything moves; the next one will see whether that is still so."""
        if (self.navigator.moving and self._timer.interval() != FRAME) or not self._timer.isActive():
            self._run_on()

    def _run_on(self) -> None:
        now = time.monotonic()
        if self.navigator.moving:
            self._timer.start(FRAME)
        elif self.isVisible() and (
            self.ground.unfinished or any(layer.moving(now) for layer in self._point_layers())
        ):
            self._timer.start(GLIDE)
        else:
            self._timer.stop()

    def _tick(self) -> None:
        now = time.monotonic()
        if self.navigator.moving:
            self.navigator.step(now)
            self._tell_soon()
        self.follow_now()
        self.update()
        self._run_on()

    def follow_now(self) -> None:
        """Centre on the followed point, wherever it has got to."""
        place = self.followed[0].place_of(self.followed[1], time.monotonic()) if self.followed else None
        if place is not None and place != (self.viewport.x, self.viewport.y):
            self.navigator.viewport = self.viewport.at(*place)
            self._tell_soon()
            self.update()

    def _come_to_rest(self) -> None:
        """After a pinch: on to the nearest zoom at which tiles are sharp."""
        if self.navigator.zooming and not self.navigator.moving:
            size = self.viewport
            self.navigator.zoom_to(size.zoom, size.width / 2, size.height / 2, time.monotonic())
            self.moved(by_user=False)

    def layers_at(self, zoom: float) -> list[DrawnLayer]:
        """The live layers that are seen at a zoom, from the ground up."""
        layers = reversed(self._live_layers())
        return [v for v in layers if isinstance(v, DrawnLayer) and v.shown_at(zoom)]

    def _live_layers(self) -> list[LiveLayer]:
        """Topmost first."""
        return [slot.layer for slot in self.tree.ordered() if slot.layer is not None]

    def _point_layers(self) -> list[PointsLayer]:
        """Visible ones, topmost first."""
        return [s.layer for s in self.tree.ordered() if isinstance(s.layer, PointsLayer) and s.layer.visible]

    def _on_tree(self, base: bool) -> None:
        if base:
            slots = list(reversed(self.tree.ordered()))
            data = [data_ref(slot) for slot in slots if slot.data is not None]
            self.base.set_layers([layer_ref(slot) for slot in slots if slot.base is not None], data)
        self.update()

    def _on_fault(self, layer: str, error: str) -> None:
        self.tree.set_state(layer, word("The layer cannot be read: {error}").format(error=word(error)))

    def _on_base(self) -> None:
        self._furniture.fault.setVisible(self.base.failing)
        self.update()

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, viewport, now = QPainter(self), self.viewport, time.monotonic()
        layers, zooming = self.layers_at(viewport.zoom), self.navigator.zooming
        if zooming or not paint_ground(painter, viewport, self.base, self.ground, layers, self.colors, now):
            paint_base(painter, viewport, self.base, self.colors, zooming)
            paint_layers(painter, viewport, layers, self.colors, now)
        if self.tool is not None:
            self.tool.draw(painter, viewport, self.colors)
        if self._pointer.box is not None:
            draw_box(painter, self._pointer.box, self.colors)
        paint_furniture(painter, viewport, self.attribution, self.colors)
        painter.end()
        if self.ground.unfinished:
            self._run()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resized()
        self._furniture.place()
        if not self._placed:
            self.full_extent()
        self.moved(by_user=False)

    def _resized(self) -> None:
        dpr = self.devicePixelRatioF()
        self.navigator.viewport = self.viewport.resized(self.width(), self.height(), dpr)
        self.tree.dpr = dpr

    # ---- the user's hands ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._pointer.move(event) and not self._hover.isActive():
            self._hover.start()
        if self.tool is not None:
            self.tool.move(self.viewport.place_at(event.position().x(), event.position().y()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.tool is not None:
            self.tool.double_click()
            self._end_tool()
        elif event.button() == Qt.MouseButton.LeftButton:
            where, goal = event.position(), self.navigator.goal_zoom + 1
            self.navigator.zoom_to(goal, where.x(), where.y(), time.monotonic())
            self.moved(by_user=False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self.tool is not None and self.tool.key(event.key(), fast):
            self._end_tool()
            self.update()
        elif not self._pointer.key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.tool is None:
            lon, lat = self.viewport.place_at(event.pos().x(), event.pos().y())
            self.facet.context_point = (lon, lat)
            self.menu_wanted.fire(lon, lat)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resized()
        return self._pointer.gesture(event) or super().event(event)

    def clicked(self, px: float, py: float) -> None:
        """A click that was no drag: to the tool, else to the topmost symbol, else to the place."""
        place = self.viewport.place_at(px, py)
        if self.tool is not None:
            self.tool.click(place)
            self._end_tool()
            return
        found = picking.click(self._live_layers(), self.viewport, px, py)
        if found == "cluster":
            self.navigator.zoom_to(self.navigator.goal_zoom + 1.5, px, py, time.monotonic())
            self.moved(by_user=False)
        elif not found:
            self.place_clicked.fire(*place)

    def _end_tool(self) -> None:
        if self.tool is not None and self.tool.over:
            self.set_tool(None)

    def _on_hover(self) -> None:
        """Tell where the pointer is, and what is under it."""
        where = self.mapFromGlobal(self.cursor().pos())
        if not self.rect().contains(where):
            return
        self.place_hovered.fire(*self.viewport.place_at(where.x(), where.y()))
        text = picking.tip(self._live_layers(), self.viewport, where.x(), where.y())
        QToolTip.showText(self.mapToGlobal(where), text, self)  # an empty one hides it
