"""How a camera's picture is turned and straightened before it is shown. Places are shares of a picture's
width and height, from its upper left corner: 0..1 each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Shares = tuple[NDArray[np.float64], NDArray[np.float64]]
FILL = -1.0
"""As shape: whatever the tile's is."""
_INNER = 0.12
"""Share of a fisheye's radius about its middle that a panorama leaves out: it is all ceiling or floor."""


class Bend(StrEnum):
    """What a lens did that is undone."""

    NONE = ""
    WIDE = "wide"
    """A wide lens, whose straight lines are bent outwards; equidistant over the width."""
    ROUND = "round"
    """A fisheye that looks straight down or up: unrolled, its edge above."""


class Look(msgspec.Struct, frozen=True):
    """Of a camera, on this console."""

    turns: int = 0
    """Quarters, clockwise."""
    mirrored: bool = False
    shape: float = 0.0
    """Width by height as it is shown; 0: as it was sent; FILL."""
    bend: Bend = Bend.NONE
    across: float = 110.0
    """Degrees of a wide lens from left to right."""

    @property
    def plain(self) -> bool:
        """Whether every pixel stays where it was."""
        return not (self.turns % 4 or self.mirrored or self.bend)

    def to_camera(self, x: Any, y: Any) -> Shares:
        """Where in the camera's own picture a place of the shown one is. NaN: nowhere."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        if self.mirrored:
            x = 1.0 - x
        for _ in range(self.turns % 4):
            x, y = y, 1.0 - x
        if self.bend is Bend.WIDE:
            return self._bent(x, y)
        return _rolled(x, y) if self.bend is Bend.ROUND else (x, y)

    def to_view(self, x: Any, y: Any) -> Shares:
        """Where a place of the camera's own picture is shown; outside of 0..1: it is not."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        if self.bend is Bend.WIDE:
            x, y = self._straight(x, y)
        elif self.bend is Bend.ROUND:
            x, y = _unrolled(x, y)
        for _ in range(self.turns % 4):
            x, y = 1.0 - y, x
        return (1.0 - x, y) if self.mirrored else (x, y)

    def _bent(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Shares:
        """Of a picture as through a pinhole: its edge left and right stays where it is."""
        half = np.radians(self.across) / 2
        east, south = 2 * x - 1, 2 * y - 1
        away = np.hypot(east, south)
        scale = np.where(away > 0, np.arctan(away * np.tan(half)) / half / np.maximum(away, 1e-12), 1.0)
        return (1 + east * scale) / 2, (1 + south * scale) / 2

    def _straight(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Shares:
        half = np.radians(self.across) / 2
        east, south = 2 * x - 1, 2 * y - 1
        away = np.hypot(east, south)
        angle = np.minimum(away * half, 1.55)
        scale = np.where(away > 0, np.tan(angle) / np.tan(half) / np.maximum(away, 1e-12), 1.0)
        return (1 + east * scale) / 2, (1 + south * scale) / 2


def _rolled(x: NDArray[np.float64], y: NDArray[np.float64]) -> Shares:
    """Of a panorama: once round along its width, from the fisheye's edge to near its middle downwards."""
    angle, away = 2 * np.pi * x, 1.0 - y * (1.0 - _INNER)
    return (1 + away * np.sin(angle)) / 2, (1 - away * np.cos(angle)) / 2


def _unrolled(x: NDArray[np.float64], y: NDArray[np.float64]) -> Shares:
    east, north = 2 * x - 1, 1 - 2 * y
    away = np.hypot(east, north)
    return (np.arctan2(east, north) / (2 * np.pi)) % 1.0, (1.0 - away) / (1.0 - _INNER)
