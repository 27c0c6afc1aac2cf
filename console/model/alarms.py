"""Records of alarms about staff on duty, like those of ``console.model.records``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.model.coordinates import LonLat


class AlarmKind(StrEnum):
    """What an alarm about somebody on duty is for; all but SOS are quiet."""

    SOS = "sos"
    SILENT = "silent"
    LEFT_RANGE = "left_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm about a staff member, live until it is over (SOS: and acknowledged)."""

    id: str
    kind: AlarmKind
    staff: str
    area: str
    where: LonLat | None = None
    """Last known place; None for who calls off duty, since they are not located."""
    since: float = 0.0
    ended: float | None = None
    taken_by: str = ""
    """Name of who acknowledged it."""
    taken_at: float | None = None
    note: str = ""
    version: int = 0
