"""A decoded picture as it is painted: in the size of a tile, turned as its camera's ``Look`` says."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame

from console.media.memory import MOST_PIXELS
from console.media.scaling import Scaler, whole
from console.media.turning import Size, Turner, shape_of
from console.model.looks import Look

SHARPER = 2.0
"""A picture that is straightened is scaled to so many times the tile before: parts of it are enlarged."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """BGRX, good until the next one is made."""

    pixels: memoryview
    width: int
    height: int
    stride: int
    """Bytes a line."""


class Drawing:
    """Of one stream."""

    def __init__(self) -> None:
        self._scaler, self._turner = Scaler(), Turner()

    def drawn(self, frame: VideoFrame, pixel: Fraction | None, box: Size, look: Look) -> Drawn:
        """Fitted into *box*. *pixel*: width of a pixel by its height, None: not known."""
        if look.plain and not look.shape:
            width, height = fitted(frame, pixel, *box)
            return self._scaled(frame, width, height)
        size = fitted_shape(shape_of(look, _shape(frame, pixel), box[0] / box[1]), *box)
        if look.plain:
            return self._scaled(frame, *size)
        before = (size[1], size[0]) if look.turns % 2 else size
        if look.bend:
            wide = min(frame.width, round(SHARPER * before[0]))
            before = whole(wide), max(2, round(wide / _shape(frame, pixel)))
        scaled = self._scaler.scaled(frame, *before)
        plane = scaled.planes[0]
        lines = np.frombuffer(memoryview(plane), np.uint32).reshape(-1, plane.line_size // 4)[
            : before[1], : before[0]
        ]
        turned = self._turner.turned(lines, look, size)
        return Drawn(turned.data.cast("B"), *size, 4 * size[0])

    def _scaled(self, frame: VideoFrame, width: int, height: int) -> Drawn:
        plane = self._scaler.scaled(frame, width, height).planes[0]
        return Drawn(memoryview(plane), width, height, plane.line_size)


def _shape(frame: VideoFrame, pixel: Fraction | None) -> float:
    return frame.width * float(pixel or 1) / frame.height


def fitted(frame: VideoFrame, pixel: Fraction | None, width: int, height: int) -> Size:
    """The largest size within *width* by *height* in the shape that the picture is meant to have.

    *pixel*: width of a pixel by its height, which is not 1 with analogue cameras; None: not known.
    """
    return fitted_shape(_shape(frame, pixel), width, height)


def fitted_shape(shape: float, width: int, height: int) -> Size:
    """The same for width by height."""
    scale = min(width / shape, height, (MOST_PIXELS / shape) ** 0.5)
    return whole(max(2, round(scale * shape))), max(2, round(scale))
