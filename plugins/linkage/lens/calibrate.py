"""Find a camera's place, direction and lens from known points in its picture.

All starts are tried in closed form (the turn that fits bearings best, for many places and lenses), the best
few are improved by least squares that a single wrong point does not pull away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from plugins.linkage.lens.earth import Around, Floats
from plugins.linkage.lens.lens import Lens, angles_of, axes_of, to_picture

LEAST = 4
"""Points."""
BENDS_FROM = 10
"""Points from which the bending of the lens is looked for too."""
ACROSS = (1.5, 2.5, 4.0, 6.0, 9.0, 13.0, 19.0, 27.0, 38.0, 52.0, 70.0, 90.0, 110.0)
"""Degrees that pictures may be wide: where the search starts."""
MASTS = (0.0, 10.0, 25.0, 50.0, 90.0, 150.0)
"""Metres above the start's height at which a camera is looked for."""
ASIDE = (0.0, 15.0, 45.0, 120.0)
"""Metres from the start's place."""
TRIED = 8
SURE = 0.003
"""Widths of the picture: a point that is farther off counts less and less."""
FAR_OFF = 0.06
"""Widths: a middle error beyond this means that the points do not fit together."""
LEAST_NOISE = 1 / 1920
"""Widths: nobody clicks better."""


class Fault(StrEnum):
    """Why there is no calibration."""

    FEW = "few"
    """Fewer than four different points."""
    LINE_PICTURE = "line_picture"
    """All in one line, or in one place, of the picture."""
    LINE_MAP = "line_map"
    BEHIND = "behind"
    """The points named lie behind the camera."""
    APART = "apart"
    """They do not fit together: the first named is the worst."""
    LOOSE = "loose"
    """They leave the camera's place or lens open."""


class CannotCalibrate(ValueError):
    """See ``Fault``; *points* counts from 0."""

    def __init__(self, fault: Fault, points: Sequence[int] = ()) -> None:
        super().__init__(fault.value)
        self.fault, self.points = fault, tuple(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A point in the picture (shares from the top left) and where it is."""

    u: float
    v: float
    lon: float
    lat: float
    height: float
    """Metres, of the same zero for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the camera is about; *held*: exactly there."""

    lon: float
    lat: float
    height: float
    """Held: of the eye. Otherwise of the ground below it."""
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A camera, and how well the points agree with it."""

    lens: Lens
    off: tuple[float, ...]
    """Of each point, in widths of the picture."""
    metres: tuple[float | None, ...]
    """Of each point: how far from it the ray meets the level of its height; None: it does not."""
    eye_error: float
    """Metres by which the eye may be off (one standard deviation)."""

    @property
    def middle(self) -> float:
        """Root of the mean square of ``off``."""
        return float(np.sqrt(np.mean(np.square(self.off))))


def calibrate(pairs: Sequence[Pair], start: Start, aspect: float) -> Fit:
    """*aspect*: height of the picture over its width. Raises CannotCalibrate. Some 0.2 s."""
    picture = np.array([(pair.u, pair.v) for pair in pairs]).reshape(-1, 2)
    places = np.array([(pair.lon, pair.lat, pair.height) for pair in pairs]).reshape(-1, 3)
    around = Around(start.lon, start.lat, start.height)
    points = around.metres(*places.T)
    _refuse_degenerate(picture * (1.0, aspect), points)
    search = _Search(picture, points, aspect, start.held)
    best = search.best()
    if not start.held:  # north and up at the eye itself, not at the start
        eye = around.places(best[:3])
        search = _Search(picture, Around(*eye).metres(*places.T), aspect, False)
        best = search.improved(np.concatenate([np.zeros(3), best[3:]]))
        eye = Around(*eye).places(best[:3])
    else:
        eye = np.array([start.lon, start.lat, start.height])
    return _fit(search, best, eye, places)


def _refuse_degenerate(picture: Floats, points: Floats) -> None:
    different = {(round(float(u), 4), round(float(v), 4)) for u, v in picture}
    apart = {tuple(point) for point in np.round(points, 1).tolist()}
    if min(len(different), len(apart)) < LEAST:
        raise CannotCalibrate(Fault.FEW)
    for values, fault, least in (
        (picture, Fault.LINE_PICTURE, 0.02),
        (points, Fault.LINE_MAP, 0.02),
    ):
        spread = np.linalg.svd(values - values.mean(axis=0), compute_uv=False)
        if spread[1] < least * spread[0] or (values is picture and spread[0] < 0.02):
            raise CannotCalibrate(fault)


class _Search:
    """Unknowns: eye (3, metres), heading, tilt, roll (radians), logarithm of the focal length, bend."""

    def __init__(self, picture: Floats, points: Floats, aspect: float, held: bool) -> None:
        self.picture, self.points, self.aspect = picture, points, aspect
        bends = len(points) >= BENDS_FROM
        self.free = [*([] if held else [0, 1, 2]), 3, 4, 5, 6, *([7] if bends else [])]
        self._held = held

    def best(self) -> Floats:
        """The unknowns that fit best, from all starts."""
        found = [self.improved(start) for start in self._starts()]
        if not found:
            raise CannotCalibrate(Fault.APART)
        return min(found, key=self._cost)

    def improved(self, start: Floats) -> Floats:
        """By least squares."""
        from scipy.optimize import least_squares  # 0.2 s, in the worker that calibrates

        whole = start.copy()

        def off(free: Floats) -> Floats:
            whole[self.free] = free
            return self.off(whole).ravel()

        found = least_squares(
            off, start[self.free], x_scale="jac", loss="soft_l1", f_scale=SURE, xtol=1e-14, ftol=1e-14,
            gtol=1e-14, max_nfev=300,
        )  # fmt: skip
        whole[self.free] = found.x
        return whole

    def off(self, unknown: Floats) -> Floats:
        """(n, 2) errors in widths of the picture."""
        turned = (self.points - unknown[:3]) @ axes_of(*unknown[3:6]).T
        u, v, _, _ = to_picture(turned, float(np.exp(np.clip(unknown[6], -3, 6))), self.aspect, unknown[7])
        off = (np.stack([u, v], axis=1) - self.picture) * (1.0, self.aspect)
        return np.clip(off, -1e3, 1e3)

    def ahead(self, unknown: Floats) -> Floats:
        """(n,) metres ahead of the camera."""
        return (self.points - unknown[:3]) @ axes_of(*unknown[3:6])[2]

    def slopes(self, unknown: Floats) -> Floats:
        """(2n, free): how the errors change with the unknowns."""
        steps = np.array([1e-3, 1e-3, 1e-3, 1e-6, 1e-6, 1e-6, 1e-6, 1e-5])
        rows: list[Floats] = []
        for at in self.free:
            step = np.zeros(8)
            step[at] = steps[at]
            rows.append((self.off(unknown + step) - self.off(unknown - step)).ravel() / (2 * steps[at]))
        return np.array(rows).T

    def _cost(self, unknown: Floats) -> float:
        square = np.sum(self.off(unknown) ** 2, axis=1) / SURE**2
        behind = np.count_nonzero(self.ahead(unknown) <= 0)
        return float(np.sum(np.sqrt(1 + square) - 1)) + 1e6 * behind

    def _starts(self) -> list[Floats]:
        """The best ``TRIED`` of all eyes and lenses."""
        starts = [
            start
            for eye in self._eyes()
            for across in ACROSS
            if (start := self._turned(eye, 0.5 / np.tan(np.radians(across) / 2))) is not None
        ]
        return sorted(starts, key=self._cost)[:TRIED]

    def _eyes(self) -> list[Floats]:
        if self._held:
            return [np.zeros(3)]
        aside = [np.zeros(2)]
        for metres in ASIDE[1:]:
            turns = np.radians(np.arange(0, 360, 60))
            aside += [metres * np.array([np.sin(turn), np.cos(turn)]) for turn in turns]
        return [np.array([*level, mast]) for level in aside for mast in MASTS]

    def _turned(self, eye: Floats, focal: float) -> Floats | None:
        """The turn that brings the places' bearings nearest to those of the picture (Kabsch)."""
        away = self.points - eye
        metres = np.linalg.norm(away, axis=1)
        if metres.min() < 1.0:
            return None
        flat = (self.picture - 0.5) * (1.0, self.aspect) / focal
        bearings = np.column_stack([flat, np.ones(len(flat))])
        bearings /= np.linalg.norm(bearings, axis=1)[:, None]
        left, _, right = np.linalg.svd((away / metres[:, None]).T @ bearings)
        sign = np.sign(np.linalg.det(left @ right))
        axes = (left @ np.diag([1.0, 1.0, sign]) @ right).T
        return np.array([*eye, *angles_of(axes), np.log(focal), 0.0])


def _fit(search: _Search, best: Floats, eye: Floats, places: Floats) -> Fit:
    off = np.linalg.norm(search.off(best), axis=1)
    behind = np.flatnonzero(search.ahead(best) <= 0)
    if len(behind):
        raise CannotCalibrate(Fault.BEHIND, behind.tolist())
    if np.median(off) > FAR_OFF:
        raise CannotCalibrate(Fault.APART, np.argsort(-off).tolist())
    heading, tilt, roll = np.degrees(best[3:6])
    lens = Lens(
        lon=float(eye[0]), lat=float(eye[1]), height=float(eye[2]),
        heading=float(heading % 360), tilt=float(tilt), roll=float(roll),
        focal=float(np.exp(best[6])), aspect=search.aspect, bend=float(best[7]),
    )  # fmt: skip
    return Fit(
        lens=lens,
        off=tuple(off.tolist()),
        metres=tuple(_metres_off(lens, *pair) for pair in zip(search.picture, places, strict=True)),
        eye_error=_eye_error(search, best, off),
    )


def _eye_error(search: _Search, best: Floats, off: Floats) -> float:
    """Metres. Raises CannotCalibrate for points that leave open where the camera is, or how it zooms."""
    slopes = search.slopes(best)
    size = np.linalg.norm(slopes, axis=0)
    kept = np.linalg.svd(slopes / np.where(size, size, 1.0), compute_uv=False)
    if not size.all() or kept[-1] < 1e-7 * kept[0]:
        raise CannotCalibrate(Fault.LOOSE)
    noise = max(float(np.median(off)), LEAST_NOISE)
    spread = np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes))) * noise
    error = dict(zip(search.free, spread.tolist(), strict=True))
    eye = float(np.linalg.norm([error.get(at, 0.0) for at in (0, 1, 2)]))
    if error[6] > 0.3 or eye > 0.3 * float(np.median(search.ahead(best))):
        raise CannotCalibrate(Fault.LOOSE)
    return eye


def _metres_off(lens: Lens, point: Floats, place: Floats) -> float | None:
    met = lens.level_place(float(point[0]), float(point[1]), float(place[2]))
    if met is None:
        return None
    east, north, _ = Around(*place).metres(*met)
    return float(np.hypot(east, north))
