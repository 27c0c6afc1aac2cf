"""Features are told, coloured and counted by the drawing process, whatever tiles they come in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from console.scene.ellipsoid import to_geodetic
from console.scene.frame import Frame
from console.scene.pose import Pose
from console.scene.process.messages import (
    AddTileset,
    Ask,
    ChooseFeature,
    ColorFeatures,
    FeatureAnswer,
    FeatureLook,
    FeatureState,
    vector,
)
from console.scene.tiles import FolderSource, open_tileset
from tests.scene.process.test_desk import Office
from tests.support.feature_tileset import HOUSES, middle, write_houses, write_walls
from tests.support.tileset_writer import PLACE
from tests.support.tilesets import SAMPLES

NEAR, FAR = 60.0, 1_500.0
"""Metres: at these the finer tiles are shown, or the coarse one."""
T = TypeVar("T")
RED, BLUE = "#ff0000", "#0000ff"
INK = {RED: 0, BLUE: 2}


class Town(Office):
    """From the south, at the middle of a house."""

    def seen(self, house: int, away: float = NEAR) -> np.ndarray:
        """(height, width, 3) once all is there."""
        self.pose = self._at(house, away)
        self.settled(self.pose)
        return self._memory.picture(0, 640, 360)[:, :, :3].copy()

    def _at(self, house: int, away: float) -> Pose:
        lon, lat, height = self.frame.geographic(np.array([middle(house), -10.0, 3.0]))
        return Pose(float(lon), float(lat), float(height), 0.0, 80.0, away)

    def ask(self, house: int) -> FeatureAnswer:
        """What is on the south wall of a house."""
        place = np.array([middle(house), -10.0, 3.0])
        self.desk.serve(Ask(7, vector(self._at(house, NEAR).lens(self.frame, 640, 360).eye), vector(place)))
        return self.heard(FeatureAnswer)

    def heard(self, kind: type[T]) -> T:
        """The last of a kind that was said."""
        found = [each for each in self.said if isinstance(each, kind)]
        return found[-1]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(Frame(*PLACE))
    town.desk.serve(AddTileset("town", str(write_houses(tmp_path / "houses"))))
    yield town
    town.close()


def inked(picture: np.ndarray, color: str) -> int:
    """Pixels that are clearly of a colour."""
    others = [channel for channel in range(3) if channel != INK[color]]
    spots = picture.astype(int)
    return int((spots[..., INK[color]] > spots[..., others].max(axis=-1) + 60).sum())


def test_a_place_on_a_house_is_that_house_in_every_level(town: Town):
    town.seen(1)
    near = [town.ask(house) for house in range(4)]
    assert [each.properties for each in near] == list(HOUSES)
    assert [round(each.top - each.bottom) for each in near] == [40, 16, 27, 7]
    assert all(len(each.ring) >= 4 for each in near)
    town.seen(1, FAR)
    assert [town.ask(house).key for house in range(4)] == [each.key for each in near]


def test_beside_the_houses_there_is_no_feature(town: Town):
    town.seen(1)
    eye = vector(np.array([0.0, -60.0, 3.0]))
    town.desk.serve(Ask(1, eye, vector(np.array([middle(1) + 20.0, 0.0, 3.0]))))
    assert town.heard(FeatureAnswer) == FeatureAnswer(1)
    town.desk.serve(Ask(2, eye, vector(np.array([middle(1), -30.0, 3.0]))))
    assert town.heard(FeatureAnswer) == FeatureAnswer(2), "what was clicked is in front of the house"


def test_all_that_a_line_holds_for_are_coloured_in_every_level_and_counted(town: Town):
    plain = town.seen(0)
    town.desk.serve(ColorFeatures("town", [FeatureLook("层数 >= 8 and 名称 contains '大厦'", RED, False)]))
    colored = town.seen(0)
    assert inked(plain, RED) == 0
    assert inked(colored, RED) > 0.9 * (colored != plain).any(axis=2).sum() > 1_000
    assert town.heard(FeatureState).counts == [1], "a house is one, in however many tiles"
    assert inked(town.seen(1), RED) < inked(colored, RED), "the house beside it has no colour"
    assert inked(town.seen(0, FAR), RED) > 0
    town.desk.serve(ColorFeatures("town", []))
    assert np.array_equal(town.seen(0), plain)


def test_the_first_rule_that_holds_counts_and_may_hide(town: Town):
    rules = [
        ("名称 = '第一中学'", "", True),
        ("`层数` > 2", RED, False),
        ("", BLUE, False),
        ("nothing = 1", BLUE, False),
    ]
    town.desk.serve(ColorFeatures("town", [FeatureLook(*rule) for rule in rules]))
    town.seen(1)
    state = town.heard(FeatureState)
    assert state.features == 4
    assert state.counts == [1, 2, 1, 0]
    assert state.faults == ["", "", "", "nothing"]
    picture = town.seen(1)
    assert picture[180, 320].max() < 60, "where the school was is the sky"


def test_the_chosen_one_is_highlighted_in_tiles_that_come_later(town: Town):
    town.seen(2)
    town.desk.serve(ChooseFeature("town", town.ask(2).key, BLUE))
    assert inked(town.seen(2), BLUE) > 1_000
    assert inked(town.seen(2, FAR), BLUE) > 0
    assert inked(town.seen(1)[:, 300:340], BLUE) == 0, "the house beside it keeps its colour"
    town.desk.serve(ChooseFeature("", "", ""))
    assert inked(town.seen(2), BLUE) == 0


def test_attributes_are_listed(town: Town):
    town.seen(1)
    fields = {each.name: each for each in town.heard(FeatureState).fields}
    assert set(fields["地址"].common) == {house["地址"] for house in HOUSES}
    assert (fields["层数"].least, fields["层数"].most) == (2.0, 12.0)


def test_a_sample_whose_ids_count_within_each_tile_is_told_apart():
    """In TilesetWithRequestVolume ``id`` is 0 to 9 in each of four tiles."""
    city = SAMPLES / "1.0/TilesetWithRequestVolume/city"
    lon, lat, _ = np.degrees(to_geodetic(open_tileset(FolderSource(city)).tiles[0]["center"][None])[0])
    office = Office(Frame(float(lon), float(lat)))
    office.desk.serve(AddTileset("city", str(city)))
    office.settled(Pose(float(lon), float(lat), 0.0, 0.0, 45.0, 400.0))
    assert [each.features for each in office.said if isinstance(each, FeatureState)][-1] == 40
    office.close()


def test_property_tables_of_3d_tiles_1_1_are_told_and_what_belongs_to_no_feature_is_not(tmp_path: Path):
    write_walls(tmp_path)
    office = Town(Frame(*PLACE))
    office.desk.serve(AddTileset("walls", str(tmp_path)))
    office.settled(Pose(*PLACE, 5.0, 0.0, 80.0, 60.0))
    eye = vector(np.array([0.0, -60.0, 5.0]))
    told = []
    for east in (-20.0, 0.0, 20.0):
        office.desk.serve(Ask(1, eye, vector(np.array([east, 0.0, 4.0]))))
        told.append(office.heard(FeatureAnswer).properties)
    assert told == [{"名称": "东墙", "floors": 5}, {"名称": "西墙", "floors": 9}, {}]
    assert office.heard(FeatureState).features == 2
    office.close()
