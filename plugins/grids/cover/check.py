"""Whether a changed cover still covers the same ground without gap or overlap.

The question is answered without a tolerance: every edge inside is walked once in each
direction, so valid shapes whose outer edges are those of before leave neither gap nor overlap.
Only on the district's outline, where no neighbour is, may an edge be cut in two: the new vertex
lies within a centimetre of the line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

import shapely

from console.sdk import AreaLevel
from plugins.grids.cover.codes import is_grid_code
from plugins.grids.cover.cover import (
    UNIT,
    Cover,
    Edge,
    Geometry,
    Grid,
    Point,
    inside,
    lines_of,
    middle,
    parts_of,
    square_metres,
)

SMALLEST = 100.0
"""Square metres below which a grid is a slip of the hand."""
_PLAY = 1.0
"""Units by which a vertex in an edge may lie off it: places are rounded."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


class Fault(StrEnum):
    """What is wrong."""

    CROSSED = "crossed"
    """A border crosses or touches itself."""
    PIECES = "pieces"
    """A grid lies in several pieces."""
    SMALL = "small"
    GAP = "gap"
    """Ground of nobody, or of two: the border of a neighbour does not meet this one."""
    OUTLINE = "outline"
    """The outline of the district was moved."""
    CODE = "code"
    """A code that is none, of no community here, or that was given before."""
    NAME = "name"
    HEIR = "heir"
    """A grid is gone without another that takes over."""
    EMPTY = "empty"
    """A community would have no grid left."""
    STALE = "stale"
    """Somebody else has changed the grid since it was drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault, with the grids that it concerns and its place in units."""

    fault: Fault
    codes: tuple[str, ...]
    where: Point

    @property
    def degrees(self) -> tuple[float, float]:
        """Its place in WGS84 degrees."""
        return self.where[0] / UNIT, self.where[1] / UNIT


def changed_codes(before: Cover, after: Cover) -> list[str]:
    """Codes of grids that are new, gone or other than before."""
    codes = before.grids.keys() | after.grids.keys()
    pairs = ((code, before.grids.get(code), after.grids.get(code)) for code in codes)
    return sorted(code for code, one, other in pairs if one is not other and one != other)


def moved_codes(before: Cover, after: Cover) -> list[str]:
    """Those of them that are more than a neighbour whose border only got or lost vertices in its course."""
    return [
        code
        for code in changed_codes(before, after)
        if not _is_same(before.grids.get(code), after.grids.get(code))
    ]


def _is_same(one: Grid | None, other: Grid | None) -> bool:
    if one is None or other is None or (one.name, one.name_en) != (other.name, other.name_en):
        return False
    return same_ground(one.shape, other.shape)


def same_ground(one: Geometry, other: Geometry) -> bool:
    """Whether two shapes differ by no more than vertices on their borders, to a centimetre."""
    return _lies_on(one, other) and _lies_on(other, one)


def _lies_on(one: Geometry, other: Geometry) -> bool:
    """Whether the vertices that only *one* has lie on the border of the *other*."""
    known = set(map(tuple, shapely.get_coordinates(other).tolist()))
    own = [place for place in shapely.get_coordinates(one).tolist() if tuple(place) not in known]
    return not own or bool((shapely.distance(shapely.points(own), other.boundary) <= _PLAY).all())


def check(before: Cover, after: Cover, retired: Collection[str] = ()) -> list[Finding]:
    """All faults of *after* that *before* did not have; *retired*: codes that may not be given again."""
    changed = changed_codes(before, after)
    if not changed:
        return []
    now = [after[code] for code in changed if code in after]
    found = [finding for grid in now for finding in _own_faults(grid, before, retired)]
    found += _gone_faults(before, after, changed)
    if not any(finding.fault is Fault.CROSSED for finding in found):
        found += _border_faults([before[code] for code in changed if code in before], now, after, changed)
    return found


def _own_faults(grid: Grid, before: Cover, retired: Collection[str]) -> Iterable[Finding]:
    shape, former, here = grid.shape, before.grids.get(grid.code), inside(grid.shape)
    if not shapely.is_valid(shape):
        yield Finding(fault=Fault.CROSSED, codes=(grid.code,), where=_crossing(shape) or here)
        return
    if len(parts_of(shape)) > max(1, len(parts_of(former.shape)) if former else 1):
        smallest = min(parts_of(shape), key=shapely.area)
        yield Finding(fault=Fault.PIECES, codes=(grid.code,), where=inside(smallest))
    if square_metres(shape) < SMALLEST:
        yield Finding(fault=Fault.SMALL, codes=(grid.code,), where=here)
    if former is None and (not is_grid_code(grid.code, before) or grid.code in retired):
        yield Finding(fault=Fault.CODE, codes=(grid.code,), where=here)
    if not grid.name.strip():
        yield Finding(fault=Fault.NAME, codes=(grid.code,), where=here)


def _gone_faults(before: Cover, after: Cover, changed: list[str]) -> Iterable[Finding]:
    communities = {code[: AreaLevel.COMMUNITY] for code in after.grids}
    for code in changed:
        if code not in after:
            if after.heirs.get(code, "") not in after:
                yield Finding(fault=Fault.HEIR, codes=(code,), where=inside(before[code].shape))
            if code[: AreaLevel.COMMUNITY] not in communities:
                yield Finding(fault=Fault.EMPTY, codes=(code,), where=inside(before[code].shape))


def _border_faults(former: list[Grid], now: list[Grid], after: Cover, changed: list[str]) -> list[Finding]:
    """Where the outer edges of the changed grids are others than before."""
    old, _ = _outer_edges(former)
    new, doubled = _outer_edges(now)
    found = [_both(edge, after) for edge in doubled]
    lost, won = old.keys() - new.keys(), new.keys() - old.keys()
    if not lost and not won:
        return found
    unchanged = _owners(lost | won, after, changed)
    away = [edge for edge in sorted(lost) if _back(edge) in unchanged]
    if away:
        return [*found, *_apart({edge: (old[edge], unchanged[_back(edge)]) for edge in away})]
    return [*found, *_moved_outline(lost, won)]


def _outer_edges(grids: Iterable[Grid]) -> tuple[dict[Edge, str], list[Edge]]:
    """Edges that no other of *grids* walks the other way, with their grids, and those that two walk."""
    count = Counter(edge for grid in grids for edge in grid.edges())
    outer = {edge: grid.code for grid in grids for edge in grid.edges() if _back(edge) not in count}
    return outer, sorted(edge for edge, times in count.items() if times > 1)


def _owners(edges: Iterable[Edge], after: Cover, changed: list[str]) -> dict[Edge, str]:
    """Edges of the unchanged grids around *edges*, with their grids."""
    around = after.near(shapely.MultiLineString(lines_of(edges)), 1)
    return {edge: grid.code for grid in around if grid.code not in changed for edge in grid.edges()}


def _apart(edges: Mapping[Edge, tuple[str, str]]) -> list[Finding]:
    """One finding for two grids that lost touch, at the longest edge."""
    longest: dict[tuple[str, str], Edge] = {}
    for edge, codes in edges.items():
        if codes not in longest or _length(edge) > _length(longest[codes]):
            longest[codes] = edge
    return [
        Finding(fault=Fault.GAP, codes=codes, where=_rounded(middle(edge))) for codes, edge in longest.items()
    ]


def _moved_outline(lost: Set[Edge], won: Set[Edge]) -> list[Finding]:
    """Nothing when the outline was only cut at a vertex more or less."""
    one, other = (shapely.MultiLineString(lines_of(sorted(edges))) for edges in (lost, won))
    if lost and won and shapely.hausdorff_distance(one, other) <= _PLAY:
        return []
    edge = max(sorted(won or lost), key=_length)
    return [Finding(fault=Fault.OUTLINE, codes=(), where=_rounded(middle(edge)))]


def _both(edge: Edge, after: Cover) -> Finding:
    """Two grids lie on the same side of an edge."""
    where = _rounded(middle(edge))
    codes = [grid.code for grid in after.near(shapely.Point(where), 1) if edge in set(grid.edges())]
    return Finding(fault=Fault.GAP, codes=tuple(codes), where=where)


def _back(edge: Edge) -> Edge:
    return edge[1], edge[0]


def _length(edge: Edge) -> float:
    (ax, ay), (bx, by) = edge
    return float((bx - ax) ** 2 + (by - ay) ** 2)


def _crossing(shape: shapely.Geometry) -> Point | None:
    """Where GEOS says that a shape is broken."""
    numbers = _NUMBER.findall(shapely.is_valid_reason(shape).partition("[")[2])
    return (round(float(numbers[0])), round(float(numbers[1]))) if len(numbers) >= 2 else None


def _rounded(place: Sequence[float]) -> Point:
    return round(place[0]), round(place[1])
