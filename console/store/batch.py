"""What the feed hands to the store: one batch a turn of the GUI's pump."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from console.model.positions import Positions


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record put, or dropped when *record* is None."""

    type: str
    id: str
    record: Any | None
    version: int = 0
    """Of a drop, where the backend tells it: later copies of older versions stay away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that the console may see, at ``time`` of the backend's clock."""

    records: dict[str, list[Any]]
    positions: Positions
    time: float = 0.0
    stale: bool = False
    """From the local cache: the last known state, shown as old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The backend's clock (s since 1970) as heard at ``heard`` of the local monotonic clock."""

    time: float
    heard: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Applied in this order: snapshot, changes, positions."""

    snapshot: Snapshot | None = None
    changes: list[RecordChange] = field(default_factory=list[RecordChange])
    positions: Positions | None = None
    clock: Clock | None = None
