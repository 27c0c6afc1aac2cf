"""Plans that change grids, as the live feed tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlanState(StrEnum):
    """States of a plan."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPlan:
    """A plan (网格调整方案): changed grids that may be put in force. Times are s since 1970."""

    id: str
    area: str
    """The smallest area that holds all that it changes."""
    title: str
    state: PlanState
    author: str
    changed_at: float
    grids: int
    """How many grids it changes."""
    note: str = ""
    restores: str = ""
    """The revision that it takes back; empty: none."""
    version: int = 0
