"""What lies behind a pixel: asked of real sight data of a plain (10 m high) with a wall, and without any."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from console.scene.sight import MESH
from console.scene.sight_desk import SightDesk
from console.sdk import MissingService
from plugins.linkage.desktop.ground import Ground, Spot
from plugins.linkage.lens.earth import Around
from plugins.linkage.lens.lens import Lens
from tests.scene.sight.test_sight_desk import ask
from tests.scene.sight.worlds import lonlat, plain, walled

LON, LAT = lonlat(0, 0)
EAST = Lens(lon=LON, lat=LAT, height=13.0, heading=90.0, tilt=-2.0, focal=1.0, aspect=0.5625)


class Context(SimpleNamespace):
    """As far as the ground needs it; *seen*: heights that the 3D view has seen."""

    def __init__(self, sight: SightDesk | None, seen: float = np.nan) -> None:
        def service(name: str) -> SightDesk:
            if sight is None:
                raise MissingService(name)
            return sight

        scene = SimpleNamespace(feet=lambda lon, lat: np.full(len(lon), seen))
        super().__init__(services=SimpleNamespace(get=service), scene=scene, log=logging.getLogger("test"))


@pytest.fixture(scope="module")
def sight(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SightDesk]:
    """A wall 5 m high, 40 m to the east."""
    folder: Path = tmp_path_factory.mktemp("sight")
    walled(plain(), (40, -200, 40.5, 200, 5)).save(folder / MESH)
    desk = SightDesk()
    ask(desk.open(str(folder)))
    yield desk
    desk.close()


def metres(spot: Spot | None) -> tuple[float, float]:
    """East of the camera, and height."""
    assert spot is not None
    return float(Around(LON, LAT, 0.0).metres(spot.lon, spot.lat, 0.0)[0]), spot.height


def behind(ground: Any, u: float, v: float, level: float = 0.0) -> Spot | None:
    return ask(ground.behind(EAST, u, v, level))


def test_walls_and_ground_of_the_model_are_hit(sight: SightDesk) -> None:
    ground = Ground(Context(sight))  # type: ignore[arg-type]
    wall = behind(ground, 0.5, 0.5)
    assert metres(wall) == (pytest.approx(40.0, abs=0.1), pytest.approx(11.6, abs=0.1))
    floor = behind(ground, 0.5, 0.95)
    assert metres(floor)[1] == pytest.approx(10.0, abs=0.05)
    assert wall is not None and wall.model
    assert behind(ground, 0.5, 0.05) is None  # the sky above the wall


def test_a_place_of_the_map_is_as_high_as_what_stands_there(sight: SightDesk) -> None:
    ground = Ground(Context(sight))  # type: ignore[arg-type]
    assert ask(ground.at(lonlat(40.25, 0), 0.0)).height == pytest.approx(15.0, abs=0.1)
    assert ask(ground.at(lonlat(20, 0), 0.0)).height == pytest.approx(10.0, abs=0.1)
    beyond = ask(ground.at(lonlat(5_000, 0), 7.0))
    assert (beyond.height, beyond.model) == (7.0, False)


def test_without_a_model_the_ground_is_what_was_seen_or_level() -> None:
    for seen, level, known in ((10.0, 10.0, True), (np.nan, 4.0, False)):
        ground = Ground(Context(None, seen))  # type: ignore[arg-type]
        spot = behind(ground, 0.5, 0.8, level=4.0)
        assert spot is not None and spot.model is known
        assert spot.height == pytest.approx(level, abs=0.3)
        assert behind(ground, 0.5, 0.1, level=4.0) is None
