"""Cameras are found from points; places and pixels are each other's inverse; what cannot be is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyproj
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from plugins.linkage.lens.calibrate import CannotCalibrate, Fault, Pair, Start, calibrate
from plugins.linkage.lens.earth import Around
from plugins.linkage.lens.lens import Lens
from plugins.linkage.lens.turning import SAME_ZOOM, Head, Zoomed, head_for, turned, with_zoom
from plugins.linkage.model import MOST_ZOOMS

PIXEL = 1 / 1920
lenses = st.builds(
    Lens,
    lon=st.just(117.2),
    lat=st.just(34.26),
    height=st.floats(20, 150),
    heading=st.floats(0, 359.9),
    tilt=st.floats(-50, -8),
    roll=st.floats(-4, 4),
    focal=st.floats(0.5, 4),
    aspect=st.just(0.5625),
    bend=st.just(0.0),
)
shares = st.floats(0.02, 0.98)
LENS = Lens(lon=117.2, lat=34.26, height=80, heading=140, tilt=-20, roll=1, focal=1.1, aspect=0.5625)


def pairs_of(lens: Lens, seed: int, count: int, noise: float = 0.0) -> list[Pair]:
    """Points all over the picture, on the ground and on roofs."""
    random = np.random.default_rng(seed)
    cells = [
        (0.1, 0.3),
        (0.9, 0.35),
        (0.15, 0.9),
        (0.85, 0.85),
        (0.5, 0.5),
        (0.3, 0.6),
        (0.7, 0.6),
        (0.5, 0.9),
    ]
    found: list[Pair] = []
    for at in range(count):
        u, v = np.array(cells[at % len(cells)]) + random.uniform(-0.08, 0.08, 2)
        height = 0.0 if at % 2 else float(random.uniform(0, 15))
        place = lens.level_place(float(u), float(v), height, 3_000)
        if place is not None:
            off = random.normal(0, noise, 2) * (1, 1 / lens.aspect)
            found.append(
                Pair(u=float(u + off[0]), v=float(v + off[1]), lon=place[0], lat=place[1], height=height)
            )
    return found


def start(lens: Lens, east: float = 0.0, north: float = 0.0) -> Start:
    lon, lat, _ = Around(lens.lon, lens.lat, 0.0).places([east, north, 0.0])
    return Start(lon=float(lon), lat=float(lat), height=0.0)


def eye_off(a: Lens, b: Lens) -> float:
    return float(np.linalg.norm(a.around().metres(b.lon, b.lat, b.height)))


def turn_off(a: Lens, b: Lens) -> float:
    """Degrees between the ways that two cameras look."""
    return float(np.degrees(np.arccos(np.clip(a.axes()[2] @ b.axes()[2], -1, 1))))


def test_metres_around_a_place_are_those_of_the_ellipsoid() -> None:
    around = Around(117.2, 34.26, 40.0)
    step = "+proj=topocentric +lon_0=117.2 +lat_0=34.26 +h_0=40 +ellps=WGS84"
    other = pyproj.Transformer.from_pipeline(f"+proj=pipeline +step +proj=cart +ellps=WGS84 +step {step}")
    places = np.array([[117.21, 34.27, 5.0], [117.2, 34.26, 40.0], [117.1, 34.2, 900.0]])
    wanted = np.stack(other.transform(*places.T, radians=False), axis=-1)
    assert np.allclose(around.metres(*places.T), wanted, atol=1e-6)
    assert np.allclose(around.places(wanted), places, atol=(1e-11, 1e-11, 1e-6))


@given(lens=lenses, u=shares, v=shares, bend=st.floats(-0.08, 0.1), metres=st.floats(5, 5_000))
def test_a_pixels_ray_leads_back_to_the_pixel(
    lens: Lens, u: float, v: float, bend: float, metres: float
) -> None:
    lens = replace(lens, bend=bend)
    lon, lat, height = lens.place_along(u, v, metres)
    seen = lens.project(np.array([lon]), np.array([lat]), np.array([height]))
    assert seen.inside[0] and abs(seen.metres[0] - metres) < 1e-3
    assert np.hypot(seen.u[0] - u, seen.v[0] - v) < 0.02 * PIXEL


@given(lens=lenses, u=shares, v=shares)
def test_the_ground_behind_a_pixel_lies_at_its_level(lens: Lens, u: float, v: float) -> None:
    place = lens.level_place(u, v, 3.0)
    if place is None:
        assert lens.ray(u, v)[2] > -0.005
        return
    assert place[2] == pytest.approx(3.0, abs=0.01)
    seen = lens.project(*(np.array([value]) for value in place))
    assert np.hypot(seen.u[0] - u, seen.v[0] - v) < 0.05 * PIXEL


def test_what_lies_behind_or_beside_is_not_in_the_picture() -> None:
    back, aside = (replace(LENS, heading=LENS.heading + by) for by in (180, 90))
    places = np.array([each.level_place(0.5, 0.5, 0.0) for each in (LENS, back, aside)])
    assert LENS.project(*places.T).inside.tolist() == [True, False, False]


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(lens=lenses, seed=st.integers(0, 1_000), count=st.integers(5, 8))
def test_a_camera_is_found_from_exact_points(lens: Lens, seed: int, count: int) -> None:
    pairs = pairs_of(lens, seed, count)
    assume(len(pairs) >= 5)
    try:
        fit = calibrate(pairs, start(lens, 12, -9), lens.aspect)
    except CannotCalibrate as refused:
        assert refused.fault is Fault.LOOSE  # a long lens from far away
        return
    assert max(fit.off) < 0.02 * PIXEL
    assert eye_off(fit.lens, lens) < 0.5 and turn_off(fit.lens, lens) < 0.02
    assert max(metres or 0.0 for metres in fit.metres) < 0.1


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(lens=lenses, seed=st.integers(0, 1_000))
def test_clicks_that_are_off_by_a_pixel_give_a_camera_that_is_right_in_the_picture(
    lens: Lens, seed: int
) -> None:
    pairs = pairs_of(lens, seed, 7, noise=PIXEL)
    assume(len(pairs) == 7)
    try:
        fit = calibrate(pairs, start(lens, -8, 10), lens.aspect)
    except CannotCalibrate as refused:
        assert refused.fault is Fault.LOOSE
        return
    others = pairs_of(lens, seed + 5_000, 8)
    seen = fit.lens.project(*(np.array([getattr(p, n) for p in others]) for n in ("lon", "lat", "height")))
    off = np.hypot(seen.u - [p.u for p in others], (seen.v - [p.v for p in others]) * lens.aspect)
    assert np.median(off) < 6 * PIXEL and off.max() < 40 * PIXEL
    assert turn_off(fit.lens, lens) < 3.0 and fit.middle < 4 * PIXEL


def test_four_points_are_enough_and_the_mast_may_be_held() -> None:
    pairs = pairs_of(LENS, 3, 4)
    assert eye_off(calibrate(pairs, start(LENS), LENS.aspect).lens, LENS) < 0.1
    held = Start(lon=LENS.lon, lat=LENS.lat, height=LENS.height, held=True)
    lens = calibrate(pairs_of(LENS, 3, 4, PIXEL), held, LENS.aspect).lens
    assert (lens.lon, lens.lat, lens.height) == (LENS.lon, LENS.lat, LENS.height)
    assert turn_off(lens, LENS) < 0.1 and lens.focal == pytest.approx(LENS.focal, rel=0.01)


def test_the_bending_of_a_wide_lens_is_found() -> None:
    wide = replace(LENS, focal=0.55, bend=-0.12)
    fit = calibrate(pairs_of(wide, 5, 16), start(wide), wide.aspect)
    assert fit.lens.bend == pytest.approx(-0.12, abs=0.002) and max(fit.off) < 0.05 * PIXEL


def test_one_wrong_point_stands_out_and_does_not_pull_the_others() -> None:
    pairs = pairs_of(LENS, 7, 8)
    pairs[2] = replace(pairs[2], u=pairs[2].u + 0.08)
    fit = calibrate(pairs, start(LENS), LENS.aspect)
    rest = [off for at, off in enumerate(fit.off) if at != 2]
    assert fit.off[2] > 0.04 and max(rest) < fit.off[2] / 8


def test_points_that_tell_nothing_are_refused() -> None:
    pairs = pairs_of(LENS, 1, 8)
    where, aspect = start(LENS), LENS.aspect
    in_line = [
        Pair(u=u, v=0.6, lon=p[0], lat=p[1], height=p[2])
        for u in (0.1, 0.3, 0.5, 0.7, 0.9)
        if (p := LENS.level_place(u, 0.6, 0.0))
    ]
    apart = [
        replace(pair, u=other.u, v=other.v) for pair, other in zip(pairs, pairs[3:] + pairs[:3], strict=True)
    ]
    line_map = [replace(pair, lat=34.26, lon=117.2 + at / 1e4, height=0.0) for at, pair in enumerate(pairs)]
    for given_pairs, faults in (
        (pairs[:3], {Fault.FEW}),
        ([pairs[0], *pairs[:3]], {Fault.FEW}),
        (in_line, {Fault.LINE_PICTURE}),
        (line_map, {Fault.LINE_MAP}),
        (apart, {Fault.APART, Fault.BEHIND, Fault.LOOSE}),
    ):
        with pytest.raises(CannotCalibrate) as refused:
            calibrate(given_pairs, where, aspect)
        assert refused.value.fault in faults


@given(lens=lenses, pan=st.floats(-170, 170), tilt=st.floats(-40, 10), u=shares, v=shares)
def test_a_turned_head_brings_a_place_into_the_middle(
    lens: Lens, pan: float, tilt: float, u: float, v: float
) -> None:
    lens = replace(lens, roll=0.0)
    place = lens.level_place(u, v, 0.0, 3_000)
    assume(place is not None)
    assert place is not None
    was = Head(pan, tilt, 0.2)
    head = head_for(lens, was, *place)
    assume(abs(head.tilt) < 89)
    now = turned(lens, was, head)
    assert now is not None and -180 <= head.pan <= 180
    seen = now.project(*(np.array([value]) for value in place))
    assert np.hypot(seen.u[0] - 0.5, seen.v[0] - 0.5) < 0.1 * PIXEL
    assert turned(lens, was, Head(pan, tilt, 0.5)) is None


@given(lens=lenses, zoom=st.floats(0.0, 1.0), closer=st.floats(2.0, 20.0))
def test_between_two_zooms_it_narrows_evenly_and_beyond_them_nothing_is_said(
    lens: Lens, zoom: float, closer: float
) -> None:
    was, far = Head(0.0, 0.0, 0.2), Zoomed(0.8, lens.focal * closer, 0.0)
    known = with_zoom(with_zoom((), Zoomed(0.2, lens.focal, lens.bend)), far)
    now = turned(lens, was, Head(0.0, 0.0, zoom), known)
    if not 0.2 - SAME_ZOOM <= zoom <= 0.8 + SAME_ZOOM:
        assert now is None
        return
    assert now is not None
    part = min(max((zoom - 0.2) / 0.6, 0.0), 1.0)
    assert now.focal == pytest.approx(lens.focal * closer**part, rel=1e-6)
    assert (now.heading, now.tilt, now.lon) == (lens.heading % 360, lens.tilt, lens.lon)


def test_the_same_zoom_again_replaces_what_was_known_of_it_and_most_are_kept() -> None:
    known: tuple[Zoomed, ...] = ()
    for number in range(2 * MOST_ZOOMS):
        known = with_zoom(known, Zoomed(number / (2 * MOST_ZOOMS), 1.0 + number))
    assert len(known) <= MOST_ZOOMS and list(known) == sorted(known, key=lambda each: each.zoom)
    first = next(iter(known)).zoom
    again = with_zoom(known, Zoomed(first + SAME_ZOOM / 2, 99.0))
    assert [each.focal for each in again if abs(each.zoom - first) <= SAME_ZOOM] == [99.0]
