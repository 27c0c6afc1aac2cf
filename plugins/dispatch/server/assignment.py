"""Who goes where when several are sought: cheapest assignments by the Hungarian method (scipy).

Costs are (n, m) seconds of n places to fill by m people; inf forbids. As many
places as possible are filled, and of all ways to do so the cheapest is taken.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

Floats = npt.NDArray[np.float64]
Pairs = list[tuple[int, int]]
"""Place and person, by place."""


def assign(cost: Floats) -> Pairs:
    """Each person at most one place, each place at most one person."""
    able = np.isfinite(cost)
    if not able.any():
        return []
    # One place more must be worth any sum of seconds, so that none stays empty for others' sake.
    dear = (float(cost[able].max()) + 1.0) * (min(cost.shape) + 1)
    rows, columns = linear_sum_assignment(np.where(able, cost, dear))
    return [(int(row), int(at)) for row, at in zip(rows, columns, strict=True) if able[row, at]]


def assign_apart(cost: Floats, kinds: Sequence[Hashable]) -> Pairs:
    """As ``assign``, and no two people of the same kind (unit, role): each kind sends its best."""
    known = list(dict.fromkeys(kinds))
    kind_of = np.array([known.index(kind) for kind in kinds], np.int64)
    best = np.full((len(cost), len(known)), np.inf)
    who = np.zeros(best.shape, np.int64)
    for kind in range(len(known)):
        members = np.flatnonzero(kind_of == kind)
        at = cost[:, members].argmin(axis=1)
        who[:, kind] = members[at]
        best[:, kind] = cost[np.arange(len(cost)), who[:, kind]]
    return [(place, int(who[place, kind])) for place, kind in assign(best)]


def assign_in_turn(cost: Floats) -> Pairs:
    """Place by place, each taking the best who is left: what one would do without looking ahead."""
    left = cost.copy()
    pairs: Pairs = []
    for place in range(len(cost)):
        if left.shape[1] and np.isfinite(left[place]).any():
            person = int(left[place].argmin())
            pairs.append((place, person))
            left[:, person] = np.inf
    return pairs
