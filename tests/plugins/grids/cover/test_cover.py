"""Operations on grids leave neither gap nor overlap, whatever is drawn; else the place is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from console.server.importing import make_grids
from plugins.grids.cover.check import Fault, changed_codes, check
from plugins.grids.cover.codes import name_for, next_code
from plugins.grids.cover.cover import Cover, Grid, Point, in_units, twice_the_area
from plugins.grids.cover.operations import CannotDo, Why, carve, give, merge, move_vertex, reshape, split
from tests.plugins.city import load_roads

COMMUNITY = "310101001001"
SIZE = 4
CELL = 9_000
"""Units: about a hundred metres."""
NUMBERS = st.integers(min_value=-2_000, max_value=SIZE * CELL + 2_000)
POINTS = st.tuples(NUMBERS, NUMBERS)
CODES = st.integers(min_value=1, max_value=SIZE * SIZE).map(lambda n: f"{COMMUNITY}{n:03d}")


def lattice() -> Cover:
    """Sixteen square grids, with a vertex in the middle of every edge."""
    grids = []
    for row in range(SIZE):
        for column in range(SIZE):
            x, y, half = column * CELL, row * CELL, CELL // 2
            ring = [
                (x, y), (x + half, y), (x + CELL, y), (x + CELL, y + half),
                (x + CELL, y + CELL), (x + half, y + CELL), (x, y + CELL), (x, y + half),
            ]  # fmt: skip
            code = f"{COMMUNITY}{row * SIZE + column + 1:03d}"
            grids.append(Grid(code=code, name=f"第{code[-2:]}网格(解放路)", shape=shapely.Polygon(ring)))
    return Cover({grid.code: grid for grid in grids})


def new_grid(cover: Cover) -> Callable[[Grid], tuple[str, str]]:
    taken = set(cover.grids)

    def new(grid: Grid) -> tuple[str, str]:
        code = next_code(grid.code[:12], taken)
        taken.add(code)
        return code, name_for(code, grid.name)

    return new


def is_exact(before: Cover, after: Cover) -> bool:
    """By another way than the check's own: GEOS's validation of coverages, and whole numbers of areas."""
    shapes = np.array([grid.shape for grid in after.grids.values()], object)
    same_area = abs(
        sum(twice_the_area(g.shape) for g in after.grids.values())
        - sum(twice_the_area(g.shape) for g in before.grids.values())
    )
    return (
        bool(shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes))
        and same_area <= 2 * CELL * SIZE
    )


def stands(before: Cover, after: Cover) -> bool:
    return {finding.fault for finding in check(before, after)} <= {Fault.SMALL, Fault.PIECES}


@settings(max_examples=150)
@given(line=st.lists(POINTS, min_size=2, max_size=5), code=CODES)
def test_a_split_is_exact_or_refused(line: list[Point], code: str) -> None:
    before = lattice()
    try:
        after = split(before, code, line, new_grid(before))
    except CannotDo:
        return
    assert len(after.grids) > len(before.grids)
    assert is_exact(before, after) and stands(before, after)


@settings(max_examples=100)
@given(ring=st.lists(POINTS, min_size=3, max_size=6), code=CODES)
def test_a_grid_drawn_within_another_is_exact_or_refused(ring: list[Point], code: str) -> None:
    before = lattice()
    try:
        after = carve(before, code, ring, new_grid(before))
    except CannotDo:
        return
    assert len(after.grids) == len(before.grids) + 1
    assert is_exact(before, after) and stands(before, after)


@settings(max_examples=100)
@given(line=st.lists(POINTS, min_size=2, max_size=4), code=CODES, other=CODES)
def test_a_piece_given_away_is_exact_or_refused(line: list[Point], code: str, other: str) -> None:
    assume(code != other)
    before = lattice()
    try:
        after = give(before, code, line, other)
    except CannotDo:
        return
    assert after.grids.keys() == before.grids.keys()
    assert is_exact(before, after) and stands(before, after)
    assert {code, other} <= set(changed_codes(before, after))


@settings(max_examples=100)
@given(code=CODES, corner=st.integers(0, 7), to=POINTS)
def test_the_check_agrees_with_geos_about_moved_borders(code: str, corner: int, to: Point) -> None:
    before = lattice()
    vertex = next(iter(before[code].rings()))[corner]
    after = move_vertex(before, vertex, to)
    assert check(before, after) or is_the_same_ground(before, after)


@given(
    column=st.integers(1, SIZE - 1),
    row=st.integers(1, SIZE - 1),
    away=st.tuples(st.integers(-2_000, 2_000), st.integers(-2_000, 2_000)),
)
def test_a_corner_inside_may_be_moved_and_all_four_grids_follow(column: int, row: int, away: Point) -> None:
    before = lattice()
    corner = (column * CELL, row * CELL)
    after = move_vertex(before, corner, (corner[0] + away[0], corner[1] + away[1]))
    assert len(changed_codes(before, after)) == (4 if any(away) else 0)
    assert check(before, after) == []


def is_the_same_ground(before: Cover, after: Cover) -> bool:
    if any(not grid.shape.is_valid or grid.shape.area < 100 * 90 * 90 for grid in after.grids.values()):
        return False
    one, other = (shapely.union_all([g.shape for g in c.grids.values()]) for c in (before, after))
    return is_exact(before, after) and bool(shapely.hausdorff_distance(one, other) <= 1)


@settings(max_examples=60)
@given(code=CODES, other=CODES)
def test_only_neighbours_are_merged_and_the_heir_is_noted(code: str, other: str) -> None:
    before = lattice()
    away = np.array(divmod(int(code[-3:]) - 1, SIZE)) - divmod(int(other[-3:]) - 1, SIZE)
    try:
        after = merge(before, code, other)
    except CannotDo as refused:
        assert refused.why is Why.NO_NEIGHBOUR and np.abs(away).sum() != 1
        return
    assert np.abs(away).sum() == 1
    assert other not in after and after.heirs == {other: code}
    assert is_exact(before, after) and stands(before, after)


@settings(max_examples=40)
@given(data=st.data())
def test_many_operations_one_after_another_stay_exact(data: st.DataObject) -> None:
    before = cover = lattice()
    for _ in range(data.draw(st.integers(2, 6))):
        codes = st.sampled_from(sorted(cover.grids))
        kind = data.draw(st.sampled_from(["split", "merge", "give"]))
        line = data.draw(st.lists(POINTS, min_size=2, max_size=3))
        code, other = data.draw(codes), data.draw(codes)
        try:
            if kind == "merge":
                cover = merge(cover, code, other)
            elif kind == "split":
                cover = split(cover, code, line, new_grid(cover))
            else:
                cover = give(cover, code, line, other)
        except CannotDo:
            continue
    assert is_exact(before, cover) and stands(before, cover)
    assert all(heir in cover for heir in cover.heirs.values())


def test_a_border_that_a_neighbour_does_not_follow_is_found_with_its_place() -> None:
    before = lattice()
    first = before[f"{COMMUNITY}001"]
    bent = shapely.transform(
        first.shape, lambda xy: np.where((xy == (CELL, CELL // 2)).all(1)[:, None], (8000, 4500), xy)
    )
    found = check(before, reshape(before, {first.code: bent}))
    assert [finding.fault for finding in found] == [Fault.GAP]
    assert set(found[0].codes) == {f"{COMMUNITY}001", f"{COMMUNITY}002"}
    assert abs(found[0].where[0] - CELL) <= 1000 and 0 <= found[0].where[1] <= CELL


def test_the_outline_of_the_district_cannot_be_moved() -> None:
    before = lattice()
    found = check(before, move_vertex(before, (CELL // 2, 0), (CELL // 2, -500)))
    assert [finding.fault for finding in found] == [Fault.OUTLINE]


def test_a_border_that_crosses_itself_is_found_where_it_does() -> None:
    before = lattice()
    found = check(before, move_vertex(before, (CELL, CELL), (CELL * 3, CELL // 3)))
    assert found and {finding.fault for finding in found} == {Fault.CROSSED}


def test_codes_are_never_given_twice() -> None:
    before = lattice()
    first, second = f"{COMMUNITY}001", f"{COMMUNITY}002"
    merged = merge(before, first, second)
    again = split(merged, first, [(-500, 4_000), (2 * CELL + 500, 4_000)], lambda grid: (second, "旧编码"))
    assert [f.fault for f in check(before, again)] == []  # in one plan, the grid was never in force
    retired = check(merged, again, retired={second})
    assert [finding.fault for finding in retired] == [Fault.CODE]
    elsewhere = split(
        before, first, [(-500, 4_000), (CELL + 500, 4_000)], lambda grid: ("310101009009001", "x")
    )
    assert [finding.fault for finding in check(before, elsewhere)] == [Fault.CODE]
    assert next_code(COMMUNITY, {second, f"{COMMUNITY}007"}) == f"{COMMUNITY}008"
    assert next_code(COMMUNITY, {f"{COMMUNITY}999"}) == f"{COMMUNITY}001"
    with pytest.raises(ValueError, match="no code left"):
        next_code(COMMUNITY, {f"{COMMUNITY}{n:03d}" for n in range(1, 1000)})


def test_a_line_that_ends_near_a_vertex_ends_at_it() -> None:
    before = lattice()
    after = split(before, f"{COMMUNITY}001", [(60, 4_560), (CELL - 70, 4_450)], new_grid(before))
    assert changed_codes(before, after) == [f"{COMMUNITY}001", f"{COMMUNITY}017"]
    assert is_exact(before, after)


@pytest.fixture(scope="module")
def shanghai(shared_data: Path) -> Cover:
    """Two hundred grids between the real roads of Shanghai."""
    roads = load_roads(shared_data, "shanghai_center.osm.pbf")
    areas, _ = make_grids(roads, "310101", "黄浦区", 200, 1)
    grids = [a for a in areas if len(a.code) == 15]
    return Cover({a.code: Grid(code=a.code, name=a.name, shape=in_units(a.geometry)) for a in grids})


def test_grids_between_real_roads_are_split_merged_and_given_exactly(shanghai: Cover) -> None:
    cover, done = shanghai, 0
    random = np.random.default_rng(3)
    for code in sorted(shanghai.grids)[::8]:
        if code not in cover:
            continue
        west, south, east, north = cover[code].shape.bounds
        at = random.uniform(0.3, 0.7)
        x = round(west + (east - west) * at)
        line = [(x, round(south) - 50), (x + 3_000, round(north) + 50)]
        cover = split(cover, code, line, new_grid(cover))
        neighbour = cover.beside(code)[0].code
        cover = merge(cover, code, neighbour) if done % 2 else cover
        done += 1
    assert done >= 20
    assert check(shanghai, cover) == []
    assert is_exact(shanghai, cover)
