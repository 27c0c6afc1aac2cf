"""A district's mesh is made of all that stands there, once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely

from console.scene.ground.footprints import Footprints
from console.scene.ground.heights import Flat
from console.scene.refusal import SceneRefused
from console.scene.sight.build import BuildReport, World, mesh_of
from console.scene.sight.mesh import FineMesh, Room
from tests.support.tilesets import DAYANTA

PAGODA = (108.9594, 34.2197)
APART = (108.9640, 34.2197)
"""400 m east of the pagoda, where no model stands."""


def made(path: Path, world: World) -> tuple[FineMesh, BuildReport]:
    return mesh_of(path, world, lambda *_: None, lambda: False)


def footprints(*places: tuple[float, float]) -> Footprints:
    shapes = np.array([shapely.box(lon, lat, lon + 2e-4, lat + 2e-4) for lon, lat in places], object)
    count = len(places)
    return Footprints(shapes, np.full(count, 21.0), np.arange(count), ("",) * count)


def test_buildings_and_ground_stand_where_no_model_does(tmp_path):
    world = World((str(DAYANTA),), footprints(PAGODA, APART), Flat(425.0), "425", detail=2.0)
    mesh, report = made(tmp_path / "mesh.npz", world)
    assert (report.covered, report.unread, report.detail) == (1, [], 2.0)
    rays = mesh.rays()
    assert float(rays.heights(APART[0] + 1e-4, APART[1] + 1e-4)) == pytest.approx(446.0, abs=0.01)
    assert float(rays.heights(APART[0] + 5e-4, APART[1])) == pytest.approx(425.0, abs=0.01)
    lon, lat = np.meshgrid(*(at + np.linspace(-1e-3, 1e-3, 60) for at in PAGODA))
    assert np.nanmax(rays.heights(lon, lat)) > 480.0, "the pagoda is 64 m high"


def test_a_mesh_is_made_again_only_when_its_files_have_changed(tmp_path, shared_data):
    estate = shutil.copytree(shared_data / "osgb_estate", tmp_path / "estate")
    world = World((str(estate),), detail=4.0)
    first, report = made(tmp_path / "mesh.npz", world)
    assert not report.kept
    assert first.triangles > 1000
    again, report = made(tmp_path / "mesh.npz", world)
    assert report.kept
    assert again.version == first.version
    os.utime(next(estate.rglob("*_L16_*.osgb")), (1e9, 1e9))
    assert not made(tmp_path / "mesh.npz", world)[1].kept


def test_what_is_too_fine_is_taken_coarser_or_refused(tmp_path):
    fine, _ = made(tmp_path / "fine.npz", World((str(DAYANTA),)))
    world = World((str(DAYANTA),), room=Room(fine.triangles - 1))
    coarse, report = made(tmp_path / "coarse.npz", world)
    assert report.detail > 0.5
    assert coarse.triangles < fine.triangles
    for world in (World((str(DAYANTA),), room=Room(10)), World(), World(buildings=footprints())):
        with pytest.raises(SceneRefused):
            made(tmp_path / "none.npz", world)
    assert not (tmp_path / "none.npz").exists()
