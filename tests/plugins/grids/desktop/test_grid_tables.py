"""Tables of numbers by the codes of grids: what is read of them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.grids.desktop.theme_tables import TableFault, read_table

CODES = ["320302001001001", "320302001001002", "320302001001003"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_numbers_are_joined_by_code(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [
        ["名称", "网格编码", "户籍人口", "入户率"],
        ["一", CODES[0], "1234", "87.5%"],
        ["二", CODES[1] + " ", "", "无"],
        ["他", "999999999999999", "7", "1"],
        ["三", CODES[2], "-3.5", "90"],
    ]
    path = tmp_path / "人口.csv"
    path.write_text("\n".join(delimiter.join(line) for line in lines), encoding)
    table = read_table(str(path), CODES)
    assert table.columns == {
        "户籍人口": {CODES[0]: 1234.0, CODES[2]: -3.5},
        "入户率": {CODES[0]: 87.5, CODES[2]: 90.0},
    }
    assert (table.name, table.matched, table.strangers) == ("人口", 3, 1)


def test_numbers_with_thousands_parted_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f'code,people\n{CODES[0]},"12,345"\n')
    assert read_table(str(path), CODES).columns == {"people": {CODES[0]: 12345.0}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no table"),
        ("a,b\n", "no table"),
        ("a,b\n1,2\n", "codes"),
        (f"code,name\n{CODES[0]},甲\n", "numbers"),
        (f"code,n\n{CODES[0]},nan\n", "numbers"),
    ],
    ids=["empty", "a heading alone", "no codes", "no numbers", "no number at all"],
)
def test_what_is_no_table_of_grids_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(TableFault, match=why):
        read_table(str(path), CODES)


@given(data=st.binary(max_size=400))
def test_no_file_breaks_the_reading(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "t.csv"
    path.write_bytes(data)
    with pytest.raises(TableFault):
        read_table(str(path), CODES)
