"""What a fix is worth: rejected, kept as history only, flagged, or the new last position."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

from console.model.positions import PositionFlag
from console.sdk.server import PositionFix

MAX_SPEED = 70.0
"""Metres a second that nobody on duty exceeds (252 km/h)."""
JUMP_SLACK = 300.0
"""Metres that a fix may be off without being called a jump."""
RECOVERY_FIXES = 3
"""Fixes in a row that agree on a new place until it is believed."""
FUTURE_SLACK = 60.0
"""Seconds that a device's clock may be ahead."""
LOW_BATTERY = 0.15
"""Share below which a device will not last much longer."""
OLDEST_TIME = 946_684_800.0
"""2000-01-01: an earlier time is a clock that was never set."""
_NULL_DEGREES = 1e-6
_METRES_PER_DEGREE = 111_195.0


class Verdict(Enum):
    """Where a fix goes."""

    MOVE = "move"
    """To the last position and to history."""
    LATE = "late"
    """Older than what is known: history only."""
    DOUBTFUL = "doubtful"
    """Flagged: history, and the flag beside the last good position."""


@dataclass(slots=True)
class Fix:
    """A clean fix: finite, in range, SI units; NaN is unknown."""

    lon: float
    lat: float
    time: float
    speed: float
    heading: float
    accuracy: float
    battery: float
    flags: int
    source: int = 0
    floor: float = math.nan


@dataclass(slots=True)
class Track:
    """What is known of one device: its last good fix and doubtful ones since."""

    good: Fix | None = None
    newest: float = -math.inf
    doubtful: list[Fix] = field(default_factory=list[Fix])
    called: float = -math.inf
    """Time of the newest fix that called SOS."""


def clean_fix(raw: PositionFix, now: float) -> Fix | None:
    """Bring *raw* into range, or None when it has no usable place. *now*: seconds since 1970."""
    if not (math.isfinite(raw.lon) and math.isfinite(raw.lat)):
        return None
    if not (-180.0 <= raw.lon <= 180.0 and -90.0 <= raw.lat <= 90.0):
        return None
    battery = _within(raw.battery, 0.0, 1.0)
    flags = _flags(raw, battery)
    if abs(raw.lon) < _NULL_DEGREES and abs(raw.lat) < _NULL_DEGREES:
        flags |= PositionFlag.NULL_ISLAND
    time = raw.time if raw.time is not None and math.isfinite(raw.time) else now
    if time > now + FUTURE_SLACK:
        flags |= PositionFlag.FUTURE
    if time > now or time < OLDEST_TIME:
        time = now
    heading = _within(raw.heading, -360.0, 720.0)
    return Fix(
        lon=raw.lon,
        lat=raw.lat,
        time=time,
        speed=_within(raw.speed, 0.0, 400.0),
        heading=heading % 360.0,
        accuracy=_within(raw.accuracy, 0.0, 1e6),
        battery=battery,
        flags=int(flags),
        source=int(raw.source),
        floor=_within(raw.floor, -100.0, 1000.0),
    )


def _flags(raw: PositionFix, battery: float) -> PositionFlag:
    """What the device itself says of a fix."""
    flags = PositionFlag.SOS if raw.sos else PositionFlag.NONE
    if raw.mock:
        flags |= PositionFlag.MOCK
    if battery < LOW_BATTERY:
        flags |= PositionFlag.LOW_BATTERY
    return flags if raw.vouched else flags | PositionFlag.UNVOUCHED


def judge(track: Track, fix: Fix) -> Verdict:
    """Decide about *fix* and bring *track* up to date; adds the JUMP flag where due.

    A phone that repeats its call for help does not call anew.
    """
    if fix.flags & PositionFlag.SOS:
        if fix.time <= track.called:
            fix.flags &= ~PositionFlag.SOS
        track.called = max(track.called, fix.time)
    if fix.time <= track.newest:
        return Verdict.LATE
    track.newest = fix.time
    if fix.flags & PositionFlag.NULL_ISLAND:
        return Verdict.DOUBTFUL
    if track.good is None or _reachable(track.good, fix) or _recovered(track, fix):
        track.good = fix
        track.doubtful.clear()
        return Verdict.MOVE
    fix.flags |= PositionFlag.JUMP
    return Verdict.DOUBTFUL


def _recovered(track: Track, fix: Fix) -> bool:
    """Whether *fix* is the last of several in a row that agree among themselves."""
    if track.doubtful and not _reachable(track.doubtful[-1], fix):
        track.doubtful.clear()
    track.doubtful.append(fix)
    return len(track.doubtful) >= RECOVERY_FIXES


def _reachable(before: Fix, after: Fix) -> bool:
    slack = JUMP_SLACK + _known(before.accuracy) + _known(after.accuracy)
    return metres_between(before, after) <= slack + MAX_SPEED * max(after.time - before.time, 0.0)


def _known(accuracy: float) -> float:
    """Accuracy in metres where known; a claim of kilometres excuses no jump."""
    return 0.0 if math.isnan(accuracy) else min(accuracy, 1000.0)


def metres_between(first: Fix, second: Fix) -> float:
    """Distance in metres, good enough to tell walking from flying."""
    dlon = (second.lon - first.lon + 180.0) % 360.0 - 180.0
    x = dlon * math.cos(math.radians((first.lat + second.lat) / 2.0))
    return math.hypot(x, second.lat - first.lat) * _METRES_PER_DEGREE


def _within(value: float | None, low: float, high: float) -> float:
    """*value* where it is known and in range, else NaN."""
    return value if value is not None and low <= value <= high else math.nan
