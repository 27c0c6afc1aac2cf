"""Terrain and extruded buildings under a profile, without any model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from console.model.layers import encode_package
from console.scene.earthwork.asked import Found, Question, answer
from console.scene.earthwork.question import ModelAt, Surroundings
from console.scene.earthwork.volume import earthwork
from console.scene.refusal import SceneRefused
from tests.scene.ground.test_buildings import package
from tests.scene.ground.test_raster import NORTH, WEST, dem, lonlat, plane

MIDDLE = np.array([WEST + 2000.0, NORTH - 2000.0])
"""Metres: in the middle of the terrain."""
LEVEL = float(plane(*MIDDLE[:, None])[0])
"""Metres of the terrain there."""
TALL = 30.0


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    """A slope with a house of 20 by 20 m on it."""
    corners = np.array([(-10, -10), (10, -10), (10, 10), (-10, 10)])
    house = shapely.Polygon(np.column_stack(lonlat(*(corners + MIDDLE).T)))
    layer = tmp_path / "houses.layer"
    layer.write_bytes(encode_package(package([house], {"高度": np.array([TALL])}, [""])))
    return Surroundings((), (str(layer),), str(dem(tmp_path / "dem.tif")))


def ask(kind: str, around: Surroundings, *metres: tuple[float, float]) -> Found:
    lon, lat = lonlat(*(np.array(metres, float) + MIDDLE).T)
    places = tuple(zip(lon.tolist(), lat.tolist(), strict=True))
    return answer(Question(kind, places, 100.0, around), lambda *_: None)  # type: ignore[arg-type]


def test_the_ground_is_the_terrain_and_the_surface_the_house_on_it(around: Surroundings):
    found = ask("profile", around, (-50, 0), (50, 0)).profile
    assert found is not None
    x = MIDDLE[0] + np.interp(found.along, [0, found.along[-1]], [-50, 50])
    assert found.ground == pytest.approx(plane(x, np.full(len(x), MIDDLE[1])), abs=0.05)
    house = np.abs(x - MIDDLE[0]) < 9.9
    assert found.surface[house] == pytest.approx(LEVEL + TALL, abs=0.1)
    free = np.abs(x - MIDDLE[0]) > 10.1
    assert found.surface[free] == pytest.approx(found.ground[free])


def test_a_section_has_the_walls_of_the_house(around: Surroundings):
    pieces = ask("section", around, (-50, 0), (50, 0)).pieces
    assert pieces is not None
    walls = np.abs(np.diff(pieces[..., 0], axis=1))[:, 0] < 0.1
    spread = pieces[walls].reshape(-1, 2)
    assert np.unique(np.round(spread[:, 0], -1)) == pytest.approx([40, 60])
    assert np.ptp(spread[:, 1]) == pytest.approx(TALL, abs=1.0)


def test_a_house_is_cut_above_the_slope(around: Surroundings):
    """Its volume, and what of the slope stands above the level of the middle."""
    square = [(-20, -20), (20, -20), (20, 20), (-20, 20)]
    with_house, without = (
        ask("volume", each, *square).sampled for each in (around, Surroundings((), (), around.terrain))
    )
    assert with_house is not None
    assert without is not None
    bare = earthwork(without, (LEVEL, 0.0, 0.0))
    built = earthwork(with_house, (LEVEL, 0.0, 0.0))
    assert bare.cut == pytest.approx(bare.fill, rel=0.02)
    assert built.cut - built.fill == pytest.approx(20 * 20 * TALL, rel=0.02)


def test_without_terrain_buildings_stand_on_flat_ground_and_models_on_none(
    around: Surroundings, tmp_path: Path
):
    flat = ask("profile", Surroundings((), around.buildings, "", 12.0), (-50, 0), (50, 0)).profile
    assert flat is not None
    assert (flat.surface.min(), flat.surface.max()) == pytest.approx((12.0, 12.0 + TALL), abs=0.01)
    gone = Surroundings((ModelAt(str(tmp_path / "gone")),))
    with pytest.raises(SceneRefused, match="cannot be read"):
        ask("profile", gone, (-50, 0), (50, 0))


def test_terrain_that_cannot_be_read_is_refused(around: Surroundings, tmp_path: Path):
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\0nothing")
    with pytest.raises(SceneRefused):
        ask("profile", Surroundings((), around.buildings, str(broken)), (-50, 0), (50, 0))
