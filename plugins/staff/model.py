"""Records that both halves of the staff plugin share; the person is ``console.sdk.records.Staff``."""

from __future__ import annotations

from dataclasses import dataclass

PERSONAL_FIELDS = ("phone",)
"""Fields of a staff member that travel masked and can be unmasked with a reason."""
STANDARD_WEEK = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftInfo:
    """A shift (班次); minutes after local midnight."""

    id: str
    name_zh: str
    name_en: str
    starts: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaCell:
    """What the rota says of one person on one day. Shift None: nothing, empty: free."""

    shift: str | None = None
    lead: bool = False
    substitute: str = ""
    standard: bool = False
    """It comes from the standard week."""
    leave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaLine:
    """One person's week."""

    staff: str
    name: str
    area: str
    role: str
    cells: tuple[RotaCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaWeek:
    """A week of the rota; ``days`` are dates, or mon … sun of the standard week."""

    days: tuple[str, ...]
    shifts: tuple[ShiftInfo, ...]
    lines: tuple[RotaLine, ...]
    total: int
    """People there are; lines may be fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNow:
    """Somebody who is on duty now, and why; times s since 1970, None for no end."""

    staff: str
    name: str
    area: str
    role: str
    shift: str = ""
    lead: bool = False
    why: str = "rota"
    """``rota``, ``substitute``, ``override`` or ``standing``."""
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Leave (请假) of somebody; times s since 1970."""

    id: str
    staff: str
    name: str
    area: str
    since: float
    until: float
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRange:
    """An activity range (活动范围) of somebody that replaces the one of their role."""

    staff: str
    name: str
    area: str
    role: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A hand-over (交接班); ``taken_by`` has read it."""

    id: str
    area: str
    shift: str
    note: str
    by_name: str
    at: float
    taken_by: str = ""
    taken_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stay at one place; times s since 1970, WGS84 degrees."""

    where: tuple[float, float]
    since: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Where somebody was while on duty; points are (lon, lat, time), perhaps thinned out."""

    staff: str
    name: str
    area: str
    points: tuple[tuple[float, float, float], ...]
    metres: float
    foot_seconds: float
    stops: tuple[Stop, ...]
    fixes: int
    """Fixes that it was measured by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A place of a patrol that must be reached to within *radius* metres."""

    name: str
    where: tuple[float, float]
    radius: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patrol:
    """A patrol plan; minutes after local midnight, days mon … sun."""

    id: str
    name: str
    area: str
    path: tuple[tuple[float, float], ...]
    checkpoints: tuple[Checkpoint, ...]
    staff: tuple[str, ...]
    days: tuple[str, ...]
    starts: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolDone:
    """How far one patrol was walked on one day, by all who had it."""

    patrol: str
    name: str
    area: str
    planned_metres: float
    walked_share: float
    """Share of the planned way, 0 to 1, that somebody came along in the time window."""
    by_road: bool = False
    """Ways were brought to the roads; else a strip along the planned way was looked at, which takes
    a lane beside it for the way itself."""
    reached: tuple[float | None, ...]
    """When each checkpoint was first reached, s since 1970."""
    checkpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetWalked:
    """How much of one street's length in an area was walked."""

    street: str
    metres: float
    walked_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What somebody had to do in a period: sums to share work by, no judgement."""

    staff: str
    name: str
    area: str
    role: str
    jobs: int = 0
    job_seconds: float = 0.0
    duty_seconds: float = 0.0
    metres: float = 0.0
