"""Attributes of packages: cells, order, and the language they are filtered by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.model.layers import FeatureShape, LayerKind, LayerPackage, PackageError, encode_package
from console.sdk.feature_filter import FilterError, filtered
from console.sdk.feature_table import FeatureTable

NAMES = ["中山北路", "Main Road", "", "解放路", "main square"]
HEIGHT = [12.5, 80.0, np.nan, 60.0, 3.0]
FLOORS = [3, 20, 1, 15, 1]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> FeatureTable:
    strings = sorted({"", *NAMES, "x"})
    package = LayerPackage(
        kind=LayerKind.OTHER,
        shape=FeatureShape.POINT,
        xy=np.array([(1210000000 + n, 310000000) for n in range(5)], np.int32),
        part_start=np.arange(6, dtype=np.int32),
        feature_start=np.arange(6, dtype=np.int32),
        columns={
            "名称": np.array([strings.index(name) for name in NAMES], np.int32),
            "addr: no": np.array([strings.index("x")] * 5, np.int32),
            "height": np.array(HEIGHT),
            "floors": np.array(FLOORS, np.int64),
        },
        text_columns=("名称", "addr: no"),
        strings=strings,
    )
    path = tmp_path_factory.mktemp("table") / "a.oml"
    path.write_bytes(encode_package(package))
    return FeatureTable(str(path))


def test_cells_and_places(table: FeatureTable) -> None:
    assert len(table) == 5
    assert [table.text(row, "名称") for row in range(5)] == NAMES
    assert [table.text(row, "height") for row in range(5)] == ["12.5", "80", "", "60", "3"]
    assert table.text(1, "floors") == "20"
    assert table.bounds(2) == (121.0000002, 31.0, 121.0000002, 31.0)


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("height > 50", [1, 3]),
        ('height > 50 and 名称 contains "路"', [3]),
        ("height > 50 且 名称 包含 “路”", [3]),
        ('名称 contains "MAIN"', [1, 4]),
        ('名称 begins "main s"', [4]),
        ('名称 = "Main Road" or floors <= 1', [1, 2, 4]),
        ('名称 = ""', [2]),
        ('名称 != ""', [0, 1, 3, 4]),
        ('not (名称 contains "路" or height < 10)', [1, 2]),
        ("非 名称 开头是 '中'", [1, 2, 3, 4]),
        ("floors * 4 >= height and floors ≠ 3", [1, 3, 4]),
        ("height / floors = 4", [1, 3]),
        ("floors > -1 + 2", [0, 1, 3]),
        ('`addr: no` = "x" and floors=20', [1]),
        ("main", [1, 4]),
        ("解放", [3]),
        ('"main road"', [1]),
        ("nothing like it", []),
    ],
)
def test_lines_and_what_they_hold_for(table: FeatureTable, line: str, rows: list[int]) -> None:
    assert filtered(table, line).tolist() == rows


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("height >", "syntax"),
        ("(height > 5", "syntax"),
        ('height > 5 "', "syntax"),
        ("widht > 5", "column"),
        ("名称 > 5", "types"),
        ('height contains "5"', "types"),
        ("height and floors", "types"),
        ("1 < floors < 5", "syntax"),
        ("height + 1", "types"),
        ("1 < 2", "types"),
        ("(1 < 2) + height > 3", "types"),
        ("x = " + "(" * 900, "column"),
        ("height > " + "(" * 900, "syntax"),
        ("height > " + "- " * 450 + "1", None),
        ("a" * 1001, "syntax"),
        ('__import__("os") = 1', "column"),
    ],
)
def test_lines_that_cannot_be_understood(table: FeatureTable, line: str, kind: str | None) -> None:
    if kind is None:  # deep, but sound
        assert filtered(table, line).tolist() == [0, 1, 3, 4]
        return
    with pytest.raises(FilterError) as raised:
        filtered(table, line)
    assert raised.value.kind == kind


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["height", "floors", "名称", ">", "=", "(", ")", "and", "not", "'路'", "5", "-", "包含"]
        )
    )
)
def test_any_line_is_understood_or_refused(table: FeatureTable, words: list[str]) -> None:
    try:
        filtered(table, " ".join(words))
    except FilterError as error:
        assert error.kind in ("syntax", "column", "types")


def test_order(table: FeatureTable) -> None:
    rows = np.arange(5)
    assert table.ordered(rows, "height", descending=False).tolist() == [4, 0, 3, 1, 2]
    assert table.ordered(rows, "height", descending=True).tolist() == [1, 3, 0, 4, 2]
    assert table.ordered(rows, "floors", descending=True).tolist() == [1, 3, 0, 2, 4]
    assert table.ordered(rows, "名称", descending=False).tolist() == [1, 4, 0, 3, 2]
    assert table.ordered(rows, "名称", descending=True).tolist() == [3, 0, 4, 1, 2]
    assert table.ordered(np.array([4, 1]), "名称", descending=False).tolist() == [1, 4]


def test_a_broken_package(tmp_path: Path) -> None:
    (tmp_path / "a.oml").write_bytes(b"ONEMAPL1" + b"\xff" * 50)
    with pytest.raises(PackageError):
        FeatureTable(str(tmp_path / "a.oml"))
