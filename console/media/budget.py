"""Who has to do with less when this machine cannot decode all that is looked at.

What is looked at most keeps its full rate: the tile that has the focus, then the largest. The others lose the
smoothing of edges first, all of them, and then all but their key frames, the least important first. They get
it back in reverse when there has been room for a while.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from console.model.streams import Saving

PERIOD = 1.0
"""Seconds between looks."""
SHARE = 0.75
"""Of all cores, for decoding: the window paints, the map draws."""
LATE_FOR = 0.5
"""Seconds of work that was late all the while: the decoder is pressed, not the line."""
CUT, ROOM = 0.9, 0.85
"""What is aimed at when there is too much, of what is spent; how full it may get by what is given back."""
REST, LONGEST_REST = 5.0, 60.0
"""Seconds without trouble until something is given back, doubled whenever that was too much; and until one is
given something back though there seems to be no room: streams change."""
COST_OF = {Saving.NONE: 1.0, Saving.FILTER: 0.8, Saving.FRAMES: 0.3}
"""Of a stream's full cost, as a guess."""
_STEPS = (Saving.NONE, Saving.FILTER, Saving.FRAMES)


@dataclass(frozen=True, slots=True)
class Load:
    """A stream that is decoded."""

    stream: int
    height: int
    """Pixels of its largest tile."""
    cost: float
    """Share of a core that it took lately."""
    focused_at: float = 0.0
    """When a tile of it got the focus last; 0: never."""
    late_for: float = 0.0
    """Seconds that its decoder has been late without a rest."""
    least: bool = False
    """Whether there is nothing to save: it has key frames alone anyway."""


class Budget:
    """Looks at the loads every ``PERIOD`` seconds."""

    def __init__(self, cores: float = 0.0) -> None:
        """*cores*: that decoding may take; 0: a share of those that are here."""
        self.cores = cores or (os.cpu_count() or 2) * SHARE
        self._savings: dict[int, Saving] = {}
        self._full: dict[int, float] = {}
        self._rest = REST
        self._trouble_at = self._given_at = float("-inf")

    def weigh(self, loads: Sequence[Load], now: float) -> dict[int, Saving]:
        """What each is to save, by stream; *now*: of ``time.monotonic``."""
        order = _least_first(loads)
        self._savings = {load.stream: self._savings.get(load.stream, Saving.NONE) for load in order}
        self._full = {load.stream: self._full_cost(load) for load in order}
        spent = sum(load.cost for load in order)
        pressed = any(load.late_for > LATE_FOR for load in order)
        if pressed or spent > self.cores:
            self._cut([load for load in order[:-1] if not load.least], spent)
            if now - self._given_at < 2 * REST:  # that was too much
                self._rest = min(2 * self._rest, LONGEST_REST)
            self._trouble_at, self._given_at = now, float("-inf")
        elif now - max(self._trouble_at, self._given_at) >= self._rest:
            self._give(order, now)
        return dict(self._savings)

    def _full_cost(self, load: Load) -> float:
        """Remembered from when it saved nothing."""
        known = self._full.get(load.stream, 0.0)
        if self._savings[load.stream] == Saving.NONE:
            return load.cost if not known else (known + load.cost) / 2
        return max(known, load.cost)

    def _planned(self) -> float:
        """Cost of all as they are to be."""
        return sum(self._full[stream] * COST_OF[saving] for stream, saving in self._savings.items())

    def _cut(self, order: Sequence[Load], spent: float) -> None:
        """By steps until there is some room; at least one, when there is one."""
        goal = CUT * min(spent, self.cores)
        excess = max(self._planned(), spent) - goal
        done = False
        for step in _STEPS[1:]:
            for load in order:
                saving = self._savings[load.stream]
                if _STEPS.index(saving) >= _STEPS.index(step):
                    continue
                if done and excess <= 0:
                    return
                excess -= self._full[load.stream] * (COST_OF[saving] - COST_OF[step])
                self._savings[load.stream], done = step, True

    def _give(self, order: Sequence[Load], now: float) -> None:
        """Back to the most important first, as far as there is room."""
        room = ROOM * self.cores - self._planned()
        given, tried = False, now - max(self._trouble_at, self._given_at) >= LONGEST_REST
        for step in reversed(_STEPS[:-1]):
            for load in reversed(order):
                saving = self._savings[load.stream]
                if _STEPS.index(saving) <= _STEPS.index(step):
                    continue
                room -= self._full[load.stream] * (COST_OF[step] - COST_OF[saving])
                if room < 0 and (given or not tried):
                    self._given_at = now if given else self._given_at
                    return
                self._savings[load.stream], given = step, True
        if given:
            self._given_at = now
        else:
            self._rest = REST  # all have all


def _least_first(loads: Sequence[Load]) -> list[Load]:
    """The one that had the focus last is last, before it the largest; of equals the one that came first."""
    newest = max((load.focused_at for load in loads), default=0.0)
    return sorted(loads, key=lambda load: (0 < newest == load.focused_at, load.height, -load.stream))
