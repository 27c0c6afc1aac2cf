"""What the pictures of a view tell about the height of the ground: for the hands, that go under none, and
for what is live, which stands on it."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.hands import SeenGround
from console.scene.view.screen import Picture

EVERY = 16
"""Logical pixels from one point that is learnt to the next: a millisecond or two a picture."""
SELDOM = 0.1
"""Seconds between two pictures that are learnt from."""


class Footing:
    """``surface`` is that of ``console.scene.hands.World``."""

    def __init__(self, frame: Frame) -> None:
        self._ground = SeenGround(frame)
        self._learnt = 0.0

    def learn(self, picture: Picture) -> None:
        """Look where things are in a picture that has just come."""
        now, lens = time.monotonic(), picture.lens
        if now - self._learnt < SELDOM:
            return
        self._learnt = now
        x, y = np.meshgrid(np.arange(EVERY / 2, lens.width, EVERY), np.arange(EVERY / 2, lens.height, EVERY))
        ahead = picture.ahead(x, y)
        there = np.isfinite(ahead)
        x, y, ahead = x[there], y[there], ahead[there]
        right, above = (x - lens.width / 2) / lens.focal, (lens.height / 2 - y) / lens.focal
        seen = np.stack([right, above, np.ones_like(right)], axis=1) * ahead[:, None]
        self._ground.learn(lens.eye + seen @ lens.axes, ahead * (EVERY / lens.focal), now)

    def surface(self, lon: float, lat: float) -> float | None:
        """Metres above the ellipsoid at WGS84 degrees; None: it was not seen lately."""
        return self._ground.height(lon, lat, time.monotonic())

    def feet(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where people stand, (n,): see ``SeenGround``."""
        return self._ground.feet(lon, lat)
