"""Plans (预案): what is prepared for a class of events in an area, in words and drawn on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.model.coordinates import LonLat

PlanItemKind = Literal["point", "line", "polygon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One thing that is drawn."""

    kind: PlanItemKind
    points: tuple[LonLat, ...]
    """The place, the line, or the polygon's shell (its first vertex is not repeated)."""
    holes: tuple[tuple[LonLat, ...], ...] = ()
    title: str = ""
    symbol: str = ""
    """Of a point: a drawing of ``console.sdk.symbol_set``; empty for a plain mark."""
    color: str = "#ff5d5d"
    """``#rrggbb``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """Who does what; steps are numbered by their order."""

    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as it stands; ``edition`` counts how often it was saved."""

    id: str
    area: str
    """Whose plan it is: of this area and, for its events, all below."""
    title: str
    event_class: str = ""
    """An ``EventClass``; empty: for all."""
    note: str = ""
    steps: tuple[PlanStep, ...] = ()
    items: tuple[PlanItem, ...] = ()
    edition: int = 1
    by: str = ""
    """Who saved this edition."""
    at: float = 0.0
    """When, s since 1970."""
    version: int = 0
