"""Moving pictures for tests: pedestrians (Debian's opencv-doc) with the frame's number burnt in as bars.

The bars are along the lower edge: one white, one black, twelve bits of the number, two of their sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from console.simulation.video.clip import Clip

PEDESTRIANS = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
BITS, SUM_BITS = 12, 2
CELLS = 2 + BITS + SUM_BITS
SHARE = 8
"""The bars take one SHARE of the height."""
Picture = NDArray[np.uint8]
"""(height, width, 3)"""


def encode(
    width: int, height: int, fps: int, seconds: float = 4.0, key_every: int = 0, first: int = 0,
    codec: str = "libx264", preset: str = "ultrafast",
) -> Clip:  # fmt: skip
    """Pedestrians in a size, numbers from *first*; *key_every*: frames between key frames, 0: a second."""
    count, gop = round(fps * seconds), key_every or fps
    stream = VideoCodecContext.create(codec, "w")
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.time_base, stream.framerate = Fraction(1, fps), Fraction(fps)
    stream.thread_count = 1
    params = f"keyint={gop}:min-keyint={gop}:scenecut=0:repeat-headers=1:bframes=0"
    name = "x265-params" if codec == "libx265" else "x264-params"
    stream.options = {"preset": preset, "tune": "zerolatency", "crf": "26", name: params}
    frames: list[bytes] = []
    for number, picture in enumerate(pictures(width, height, count)):
        burn(picture, first + number)
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts = number
        frames += [bytes(packet) for packet in stream.encode(frame.reformat(format="yuv420p"))]
    frames += [bytes(packet) for packet in stream.encode(None)]
    return Clip(width, height, fps, "h265" if codec == "libx265" else "h264", frames, gop, first)


def pictures(width: int, height: int, count: int) -> Iterator[Picture]:
    """Real ones where the package is, else a moving pattern."""
    if not PEDESTRIANS.exists():
        for number in range(count):
            ramp = (np.arange(width) + 3 * number) % 256
            yield np.repeat(np.tile(ramp, (height, 1))[..., None], 3, 2).astype(np.uint8)
        return
    with av.open(str(PEDESTRIANS)) as file:
        for number, frame in enumerate(file.decode(video=0)):
            if number == count:
                return
            yield np.asarray(frame.reformat(width, height, "rgb24").to_ndarray(), np.uint8)


def burn(picture: Picture, number: int) -> None:
    """Write *number* into the picture."""
    height, width = picture.shape[:2]
    edges = np.linspace(0, width, CELLS + 1).round().astype(int)
    for cell, on in enumerate(_cells(number)):
        picture[height - height // SHARE :, edges[cell] : edges[cell + 1]] = 235 if on else 16


def read_number(picture: Picture) -> int | None:
    """The number burnt in; None: none that is bright. Any size, nothing around the picture."""
    height, width = picture.shape[:2]
    row = height - height // (2 * SHARE) - 1
    grey = picture[row - 1 : row + 2].mean(axis=(0, 2))
    centers = ((np.arange(CELLS) + 0.5) * width / CELLS).astype(int)
    levels = grey[centers]
    if levels[0] < 180 or levels[1] > 60:
        return None
    bits = levels > (levels[0] + levels[1]) / 2
    number = sum(int(bit) << place for place, bit in enumerate(bits[2 : 2 + BITS]))
    return number if _cells(number) == [bool(bit) for bit in bits] else None


def _cells(number: int) -> list[bool]:
    number %= 1 << BITS
    check = number.bit_count() % (1 << SUM_BITS)
    bits = [bool(number >> place & 1) for place in range(BITS)]
    return [True, False, *bits, *(bool(check >> place & 1) for place in range(SUM_BITS))]


def age_of(number: int, clip: Clip, began: float, now: float) -> float:
    """Seconds since the frame of that number was sent last, by a server that began at *began*."""
    latest = math.floor((now - began) * clip.fps)
    back = (latest + clip.first - number) % len(clip.frames)
    return now - began - (latest - back) / clip.fps
