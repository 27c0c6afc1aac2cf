"""The drawing process draws from wherever models come, and lets go of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from console.scene.ellipsoid import to_geodetic
from console.scene.frame import Frame
from console.scene.opening import open_source
from console.scene.pose import Pose
from console.scene.process.messages import AddTileset, RemoveLayer
from console.scene.stream import layer as layer_module
from tests.scene.process.test_desk import Office
from tests.support.tilesets import DAYANTA
from tests.support.web_site import drip, serving


@contextmanager
def office_at(where: Path) -> Iterator[Office]:
    center = open_source(where)[0].tiles[0]["center"]
    lon, lat, height = to_geodetic(center[None])[0]
    office = Office(Frame(float(np.degrees(lon)), float(np.degrees(lat)), float(height)))
    yield office
    office.close()


@pytest.fixture
def estate(shared_data: Path) -> Path:
    return shared_data / "osgb_estate"


def above(office: Office, metres: float) -> Pose:
    return Pose(office.frame.lon, office.frame.lat, office.frame.height, 0.0, 60.0, metres)


def test_a_delivery_of_osgb_is_drawn_as_it_is(estate: Path) -> None:
    with office_at(estate) as office:
        office.desk.serve(AddTileset("estate", str(estate)))
        far, near = (office.settled(above(office, metres)) for metres in (2500.0, 90.0))
        assert 0 < far.tiles <= 3 < near.tiles
        assert 0 < far.triangles < near.triangles / 3


def test_a_server_that_stalls_is_let_go_with_its_layer() -> None:
    with serving(DAYANTA) as site, office_at(DAYANTA) as office:
        slow = drip(b"Content-Length: 9\r\n\r\n", b"", 0.02)
        site.answers = {f"/{path.relative_to(DAYANTA)}": slow for path in DAYANTA.rglob("*.b3dm")}
        office.desk.serve(AddTileset("pagoda", f"{site.url}/tileset.json?token=t", {"X-Key": "k"}))
        until = time.monotonic() + 10.0
        while not any(path.endswith(".b3dm") for path, _, _ in site.asked):
            assert time.monotonic() < until
            office.look(above(office, 200.0))
            office.desk.work()
        assert all(query == "token=t" and sent["X-Key"] == "k" for _, query, sent in site.asked)
        office.desk.serve(RemoveLayer("pagoda"))
        assert office.settled(above(office, 200.0)).tiles == 0, "long before the stall would have ended it"


def test_a_server_that_is_back_is_asked_again_though_nothing_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_module, "_AGAIN", 0.3)
    with serving(DAYANTA) as site, office_at(DAYANTA) as office:
        tiles = [f"/{path.relative_to(DAYANTA)}" for path in DAYANTA.rglob("*.b3dm")]
        site.answers = dict.fromkeys(tiles, lambda handler: handler.give(b"", 503))
        office.desk.serve(AddTileset("pagoda", f"{site.url}/tileset.json"))
        assert office.settled(above(office, 400.0)).triangles == 0
        asked = len(site.asked)
        site.answers = {}
        until = time.monotonic() + 10.0
        while len(site.asked) == asked:
            assert time.monotonic() < until, "it is never asked again"
            rest = office.desk.rest()
            time.sleep(0.05 if rest is None else min(rest, 0.3))
            office.desk.work()
        while not office.settled(above(office, 400.0)).triangles:
            assert time.monotonic() < until, "it is asked, and nothing comes of it"
            time.sleep(0.1)
