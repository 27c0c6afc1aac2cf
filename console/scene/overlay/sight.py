"""How one looks at what is live: the lens of the picture under it, and the zoom of a map that is as large."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from console.map.viewport import EARTH_CIRCUMFERENCE, Viewport, clamp_zoom, to_world
from console.scene.frame import Frame
from console.scene.lens import Lens
from console.scene.pose import Pose

Floats = NDArray[np.float64]
Depth = Callable[[Floats, Floats], Floats]
"""Metres ahead of the eye, of what is drawn at logical pixels; infinite: the sky."""
NEAREST = 0.5
"""Metres ahead within which nothing live is drawn."""
MARGIN = 64.0
"""Logical pixels around the view in which a symbol may still reach into it."""
GIVES = 1.0, 4.0
"""Metres, and pixels of the point's distance, by which something must be nearer to hide a point."""


@dataclass(frozen=True, eq=False)
class Sight:
    """One frame."""

    frame: Frame
    lens: Lens
    """In logical pixels."""
    depth: Depth
    pose: Pose
    dpr: float

    @cached_property
    def zoom(self) -> float:
        """Of a map that shows the place looked at as large."""
        return clamp_zoom(float(self.zoom_of(np.float64(self.pose.distance))))

    def zoom_of(self, ahead: Floats | np.float64) -> Floats | np.float64:
        """The same for what is so many metres ahead."""
        around = EARTH_CIRCUMFERENCE * math.cos(math.radians(self.pose.lat))
        return np.log2(around * self.lens.focal / (256.0 * np.maximum(ahead, NEAREST)))

    @cached_property
    def heading(self) -> float:
        """Degrees clockwise from north: where the top of the screen is."""
        east, north = self.lens.ahead[:2] if abs(self.lens.ahead[2]) < 0.99 else self.lens.above[:2]
        return math.degrees(math.atan2(east, north))

    @cached_property
    def screen(self) -> Viewport:
        """A map of the same size and resolution at the place looked at."""
        x, y = to_world(self.pose.lon, self.pose.lat)
        return Viewport(float(x), float(y), self.zoom, self.lens.width, self.lens.height, self.dpr)

    def inside(self, x: Floats, y: Floats, ahead: Floats) -> NDArray[np.bool_]:
        """Which pixels are in the view or at its edge, of what is before the eye."""
        across = (x > -MARGIN) & (x < self.lens.width + MARGIN)
        return across & (y > -MARGIN) & (y < self.lens.height + MARGIN) & (ahead > NEAREST)

    def behind(self, x: Floats, y: Floats, ahead: Floats) -> Floats:
        """How many metres points are behind something that is drawn; 0: they are seen."""
        metres = ahead - self.depth(x, y)
        return np.where(metres > GIVES[0] + GIVES[1] * ahead / self.lens.focal, metres, 0.0)

    def hidden(self, x: Floats, y: Floats, ahead: Floats) -> NDArray[np.bool_]:
        """Which points are behind something that is drawn."""
        return self.behind(x, y, ahead) > 0
