"""CSV files of any texts: nothing is lost, nothing runs."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sdk.csv_file import defused, write_csv
from plugins.staff.desktop.tracks.desk import Track
from plugins.staff.desktop.tracks.export import WRITERS

RUNS = tuple("=+-@\t\r")
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["=1+1", "-8.609286", "+1", "-cmd", "@SUM(A1)", "\t=1", "-1e5", "-", "+8613800000000"]
)


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_every_text_comes_back_and_none_can_run(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("csv") / "new" / "t.csv"
    write_csv(path, rows)
    for row, found in zip(rows, read(path), strict=True):
        for text, cell in zip(row, found, strict=True):
            assert cell in (text, defused(text))
            if cell.startswith(RUNS):
                assert text[0] in "+-" and text[1:].replace(".", "", 1).isdigit()


def test_the_name_of_somebody_on_a_track_cannot_run_either(tmp_path: Path) -> None:
    name, points = "=cmd|' /C calc'!A0", np.array([[-8.6, 41.1, 0.0]])
    track = Track("s1", name, points, metres=0.0, foot_seconds=0.0, stops=(), color="#ffffff")
    WRITERS["csv"](tmp_path / "t.csv", [track])
    line = read(tmp_path / "t.csv")[1]
    assert line == ["s1", f"'{name}", "1970-01-01T00:00:00+00:00", "-8.6000000", "41.1000000"]
