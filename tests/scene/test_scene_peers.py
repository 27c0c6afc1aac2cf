"""The comparison with CesiumJS: both are given the same, and the claims say which is better by how much."""

from __future__ import annotations

import numpy as np
import pytest
import requests

from console.scene.tiles import open_tileset
from tests.benchmarks.scene_peers import claims_of, growth
from tests.benchmarks.scene_peers_cesium import spoken
from tests.benchmarks.scene_peers_server import serving
from tests.benchmarks.scene_peers_views import LARGE, SETS, SIZE, SMALL, Kept, grow, orbit_of
from tests.support.tileset_writer import Blocks

FOUND = {"cold": 3.0, "rate": 20.0, "cpu": 50.0, "memory": 400.0, "selected": 7, "triangles": 900}


def test_one_server_gives_files_to_both():
    town = Kept(Blocks(1, 1))
    with serving({"town": town}, {}, {"page.html": b"<p>"}) as address:
        assert requests.get(f"{address}/town/b0_0.json", timeout=5).json()["root"]["children"]
        assert requests.get(f"{address}/town/3/0/0.glb?v=1", timeout=5).content == town.read("3/0/0.glb")
        assert requests.get(f"{address}/page.html", timeout=5).content == b"<p>"
        for absent in ("town/nothing", "other/tileset.json", "town/../page.html/x"):
            assert requests.get(f"{address}/{absent}", timeout=5).status_code == 404


def test_the_camera_is_told_in_the_page_s_words():
    source = SETS[SMALL]()
    orbit = orbit_of(SMALL, source)
    first, quarter = (orbit.camera(pose) for pose in orbit.poses(2))
    words = spoken(first)
    axes = np.array([words["ahead"], words["above"]])
    assert axes @ axes.T == pytest.approx(np.identity(2))
    wide, high = np.tan(words["angle"] / 2), np.tan(first.fovy / 2)
    assert wide / high == pytest.approx(SIZE[0] / SIZE[1])
    assert not np.allclose(first.position, quarter.position)
    assert len(grow(open_tileset(source), source, first)) == 16


def test_claims_say_how_many_times_better_ours_is():
    sides = {
        "ours": FOUND | {"seconds": 0.5},
        "peer": FOUND | {"seconds": 4.0, "rate": 8.0, "triangles": 901},
    }
    ready, cold, rate, *_, tiles, triangles = claims_of(SMALL, sides)
    assert (ready["ratio"], ready["holds"]) == (8.0, True)
    assert (cold["ratio"], cold["holds"]) == (1.0, False)
    assert (rate["ratio"], rate["holds"]) == (2.5, True)
    assert tiles["holds"] and not triangles["holds"]
    assert all(
        claim["peer"] is None and claim["holds"] for claim in claims_of(SMALL, {"ours": sides["ours"]})
    )
    larger = {side: found | {"seconds": 2.0, "memory": 800.0} for side, found in sides.items()}
    assert [claim["ours"] for claim in growth({SMALL: sides, LARGE: larger})] == [4.0, 2.0]
