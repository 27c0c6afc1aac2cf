"""The view's motion: smooth zoom that holds the place under the pointer, kinetic pan, rest at sharp zooms."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from console.map.viewport import Viewport, clamp_zoom, resting_zoom

ZOOM_SECONDS = 0.18
FRICTION = 4.5
"""A fling loses this share of its speed a second."""
SLOWEST = 25.0
"""Logical pixels a second at which a fling ends."""
FASTEST = 6000.0


@dataclass(slots=True)
class _Zoom:
    start: float
    goal: float
    px: float
    py: float
    began: float


class Navigator:
    """Changes ``viewport``; ``step`` is called a frame while ``moving``. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.viewport = Viewport()
        self._zoom: _Zoom | None = None
        self._speed = (0.0, 0.0)
        self._last = 0.0

    @property
    def moving(self) -> bool:
        return self._zoom is not None or self._speed != (0.0, 0.0)

    @property
    def zooming(self) -> bool:
        """Whether the zoom is between two rests."""
        return self._zoom is not None or self.viewport.zoom != resting_zoom(self.viewport.zoom)

    @property
    def goal_zoom(self) -> float:
        """The zoom at which the present motion ends."""
        return self._zoom.goal if self._zoom else self.viewport.zoom

    def show(self, viewport: Viewport) -> None:
        """Be there at once."""
        self.stop()
        self.viewport = viewport

    def stop(self) -> None:
        self._zoom = None
        self._speed = (0.0, 0.0)

    def pan(self, dx: float, dy: float) -> None:
        """Move the content by logical pixels, ending a fling."""
        self._speed = (0.0, 0.0)
        self.viewport = self.viewport.panned(dx, dy)

    def fling(self, vx: float, vy: float, now: float) -> None:
        """Let the content glide on at logical pixels a second."""
        speed = math.hypot(vx, vy)
        if speed > SLOWEST * 4:
            limit = min(1.0, FASTEST / speed)
            self._speed, self._last = (vx * limit, vy * limit), now

    def zoom_to(self, zoom: float, px: float, py: float, now: float) -> None:
        """Zoom smoothly to the nearest rest of *zoom* with the place under a pixel held still."""
        self._speed = (0.0, 0.0)
        self._zoom = _Zoom(self.viewport.zoom, resting_zoom(zoom), px, py, now)

    def pinch(self, zoom: float, px: float, py: float) -> None:
        """Follow the fingers to any zoom."""
        self.stop()
        self.viewport = self.viewport.zoomed(clamp_zoom(zoom), px, py)

    def step(self, now: float) -> None:
        """Advance to a time."""
        if self._zoom is not None:
            self._step_zoom(self._zoom, now)
        elif self.moving:
            seconds = min(now - self._last, 0.1)
            vx, vy = self._speed
            self.viewport = self.viewport.panned(vx * seconds, vy * seconds)
            self._last = now
            rest = math.exp(-FRICTION * seconds)
            speed = math.hypot(vx, vy) * rest
            self._speed = (vx * rest, vy * rest) if speed > SLOWEST else (0.0, 0.0)

    def _step_zoom(self, zoom: _Zoom, now: float) -> None:
        share = min((now - zoom.began) / ZOOM_SECONDS, 1.0)
        eased = 1.0 - (1.0 - share) ** 3
        value = zoom.start + (zoom.goal - zoom.start) * eased
        self.viewport = self.viewport.zoomed(value, zoom.px, zoom.py)
        if share >= 1.0:
            self.viewport = replace(self.viewport, zoom=zoom.goal)
            self._zoom = None
