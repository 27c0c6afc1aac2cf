"""Area codes of GB/T 2260 and GB/T 10114, and grids inside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.area import (
    AreaCodeError,
    AreaLevel,
    area_contains,
    area_level,
    in_any_area,
    padded_area_code,
    parent_area,
    parse_area_code,
)

lengths = st.sampled_from([2, 4, 6, 9, 12, 15])
codes = lengths.flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("320302", "320302", AreaLevel.DISTRICT),
        ("320302000000", "320302", AreaLevel.DISTRICT),
        ("320302001000", "320302001", AreaLevel.STREET),
        (" 320302001002 ", "320302001002", AreaLevel.COMMUNITY),
        ("320302001002003", "320302001002003", AreaLevel.GRID),
        ("320000000000", "32", AreaLevel.PROVINCE),
    ],
)
def test_padded_codes_are_trimmed_to_their_level(text: str, code: str, level: AreaLevel) -> None:
    assert parse_area_code(text) == code
    assert area_level(code) is level


@pytest.mark.parametrize("text", ["", "32030", "32030a", "３２０３０２", "3203020010020", "1" * 40, "32%"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(AreaCodeError):
        parse_area_code(text)


@given(codes)
def test_every_area_lies_in_its_parents(code: str) -> None:
    above = parent_area(code)
    while above is not None:
        assert area_contains(above, code)
        assert in_any_area(code, (above,))
        above = parent_area(above)
    assert area_contains(code, code)
    assert not in_any_area(code, ())


@given(codes.filter(lambda code: len(code) <= 12 and code.strip("0") == code))
def test_padding_is_undone_by_parsing(code: str) -> None:
    assert len(padded_area_code(code)) == 12
    assert parse_area_code(padded_area_code(code)) == code
