"""What cameras see, worked out for all of them: whole or in parts, anew or by what has changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from console.model.records import Camera
from console.model.sighting import Purpose
from console.scene.refusal import SceneRefused
from console.scene.sight.cameras import CameraRecord, completed, record_of, stand_of
from console.scene.sight.ground import grid_triangles, with_obstacle, without_obstacle
from console.scene.sight.kept import SightFile
from console.scene.sight.mesh import FineMesh, MeshBuilder
from console.scene.sight.precompute import PrecomputeReport, PrecomputingCancelled, precompute
from console.scene.sight.ranking import cameras_seeing
from console.scene.sight.seen import Settings
from tests.scene.sight.worlds import FRAME, block, lonlat, plain, walled

TOWN = walled(plain(), (20, -40, 24, 40, 20), (-60, -60, -40, -40, 30), (-100, 60, -80, 90, 12))
COARSE = Settings(cell=4.0)


def camera(name: str, east: float, north: float, **more: float | bool) -> CameraRecord:
    lon, lat = lonlat(east, north)
    return CameraRecord(id=name, lon=lon, lat=lat, **more)


def cameras(count: int = 24) -> list[CameraRecord]:
    rng = np.random.default_rng(7)
    places = rng.uniform(-220, 220, (count, 2)).tolist()
    return [
        camera(f"c{at:02}", east, north, **({} if at % 5 == 0 else {"heading": at * 50.0 % 360}))
        for at, (east, north) in enumerate(places)
    ]


def run(
    mesh: FineMesh, records: list[CameraRecord], target: Path, jobs: int = 1, most: int | None = None
) -> PrecomputeReport:
    """*most*: groups after which it is broken off."""
    left = iter(range(most) if most is not None else iter(int, 1))
    return precompute(mesh, records, target, COARSE, lambda *_: None, lambda: next(left, None) is None, jobs)


def rows(path: Path) -> list[tuple]:
    with sqlite3.connect(path) as data:
        found = data.execute("SELECT * FROM seen ORDER BY id").fetchall()
    data.close()
    return found


def test_what_records_leave_out_is_assumed_and_told():
    known = completed(record_of(Camera(id="a", name="A", area="1", where=(113.0, 22.0), heading=90.0)))
    assert known.assumed == ("across", "reach", "pixels", "tilt", "upright", "height")
    assert (known.field.reach, known.field.heading, known.turns) == (80.0, 90.0, False)
    high = completed(CameraRecord(id="b", lon=113, lat=22, heading=10, high=True, height=0.0, reach=900))
    assert high.turns
    assert high.assumed == ("across", "pixels")
    for wrong in ({"lat": 95.0}, {"reach": -5.0}, {"height": float("nan")}, {"across": 500.0}):
        with pytest.raises(SceneRefused) as refusal:
            completed(CameraRecord(**({"id": "c", "lon": 1.0, "lat": 1.0} | wrong)))
        assert next(iter(wrong)) in refusal.value.message.zh_CN


def test_a_street_camera_stands_outside_of_walls_and_a_high_one_on_the_roof():
    rays = TOWN.rays()
    within = stand_of(rays, completed(camera("a", 22, 0)))
    assert within is not None
    assert 2.0 <= within.moved <= 4.0
    assert within.elevation == pytest.approx(16.0, abs=0.01)
    roof = stand_of(rays, completed(camera("b", -50, -50, high=True)))
    assert roof is not None
    assert (roof.elevation, roof.moved) == (pytest.approx(43.0, abs=0.01), 0.0)
    assert stand_of(rays, completed(camera("c", 5000, 0))) is None


def test_a_street_camera_stands_on_a_slope_and_not_in_a_hole_of_the_mesh():
    """One in four up to the east; a shaft of 30 m, 2 m wide, at the origin."""
    line = np.arange(-60.0, 61.0)
    east, north = np.meshgrid(line, line, indexing="ij")
    hole = np.hypot(east, north) < 1.2
    points = np.column_stack([east.ravel(), north.ravel(), np.where(hole, -30.0, east / 4).ravel()])
    builder = MeshBuilder(FRAME)
    builder.add_local(points, grid_triangles(len(line), len(line)))
    rays = builder.build().rays()
    slope, shaft = (stand_of(rays, completed(camera("a", *at))) for at in ((30.0, 0.0), (0.0, 0.0)))
    assert slope is not None and shaft is not None
    assert slope.elevation == pytest.approx(10 + 7.5 + 6, abs=0.01)
    assert 10 - 2.5 + 6 <= shaft.elevation <= 10 + 6


def test_broken_off_and_resumed_is_the_same_as_in_one_go(tmp_path):
    records = cameras()
    whole = run(TOWN, records, tmp_path / "whole", jobs=1)
    assert (whole.computed, whole.kept) == (24, 0)
    with pytest.raises(PrecomputingCancelled):
        run(TOWN, records, tmp_path / "parts", most=2)
    begun = len(rows(tmp_path / "parts"))
    assert 0 < begun < 24
    rest = run(TOWN, records, tmp_path / "parts")
    assert (rest.computed, rest.kept) == (24 - begun, begun)
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole")
    kept = TOWN.save(tmp_path / "mesh.npz")
    many = cameras(70)
    run(kept, many, tmp_path / "processes", jobs=2)
    run(kept, many, tmp_path / "here", jobs=1)
    assert rows(tmp_path / "processes") == rows(tmp_path / "here")
    fewer = run(TOWN, records[5:], tmp_path / "whole")
    assert (fewer.computed, fewer.kept, fewer.dropped) == (0, 19, 5)


def test_an_obstacle_costs_its_neighbourhood_alone_and_equals_all_anew(tmp_path):
    records = cameras()
    run(TOWN, records, tmp_path / "seen")
    before = rows(tmp_path / "seen")
    built = with_obstacle(
        TOWN,
        "scaffold",
        block(
            100,
            100,
            110,
            130,
        ),
        15,
    )
    report = run(built, records, tmp_path / "seen")
    assert 0 < report.computed < 12
    run(built, records, tmp_path / "anew")
    assert rows(tmp_path / "seen") == rows(tmp_path / "anew")
    assert rows(tmp_path / "seen") != before
    run(without_obstacle(built, "scaffold"), records, tmp_path / "seen")
    assert rows(tmp_path / "seen") == before


def test_cameras_that_see_a_place_are_ranked_with_reasons(tmp_path):
    records = [
        camera("near", -10, 0, heading=90.0),
        camera("far", -50, 0, heading=90.0),
        camera("aslant", -10, 12, heading=90.0),
        camera("behind the wall", 60, 0, heading=270.0),
        camera("away", -10, -2, heading=270.0),
        camera("dome", 0, -30),
        camera("beyond", -200, 0, heading=90.0),
    ]
    precompute(TOWN, records, tmp_path / "seen", Settings(), lambda *_: None, lambda: False, 1)
    with SightFile(tmp_path / "seen") as file:
        found = cameras_seeing(file, *lonlat(12.5, 0.5))
        assert cameras_seeing(file, 0.0, 0.0) == []
        area = file.seen("near")
    assert [each.camera for each in found] == ["near", "dome", "aslant", "far"]
    near, dome, aslant, far = found
    assert near.metres == pytest.approx(np.hypot(22.5, 6.0), abs=0.2)
    assert near.pixels_per_metre == pytest.approx(1920 / (2 * near.metres * np.tan(np.radians(30))))
    assert (near.purpose, far.purpose) == (Purpose.OBSERVE, Purpose.DETECT)
    assert aslant.off_axis > near.off_axis
    assert dome.turns and "off_axis" not in dome.reasons
    assert near.reasons["assumed"] == "across reach pixels tilt upright height"
    assert area is not None
    assert 0 < area.share < 1
    assert area.polygons().is_valid


def test_a_camera_without_ground_sees_nothing_and_says_so(tmp_path):
    report = run(TOWN, [camera("nowhere", 4000, 0), camera("here", 0, 0)], tmp_path / "seen")
    assert (report.computed, report.groundless) == (2, 1)
    with SightFile(tmp_path / "seen") as file:
        nowhere = file.seen("nowhere")
        assert nowhere is not None and nowhere.area == 0
        assert nowhere.polygons().is_empty
        assert [each.camera for each in cameras_seeing(file, *lonlat(10, 10))] == ["here"]


def test_a_damaged_file_is_refused_or_tells_the_truth(tmp_path):
    path = tmp_path / "seen"
    run(TOWN, cameras(6), path)
    with SightFile(path) as file:
        truth = {each.known.record.id: each.cells.tobytes() for each in file.all()}
    data = path.read_bytes()
    rng = np.random.default_rng(3)
    refusals = 0
    for at in (*rng.integers(0, len(data), 60).tolist(), 20, 60, 68):
        broken = bytearray(data)
        broken[at] ^= 0x5A
        (tmp_path / "broken").write_bytes(broken)
        try:
            with SightFile(tmp_path / "broken") as file:
                for each in file.all():
                    assert truth[each.known.record.id] == each.cells.tobytes()
        except SceneRefused:
            refusals += 1
    assert refusals > 10
    (tmp_path / "cut").write_bytes(data[: len(data) // 2])
    (tmp_path / "text").write_text("id,lon,lat\n" * 100)
    with sqlite3.connect(tmp_path / "other") as other:
        other.execute("CREATE TABLE seen (id)")
    other.close()
    for name in ("cut", "text", "other", "missing"):
        with pytest.raises(SceneRefused), SightFile(tmp_path / name) as file:
            list(file.all())
    with pytest.raises(SceneRefused):
        run(TOWN, cameras(6), tmp_path / "other")
