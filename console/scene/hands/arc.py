"""The arc of a flight between two places: out, across and in again.

J. J. van Wijk and W. A. A. Nuij, "Smooth and efficient zooming and panning", IEEE Symposium on Information
Visualization 2003, pages 15 to 22; names as there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

RHO = 1.42
"""How much flying out is liked over flying across: what the paper's subjects chose."""


@dataclass(frozen=True)
class Arc:
    """From a view *w0* metres wide to one of *w1*, *across* metres away."""

    w0: float
    w1: float
    across: float

    @property
    def length(self) -> float:
        """S: about the number of screens that pass by."""
        return abs(math.log(self.w1 / self.w0)) / RHO if self._straight else (self._r(1) - self._r(0)) / RHO

    def at(self, share: float) -> tuple[float, float]:
        """Share of the way across and metres of width, at a share of the length; both ends are exact."""
        if share <= 0.0 or share >= 1.0:
            return (0.0, self.w0) if share <= 0.0 else (1.0, self.w1)
        if self._straight:
            return share, self.w0 * (self.w1 / self.w0) ** share
        way, r0 = RHO * share * self.length, self._r(0)
        width = self.w0 * math.cosh(r0) / math.cosh(way + r0)
        # The paper's cosh(r0) tanh(way + r0) - sinh(r0), without its loss of digits.
        u = self.w0 / RHO**2 * math.sinh(way) / math.cosh(way + r0)
        return min(max(u / self.across, 0.0), 1.0), width

    @property
    def _straight(self) -> bool:
        """Too little across for the general form."""
        return self.across <= 1e-6 * max(self.w0, self.w1)

    def _r(self, end: int) -> float:
        w, sign = (self.w0, 1.0) if end == 0 else (self.w1, -1.0)
        b = (self.w1**2 - self.w0**2 + sign * RHO**4 * self.across**2) / (2 * w * RHO**2 * self.across)
        return -math.asinh(b)
