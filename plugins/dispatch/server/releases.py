"""Whom to free when something bigger happens, and what that costs the event they are taken from."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.sdk.records import Candidate, Order, OrderState
from plugins.dispatch.model import Release
from plugins.dispatch.server.chooser import Choice

Explain = Callable[[Choice, Sequence[int]], list[Candidate]]
LEAST_GAIN = 30.0
"""Seconds below which nobody is called away."""


@dataclass(frozen=True, slots=True)
class Busy:
    """An order that somebody is out on, and the choice as it is for its event."""

    order: Order
    weight: float
    """Of a second at its event."""
    choice: Choice


def releases(choice: Choice, weight: float, busy: Sequence[Busy], explain: Explain) -> list[Release]:
    """Proposals whose gain, weighed by urgency, is worth more than their cost; the best first."""
    row_of = {member.id: row for row, member in enumerate(choice.ranking.roster.staff)}
    soonest = _soonest(choice)
    found: list[tuple[float, str, Release]] = []
    for each in busy:
        row = row_of.get(each.order.staff)
        if row is None or choice.ranking.why_not[row] is not None:
            continue
        worth, release = _release(choice, weight, each, row, soonest, explain)
        if release is not None:
            found.append((-worth, each.order.id, release))
    return [release for _, _, release in sorted(found, key=lambda item: item[:2])]


def _release(
    choice: Choice, weight: float, each: Busy, row: int, soonest: int | None, explain: Explain
) -> tuple[float, Release | None]:
    """What freeing one is worth, and the proposal if it is worth anything."""
    eta = choice.ranking.eta
    gain = math.inf if soonest is None else float(eta[soonest] - eta[row])
    if gain < LEAST_GAIN:
        return 0.0, None
    instead, arrived = _soonest(each.choice), each.order.state is OrderState.ARRIVED
    theirs = 0.0 if arrived else float(each.choice.ranking.eta[row])
    later = None if instead is None else float(each.choice.ranking.eta[instead]) - theirs
    worth = gain * weight - (later if later is not None else gain) * each.weight
    if soonest is not None and worth <= 0:
        return 0.0, None
    release = Release(
        order=each.order.id,
        event=each.order.event,
        freed=explain(choice, [row])[0],
        sooner_seconds=0.0 if soonest is None else round(gain, 1),
        only=soonest is None,
        instead=None if instead is None else explain(each.choice, [instead])[0],
        later_seconds=None if later is None else round(later, 1),
        arrived=arrived,
    )
    return (worth if soonest is not None else -float(eta[row])), release


def _soonest(choice: Choice) -> int | None:
    """Row of the best of those who can go and have no job; None when nobody is free."""
    ranking = choice.ranking
    free = [why is None and not m.job for why, m in zip(ranking.why_not, ranking.roster.staff, strict=True)]
    return next((row for row in ranking.order.tolist() if free[row]), None)
