"""One question for all kinds of terrain: how high is the ground above the ellipsoid here?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

Values = NDArray[np.float64]


class Heights(Protocol):
    """The ground. Asked by several threads at once."""

    def at(self, lon: Values, lat: Values, step: float = 0.0) -> Values:
        """Metres above the WGS84 ellipsoid at degrees of one shape; that shape.

        *step*: degrees between neighbours of what is asked for; detail finer than that may be left out.
        Raises SceneRefused when the terrain cannot be read.
        """
        ...


class Flat:
    """The same height everywhere."""

    def __init__(self, height: float = 0.0) -> None:
        self.height = height

    def at(self, lon: Values, lat: Values, step: float = 0.0) -> Values:
        return np.full(np.shape(lon), self.height)


class Sunk:
    """Ground that does not show through the models that stand on it."""

    def __init__(self, ground: Heights, models: Sequence[tuple[shapely.Geometry, float]]) -> None:
        """*models*: what each covers (WGS84 degrees), and how high the ground may be there at most."""
        self._ground, self._models = ground, models
        for area, _ in models:
            shapely.prepare(area)

    def at(self, lon: Values, lat: Values, step: float = 0.0) -> Values:
        found = self._ground.at(lon, lat, step)
        for area, most in self._models:
            covered = shapely.contains_xy(area, lon, lat)
            found = np.where(covered, np.minimum(found, most), found)
        return found


ELLIPSOID: Heights = Flat(0.0)
"""For data whose heights are above the ellipsoid already."""
