"""Where does a layer lie against one that is held to be right, and which datum explains it?

Ends of lines, vertices of polygons or points are sampled. For each datum that the source might have
been in, the samples are moved to where they would then lie and their distances to the reference
measured. The true datum stands out: ends of roads lie on other roads, by chance only a fifth do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from console.model.coordinates import Datum, Floats
from console.model.datum_checks import FEWEST, CheckState, DatumCheck, DatumTrial
from console.model.datums import GCJ02_TOO_LITTLE, GCJ02_TWICE, conversion, is_degrees
from console.model.layers import FeatureShape, LayerPackage

TRIED = (Datum.WGS84, Datum.GCJ02, Datum.BD09, GCJ02_TWICE, GCJ02_TOO_LITTLE)
SAMPLES = 3000
NEAR, MATCHED = 15.0, 25.0
"""Metres: counted as lying on the reference; taken into the residual."""
LEAST_NEAR, LEAST_MARGIN, LEAST_RATIO = 0.35, 0.15, 1.5
"""What a datum needs to win: share near, distance to the next, ratio to the next."""
SHAKEN, STEP, REACH = 400, 25.0, 150.0
"""Samples, metres a step and metres at most by which the winner is moved to and fro: a true datum
fits where it is, one that fits by chance fits elsewhere about as well."""
LEAST_PEAK, LEAST_OF_REST = 0.25, 0.5
"""How far the winner's share must lie above the best after moving: this part of that, or, where
nearly everything is near (points in a sea of buildings), this part of what that leaves to 1."""
AROUND = 0.02
"""Degrees around one layer in which the other is looked at: more than any shift."""
_ENDS_ENOUGH = 200
_SAME = 1.0
"""Metres: datums that move the samples no further from each other are one (GCJ-02 abroad)."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """The samples in one datum, as metres in a plane around them."""

    datum: str
    places: Floats
    distances: Floats

    @property
    def near(self) -> float:
        return float((self.distances < NEAR).mean())

    def trial(self) -> DatumTrial:
        median = float(np.median(self.distances))
        return DatumTrial(datum=self.datum, near=round(self.near, 4), median=round(median, 2))


def measure(
    layer: LayerPackage, declared: str, reference: LayerPackage, names: tuple[str, str] = ("", "")
) -> DatumCheck:
    """Compare *layer*, read as *declared*, with *reference*; both lie in WGS84 degrees. Some 0.1 to 1 s.

    *names*: ids of the two layers.
    """
    return measure_places(_telling(layer, _around(reference.degrees)), declared, reference, names)


def measure_places(
    places: Floats, declared: str, reference: LayerPackage, names: tuple[str, str] = ("", "")
) -> DatumCheck:
    """As ``measure``, of (n, 2) degrees that should lie on the reference, such as devices on roads."""
    samples = _some(places[_inside(places, _around(reference.degrees))])
    shapes = _reference(reference, _around(samples))
    if len(samples) < FEWEST or len(shapes[0]) == 0:
        return _check(names, CheckState.APART, samples)
    plane = _Plane(samples)
    tree = shapely.STRtree(plane.geometries(*shapes))
    tried = _try(plane, tree, samples, declared)
    best = _winner(tried)
    if best is not None and not _is_peak(best, tree):
        best = None
    trials = tuple(found.trial() for found in tried)
    if best is None:
        return _check(names, CheckState.UNCLEAR, samples, trials)
    return _found(names, tried[0], best, trials)


def _found(names: tuple[str, str], now: _Tried, best: _Tried, trials: tuple[DatumTrial, ...]) -> DatumCheck:
    matched = best.distances[best.distances < MATCHED]
    fits = best is now
    off = matched if fits else np.hypot(*(best.places - now.places).T)
    return DatumCheck(
        layer=names[0],
        reference=names[1],
        state=CheckState.FITS if fits else CheckState.SHIFTED,
        datum=best.datum,
        residual=round(float(np.median(off)), 2),
        residual_90=round(float(np.percentile(off, 90)), 2),
        after=round(float(np.median(matched)), 2),
        samples=len(best.distances),
        trials=trials,
    )


def _check(
    names: tuple[str, str], state: CheckState, samples: Floats, trials: tuple[DatumTrial, ...] = ()
) -> DatumCheck:
    return DatumCheck(
        layer=names[0],
        reference=names[1],
        state=state,
        datum="",
        residual=None,
        residual_90=None,
        after=None,
        samples=len(samples),
        trials=trials,
    )


class _Plane:
    """Metres east and north around the middle of the samples; good to a thousandth in a city."""

    def __init__(self, samples: Floats) -> None:
        self._middle = np.median(samples, axis=0)
        phi = np.radians(self._middle[1])
        self._metres = np.array([111_412.84 * np.cos(phi) - 93.5 * np.cos(3 * phi), 111_132.95])
        self._metres[1] -= 559.82 * np.cos(2 * phi)

    def metres(self, degrees: Floats) -> Floats:
        """(n, 2) degrees to (n, 2) metres."""
        return (degrees - self._middle) * self._metres

    def geometries(self, start: Floats, end: Floats | None) -> npt.NDArray[np.object_]:
        """Segments from *start* to *end*, or points."""
        if end is None:
            return np.asarray(shapely.points(self.metres(start)), object)
        ends = np.stack([self.metres(start), self.metres(end)], axis=1)
        return np.asarray(shapely.linestrings(ends), object)


def _telling(layer: LayerPackage, box: Floats) -> Floats:
    """(n, 2) degrees: ends of lines, where they meet others, if *box* holds enough of them, else vertices."""
    places = layer.degrees
    if layer.shape is FeatureShape.LINE:
        ends = places[np.concatenate([layer.part_start[:-1], layer.part_start[1:] - 1])]
        ends = ends[_inside(ends, box)]
        if len(ends) >= _ENDS_ENOUGH:
            return ends
    return places


def _some(places: Floats) -> Floats:
    """Not too many of them, always the same."""
    if len(places) <= SAMPLES:
        return places
    return places[np.random.default_rng(0).choice(len(places), SAMPLES, replace=False)]


def _reference(layer: LayerPackage, box: Floats) -> tuple[Floats, Floats | None]:
    """Starts and ends of the segments in *box*, or the points."""
    places = layer.degrees
    if layer.shape is FeatureShape.POINT:
        return places[_inside(places, box)], None
    breaks = np.zeros(len(places), bool)
    breaks[layer.part_start[1:] - 1] = True
    inside = _inside(places, box)
    first = np.flatnonzero(~breaks[:-1] & (inside[:-1] | inside[1:]))
    return places[first], places[first + 1]


def _around(places: Floats) -> Floats:
    """(2, 2) south-west and north-east corner of a box around *places*."""
    if len(places) == 0:
        return np.full((2, 2), np.nan)
    return np.stack([places.min(axis=0) - AROUND, places.max(axis=0) + AROUND])


def _inside(places: Floats, box: Floats) -> npt.NDArray[np.bool_]:
    return ((places >= box[0]) & (places <= box[1])).all(axis=1)


def _try(plane: _Plane, tree: shapely.STRtree, samples: Floats, declared: str) -> list[_Tried]:
    """Each datum that puts the samples elsewhere, the present one first."""
    unshifted = declared == Datum.CGCS2000 or not is_degrees(declared)
    present = str(Datum.WGS84) if unshifted else declared
    given = conversion(present).from_wgs84(*samples.T)
    tried: list[_Tried] = []
    for name in sorted(TRIED, key=lambda name: name != present):
        places = plane.metres(np.column_stack(conversion(name).to_wgs84(*given)))
        if all(np.hypot(*(places - other.places).T).max() > _SAME for other in tried):
            tried.append(_Tried(declared if name == present else str(name), places, _distances(tree, places)))
    return tried


def _winner(tried: Sequence[_Tried]) -> _Tried | None:
    """The datum under which clearly more samples lie on the reference than under any other."""
    best, second = sorted(tried, key=lambda found: found.near, reverse=True)[:2]
    chance = 4 * np.sqrt(0.25 / len(best.distances))
    clear = (
        best.near >= LEAST_NEAR
        and best.near - second.near >= max(LEAST_MARGIN, chance)
        and best.near >= LEAST_RATIO * second.near
    )
    return best if clear else None


def _is_peak(best: _Tried, tree: shapely.STRtree) -> bool:
    """Whether the winner fits clearly better where it is than anywhere around."""
    some = best.places[:: max(1, len(best.places) // SHAKEN)]
    steps = np.arange(-REACH, REACH + STEP, STEP)
    moves = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    moves = moves[np.abs(moves).max(axis=1) > STEP]
    moved = (some[None, :, :] + moves[:, None, :]).reshape(-1, 2)
    near = np.zeros(len(moved), bool)
    near[tree.query(shapely.points(moved), predicate="dwithin", distance=NEAR)[0]] = True  # 7 times as quick
    most = float(near.reshape(len(moves), len(some)).mean(axis=1).max())
    return best.near >= most + min(LEAST_PEAK * most, LEAST_OF_REST * (1 - most))


def _distances(tree: shapely.STRtree, places: Floats) -> Floats:
    """Metres from each place to the nearest of the reference."""
    _, distances = tree.query_nearest(shapely.points(places), return_distance=True, all_matches=False)
    return distances
