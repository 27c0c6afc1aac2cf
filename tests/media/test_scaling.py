"""Pictures in the size of a tile: as the library scales them at once, in all sizes and kinds."""

from __future__ import annotations

import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation

from console.media.scaling import Scaler
from tests.support.clips import Picture, burn, pictures, read_number

SIZES = [(330, 270), (352, 288), (640, 524), (704, 576), (1000, 818), (100, 82)]


def source(form: str, width: int = 704, height: int = 576, number: int = 77) -> VideoFrame:
    picture = next(pictures(width, height, 1))
    burn(picture, number)
    return VideoFrame.from_ndarray(picture, "rgb24").reformat(format=form)


def pixels(frame: VideoFrame) -> Picture:
    lines = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(frame.height, -1)
    return lines[:, : frame.width * 4].reshape(frame.height, frame.width, 4)[..., :3].copy()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", ["yuv420p", "yuvj420p", "nv12", "yuv422p", "yuv420p10le", "gray"])
def test_all_sizes_and_kinds_look_as_scaled_at_once(form: str, size: tuple[int, int]):
    frame = source(form)
    made = Scaler().scaled(frame, *size)
    assert (made.format.name, made.width, made.height) == ("bgr0", *size)
    expected = pixels(frame.reformat(*size, "bgr0", interpolation=Interpolation.AREA))
    assert np.abs(pixels(made).astype(int) - expected).mean() < 3.0
    assert read_number(pixels(made)) == 77


@pytest.mark.parametrize("width", range(90, 108))
@pytest.mark.parametrize("form", ["yuv420p", "yuvj420p"])
def test_pictures_that_are_not_scaled_have_all_their_columns(form: str, width: int):
    frame = VideoFrame.from_ndarray(np.full((82, width, 3), 200, np.uint8), "rgb24").reformat(format=form)
    made = Scaler().scaled(frame, width, 82)
    lines = np.frombuffer(memoryview(made.planes[0]), np.uint8).reshape(82, -1)[:, : width * 4]
    assert np.abs(lines.reshape(82, width, 4)[..., :3].astype(int) - 200).max() <= 3


@pytest.mark.parametrize("shape", [(702, 574), (350, 286), (1919, 1079), (64, 48)])
def test_odd_sizes_are_scaled_too(shape: tuple[int, int]):
    frame = source("yuv420p", *shape)
    made = Scaler().scaled(frame, 160, 120)
    expected = pixels(frame.reformat(160, 120, "bgr0", interpolation=Interpolation.AREA))
    assert np.abs(pixels(made).astype(int) - expected).mean() < 4.0


def test_full_range_stays_full_range():
    white = VideoFrame.from_ndarray(np.full((576, 704, 3), 255, np.uint8), "rgb24")
    full = white.reformat(format="yuv420p", dst_color_range=ColorRange.JPEG)
    assert full.color_range == ColorRange.JPEG
    scaler = Scaler()
    assert pixels(scaler.scaled(full, 330, 270)).min() >= 253
    assert pixels(scaler.scaled(white.reformat(format="yuv420p"), 330, 270)).min() >= 253
