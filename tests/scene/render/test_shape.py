"""What is left of a town that is cut, pressed flat, or seen on one side of a line alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from console.model.coordinates import MERCATOR_LIMIT, to_mercator
from console.scene.cutting import cut_matrix
from console.scene.pose import Pose
from console.scene.render.areas import Area
from console.scene.render.shaping import Form
from console.scene.stream.cameras import camera_of
from console.sdk.scene_place import ScenePlace
from console.sdk.scene_shape import CutBox, CutPlane
from tests.scene.render.test_stage import FRAME, SKY, Town
from tests.support.tileset_writer import PLACE

EYE = 310.0
"""Metres above the ellipsoid."""
FROM_ABOVE = Pose(*PLACE, 10.0, 0.0, 0.0, EYE - 10.0).lens(FRAME, 320, 180)
MIDDLE = ScenePlace(lon=PLACE[0], lat=PLACE[1], height=20.0)
TOWN = frozenset([""])
AWAY = np.array(SKY) * 255


@pytest.fixture(scope="module")
def whole() -> Iterator[Town]:
    town = Town()
    yield town
    town.streamer.close()
    town.stage.close()


@pytest.fixture
def town(whole: Town) -> Iterator[Town]:
    yield whole
    whole.stage.shape(Form())


def seen(town: Town) -> np.ndarray:
    """(180, 320): whether anything is drawn there, from straight above."""
    town.stage.render(FROM_ABOVE, 100.0)
    return town.stage.depths() < 1.0


def heights(town: Town) -> np.ndarray:
    """(180, 320): metres above the ellipsoid of what is seen from straight above; NaN: nothing."""
    town.stage.render(FROM_ABOVE, 100.0)
    depths, (near, far) = town.stage.depths().astype(float), town.stage.range
    return np.where(depths < 1.0, EYE - near * far / (far - depths * (far - near)), np.nan)


def test_what_lies_beyond_a_plane_is_not_there(town: Town):
    before = seen(town)
    town.stage.shape(Form(cut=cut_matrix(CutPlane(place=MIDDLE, heading=90.0), FRAME)))
    after = seen(town)
    assert not after[:, 161:].any(), "the east is cut away: nothing is hit there"
    assert (after[:, :159] == before[:, :159]).all() and before[:, 161:].any()
    town.stage.shape(Form(cut=cut_matrix(CutPlane(place=MIDDLE, pitch=90.0), FRAME)))
    assert np.nanmax(heights(town)) <= 20.1, "what is above the place is cut off"
    town.stage.shape(Form())
    assert (seen(town) == before).all()


def test_a_box_and_its_hole_make_the_whole(town: Town):
    before = seen(town)
    cut = cut_matrix(CutBox(center=MIDDLE, width=60, depth=30, height=500, heading=30.0), FRAME)
    town.stage.shape(Form(cut=cut))
    inside = seen(town)
    town.stage.shape(Form(cut=cut, hole=True))
    outside = seen(town)
    assert inside.sum() > 100 and outside.sum() > 100
    assert ((inside ^ outside) == before).mean() > 0.998
    rows, columns = np.nonzero(inside)
    tilt = np.polyfit(columns, rows, 1)[0]
    assert 0.2 < tilt < 0.8, "its breadth turns with its heading, clockwise"


def test_tiles_that_are_cut_away_are_not_asked_for(town: Town):
    def chosen() -> tuple[frozenset[int], int]:
        town.streamer.frame(camera_of(FROM_ABOVE.sized(3200, 1800), FRAME))
        layer = town.streamer.layers["town"]
        assert layer.selection is not None
        return layer.shown, len(layer.selection.wanted)

    cut = cut_matrix(CutBox(center=MIDDLE, width=30, depth=30, height=500), FRAME)
    town.stage.shape(Form(cut=cut, hole=True))
    whole, most = chosen()
    town.stage.shape(Form(cut=cut))
    picture = seen(town)
    shown, fewer = chosen()
    assert shown <= whole and 0 < fewer < most / 2
    assert (seen(town) == picture).all(), "what is left is there still"
    town.stage.shape(Form())
    assert chosen() == (whole, most)


def test_a_line_shows_where_it_is_cut(town: Town):
    def yellow() -> np.ndarray:
        picture = town.stage.render(FROM_ABOVE, 100.0)[..., :3].astype(int)
        return np.all(abs(picture - (255, 209, 74)) <= 1, axis=2)

    assert not yellow().any()
    place = replace(MIDDLE, lon=MIDDLE.lon + 5e-5)
    town.stage.shape(Form(cut=cut_matrix(CutPlane(place=place, heading=90.0), FRAME)))
    left, found = seen(town), yellow()
    last = int(np.flatnonzero(left.any(axis=0)).max())
    assert found.any(axis=1).sum() > 0.95 * left[:, last - 3].sum() > 0, "all along the edge"
    assert not found[:, : last - 3].any(), "and only there"
    town.stage.shape(Form(cut=cut_matrix(CutBox(center=MIDDLE, width=60, depth=30, height=500), FRAME)))
    assert 100 < yellow().sum() < 0.2 * seen(town).sum()


def test_insides_are_seen_darker(town: Town):
    town.stage.shape(Form(cut=cut_matrix(CutPlane(place=MIDDLE, pitch=-90.0), FRAME)))
    assert town.seen(150.0) > 0.01, "from below one sees the insides of what is left"
    backs = town.picture(150.0)[town.stage.depths() < 1.0].mean()
    fronts = town.picture(50.0)[town.stage.depths() < 1.0].mean()
    assert backs < 0.7 * fronts


def test_models_in_an_area_are_pressed_to_its_height(town: Town):
    before = heights(town)
    ring = FRAME.geographic(np.array([(-30, -20, 0), (30, -20, 0), (30, 20, 0), (0, 30, 0), (-30, 20, 0)]))
    town.stage.shape(Form(areas=(Area(ring[:, :2], 33.0),)))
    after = heights(town)
    metres = 2 * 290.0 * np.tan(FROM_ABOVE.fovy / 2) / 180
    east, north = (np.arange(320) - 159.5) * metres, (89.5 - np.arange(180)) * metres
    east, north = np.meshgrid(east, north)
    inside = (abs(east) < 24) & (abs(north) < 15)
    around = (abs(east) > 40) | (abs(north) > 40)
    assert after[inside] == pytest.approx(33.0, abs=0.1)
    assert np.allclose(after[around], before[around], atol=0.01, equal_nan=True)


def test_sides_of_a_line_are_shares_of_the_picture(town: Town):
    before = seen(town)
    town.stage.shape(Form(share=0.4, left=TOWN))
    assert (seen(town)[:, :127] == before[:, :127]).all() and not seen(town)[:, 129:].any()
    town.stage.shape(Form(share=0.4, right=TOWN))
    assert (seen(town)[:, 129:] == before[:, 129:]).all() and not seen(town)[:, :127].any()
    town.stage.swipe(0.6)
    assert (seen(town)[:, 193:] == before[:, 193:]).all() and not seen(town)[:, :191].any()
    town.stage.shape(Form(left=frozenset(["other"])))
    assert (seen(town) == before).all(), "it is on neither side"


def test_what_lies_over_the_town_stays_on_what_is_left(town: Town):
    x, y = (float(part) / (2 * MERCATOR_LIMIT) for part in to_mercator(*np.array(PLACE)))
    green = np.zeros((8, 8, 4), np.uint8)
    green[..., 1::2] = 255
    town.stage.lay(0, (x + 0.4999, 0.4999 - y, x + 0.5001, 0.5001 - y), green)
    ring = FRAME.geographic(np.array([(-40, -40, 0), (0, -40, 0), (0, 40, 0), (-40, 40, 0)]))[:, :2]
    cut = cut_matrix(CutPlane(place=MIDDLE, heading=90.0), FRAME)
    town.stage.shape(Form(cut=cut, areas=(Area(ring, 20.0),), left=TOWN, share=0.4))
    picture = town.stage.render(FROM_ABOVE, 100.0)[..., :3].astype(int)
    left = town.stage.depths() < 1.0
    assert left.any() and not left[:, 130:].any()
    assert (picture[left] == (0, 255, 0)).all(axis=1).mean() > 0.95
    assert (picture[~left] == AWAY).all()
    town.stage.lay(0, None, None)


def test_one_looks_through_the_ground_and_hits_what_is_below(town: Town):
    ground = town.stage.for_layer(FRAME.from_ecef, "ground", ground=True)
    below = heights(town)
    up = np.identity(4)
    up[2, 3] = 50.0
    ground.place(up @ FRAME.from_ecef)
    built = [ground.build(kept.drawable) for kept in town.tiles()]
    for each in built:
        ground.show(each, True)
    try:
        assert np.nanmedian(heights(town) - below) == pytest.approx(50.0, abs=1.0)
        cut = cut_matrix(CutPlane(place=MIDDLE, pitch=-90.0), FRAME)
        town.stage.shape(Form(cut=-cut))
        assert np.nanmedian(heights(town) - below) == pytest.approx(50.0, abs=1.0), "it is not cut"
        town.stage.shape(Form(underground=True))
        assert np.allclose(heights(town), below, atol=0.01, equal_nan=True)
    finally:
        for each in built:
            ground.drop(each)
