"""Position columns on the wire."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.positions import COLUMNS, Positions


def batch(count: int) -> Positions:
    arrays = {name: np.arange(count).astype(dtype) for name, dtype in COLUMNS.items()}
    return Positions(**arrays)  # type: ignore[arg-type]


def test_columns_come_back_from_the_wire() -> None:
    sent = batch(1000)
    got = Positions.from_wire(sent.to_wire())
    assert len(got) == 1000
    for name, dtype in COLUMNS.items():
        assert getattr(got, name).dtype == dtype
        assert np.array_equal(getattr(got, name), getattr(sent, name))


def test_an_empty_batch_is_a_batch() -> None:
    assert len(Positions.from_wire(Positions().to_wire())) == 0


@given(st.dictionaries(st.sampled_from([*COLUMNS, "other"]), st.binary(max_size=64)))
def test_hostile_columns_are_refused_in_words(columns: dict[str, bytes]) -> None:
    try:
        got = Positions.from_wire(columns)
    except ValueError:
        return
    assert {len(getattr(got, name)) for name in COLUMNS} == {len(got)}


def test_a_missing_column_is_named() -> None:
    columns = batch(3).to_wire()
    del columns["heading"]
    with pytest.raises(ValueError, match="heading"):
        Positions.from_wire(columns)
