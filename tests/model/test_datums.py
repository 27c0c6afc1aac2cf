"""Datums against an independent library, PROJ's own pipelines and themselves."""

from __future__ import annotations

import contextlib

import geocoordinates_ffi as peer
import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.coordinates import Datum, from_wgs84, haversine, to_wgs84
from console.model.datums import GCJ02_TOO_LITTLE, GCJ02_TWICE, DatumError, checked, conversion
from console.model.local_datums import Helmert, LocalDatum, Rotation, Similarity

CENTIMETRE, MILLIMETRE = 0.01, 0.001
china = st.tuples(st.floats(72.1, 137.7), st.floats(1, 55.7))
abroad = st.tuples(st.floats(-180, 71.9), st.floats(-85, 85)) | st.tuples(
    st.floats(-180, 180), st.floats(-85, 0)
)
KRASOVSKY = "+proj=tmerc +lat_0=0 +lon_0=117.2 +x_0=500000 +ellps=krass +units=m +type=crs"
SEVEN = Helmert(dx=15.8, dy=-154.4, dz=-82.3, rx=0.31, ry=-0.22, rz=2.1, scale=-2.4)


def metres(a: tuple[object, object], b: tuple[object, object]) -> float:
    return float(np.max(haversine(*a, *b)))  # type: ignore[arg-type]


def local(**parts: object) -> LocalDatum:
    return LocalDatum(
        **{"name": "city", "title_zh": "城建坐标", "title_en": "City", "crs": KRASOVSKY} | parts
    )  # type: ignore[arg-type]


@given(china | abroad)
def test_shifts_are_the_independent_librarys(place: tuple[float, float]) -> None:
    lon, lat = place
    point = peer.Wgs84(lat=lat, lon=lon)
    for datum, theirs in ((Datum.GCJ02, peer.wgs84_to_gcj02(point)), (Datum.BD09, peer.wgs84_to_bd09(point))):
        ours = from_wgs84(np.float64(lon), np.float64(lat), datum)
        assert metres(ours, (theirs.lon, theirs.lat)) < CENTIMETRE


@given(china)
def test_shifts_are_taken_off_as_the_independent_library_does(place: tuple[float, float]) -> None:
    lon, lat = place
    theirs = peer.gcj02_to_wgs84_refined(peer.Gcj02(lat=lat, lon=lon))
    assert (
        metres(to_wgs84(np.float64(lon), np.float64(lat), Datum.GCJ02), (theirs.lon, theirs.lat)) < CENTIMETRE
    )
    theirs = peer.bd09_to_wgs84_refined(peer.Bd09(lat=lat, lon=lon))
    assert (
        metres(to_wgs84(np.float64(lon), np.float64(lat), Datum.BD09), (theirs.lon, theirs.lat)) < CENTIMETRE
    )


@given(china, st.sampled_from([Datum.GCJ02, Datum.BD09]))
def test_there_and_back_is_within_a_millimetre(place: tuple[float, float], datum: Datum) -> None:
    lon, lat = map(np.float64, place)
    assert metres(to_wgs84(*from_wgs84(lon, lat, datum), datum), place) < MILLIMETRE


@given(china)
def test_mishaps_with_the_shift_have_names(place: tuple[float, float]) -> None:
    lon, lat = map(np.float64, place)
    once = from_wgs84(lon, lat, Datum.GCJ02)
    twice = from_wgs84(*once, Datum.GCJ02)
    too_little = to_wgs84(lon, lat, Datum.GCJ02)
    for name, given_as in ((GCJ02_TWICE, twice), (GCJ02_TOO_LITTLE, too_little)):
        assert metres(conversion(name).to_wgs84(*given_as), place) < MILLIMETRE
        assert metres(conversion(name).from_wgs84(lon, lat), given_as) < MILLIMETRE


@given(abroad)
def test_gcj02_is_wgs84_abroad_both_ways(place: tuple[float, float]) -> None:
    lon, lat = map(np.float64, place)
    assert from_wgs84(lon, lat, Datum.GCJ02) == place
    assert to_wgs84(lon, lat, Datum.GCJ02) == place


def test_places_that_are_no_numbers_stay_so_and_spoil_no_others() -> None:
    lon, lat = np.array([np.nan, 121.5, np.inf]), np.array([31.2, 31.2, np.nan])
    with np.errstate(invalid="ignore"):
        back = to_wgs84(*from_wgs84(lon, lat, Datum.GCJ02), Datum.GCJ02)
    assert metres((back[0][1], back[1][1]), (121.5, 31.2)) < MILLIMETRE
    assert not np.isfinite(back[0][[0, 2]]).any()


ZONES = [
    *((4491 + n, 75 + 6 * n, 500_000 + (13 + n) * 1_000_000) for n in range(11)),
    *((4502 + n, 75 + 6 * n, 500_000) for n in range(11)),
    *((4513 + n, 75 + 3 * n, 500_000 + (25 + n) * 1_000_000) for n in range(21)),
    *((4534 + n, 75 + 3 * n, 500_000) for n in range(21)),
]
"""EPSG code, central meridian and false easting of the zones of 6 and 3 degrees, with number and without."""


@pytest.mark.parametrize(("code", "meridian", "easting"), ZONES)
def test_zones_of_cgcs2000_are_gauss_krueger_on_its_ellipsoid(code: int, meridian: int, easting: int) -> None:
    lon, lat = meridian + np.linspace(-2, 2, 9), np.linspace(18, 53, 9)
    plain = pyproj.Proj(f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0={easting} +y_0=0 +ellps=GRS80")
    x, y = plain(lon, lat)
    assert metres(conversion(f"EPSG:{code}").to_wgs84(x, y), (lon, lat)) < CENTIMETRE
    back = conversion(f"EPSG:{code}").from_wgs84(lon, lat)
    assert np.abs(np.subtract(back, (x, y))).max() < CENTIMETRE


@given(china)
def test_seven_parameters_are_the_independent_librarys(place: tuple[float, float]) -> None:
    krasovsky = peer.ellipsoid_krasovsky_1940()
    seven = peer.Helmert(
        tx_m=SEVEN.dx, ty_m=SEVEN.dy, tz_m=SEVEN.dz,
        rx_arcsec=SEVEN.rx, ry_arcsec=SEVEN.ry, rz_arcsec=SEVEN.rz, scale_ppm=SEVEN.scale,
    )  # fmt: skip
    change = peer.DatumTransform(
        from_crs=peer.Crs.PULKOVO42, to_crs=peer.Crs.WGS84,
        _from=krasovsky, to=peer.ellipsoid_wgs84(), helmert=seven,
    )  # fmt: skip
    start = peer.Coordinate(lat=place[1], lon=place[0], height=None, crs=peer.Crs.PULKOVO42)
    theirs = peer.datum_transform_apply(change, start)
    degrees = local(crs="+proj=longlat +ellps=krass +type=crs", helmert=SEVEN)
    ours = conversion("local:city", {"city": degrees}).to_wgs84(*map(np.float64, place))
    assert metres(ours, (theirs.lon, theirs.lat)) < CENTIMETRE


def test_rotations_of_the_coordinate_frame_have_the_other_sign() -> None:
    turned = Helmert(
        dx=15.8, dy=-154.4, dz=-82.3, rx=-0.31, ry=0.22, rz=-2.1, scale=-2.4,
        rotation=Rotation.COORDINATE_FRAME,
    )  # fmt: skip
    plane = np.array([512_345.6]), np.array([3_798_765.4])
    one = conversion("local:city", {"city": local(helmert=SEVEN)}).to_wgs84(*plane)
    other = conversion("local:city", {"city": local(helmert=turned)}).to_wgs84(*plane)
    assert metres(one, other) < MILLIMETRE


def test_four_parameters_lie_before_the_projection() -> None:
    four = Similarity(dx=400_000.0, dy=3_750_000.0, angle=90 * 3600.0, scale=10.0)
    known = {"city": local(similarity=four), "plain": local(name="plain")}
    to = conversion("local:city", known).to_wgs84(np.array([1000.0]), np.array([2000.0]))
    turned = np.array([400_000.0 - 2000.02]), np.array([3_750_000.0 + 1000.01])
    assert metres(to, conversion("local:plain", known).to_wgs84(*turned)) < MILLIMETRE


@given(st.floats(-60_000, 60_000), st.floats(-60_000, 60_000))
def test_a_local_datum_is_left_as_it_was_entered(x: float, y: float) -> None:
    whole = local(similarity=Similarity(dx=500_000, dy=3_800_000, angle=33, scale=4), helmert=SEVEN)
    there = conversion("local:city", {"city": checked(whole)})
    back = there.from_wgs84(*there.to_wgs84(np.array([x]), np.array([y])))
    assert np.abs(np.subtract(back, ([x], [y]))).max() < CENTIMETRE


@pytest.mark.parametrize(
    "name", ["", "gcj", "EPSG:", "EPSG:99999", "local:city", "local:", "wgs84 ", "init=x"]
)
def test_unknown_datums_are_refused(name: str) -> None:
    with pytest.raises(DatumError):
        conversion(name)


@given(st.text(max_size=40) | st.from_regex(r"(EPSG|local):.{0,12}"))
def test_any_name_is_a_datum_or_refused(name: str) -> None:
    with contextlib.suppress(DatumError):
        conversion(name, {"city": local()})


@given(
    st.text(max_size=200) | st.from_regex(r"\+proj=[a-z]{2,7}( \+[a-z_]{1,8}=-?[0-9.]{1,9}){0,6} \+type=crs")
)
def test_any_crs_is_taken_or_refused(crs: str) -> None:
    with contextlib.suppress(DatumError):
        there = conversion("local:city", {"city": checked(local(crs=crs, helmert=SEVEN))})
        there.to_wgs84(np.array([500_000.0]), np.array([3_800_000.0]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Stadt"},
        {"name": "a" * 11},
        {"title_zh": ""},
        {"title_en": "x" * 65},
        {"crs": "EPSG:4326"},
        {"crs": "nonsense"},
        {"crs": "+init=/etc/passwd:root"},
        {"crs": "+proj=tmerc +nadgrids=/etc/passwd +type=crs"},
        {"crs": "+proj=tmerc " + " " * 9000},
        {"helmert": Helmert(dx=float("nan"))},
        {"helmert": Helmert(rz=2000)},
        {"similarity": Similarity(scale=-1e6)},
        {"similarity": Similarity(dx=float("inf"))},
    ],
)
def test_parameters_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DatumError):
        checked(local(**wrong))
