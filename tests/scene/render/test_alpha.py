"""What is seen through, and how far, on the stage."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from console.scene.frame import Frame
from console.scene.lens import Lens
from console.scene.render.stage import Stage
from console.scene.stream.drawable import Batch, Drawable, Mode, Surface

BEHIND = (200, 0, 0)
LENS = Lens(np.array([0.0, 0.0, 10.0]), np.array([0.0, 0.0, -1.0]), np.array([0.0, 1.0, 0.0]), 1.0, 64, 48)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage(Frame(117.0, 34.0))
    stage.set_sky((0.0, 0.0, 0.0), (0.2, 0.4, 0.9))
    yield stage
    stage.close()


def seen(stage: Stage, surface: Surface) -> list[int]:
    """The colour in the middle of a square of *surface* before a solid one."""
    back = Surface(color=(BEHIND[0] / 255, 0.0, 0.0, 1.0), double_sided=True)
    layer = stage.for_layer(np.identity(4))
    tiles = [layer.build(Drawable((square(-1.0, back),))), layer.build(Drawable((square(0.0, surface),)))]
    for tile in tiles:
        layer.show(tile, True)
    color = stage.render(LENS, 5.0)[24, 32, :3].tolist()
    for tile in tiles:
        layer.drop(tile)
    return color


def square(height: float, surface: Surface) -> Batch:
    corners = np.array([[-9, -9, height], [9, -9, height], [9, 9, height], [-9, 9, height]], np.float32)
    across = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    indices = np.array([0, 1, 2, 0, 2, 3], np.uint32)
    return Batch(Mode.TRIANGLES, corners, indices, np.identity(4), surface, texcoords=across)


def leaf(alpha: int, *, cutoff: float | None = None, blend: bool = False) -> Surface:
    pixels = np.full((4, 4, 4), (0, 160, 0, alpha), np.uint8)
    return Surface(pixels=pixels, cutoff=cutoff, blend=blend, double_sided=True)


@pytest.mark.parametrize(("alpha", "color"), [(255, (0, 160, 0)), (150, (0, 160, 0)), (100, BEHIND)])
def test_a_cut_out_is_there_or_is_not(stage: Stage, alpha: int, color: tuple[int, int, int]):
    assert seen(stage, leaf(alpha, cutoff=0.5)) == pytest.approx(color, abs=1)


def test_a_cut_out_has_its_own_limit(stage: Stage):
    assert seen(stage, leaf(100, cutoff=0.25)) == pytest.approx((0, 160, 0), abs=1)


def test_what_is_translucent_is_mixed_with_what_is_behind(stage: Stage):
    half = 102 / 255
    assert seen(stage, leaf(102, blend=True)) == pytest.approx((200 * (1 - half), 160 * half, 0), abs=3)


def test_what_is_said_to_be_solid_is_so_whatever_its_picture_says(stage: Stage):
    assert seen(stage, leaf(100)) == pytest.approx((0, 160, 0), abs=1)
