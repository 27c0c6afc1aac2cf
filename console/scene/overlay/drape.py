"""Lines and areas of the map, laid over the scene from above as the map paints them; off the GUI thread.

Two pictures, one in the other: a fine one around the place looked at, a coarse one as far as one sees.
They are painted anew when a layer changes or the view has left their middle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from console.map.layers.layer_tree import LayerTree
from console.map.live.shapes import ShapesLayer
from console.map.live.sprites import Colors
from console.map.viewport import EARTH_CIRCUMFERENCE, MAX_ZOOM, MIN_ZOOM, Bounds, Viewport, to_world
from console.scene.pose import Pose
from console.scene.process.memory import Memory
from console.scene.process.messages import Laid, Lay, Reply

SIDE = 2048
"""Pixels."""
FINE, COARSE = 0.9, 6.0
"""Of the distance to the place looked at: half a side of the pictures."""
LEAST, MOST = 60.0, 30_000.0
"""Metres of half a side."""
LEFT = 0.35
"""Of half a side that the view may leave the middle."""
ZOOMED = 1.35
"""Times by which the distance may change."""
PAUSE = 100
"""Milliseconds between two paintings."""


@dataclass(frozen=True, slots=True)
class _Level:
    """Where a picture lies: middle in world units, half a side in metres on the ground."""

    x: float
    y: float
    lat: float
    half: float

    @property
    def viewport(self) -> Viewport:
        """In which the map's painters see it: north up."""
        metres = 2 * self.half / SIDE
        zoom = math.log2(EARTH_CIRCUMFERENCE * math.cos(math.radians(self.lat)) / (256.0 * metres))
        return Viewport(self.x, self.y, min(max(zoom, MIN_ZOOM), MAX_ZOOM), SIDE, SIDE)

    def serves(self, x: float, y: float, half: float) -> bool:
        """Whether it still lies around a place, fine enough."""
        world = self.half / (EARTH_CIRCUMFERENCE * math.cos(math.radians(self.lat)))
        aside = max(abs(x - self.x), abs(y - self.y)) / world
        return aside <= LEFT and 1 / ZOOMED <= half / self.half <= ZOOMED


class DrapePainter(QObject):
    """Watches a map's layers and a view's pose; *say* sends what is to be laid."""

    _painted = Signal(object)

    def __init__(
        self, tree: LayerTree, colors: Callable[[], Colors], say: Callable[[Lay], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tree, self._colors, self._say = tree, colors, say
        self._memory = Memory(SIDE * SIDE * 4)
        self._pool = ThreadPoolExecutor(1, "scene-drape")
        self._levels: list[_Level | None] = [None, None]
        self._stale = [True, True]
        self._empty = [True, True]
        self._laying: set[int] = set()
        self._painting: Future[None] | None = None
        self._pose: Pose | None = None
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self._work)
        self._painted.connect(self._on_painted)

    def look(self, pose: Pose) -> None:
        """The view is there now."""
        self._pose = pose
        self._wake()

    def touch(self, layer: object) -> None:
        """A layer looks different now."""
        if isinstance(layer, ShapesLayer):
            self.renew()

    def renew(self) -> None:
        """Layers came, went, or look different."""
        self._stale = [True, True]
        self._wake()

    def hear(self, reply: Reply) -> None:
        """What the drawing process said."""
        if isinstance(reply, Laid):
            self._laying.discard(reply.level)
            self._wake()

    def begin(self) -> None:
        """Another drawing process, on which nothing lies yet."""
        self._laying.clear()
        self._empty = [True, True]
        self.renew()

    def close(self) -> None:
        """Give all back."""
        self._soon.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._memory.close()

    def _wake(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _work(self) -> None:
        """Paint what is most out of place, if nothing is under way."""
        if self._pose is None or self._painting is not None:
            return
        x, y = (float(value) for value in to_world(self._pose.lon, self._pose.lat))
        for number, share in ((1, FINE), (0, COARSE)):
            half = min(max(self._pose.distance * share, LEAST), MOST)
            known = self._levels[number]
            if number in self._laying or (
                not self._stale[number] and known is not None and known.serves(x, y, half)
            ):
                continue
            self._paint(number, _Level(x, y, self._pose.lat, half))
            return

    def _paint(self, number: int, level: _Level) -> None:
        self._levels[number], self._stale[number] = level, False
        area = level.viewport.world
        shown = [slot.layer for slot in reversed(self._tree.ordered()) if isinstance(slot.layer, ShapesLayer)]
        shown = [each for each in shown if each.shown_at(level.viewport.zoom) and each.shapes_in(area)]
        twins = [_twin(each) for each in shown]
        if not twins:
            if not self._empty[number]:
                self._empty[number] = True
                self._send(number, 0, area)
            self._wake_if_stale()
            return
        self._empty[number] = False
        pixels = self._memory.picture(number, SIDE, SIDE)
        self._painting = self._pool.submit(_paint, pixels.data, level.viewport, twins, self._colors())
        self._painting.add_done_callback(lambda _: self._painted.emit(number))

    def _on_painted(self, number: int) -> None:
        painting, self._painting = self._painting, None
        level = self._levels[number]
        if painting is not None and level is not None and painting.exception() is None:
            self._send(number, SIDE, level.viewport.world)
        self._wake_if_stale()

    def _send(self, number: int, side: int, bounds: Bounds) -> None:
        self._laying.add(number)
        self._say(Lay(number, self._memory.path, self._memory.slot_bytes, side, bounds))

    def _wake_if_stale(self) -> None:
        if any(self._stale):
            self._wake()


def _twin(layer: ShapesLayer) -> ShapesLayer:
    """*layer* as it is now, for another thread."""
    twin = layer.twin()
    twin.opacity = layer.opacity
    return twin


def _paint(pixels: memoryview, viewport: Viewport, layers: Sequence[ShapesLayer], colors: Colors) -> None:
    image = QImage(pixels, SIDE, SIDE, SIDE * 4, QImage.Format.Format_RGBA8888_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for layer in layers:
        layer.part(viewport.world, notes=False)  # notes stand upright, they are not laid down
        painter.setOpacity(layer.opacity)
        layer.burn(painter, viewport, colors, 0.0)
    painter.end()
