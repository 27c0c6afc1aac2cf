"""Drafts on their way: the same cover comes of them; what is none is refused; what is stale is found."""

from __future__ import annotations

from dataclasses import asdict

import msgspec
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from plugins.grids.cover.check import Fault
from plugins.grids.cover.cover import Cover, Grid
from plugins.grids.cover.draft import BadDraft, Draft, GridBody, applied, draft_of, stale
from plugins.grids.cover.operations import carve, merge

CODES = [f"310101001001{n:03d}" for n in range(1, 5)]
NUMBERS = st.integers(-(10**10), 10**10)
RINGS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6)
POLYGONS = st.lists(st.lists(RINGS, max_size=3), max_size=3)


def row() -> Cover:
    """Four square grids in a row, a kilometre each."""
    shapes = [
        shapely.orient_polygons(shapely.box(x, 0, x + 90_000, 90_000)) for x in range(0, 360_000, 90_000)
    ]
    return Cover(
        {code: Grid(code=code, name=code[-1], shape=s) for code, s in zip(CODES, shapes, strict=True)}
    )


def over_the_wire(draft: Draft) -> Draft:
    return msgspec.json.decode(msgspec.json.encode(asdict(draft)), type=Draft)


def test_the_same_cover_comes_of_a_draft_with_holes_and_heirs() -> None:
    before = row()
    ring = [(20_000, 20_000), (60_000, 20_000), (60_000, 60_000), (20_000, 60_000)]
    after = carve(before, CODES[0], ring, lambda grid: ("310101001001009", "第9网格"))
    after = merge(after, CODES[1], CODES[2])
    assert len(after[CODES[0]].shape.interiors) == 1
    draft = over_the_wire(draft_of(before, after))
    assert draft.codes() == {CODES[0], CODES[1], CODES[2], "310101001001009"}
    again = applied(before, draft)
    assert again.grids == after.grids and again.heirs == {CODES[2]: CODES[1]}
    assert stale(before, draft) == []


def test_a_draft_over_grids_that_have_changed_is_stale() -> None:
    before = row()
    draft = draft_of(before, merge(before, CODES[0], CODES[1]))
    now = merge(before, CODES[2], CODES[1])
    assert {(finding.fault, finding.codes) for finding in stale(now, draft)} == {(Fault.STALE, (CODES[1],))}
    renamed = before.changed([Grid(code=CODES[0], name="新名称", shape=before[CODES[0]].shape)])
    assert [finding.codes for finding in stale(renamed, draft)] == [(CODES[0],)]


@given(polygons=POLYGONS, name=st.text(max_size=5))
def test_whatever_comes_in_is_a_cover_or_refused(
    polygons: list[list[list[tuple[int, int]]]], name: str
) -> None:
    body = GridBody(code=CODES[0], name=name, polygons=polygons)
    try:
        made = applied(row(), Draft(put=[body]))
    except BadDraft:
        return
    assert not made[CODES[0]].shape.is_empty


def test_drafts_have_a_limit() -> None:
    ring = [(0, 0), (1, 0), (1, 1), (0, 0)]
    many = [GridBody(code=str(n), name="", polygons=[[ring]]) for n in range(2_001)]
    with pytest.raises(BadDraft, match="too many grids"):
        applied(row(), Draft(put=many))
    long = GridBody(code=CODES[0], name="", polygons=[[ring * 80_000]])
    with pytest.raises(BadDraft, match="too many vertices"):
        applied(row(), Draft(put=[long]))
