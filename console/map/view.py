"""The 2D map: cached tiles blitted, labels and live layers on top. Nothing in here waits.

A frame paints, from the ground up: the tiles that are there (tiles.py, drawn by
worker processes), their labels, the layers of the tree, the tool at work, the
furniture. What a frame lacks is asked for, and ``BaseMap.changed`` paints anew.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QToolTip, QWidget

from console.map.base_map import BaseMap
from console.map.facet import Facet
from console.map.furniture import Furniture
from console.map.furniture_paint import paint_furniture
from console.map.layer import LiveLayer
from console.map.layer_tree import LayerTree, Slot
from console.map.listeners import Listeners
from console.map.messages import LayerRef
from console.map.navigator import Navigator
from console.map.pointer import Pointer
from console.map.points import PointsLayer
from console.map.shapes import ShapesLayer
from console.map.sprites import Colors
from console.map.tools import Tool, draw_box
from console.map.viewport import Bounds, Viewport, from_world, resting_zoom
from console.model.records import LayerInfo
from console.model.text import Text
from console.sdk.ui.words import word

FRAME = 16
"""Milliseconds between frames while the view moves."""
GLIDE = 33
"""… and while only symbols do."""
HOVER = 33
CHINA: Bounds = (73.5, 18.0, 135.0, 53.6)
"""What is shown before there is any map."""


class MapView(QWidget):
    """``facet`` is what plugins see of it; ``set_base``, ``set_theme``, ``set_language`` are the shell's."""

    def __init__(self, cache: Path | None = None, workers: int | None = None) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.navigator = Navigator()
        self.navigator.viewport = replace(Viewport(width=640, height=480)).fitted(CHINA)
        self.base = BaseMap(self, str(cache or ""), workers)
        self.tree = LayerTree(self._on_tree)
        self.colors: Colors = lambda token: "#888888"
        self.bounds_of_base: Bounds | None = None
        self.changed: Listeners[[]] = Listeners()
        self.place_clicked: Listeners[[float, float]] = Listeners()
        self.place_hovered: Listeners[[float, float]] = Listeners()
        self.menu_wanted: Listeners[[float, float]] = Listeners()
        self.followed: tuple[PointsLayer, int] | None = None
        self.tool: Tool | None = None
        self._pointer = Pointer(self)
        self._placed = False
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._hover = QTimer(self, singleShot=True, interval=HOVER)
        self._hover.timeout.connect(self._on_hover)
        self._rest = QTimer(self, singleShot=True, interval=180)
        self._rest.timeout.connect(self._come_to_rest)
        self._tell = QTimer(self, singleShot=True, interval=60)
        self._tell.timeout.connect(self.changed.fire)
        self._furniture = Furniture(self, lambda: self.zoom_by(1), lambda: self.zoom_by(-1), self.full_extent)
        self.base.changed.connect(self._on_base)
        self.base.layer_failed.connect(
            lambda layer, error: self.tree.set_state(
                layer, word("The layer cannot be read: {error}").format(error=error)
            )
        )
        self.facet = Facet(self)
        self._furniture.dress(self.colors)
        self._furniture.note.show()

    # ---- for the shell ----

    def set_base(self, layers: Sequence[tuple[LayerInfo, Path]]) -> None:
        """The base layers with their packages, topmost first."""
        self.tree.set_base([_base_slot(info, path) for info, path in layers])
        boxes = [info.bounds for info, _ in layers if info.bounds[2] > info.bounds[0]]
        self.bounds_of_base = _union(boxes) if boxes else None
        self._furniture.note.setVisible(not layers)
        if layers and not self._placed:
            self.full_extent()

    def set_theme(self, name: str, colors: Colors) -> None:
        """Colours from now on; the map style is the one of the theme's name, or the nearest in lightness."""
        self.colors = self.tree.colors = colors
        light = QColor(colors("surface")).lightness() > 127
        self.base.set_style(name if name in ("dark", "light") else ("light" if light else "dark"))
        for slot in self.tree.ordered():
            if isinstance(slot.layer, PointsLayer):
                slot.layer.restyle()
        self._furniture.dress(colors)
        self.update()

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
        """All base layers, or the country before there are any."""
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
        self.tree.remove(layer)
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
        texts = [s.attribution for s in self.tree.ordered() if s.base and s.visible and s.attribution]
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
        """Have frames come while anything moves, and only then."""
        now = time.monotonic()
        if self.navigator.moving:
            self._timer.start(FRAME)
        elif any(layer.moving(now) for layer in self._point_layers()) and self.isVisible():
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
        self._run()

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

    def _point_layers(self) -> list[PointsLayer]:
        """Visible ones, topmost first."""
        return [s.layer for s in self.tree.ordered() if isinstance(s.layer, PointsLayer) and s.layer.visible]

    def _on_tree(self, base: bool) -> None:
        if base:
            slots = [slot for slot in reversed(self.tree.ordered()) if slot.base is not None]
            self.base.set_layers([_ref(slot) for slot in slots])
        self.update()

    def _on_fault(self, layer: str, error: str) -> None:
        self.tree.set_state(layer, word("The layer cannot be read: {error}").format(error=error))

    def _on_base(self) -> None:
        self._furniture.fault.setVisible(self.base.failing)
        self.update()

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, viewport = QPainter(self), self.viewport
        painter.save()
        painter.scale(1 / viewport.dpr, 1 / viewport.dpr)
        width, height = round(viewport.width * viewport.dpr), round(viewport.height * viewport.dpr)
        if not self.base.tiles.covers(viewport):
            painter.fillRect(0, 0, width + 1, height + 1, QColor(self.colors("map.background")))
        self.base.draw(painter, viewport)
        self.base.draw_labels(painter, viewport, self.navigator.zooming)
        painter.restore()
        self.paint_layers(painter, viewport)
        if self.tool is not None:
            self.tool.draw(painter, viewport, self.colors)
        if self._pointer.box is not None:
            draw_box(painter, self._pointer.box, self.colors)
        paint_furniture(painter, viewport, self.attribution, self.colors)
        painter.end()

    def paint_layers(self, painter: QPainter, viewport: Viewport) -> None:
        """The live layers alone, from the ground up."""
        for slot in reversed(self.tree.ordered()):
            layer = slot.layer
            if layer is None or not layer.shown_at(viewport.zoom):
                continue
            if isinstance(layer, PointsLayer):
                painter.save()
                painter.scale(1 / viewport.dpr, 1 / viewport.dpr)
                layer.draw(painter, viewport, self.colors)
                painter.restore()
            elif isinstance(layer, ShapesLayer):
                layer.draw(painter, viewport, self.colors)

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
        if self.tool is not None and self.tool.key(event.key()):
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
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch.scaleFactor(), pinch.centerPoint().x(), pinch.centerPoint().y())
                return True
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self._pinch(1.0 + event.value(), event.position().x(), event.position().y())
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.navigator.viewport = self.viewport.resized(
                self.width(), self.height(), self.devicePixelRatioF()
            )
        return super().event(event)

    def _pinch(self, factor: float, px: float, py: float) -> None:
        self.navigator.pinch(self.viewport.zoom + log2(max(factor, 0.1)), px, py)
        self.moved(by_user=False)

    def box_drawn(self, box: QRectF) -> None:
        """Show what the user drew the zoom box around."""
        left, top = self.viewport.from_pixels(box.left(), box.top())
        right, bottom = self.viewport.from_pixels(box.right(), box.bottom())
        lon, lat = from_world([left, right], [bottom, top])
        self.show_view(self.viewport.fitted((lon[0], lat[0], lon[1], lat[1]), 0.0))

    def clicked(self, px: float, py: float) -> None:
        """A click that was no drag: to the tool, else to the topmost symbol, else to the place."""
        place = self.viewport.place_at(px, py)
        if self.tool is not None:
            self.tool.click(place)
            self._end_tool()
        elif not self._click_layers(px, py):
            self.place_clicked.fire(*place)

    def _click_layers(self, px: float, py: float) -> bool:
        for slot in self.tree.ordered():
            layer = slot.layer
            if isinstance(layer, PointsLayer):
                row = layer.hit(self.viewport, px, py)
                if row is not None:
                    layer.click(row)
                    return True
                if layer.hit_cluster(self.viewport, px, py):
                    self.navigator.zoom_to(self.navigator.goal_zoom + 1.5, px, py, time.monotonic())
                    self.moved(by_user=False)
                    return True
            elif isinstance(layer, ShapesLayer):
                key = layer.hit(self.viewport, px, py)
                if key is not None:
                    layer.click(key)
                    return True
        return False

    def _end_tool(self) -> None:
        if self.tool is not None and self.tool.over:
            self.set_tool(None)

    def _on_hover(self) -> None:
        """Tell where the pointer is, and what is under it."""
        where = self.mapFromGlobal(self.cursor().pos())
        if not self.rect().contains(where):
            return
        self.place_hovered.fire(*self.viewport.place_at(where.x(), where.y()))
        for layer in self._point_layers():
            row = layer.hit(self.viewport, where.x(), where.y())
            text = layer.tooltip(row) if row is not None else ""
            if text:
                QToolTip.showText(self.mapToGlobal(where), text, self)
                return
        QToolTip.hideText()


def _base_slot(info: LayerInfo, path: Path) -> Slot:
    return Slot(
        id=info.id,
        title=Text(info.title_zh, info.title_en),
        group="base",
        base=LayerRef(info.id, str(path), info.version),
        attribution=info.attribution,
    )


def _ref(slot: Slot) -> LayerRef:
    """The layer as the workers are told of it."""
    assert slot.base is not None
    return LayerRef(slot.id, slot.base.path, slot.base.version, slot.visible, slot.opacity)


def _union(boxes: Sequence[Bounds]) -> Bounds:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
