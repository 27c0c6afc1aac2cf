"""A calibrated camera that has been turned, and how to turn it to a place.

Its head is taken to stand level: what the calibration found in excess of the head's own angles stays.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from plugins.linkage.lens.lens import Lens
from plugins.linkage.model import MOST_ZOOMS

SAME_ZOOM = 0.01
"""Share of the zoom's range within which the picture is as wide as it was."""


@dataclass(frozen=True, slots=True)
class Head:
    """As ``console.sdk.cameras.Pose``: degrees, and 0 to 1."""

    pan: float
    tilt: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Zoomed:
    """How wide the picture is at a position of the zoom: ``focal`` and ``bend`` as of a ``Lens``."""

    zoom: float
    focal: float
    bend: float = 0.0


SAME_WAY = 0.3
"""Degrees within which a head looks where it did."""


def same(a: Head, b: Head) -> bool:
    """Whether the picture is the same."""
    pan = abs((a.pan - b.pan + 180) % 360 - 180)
    return max(pan, abs(a.tilt - b.tilt)) <= SAME_WAY and abs(a.zoom - b.zoom) <= SAME_ZOOM


def turned(lens: Lens, calibrated: Head, now: Head, zooms: Sequence[Zoomed] = ()) -> Lens | None:
    """The lens as it looks now; None: it was zoomed, and how wide it is now is not known. *zooms*: at which
    positions that is known besides the calibrated one."""
    wide = at_zoom([*zooms, Zoomed(calibrated.zoom, lens.focal, lens.bend)], now.zoom)
    if wide is None:
        return None
    tilt = lens.tilt + now.tilt - calibrated.tilt
    heading = (lens.heading + now.pan - calibrated.pan) % 360
    return replace(lens, heading=heading, tilt=tilt, focal=wide.focal, bend=wide.bend)


def at_zoom(known: Iterable[Zoomed], zoom: float) -> Zoomed | None:
    """Between known positions the picture narrows by equal shares for equal ways of the zoom, as zooms are
    built to; beyond them nothing is said."""
    rows = sorted(known, key=lambda each: each.zoom)
    zooms = np.array([each.zoom for each in rows])
    if not zooms[0] - SAME_ZOOM <= zoom <= zooms[-1] + SAME_ZOOM:
        return None
    focal = float(np.exp(np.interp(zoom, zooms, np.log([each.focal for each in rows]))))
    return Zoomed(zoom, focal, float(np.interp(zoom, zooms, [each.bend for each in rows])))


def with_zoom(known: Iterable[Zoomed], more: Zoomed) -> tuple[Zoomed, ...]:
    """By zoom; what was known of the same position goes; ``MOST_ZOOMS`` at most."""
    others = [each for each in known if abs(each.zoom - more.zoom) > SAME_ZOOM]
    return tuple(sorted([*others[: MOST_ZOOMS - 1], more], key=lambda each: each.zoom))


def head_for(lens: Lens, calibrated: Head, lon: float, lat: float, height: float) -> Head:
    """How the head stands when a place is in the picture's middle, as wide as it was calibrated."""
    east, north, up = lens.around().metres(lon, lat, height).tolist()
    heading = math.degrees(math.atan2(east, north))
    tilt = math.degrees(math.atan2(up, math.hypot(east, north)))
    pan = (calibrated.pan + heading - lens.heading + 180) % 360 - 180
    return Head(pan, max(-90.0, min(90.0, calibrated.tilt + tilt - lens.tilt)), calibrated.zoom)
