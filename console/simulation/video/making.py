"""Encodes the streets. Only the process that makes the clips has the encoder in it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext

from console.simulation.video.clip import Clip
from console.simulation.video.street import SCENES, Street


def all_clips(sizes: Mapping[str, tuple[int, int, int]]) -> dict[str, Clip]:
    """By scene and name of the size; sizes are width, height, pictures a second."""
    return {
        f"{number}-{name}": encoded(Street(number, width, height), width, height, fps)
        for number in range(SCENES)
        for name, (width, height, fps) in sizes.items()
    }


def encoded(street: Street, width: int, height: int, fps: int) -> Clip:
    """H.264, a key frame each second."""
    stream = VideoCodecContext.create("libx264", "w")
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.time_base, stream.framerate = Fraction(1, fps), Fraction(fps)
    params = f"keyint={fps}:min-keyint={fps}:scenecut=0:repeat-headers=1:bframes=0"
    stream.options = {"preset": "veryfast", "tune": "zerolatency", "crf": "27", "x264-params": params}
    frames: list[bytes] = []
    for number, picture in enumerate(street.pictures(fps)):
        frame = av.VideoFrame.from_image(picture)
        frame.pts = number
        frames += [bytes(packet) for packet in stream.encode(frame.reformat(format="yuv420p"))]
    frames += [bytes(packet) for packet in stream.encode(None)]
    return Clip(width, height, fps, "h264", frames, fps)
