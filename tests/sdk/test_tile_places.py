"""Vector tiles of real roads, measured against other real roads: as they should be, and shifted."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely
from pmtiles.reader import MmapSource, all_tiles

from console.geodata.tile_features import places_in_tile
from console.model.datum_checks import CheckState
from console.model.layers import LayerPackage, encode_package
from console.sdk.datums import measure_tiles
from console.sdk.tile_places import read_tile_places
from tests.support.roads import halves, placed, roads_of, tiled

NAMES = ("source:a", "road")


@pytest.fixture(scope="module")
def city(shared_data: Path) -> tuple[LayerPackage, LayerPackage]:
    """Roads of Shanghai for the tiles, and others to measure against."""
    return halves(roads_of(shared_data / "shanghai_center.osm.pbf"))


@pytest.fixture(scope="module")
def reference(city: tuple[LayerPackage, LayerPackage], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    file = tmp_path_factory.mktemp("reference") / "roads.oml"
    file.write_bytes(encode_package(city[1]))
    return [str(file)]


@pytest.mark.parametrize(
    ("ending", "really"), [("mbtiles", "wgs84"), ("pmtiles", "gcj02"), ("mbtiles", "gcj02+gcj02")]
)
def test_a_shift_of_tiles_is_found(
    city: tuple[LayerPackage, LayerPackage], reference: list[str], tmp_path: Path, ending: str, really: str
):
    path = tiled(tmp_path / f"a.{ending}", placed(city[0], "wgs84", really))
    check = measure_tiles(path, "wgs84", reference, "road", NAMES)
    assert (check.layer, check.reference) == NAMES
    assert check.state is (CheckState.FITS if really == "wgs84" else CheckState.SHIFTED)
    assert check.datum == really
    assert check.samples > 1000
    assert check.after is not None and check.after < 2.0
    assert check.residual is not None and (check.residual > 300) == (really != "wgs84")


def test_tiles_that_are_read_as_shifted_are_judged_so(
    city: tuple[LayerPackage, LayerPackage], reference: list[str], tmp_path: Path
):
    path = tiled(tmp_path / "a.pmtiles", placed(city[0], "wgs84", "gcj02"), "transportation")
    check = measure_tiles(path, "gcj02", reference, "road", NAMES)
    assert (check.state, check.datum) == (CheckState.FITS, "gcj02")


def test_tiles_that_were_fetched_are_enough(
    city: tuple[LayerPackage, LayerPackage], reference: list[str], tmp_path: Path
):
    """A folder, in which there is a broken one, and a level too coarse to tell anything."""
    fetched = tmp_path / "fetched"
    with Path(tiled(tmp_path / "a.pmtiles", placed(city[0], "wgs84", "gcj02"))).open("rb") as file:
        for (z, x, y), data in list(all_tiles(MmapSource(file)))[::2]:
            place = fetched / str(z) / str(x) / str(y)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    place.write_bytes(b"<html>")
    (fetched / "9" / "428").mkdir(parents=True)
    assert measure_tiles(str(fetched), "wgs84", reference, "road", NAMES).datum == "gcj02"
    shutil.rmtree(fetched / "14")
    assert measure_tiles(str(fetched), "wgs84", reference, "road", NAMES).state is CheckState.APART


@pytest.mark.parametrize(("name", "level"), [("rivers", 14), ("roads", 10)], ids=["no roads", "too coarse"])
def test_what_tells_nothing_is_not_judged(
    city: tuple[LayerPackage, LayerPackage], reference: list[str], tmp_path: Path, name: str, level: int
):
    path = tiled(tmp_path / "a.mbtiles", city[0], name, level)
    assert measure_tiles(path, "wgs84", reference, "road", NAMES).state is CheckState.APART


def test_ends_of_lines_are_not_those_that_a_tile_has_cut(
    city: tuple[LayerPackage, LayerPackage], tmp_path: Path
):
    roads = city[0]
    true = roads.degrees[np.concatenate([roads.part_start[:-1], roads.part_start[1:] - 1])]
    found = read_tile_places(tiled(tmp_path / "a.pmtiles", roads), "road", roads.degrees)
    tree = shapely.STRtree(shapely.points(true))
    _, off = tree.query_nearest(shapely.points(found), return_distance=True, all_matches=False)
    assert len(off) == len(found) > 2_000
    assert (off < 2e-5).mean() > 0.99, "degrees: half a metre is the step of the tiles' grid"


@pytest.mark.parametrize(
    "data", [b"", b"\x1a", b"\x1a\x05abc", b"\xff" * 50, b"<html>", b"PK\x03\x04" + b"\0" * 40]
)
def test_what_is_no_tile_is_refused_or_empty(data: bytes):
    try:
        assert len(places_in_tile(data, (14, 8704, 5971), "road")) == 0
    except OSError:
        return


def test_an_archive_of_a_real_city_is_measured_where_the_reference_is(shared_data: Path):
    """Buildings, too: those around a place, and none where the archive has nothing."""
    path = str(shared_data / "firenze.pmtiles")
    around = np.array([[11.2560, 43.7715]]) + np.linspace(-0.005, 0.005, 50)[:, None]
    for kind in ("road", "building"):
        found = read_tile_places(path, kind, around)
        assert len(found) > 1000
        assert np.abs(found - [11.2560, 43.7715]).max() < 0.1
    assert len(read_tile_places(path, "road", around + 30)) == 0
