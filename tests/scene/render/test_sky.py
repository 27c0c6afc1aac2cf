"""The sky on the stage: from one colour to another, behind everything, and nothing to be hit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from console.scene.frame import Frame
from console.scene.lens import Lens
from console.scene.render.stage import Stage
from console.scene.stream.drawable import Batch, Drawable, Mode, Surface

BELOW, ABOVE = (20, 40, 60), (200, 160, 120)
LENS = Lens(np.array([0.0, 0.0, 10.0]), np.array([0.0, 0.0, -1.0]), np.array([0.0, 1.0, 0.0]), 1.0, 64, 48)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(Frame(117.0, 34.0))
    stage.set_sky(_share(BELOW), _share(ABOVE))
    yield stage
    stage.close()


def _share(color: tuple[int, int, int]) -> tuple[float, float, float]:
    return color[0] / 255, color[1] / 255, color[2] / 255


def picture(stage: Stage) -> np.ndarray:
    return stage.render(LENS, 5.0)[..., :3].astype(int)


def left_half(surface: Surface) -> Drawable:
    corners = np.array([[-99, -99, 0], [0, -99, 0], [0, 99, 0], [-99, 99, 0]], np.float32)
    indices = np.array([0, 1, 2, 0, 2, 3], np.uint32)
    return Drawable((Batch(Mode.TRIANGLES, corners, indices, np.identity(4), surface),))


def test_it_goes_from_one_colour_to_the_other(stage: Stage):
    rows = picture(stage)
    assert np.abs(rows[-1] - BELOW).max() <= 4
    assert np.abs(rows[0] - ABOVE).max() <= 4
    assert (np.diff(rows[:, 9, 0]) <= 0).all()
    stage.set_sky((1.0, 0.0, 0.0), (1.0, 0.0, 0.0))
    assert (picture(stage) == (255, 0, 0)).all()


def test_it_is_behind_what_came_later_and_has_no_depth(stage: Stage):
    picture(stage)
    layer = stage.for_layer(np.identity(4))
    layer.show(layer.build(left_half(Surface(color=(0.0, 0.0, 1.0, 1.0)))), True)
    seen = picture(stage)
    assert (seen[:, :31] == (0, 0, 255)).all()
    assert np.abs(seen[0, 33:] - ABOVE).max() <= 4
    depths = stage.depths()
    assert (depths[:, 33:] == 1.0).all()
    assert (depths[:, :31] < 1.0).all()


def test_it_is_seen_through_what_is_translucent(stage: Stage):
    layer = stage.for_layer(np.identity(4))
    layer.show(layer.build(left_half(Surface(color=(0.0, 0.0, 1.0, 0.4), blend=True))), True)
    expected = np.array(ABOVE) * 0.6 + np.array([0, 0, 255]) * 0.4
    assert np.abs(picture(stage)[0, 10] - expected).max() <= 4
