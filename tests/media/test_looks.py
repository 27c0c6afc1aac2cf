"""Pictures that are turned, mirrored, stretched and straightened: where places go, and what is painted."""

from __future__ import annotations

import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from console.media.drawing import Drawing
from console.media.engine import MediaEngine
from console.model.looks import FILL, Bend, Look
from console.model.streams import Source
from tests.media.conftest import Serve, ShowTile, until
from tests.support.clips import Picture, burn, pictures, read_number

looks = st.builds(
    Look,
    turns=st.integers(0, 7),
    mirrored=st.booleans(),
    bend=st.sampled_from(Bend),
    across=st.floats(30, 150),
)
shares = st.floats(0.02, 0.98)


@given(looks, shares, shares)
def test_a_place_goes_there_and_back(look: Look, x: float, y: float):
    there = look.to_camera(x, y)
    assert np.allclose(look.to_view(*there), (x, y), atol=1e-9)


@given(looks)
def test_corners_of_an_unbent_picture_are_corners(look: Look):
    if not look.bend:
        corners = {(round(float(x)), round(float(y))) for x, y in (look.to_camera(*at) for at in CORNERS)}
        assert corners == set(CORNERS)


CORNERS = ((0, 0), (1, 0), (1, 1), (0, 1))


def frame(width: int = 704, height: int = 576) -> tuple[VideoFrame, Picture]:
    picture = next(pictures(width, height, 1))
    burn(picture, 77)
    return VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuv420p"), picture


def shown(look: Look, box: tuple[int, int] = (352, 288), width: int = 704, height: int = 576) -> Picture:
    made = Drawing().drawn(frame(width, height)[0], None, box, look)
    lines = np.frombuffer(made.pixels, np.uint8).reshape(-1, made.stride)
    return lines[: made.height, : made.width * 4].reshape(made.height, made.width, 4)[..., :3]


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_turned_picture_turned_back_is_the_one_before(turns: int, mirrored: bool):
    turned = shown(Look(turns=turns, mirrored=mirrored))
    assert (turned.shape[0] > turned.shape[1]) == bool(turns % 2)
    back = turned[:, ::-1] if mirrored else turned
    assert read_number(np.ascontiguousarray(np.rot90(back, turns))) == 77
    assert read_number(turned) != 77


def test_shapes_are_as_asked():
    assert shown(Look(shape=16 / 9)).shape[:2] == (198, 352)
    assert shown(Look(shape=FILL), (300, 288)).shape[:2] == (288, 296)
    assert read_number(shown(Look(shape=16 / 9))) == 77


def test_straight_lines_of_a_wide_lens_are_straight_again():
    """A grid as a wide lens bends it comes out as a grid."""
    size, look = 480, Look(bend=Bend.WIDE, across=120.0)
    x, y = np.meshgrid(*2 * [(np.arange(size) + 0.5) / size])
    straight_x, _ = look.to_view(x, y)
    bars = np.where((straight_x * 12 % 1) < 0.5, 230, 20).astype(np.uint8)
    bent = VideoFrame.from_ndarray(np.stack([bars] * 3, axis=2), "rgb24").reformat(format="yuv420p")
    made = Drawing().drawn(bent, None, (size, size), look)
    lines = np.frombuffer(made.pixels, np.uint8).reshape(made.height, made.stride)[:, : made.width * 4 : 4]
    upper, lower = (lines[row].astype(int) for row in (size // 12, size // 2))
    assert np.mean(np.abs(upper - lower) > 100) < 0.04, "bars stand upright over the whole height"
    raw = bars[[size // 12, size // 2]].astype(int)
    assert np.mean(np.abs(raw[0] - raw[1]) > 100) > 0.1, "which they did not before"


def test_a_fisheye_is_unrolled():
    """Sectors of a disc, as seen by who looks straight down, stand beside one another."""
    size = 400
    x, y = np.meshgrid(*2 * [(np.arange(size) + 0.5) / size * 2 - 1])
    around = np.arctan2(x, -y) / (2 * np.pi) % 1.0
    disc = np.where(np.hypot(x, y) < 1, 40 + 200 * (around > 0.5), 0).astype(np.uint8)
    wide = np.zeros((size, 600, 3), np.uint8)
    wide[:, 100:500] = disc[..., None]
    sent = VideoFrame.from_ndarray(wide, "rgb24").reformat(format="yuv420p")
    made = Drawing().drawn(sent, None, (600, 300), Look(bend=Bend.ROUND))
    assert made.width / made.height == pytest.approx(3.0, rel=0.02)
    lines = np.frombuffer(made.pixels, np.uint8).reshape(made.height, made.stride)[:, : made.width * 4 : 4]
    middle = lines[made.height // 2]
    assert np.all(middle[5 : made.width // 2 - 5] < 90) and np.all(middle[made.width // 2 + 5 : -5] > 180)


def test_a_live_picture_is_turned_while_it_plays(serve: Serve, engine: MediaEngine, show: ShowTile):
    """For all tiles of the camera, without a new connection; a kept picture is turned, too."""
    source = Source("1", "倒装", serve().url("sub"))
    one, other = show(engine, source), show(engine, source)

    def number(tile) -> int | None:
        picture = tile._viewing.newest()
        if picture is None:
            return None
        lines = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.stride)
        return read_number(
            np.rot90(lines[:, : picture.width * 4].reshape(picture.height, picture.width, 4)[..., :3], 2)
        )

    until(lambda: one.painted and other.painted)
    assert number(one) is None
    one.look(Look(turns=2))
    until(lambda: number(one) is not None and number(other) is not None)
    kept = []
    one.still(kept.append)
    until(lambda: bool(kept))
    bits = np.frombuffer(kept[0].image.constBits(), np.uint8).reshape(kept[0].image.height(), -1)
    upright = np.rot90(bits.reshape(kept[0].image.height(), -1, 4)[..., :3], 2)
    assert read_number(np.ascontiguousarray(upright)) is not None
