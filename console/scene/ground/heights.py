"""One question for all kinds of terrain: how high is the ground above the ellipsoid here?"""

from __future__ import annotations

from typing import Protocol

import numpy as np
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


ELLIPSOID: Heights = Flat(0.0)
"""For data whose heights are above the ellipsoid already."""
