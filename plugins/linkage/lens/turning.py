"""A calibrated camera that has been turned, and how to turn it to a place.

Its head is taken to stand level: what the calibration found in excess of the head's own angles stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from plugins.linkage.lens.lens import Lens

SAME_ZOOM = 0.01
"""Share of the zoom's range within which the picture is as wide as it was."""


@dataclass(frozen=True, slots=True)
class Head:
    """As ``console.sdk.cameras.Pose``: degrees, and 0 to 1."""

    pan: float
    tilt: float
    zoom: float


SAME_WAY = 0.3
"""Degrees within which a head looks where it did."""


def same(a: Head, b: Head) -> bool:
    """Whether the picture is the same."""
    pan = abs((a.pan - b.pan + 180) % 360 - 180)
    return max(pan, abs(a.tilt - b.tilt)) <= SAME_WAY and abs(a.zoom - b.zoom) <= SAME_ZOOM


def turned(lens: Lens, calibrated: Head, now: Head) -> Lens | None:
    """The lens as it looks now; None: it was zoomed, and how wide it is now is not known."""
    if abs(now.zoom - calibrated.zoom) > SAME_ZOOM:
        return None
    tilt = lens.tilt + now.tilt - calibrated.tilt
    return replace(lens, heading=(lens.heading + now.pan - calibrated.pan) % 360, tilt=tilt)


def head_for(lens: Lens, calibrated: Head, lon: float, lat: float, height: float) -> Head:
    """How the head stands when a place is in the picture's middle, as wide as it was calibrated."""
    east, north, up = lens.around().metres(lon, lat, height).tolist()
    heading = math.degrees(math.atan2(east, north))
    tilt = math.degrees(math.atan2(up, math.hypot(east, north)))
    pan = (calibrated.pan + heading - lens.heading + 180) % 360 - 180
    return Head(pan, max(-90.0, min(90.0, calibrated.tilt + tilt - lens.tilt)), calibrated.zoom)
