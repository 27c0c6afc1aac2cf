"""Layer packages: whole round trips, and nothing but PackageError for broken bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.layers import (
    FeatureShape,
    LayerKind,
    LayerPackage,
    PackageError,
    decode_package,
    encode_package,
)

parts = st.lists(st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1)),
                          min_size=1, max_size=6), min_size=1, max_size=6)  # fmt: skip
names = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12), max_size=5
)


def package(lines: list[list[tuple[int, int]]], texts: list[str]) -> LayerPackage:
    counts = [len(line) for line in lines]
    return LayerPackage(
        kind=LayerKind.ROAD,
        shape=FeatureShape.LINE,
        xy=np.array([point for line in lines for point in line], np.int32).reshape(-1, 2),
        part_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        feature_start=np.arange(len(lines) + 1, dtype=np.int32),
        columns={
            "name": np.arange(len(lines), dtype=np.int32) % (len(texts) + 1),
            "maxspeed": np.full(len(lines), 50, np.float32),
        },
        strings=["", *texts],
        meta={"title_zh": "道路"},
    )


@given(parts, names)
def test_a_package_comes_back_as_it_was(lines: list[list[tuple[int, int]]], texts: list[str]) -> None:
    layer = package(lines, texts)
    back = decode_package(encode_package(layer))
    assert len(back) == len(lines)
    assert back.kind is LayerKind.ROAD
    assert np.array_equal(back.xy, layer.xy)
    assert back.strings == layer.strings
    assert back.meta == layer.meta
    assert [back.text("name", i) for i in range(len(back))] == [
        layer.text("name", i) for i in range(len(layer))
    ]
    assert back.columns["maxspeed"].dtype == np.float32


def test_the_same_layer_gives_the_same_bytes() -> None:
    layer = package([[(1, 2), (3, 4)]], ["中山北路"])
    assert encode_package(layer) == encode_package(layer)


@given(st.data())
def test_cut_or_changed_bytes_are_refused_or_harmless(data: st.DataObject) -> None:
    whole = bytearray(encode_package(package([[(1, 2), (3, 4)], [(5, 6)]], ["解放路"])))
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        broken = bytes(whole[:at])
    else:
        whole[at] = data.draw(st.integers(0, 255))
        broken = bytes(whole)
    try:
        layer = decode_package(broken)
    except PackageError:
        return
    for feature in range(len(layer)):  # what is let through can be read to its end
        layer.text("name", feature)
        first, last = layer.feature_start[feature], layer.feature_start[feature + 1]
        assert 0 <= layer.part_start[first] <= layer.part_start[last] <= len(layer.xy)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_crash(data: bytes) -> None:
    with pytest.raises(PackageError):
        decode_package(data)
