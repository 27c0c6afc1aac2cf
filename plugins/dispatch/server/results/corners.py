"""Where on a way one must be told something: corners, forks, roundabouts, other names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from console.sdk.server import RoadUse
from plugins.dispatch.model import Turn
from plugins.dispatch.server.results.arcs import Course, Leaving, turned
from plugins.dispatch.server.routing.graph import Ints, RoadGraph
from plugins.dispatch.server.routing.profile import NO_WAY

_LOOK = 20.0
"""Metres before and after a corner over which its angle is taken."""
_TOGETHER, _GROUP = 20.0, 45.0
"""Crossings so near to the one before are one corner (two carriageways, a staggered crossing), up to
so many metres from the first."""
_STRAIGHT, _SLIGHT, _NORMAL, _SHARP = 30.0, 55.0, 125.0, 165.0
"""Degrees up to which a bend is none, slight, normal, sharp; beyond one turns back."""
_FORK = 45.0
"""Roads on within so many degrees of straight ahead make a fork."""
_CLEARLY = 10.0
"""Degrees by which another road must lead straighter on to be mistaken for the way."""
_BRIDGED = 60.0
"""Metres of road without a name, between two of the same, that nobody calls another road."""
_MINOR = frozenset(
    {"service", "footway", "path", "track", "cycleway", "steps", "pedestrian", "living_street"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """One thing to be told. ``begin`` and ``end`` are metres from the start of the way."""

    begin: float
    end: float
    turn: Turn
    angle: float
    road: str
    exit: int = 0


@dataclass(frozen=True, slots=True)
class _Crossing:
    """The end of the arc ``row`` of the way, and what may be mistaken there."""

    row: int
    back: bool
    choice: bool
    """There is another way on."""
    others: tuple[float, ...]
    """Angles of the other ways on of the same weight."""
    angle: float
    renamed: bool


class Corners:
    """Finds the corners of one way. *weights* say who may use which arc."""

    def __init__(
        self, graph: RoadGraph, leaving: Leaving, weights: Ints, course: Course, *, walking: bool
    ) -> None:
        self._graph, self._leaving, self._weights, self._course = graph, leaving, weights, course
        self.names = _bridged([graph.names[a % graph.pieces] for a in course.arcs], course)
        pieces = np.array(course.arcs, np.int64) % graph.pieces
        # walkers cross at the side of a roundabout: to them its parts are streets like others
        self._circling = ((graph.use[pieces] == RoadUse.ROUNDABOUT) & (not walking)).tolist()

    def find(self) -> list[Corner]:
        """All corners in order; they do not overlap."""
        groups = list(self._groups())
        found: list[Corner] = []
        for at, group in enumerate(groups):
            before = found[-1].end if found else float(self._course.begins[0])
            after = self._begin(groups[at + 1][0]) if at + 1 < len(groups) else self._course.begins[-1]
            corner = self._corner(group, before, float(after))
            if corner is not None:
                found.append(corner)
        return found

    def _groups(self) -> Iterator[list[_Crossing]]:
        """Crossings that matter, those close together as one; a roundabout is one."""
        group: list[_Crossing] = []
        for row in range(len(self._course.arcs) - 1):
            crossing = self._crossing(row)
            if not (crossing.back or crossing.renamed or self._bends(crossing) or self._circles(row)):
                continue
            if group and not self._belongs(group, row):
                yield group
                group = []
            group.append(crossing)
        if group:
            yield group

    def _belongs(self, group: Sequence[_Crossing], row: int) -> bool:
        circled, circling = self._circles(group[-1].row), self._circles(row)
        if circled or circling:
            return circled and self._circling[row]
        end, first = self._end(group[-1]), self._begin(group[0])
        here = float(self._course.begins[row + 1])
        return here - end <= _TOGETHER and here - first <= _GROUP

    def _circles(self, row: int) -> bool:
        return self._circling[row] or self._circling[row + 1]

    def _begin(self, crossing: _Crossing) -> float:
        return float(self._course.begins[crossing.row + 1])

    _end = _begin

    def _crossing(self, row: int) -> _Crossing:
        graph, arcs = self._graph, self._course.arcs
        before, after = arcs[row], arcs[row + 1]
        opposite = (before + graph.pieces) % (2 * graph.pieces)
        others = [arc for arc in self._ways_on(before) if arc not in (after, opposite)]
        weight = self._minor(after)
        alike = [arc for arc in others if self._minor(arc) <= weight and not self._slips_off(row, arc)]
        name = self.names[row + 1]
        return _Crossing(
            row=row,
            back=after == opposite,
            choice=bool(others),
            others=tuple(self._angle(before, arc) for arc in alike),
            angle=self._angle(before, after),
            renamed=bool(name) and name != self.names[row],
        )

    def _ways_on(self, arc: int) -> list[int]:
        found = self._leaving.at(int(self._graph.head[arc]))
        return found[self._weights[found] < NO_WAY].tolist()

    def _slips_off(self, row: int, arc: int) -> bool:
        """Whether *arc* is a slip road while the way stays on the named road itself."""
        stays = self.names[row] == self.names[row + 1] != ""
        return stays and self._is_link(arc) and not self._is_link(self._course.arcs[row + 1])

    def _is_link(self, arc: int) -> bool:
        return self._graph.classes[arc % self._graph.pieces].endswith("_link")

    def _minor(self, arc: int) -> bool:
        return self._graph.classes[arc % self._graph.pieces] in _MINOR

    def _angle(self, before: int, after: int) -> float:
        return turned(float(self._graph.arriving[before]), float(self._graph.leaving[after]))

    def _bends(self, crossing: _Crossing) -> bool:
        """Whether one could go wrong here without being told."""
        if not crossing.choice:
            return False
        return abs(crossing.angle) > _STRAIGHT or _rival(crossing) is not None

    def _corner(self, group: list[_Crossing], before: float, after: float) -> Corner | None:
        begin, end = self._begin(group[0]), self._end(group[-1])
        course = self._course
        angle = turned(
            course.bearing(max(begin - _LOOK, before), begin), course.bearing(end, min(end + _LOOK, after))
        )
        first, last = group[0], group[-1]
        road = self.names[last.row + 1]
        renamed = bool(road) and road != self.names[first.row]
        if any(self._circles(each.row) for each in group):
            turn, exit_number = Turn.ROUNDABOUT, self._exit(first.row)
        else:
            turn, exit_number = self._turn(group, angle, renamed), 0
        if turn is None:
            return None
        return Corner(begin=begin, end=end, turn=turn, angle=angle, road=road, exit=exit_number)

    def _turn(self, group: list[_Crossing], angle: float, renamed: bool) -> Turn | None:
        """What is told; None where the way goes on as anybody would."""
        same = not renamed and self.names[group[0].row] == self.names[group[-1].row + 1] != ""
        if abs(angle) > _SHARP and (same or any(each.back for each in group)):
            return Turn.U_TURN
        rival = _rival(group[0]) if len(group) == 1 else None
        if rival is not None and abs(angle) < _FORK:
            return Turn.KEEP_LEFT if group[0].angle < rival else Turn.KEEP_RIGHT
        if abs(angle) <= _STRAIGHT:
            return Turn.CONTINUE if renamed else None
        if same and abs(angle) <= _SLIGHT and rival is None:
            return None  # the road bends, and one stays on it
        return _by_angle(angle)

    def _exit(self, row: int) -> int:
        """Number of the exit, counted from arc *row*; 0 where the way ends on the roundabout."""
        pieces, count, arcs = self._graph.pieces, 0, self._course.arcs
        row += not self._circling[row]
        while self._circling[row]:
            if row == len(arcs) - 1:
                return 0
            ways = [a for a in self._ways_on(arcs[row]) if a % pieces != arcs[row] % pieces]
            count += any(self._graph.use[a % pieces] != RoadUse.ROUNDABOUT for a in ways)
            row += 1
        return count


def _rival(crossing: _Crossing) -> float | None:
    """Angle of the road that the way may be mistaken for at a fork; None: there is none."""
    if abs(crossing.angle) > _FORK:
        return None
    near = [other for other in crossing.others if abs(other) <= _FORK]
    straightest = min(near, key=abs, default=None)
    if straightest is None or abs(straightest) > abs(crossing.angle) + _CLEARLY:
        return None
    return straightest


def _by_angle(angle: float) -> Turn:
    size = abs(angle)
    if size <= _SLIGHT:
        return Turn.SLIGHT_LEFT if angle < 0 else Turn.SLIGHT_RIGHT
    if size <= _NORMAL:
        return Turn.LEFT if angle < 0 else Turn.RIGHT
    return Turn.SHARP_LEFT if angle < 0 else Turn.SHARP_RIGHT


def _bridged(names: list[str], course: Course) -> list[str]:
    """*names* of the arcs, short pieces without one between two of the same filled."""
    filled = list(names)
    named = [row for row, name in enumerate(names) if name]
    for a, b in pairwise(named):
        gap = float(course.begins[b] - course.begins[a + 1])
        if b - a > 1 and names[a] == names[b] and gap <= _BRIDGED:
            filled[a + 1 : b] = [names[a]] * (b - a - 1)
    return filled


def bearing_after(course: Course, end: float) -> float:
    """Degrees from north in which one goes on after the mark *end*."""
    return course.bearing(end, min(end + _LOOK, float(np.max(course.begins))))
