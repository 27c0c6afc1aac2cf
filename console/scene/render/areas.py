"""Areas in which models are pressed flat: where they are, as a picture from above, and how it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from vtkmodules.vtkRenderingCore import vtkTexture

from console.scene.frame import Frame
from console.scene.render.arrays import flat_texture
from console.scene.transforms import Matrix

SIDE = 512
"""Pixels of the picture; the shader finds the edge between them, at half of their light."""
_FINER = 4
"""Times as many are painted, so that pixels on the edge are as light as they are covered."""
_RIM = 0.02
"""Share of the picture around the areas, so that what lies outside of it is outside of them."""
_LEFT = 1e-3
"""Share of their height that pressed things keep: roofs stay above the ground below them."""


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A ring (n, 2) of WGS84 degrees, and a height in metres above the ellipsoid."""

    ring: NDArray[np.float64]
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """White inside of some areas, black outside."""

    texture: vtkTexture
    way: Matrix
    """(4, 4): the scene's frame to the picture, 0 to 1."""


class Areas:
    """Those of one stage; pictures are painted when they are first needed."""

    def __init__(self, frame: Frame, areas: Sequence[Area]) -> None:
        self._rings = [frame.place(area.ring[:, 0], area.ring[:, 1], area.height) for area in areas]
        self._frame = frame
        self._ways = [self._way([number]) for number in range(len(areas))]
        self._masks: dict[tuple[int, ...], Mask] = {}
        self.presses = [self._press(ring) for ring in self._rings]
        """(4, 4) each: things in the frame to where they are pressed to."""

    def touched(self, points: NDArray[np.float64]) -> tuple[int, ...]:
        """Areas that things between *points* (n, 3) of the frame may lie in."""
        found: list[int] = []
        for number, way in enumerate(self._ways):
            at = points @ way[:2, :3].T + way[:2, 3]
            if (at.max(axis=0) > 0).all() and (at.min(axis=0) < 1).all():
                found.append(number)
        return tuple(found)

    def mask(self, numbers: tuple[int, ...]) -> Mask:
        """A picture of some of them together."""
        if numbers not in self._masks:
            way = self._way(numbers)
            image = Image.new("L", (SIDE * _FINER, SIDE * _FINER))
            for ring in (self._rings[number] for number in numbers):
                at = (ring @ way[:2, :3].T + way[:2, 3]) * SIDE * _FINER
                ImageDraw.Draw(image).polygon([(x, y) for x, y in at.tolist()], fill=255)
            pixels = np.asarray(image.reduce(_FINER))
            self._masks[numbers] = Mask(flat_texture(np.repeat(pixels[..., None], 4, axis=2)), way)
        return self._masks[numbers]

    def _way(self, numbers: Sequence[int]) -> Matrix:
        points = np.concatenate([self._rings[number] for number in numbers])
        axes = self._frame.axes_at(points.mean(axis=0))[:2]
        at = points @ axes.T
        low, high = at.min(axis=0), at.max(axis=0)
        rim = np.maximum(high - low, 0.1) * _RIM
        low, high = low - rim, high + rim
        way = np.identity(4)
        way[:2, :3] = axes / (high - low)[:, None]
        way[:2, 3] = -low / (high - low)
        return way

    def _press(self, ring: NDArray[np.float64]) -> Matrix:
        middle = ring.mean(axis=0)
        up = self._frame.axes_at(middle)[2]
        press = np.identity(4)
        press[:3, :3] -= (1.0 - _LEFT) * np.outer(up, up)
        press[:3, 3] = (1.0 - _LEFT) * up * (up @ middle)
        return press
