"""Columns of positions: newest fix wins, rows stay, trails are bounded."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.model.positions import COLUMNS, PositionFlag, Positions
from console.store.positions import PositionTable, join_positions
from console.store.trails import LENGTH


def fixes(*rows: tuple[int, float], flags: int = 0) -> Positions:
    """Fixes of (handle, time); the place follows from both, so that equal fixes are equal."""
    handle = np.array([row[0] for row in rows], np.uint32)
    time = np.array([row[1] for row in rows], float)
    columns = {name: np.zeros(len(rows), dtype) for name, dtype in COLUMNS.items()}
    columns |= {"handle": handle, "time": time, "lon": 118 + time / 1e4, "lat": 32 + handle / 1e10}
    columns["flags"][:] = flags
    return Positions(**columns)


def state(table: PositionTable) -> dict[int, tuple[float, float]]:
    now = table.columns()
    return {int(h): (float(t), float(x)) for h, t, x in zip(now.handle, now.time, now.lon, strict=True)}


handles = st.sampled_from([0, 1, 2, 7, 500_000, 2**32 - 1])
rows = st.lists(st.tuples(handles, st.integers(0, 9).map(float)), max_size=12)


@given(batches=st.lists(rows, max_size=6), seed=st.randoms())
def test_any_order_with_repeats_ends_in_the_same_state(batches, seed) -> None:
    straight, shuffled, joined = PositionTable(), PositionTable(), PositionTable()
    for batch in batches:
        straight.upsert(fixes(*batch))
    mixed = batches + batches
    seed.shuffle(mixed)
    for batch in mixed:
        shuffled.upsert(fixes(*seed.sample(batch, len(batch))))
    if batches:
        joined.upsert(join_positions([fixes(*batch) for batch in mixed]))
    assert state(straight) == state(shuffled) == state(joined)
    every = np.array(sorted(state(straight)), np.int64)
    assert (straight.columns().handle[straight.rows(every)] == every).all()


def test_an_older_fix_never_overwrites_a_newer_one() -> None:
    table = PositionTable()
    table.upsert(fixes((5, 100.0)))
    assert not table.upsert(fixes((5, 99.0)))
    assert state(table)[5][0] == 100.0
    assert table.row(5) == 0
    assert table.row(6) is None


def test_fixes_without_place_or_time_are_left_out() -> None:
    table = PositionTable()
    broken = fixes((1, 1.0), (2, 1.0), (3, float("nan")))
    broken.lon[0] = float("inf")
    table.upsert(broken)
    assert set(state(table)) == {2}


def test_a_handle_keeps_its_row_while_ten_thousand_come() -> None:
    table = PositionTable()
    table.upsert(fixes((70_000, 1.0)))
    for start in range(0, 10_000, 1000):
        table.upsert(fixes(*((handle, 2.0) for handle in range(start, start + 1000))))
    assert table.row(70_000) == 0
    assert len(table.columns()) == 10_001


def test_columns_cannot_be_written_into() -> None:
    table = PositionTable()
    table.upsert(fixes((1, 1.0)))
    assert not table.columns().lon.flags.writeable


def test_trails_are_bounded_in_order_and_without_false_fixes() -> None:
    table = PositionTable()
    for second in range(LENGTH * 2):
        table.upsert(fixes((3, float(second))))
    table.upsert(fixes((3, 1e6), flags=PositionFlag.JUMP))
    trail = table.trail(3, 60)
    assert trail[:, 2].tolist() == [float(t) for t in range(LENGTH * 2 - 61, LENGTH * 2)]
    assert len(table.trail(3, 1e9)) == LENGTH
    assert table.trail(4, 60).shape == (0, 3)


def test_a_new_snapshot_drops_rows_and_keeps_the_trails_of_those_who_stay() -> None:
    table = PositionTable()
    for second in (1.0, 2.0):
        table.upsert(fixes((1, second), (2, second)))
    table.reset(fixes((2, 3.0), (9, 3.0)))
    assert set(state(table)) == {2, 9}
    assert table.trail(2, 60)[:, 2].tolist() == [1.0, 2.0, 3.0]
    assert table.trail(9, 60)[:, 2].tolist() == [3.0]
    table.reset(fixes())
    assert len(table.columns()) == 0
