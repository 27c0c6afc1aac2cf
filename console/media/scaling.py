"""Pictures as they are painted: in the size of a tile, BGRX. After decoding this is what costs most."""

from __future__ import annotations

from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

PLANAR = {"yuv420p", "yuvj420p"}
"""Nearly all that cameras send: brightness, and colours in half the width and height."""


WHOLE = 8
"""Widths of which the quick way of making colours is right: of others it spoils the last columns."""
WIDE = 256
"""Pixels of width from which pictures are made so that it is: nobody sees four pixels of so many."""


class Scaler:
    """Of one stream: keeps what the library needs from picture to picture."""

    def __init__(self) -> None:
        self._size, self._colours = VideoReformatter(), VideoReformatter()

    def scaled(self, frame: VideoFrame, width: int, height: int) -> VideoFrame:
        """BGRX of *width* by *height* pixels.

        In two steps where that can be, since colours of pictures that are scaled already are made by a
        quicker way: a fifth of the cost less. (To average lines before, by numpy, was no better: memory is
        what is slow.)
        """
        same = (frame.width, frame.height) == (width, height)
        if frame.format.name in PLANAR and not same and width % WHOLE == 0:
            frame = _made(self._size, frame, width, height, frame.format.name)
        return _made(self._colours, frame, width, height, "bgr0")


def _made(by: VideoReformatter, frame: VideoFrame, width: int, height: int, form: str) -> VideoFrame:
    smaller = width < frame.width or height < frame.height
    how = Interpolation.AREA if smaller else Interpolation.BILINEAR  # the fast one smears the right edge
    if width % WHOLE and (frame.width, frame.height) == (width, height):
        how |= Interpolation.ACCURATE_RND  # not the quick way
    return by.reformat(frame, width, height, form, interpolation=how, threads=1)


def whole(width: int) -> int:
    """The next smaller width that is made quickly."""
    return width // WHOLE * WHOLE if width >= WIDE else width
