"""Real roads of Shanghai, shifted in every way that is met with, measured against other real roads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from console.model.coordinates import haversine
from console.model.datum_checks import CheckState
from console.model.datum_measuring import measure
from console.model.datums import GCJ02_TOO_LITTLE, GCJ02_TWICE
from console.model.layers import DEGREE, FeatureShape, LayerKind, LayerPackage
from console.server.importing import ImportOptions, import_files
from tests.support.roads import halves, placed, roads_of, taken


@pytest.fixture(scope="module")
def roads(shared_data: Path) -> LayerPackage:
    return roads_of(shared_data / "shanghai_center.osm.pbf")


@pytest.fixture(scope="module")
def porto(shared_data: Path) -> LayerPackage:
    return roads_of(shared_data / "porto.osm.pbf")


SHIFTS = ["wgs84", "gcj02", "bd09", GCJ02_TWICE, GCJ02_TOO_LITTLE]


@pytest.mark.parametrize("really", SHIFTS)
@pytest.mark.parametrize("noise", [0.0, 5.0])
def test_shifted_roads_are_found_with_other_roads_as_reference(
    roads: LayerPackage, really: str, noise: float
) -> None:
    layer, reference = halves(roads)
    check = measure(placed(layer, "wgs84", really, noise), "wgs84", reference, ("a", "b"))
    assert check.state is (CheckState.FITS if really == "wgs84" else CheckState.SHIFTED)
    assert (check.layer, check.reference, check.datum) == ("a", "b", really)
    assert check.samples > 1000
    assert [trial.datum for trial in check.trials] == SHIFTS, "the present one first"
    assert check.after is not None and check.after <= 1.5 * noise + 0.5
    assert check.residual is not None and check.residual_90 is not None
    if really != "wgs84":
        moved = placed(layer, "wgs84", really)
        off = np.median(haversine(*moved.degrees.T, *layer.degrees.T))
        assert check.residual == pytest.approx(off, rel=0.02), "how far off the layer is now"
        assert check.residual <= check.residual_90


@pytest.mark.parametrize("noise", [0.0, 5.0])
@pytest.mark.parametrize(
    ("declared", "really"), [("gcj02", "wgs84"), ("gcj02", GCJ02_TWICE), ("bd09", "gcj02")]
)
def test_a_wrong_declaration_is_found(roads: LayerPackage, declared: str, really: str, noise: float) -> None:
    layer, reference = halves(roads)
    check = measure(placed(layer, declared, really, noise), declared, reference)
    assert (check.state, check.datum) == (CheckState.SHIFTED, really)
    right = measure(placed(layer, declared, declared, noise), declared, reference)
    assert (right.state, right.datum) == (CheckState.FITS, declared)


def test_what_came_from_a_plane_is_judged_where_it_lies(roads: LayerPackage) -> None:
    layer, reference = halves(roads)
    fits = measure(layer, "EPSG:4549", reference)
    assert (fits.state, fits.datum) == (CheckState.FITS, "EPSG:4549")
    assert measure(placed(layer, "wgs84", "gcj02"), "local:city", reference).datum == "gcj02"


def test_all_roads_with_themselves_leave_nothing(roads: LayerPackage) -> None:
    check = measure(roads, "wgs84", roads)
    assert check.state is CheckState.FITS and check.residual == 0.0 and check.residual_90 == 0.0


def points_at(xy: npt.NDArray[np.int32]) -> LayerPackage:
    starts = np.arange(len(xy) + 1, dtype=np.int32)
    return LayerPackage(
        kind=LayerKind.POI, shape=FeatureShape.POINT, xy=xy, part_start=starts, feature_start=starts
    )


def test_points_are_measured_too(roads: LayerPackage) -> None:
    points = points_at(np.unique(roads.xy[roads.part_start[:-1]], axis=0))
    shifted = placed(points, "wgs84", "gcj02", noise=3.0)
    assert measure(shifted, "wgs84", roads).datum == "gcj02"
    assert measure(shifted, "wgs84", points).datum == "gcj02", "points against points"


def test_buildings_and_doors_are_measured_against_buildings(shared_data: Path) -> None:
    files = [shared_data / "nanshan-building.geojson"]
    result = import_files(files, ImportOptions(), lambda done, text: None, lambda: False)
    buildings = result.layers[0].package
    assert measure(placed(buildings, "wgs84", "gcj02", noise=3.0), "wgs84", buildings).datum == "gcj02"
    doors = points_at(buildings.xy[buildings.part_start[buildings.feature_start[:-1]]])
    assert measure(placed(doors, "gcj02", "wgs84", noise=3.0), "gcj02", buildings).datum == "wgs84"
    assert measure(placed(doors, "wgs84", noise=3.0), "wgs84", buildings).state is CheckState.FITS


def test_a_layer_elsewhere_is_apart(roads: LayerPackage, porto: LayerPackage) -> None:
    for check in (measure(porto, "wgs84", roads), measure(roads, "wgs84", porto)):
        assert check.state is CheckState.APART and check.datum == "" and check.residual is None


def test_other_roads_laid_over_the_city_are_unclear(roads: LayerPackage, porto: LayerPackage) -> None:
    over = np.array([1_214_800_000, 312_300_000]) - np.array([-86_100_000, 411_500_000])
    check = measure(replace(porto, xy=(porto.xy + over).astype(np.int32)), "wgs84", roads)
    assert check.state is CheckState.UNCLEAR and check.residual is None
    assert len(check.trials) == 5


@pytest.mark.parametrize("metres", [(77.0, 0.0), (-60.0, 90.0)])
def test_a_shift_that_no_datum_explains_is_unclear(roads: LayerPackage, metres: tuple[float, float]) -> None:
    move = np.round(np.array(metres) / (95_000.0, 111_000.0) * DEGREE).astype(np.int32)
    assert measure(replace(roads, xy=roads.xy + move), "wgs84", roads).state is CheckState.UNCLEAR


def test_too_little_is_not_judged(roads: LayerPackage) -> None:
    few = taken(roads, np.arange(len(roads)) < 5)
    assert measure(few, "wgs84", roads).state is CheckState.APART
    nothing = taken(roads, np.zeros(len(roads), bool))
    assert measure(nothing, "wgs84", roads).state is CheckState.APART
    assert measure(roads, "wgs84", nothing).state is CheckState.APART


def test_abroad_gcj02_is_no_datum_of_its_own(porto: LayerPackage) -> None:
    odd, even = halves(porto)
    check = measure(odd, "wgs84", even)
    assert check.state is CheckState.FITS
    assert [trial.datum for trial in check.trials] == ["wgs84", "bd09"]
