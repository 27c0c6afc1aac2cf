"""Which of the staff the table and the map show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plugins.staff.desktop.roster import Roster
from plugins.staff.desktop.states import State

Bounds = tuple[float, float, float, float]
"""West, south, east, north, degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All conditions must hold; empty ones say nothing."""

    area: str = ""
    """Trimmed area code; all below it are in."""
    states: frozenset[State] = frozenset(State) - {State.OFF_DUTY}
    text: str = ""
    """Words that must all occur in name, id or role."""
    view: Bounds | None = None
    """Only who is placed inside."""


def matches(roster: Roster, wanted: Filter) -> npt.NDArray[np.bool_]:
    """One truth value a row of *roster*."""
    states = np.zeros(len(State), bool)
    states[[int(state) for state in wanted.states]] = True
    mask = states[roster.state]
    if wanted.area:
        mask &= np.char.startswith(roster.area, wanted.area)
    for word in wanted.text.lower().split():
        mask &= np.char.find(roster.text, word) >= 0
    if wanted.view is not None:
        west, south, east, north = wanted.view
        mask &= (roster.lon >= west) & (roster.lon <= east)
        mask &= (roster.lat >= south) & (roster.lat <= north)
    return mask
