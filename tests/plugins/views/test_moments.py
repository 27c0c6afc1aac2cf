"""Which fields hold times, and which features a condition chooses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.map.render.data.expressions import compile_filter
from console.map.render.data.painter import PackageTable
from console.map.render.data.values import mask
from console.map.render.geometry import LayerGeometry
from console.model.layers import DEGREE, FeatureShape, LayerKind, LayerPackage, decode_package, encode_package
from plugins.views.desktop.timeline.moments import NoTimes, moment_of, read_time_field, time_fields

EPOCH = datetime(1970, 1, 1)


def at(*parts: int) -> float:
    return (datetime(*parts) - EPOCH).total_seconds()  # type: ignore[arg-type]


def points(tmp_path: Path, **columns: Sequence[Any]) -> str:
    """A package of points with columns of texts or numbers."""
    count = len(next(iter(columns.values())))
    texts = {n: v for n, v in columns.items() if isinstance(v[0], str)}
    strings = ["", *sorted({text for values in texts.values() for text in values} - {""})]
    package = LayerPackage(
        kind=LayerKind.POI,
        shape=FeatureShape.POINT,
        xy=np.rint(np.full((count, 2), (117.2, 34.2)) * DEGREE).astype(np.int32),
        part_start=np.arange(count + 1, dtype=np.int32),
        feature_start=np.arange(count + 1, dtype=np.int32),
        columns={
            n: np.array([strings.index(t) for t in v], np.int32) if n in texts else np.array(v)
            for n, v in columns.items()
        },
        strings=strings,
        text_columns=tuple(texts),
    )
    path = tmp_path / "points.oml"
    path.write_bytes(encode_package(package))
    return str(path)


def chosen(path: str, condition: list[Any]) -> list[int]:
    """Rows that the map's own reading of the condition lets through."""
    table = PackageTable(LayerGeometry(decode_package(memoryview(Path(path).read_bytes()))))
    return np.flatnonzero(mask(compile_filter(condition)(table, 15.0), len(table))).tolist()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01", at(2024, 5, 1)),
        ("2024/5/1 8:30", at(2024, 5, 1, 8, 30)),
        ("2024-05-01T08:30:15", at(2024, 5, 1, 8, 30, 15)),
        ("2024-05-01T08:30:15.250", at(2024, 5, 1, 8, 30, 15)),
        ("2024年5月1日", at(2024, 5, 1)),
        ("2024年5月", at(2024, 5, 1)),
        ("2024.05", at(2024, 5, 1)),
        ("20240501", at(2024, 5, 1)),
        ("2024-02-30", None),
        ("2024", None),
        ("110105199001011234", None),
        ("", None),
        ("人民路 12 号", None),
    ],
    ids=range(13),
)
def test_dates_as_they_are_written_here(text: str, moment: float | None) -> None:
    assert moment_of(text) == moment


def test_a_text_with_a_zone_is_shown_by_the_local_clock() -> None:
    local = datetime(2024, 5, 1, 8, 0).astimezone()
    assert moment_of(local.isoformat()) == at(2024, 5, 1, 8)
    assert moment_of("2024-05-01T00:00:00Z") == moment_of("2024-05-01T08:00:00+08:00")


@given(st.text(max_size=60))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    moment_of(text)


def test_fields_of_times_are_found_and_others_are_not(tmp_path: Path) -> None:
    path = points(
        tmp_path,
        when=["2024-05-01", "2024-05-02", ""],
        name=["2024-05-01", "2024-05-02", ""],
        phone=["13800000000", "13800000001", ""],
        height=[3.0, 40.0, 12.0],
        created=[1.7e9, 1.71e9, 1.72e9],
        millis=[1.7e12, 1.71e12, np.nan],
        day=[20240501, 20240630, 20231231],
        count=[20240501, 20249999, 20231231],
        year_built=[1987, 2003, 2020],
        floors=[1987, 2003, 2020],
    )
    assert sorted(time_fields([path])) == ["created", "day", "millis", "when", "year_built"]


@pytest.mark.parametrize(
    ("values", "window", "rows"),
    [
        (["2024-05-01", "2024-05-03", "2024-05-02", ""], ((2024, 5, 2), (2024, 5, 3)), [2]),
        (["2024-05-01", "2024-05-03", "2024-05-02", ""], ((2024, 5, 2), (2024, 5, 4)), [1, 2]),
        (["2024/5/9", "2024/5/10", "2024/11/1"], ((2024, 5, 1), (2024, 6, 1)), [0, 1]),
        (["2024/5/9", "2024/5/10", "2024/11/1"], ((2024, 6, 1), (2024, 7, 1)), []),
        ([20240501, 20240502, 20240630], ((2024, 5, 1), (2024, 5, 2)), [0]),
        ([1987, 2003, 2020], ((1990, 1, 1), (2020, 1, 2)), [1, 2]),
        ([1987, 2003, 2020], ((1990, 1, 1), (2010, 1, 1)), [1]),
    ],
    ids=range(7),
)
def test_a_window_of_time_chooses_its_features(
    tmp_path: Path, values: Sequence[Any], window: tuple[tuple[int, ...], ...], rows: list[int]
) -> None:
    path = points(tmp_path, year_when=values)
    field = read_time_field([path], "year_when")
    start, end = (at(*part) for part in window)
    assert chosen(path, field.condition(start, end)) == rows
    assert chosen(path, field.condition(field.low, field.high)) == [n for n, v in enumerate(values) if v]
    assert field.counts.sum() == len([value for value in values if value])


def test_numbers_since_1970(tmp_path: Path) -> None:
    base = datetime(2024, 5, 1, 8).timestamp()
    path = points(tmp_path, t=[base, base + 3600, base + 7200])
    field = read_time_field([path], "t")
    assert field.low == at(2024, 5, 1, 8)
    assert chosen(path, field.condition(at(2024, 5, 1, 8), at(2024, 5, 1, 9))) == [0]
    assert chosen(path, field.condition(at(2024, 5, 1, 9), field.high)) == [1, 2]


def test_a_day_that_is_none_among_others_is_left_out(tmp_path: Path) -> None:
    path = points(tmp_path, t=["2024-02-28", "2024-02-30", "2024-03-01 08:30:15"])
    field = read_time_field([path], "t")
    assert (field.low, field.high) == (at(2024, 2, 28), at(2024, 3, 1, 8, 30, 16))
    assert chosen(path, field.condition(at(2024, 3, 1), at(2024, 3, 2))) == [2]


def test_texts_of_one_moment_written_in_two_ways(tmp_path: Path) -> None:
    path = points(tmp_path, t=["2024-05-01 00:00", "2024-05-01", "2024-04-30 23:59", "unknown"])
    field = read_time_field([path], "t")
    assert field.in_order
    assert chosen(path, field.condition(at(2024, 5, 1), at(2024, 5, 2))) == [0, 1]


def test_a_field_without_times_says_so(tmp_path: Path) -> None:
    path = points(tmp_path, t=["a", "b"], n=[1.0, 2.0])
    for name in ("t", "n", "nobody"):
        with pytest.raises(NoTimes):
            read_time_field([path], name)
