"""By what a feature is known in all tiles, and how its attributes are told."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from console.scene.feature_columns import Columns
from console.scene.features import FeatureTable
from console.sdk.feature_filter import FilterError, filtered


def keys(**columns: Any) -> list[str]:
    """Of two features."""
    return Columns(FeatureTable(2, columns)).keys


def test_the_surest_attribute_names_a_feature():
    assert keys(name=["a", "b"], OBJECTID=[7, 9]) == keys(name=["c", "d"], ObjectId=np.array([7, 9]))
    assert keys(id=[3, 3], **{"gml:id": ["x", "y"]}) == keys(id=[4, 5], gml_id=["x", "y"])


def test_numbers_that_count_the_rows_of_a_tile_name_nothing():
    one, other = keys(id=[0, 1], height=[8.0, 9.0]), keys(id=[0, 1], height=[8.0, 7.0])
    assert one[0] == other[0], "the same in all that is known"
    assert one[1] != other[1]
    assert keys(id=["1", "2"], height=[1, 2]) != keys(id=["1", "2"], height=[1, 3])


def test_an_attribute_that_is_missing_here_and_there_names_nothing():
    assert keys(OBJECTID=[7, None], name=["a", "b"])[0] != keys(OBJECTID=[7, None], name=["c", "b"])[0]


def test_features_without_attributes_are_known_in_their_tile_alone():
    one = Columns(FeatureTable(2), "1/0").keys
    assert len({*one, *Columns(FeatureTable(2), "2/0").keys}) == 4


def test_attributes_are_told_as_json_can_have_them():
    table = FeatureTable(
        1,
        {
            "nan": np.array([np.nan]),
            "long": ["路" * 10_000],
            "many": [list(range(10_000))],
            "deep": [{"a": [1, 2]}],
            "big": [10**30],
            "vector": np.array([[1.0, 2.0]]),
            "yes": [True],
        },
    )
    told = json.loads(json.dumps(Columns(table).told(0), allow_nan=False))
    assert told["nan"] is None
    assert told["vector"] == [1.0, 2.0] and told["yes"] is True
    assert len(json.dumps(told)) < 10_000


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("floors > 3", [0]),
        ("名称 contains '中学'", [1]),
        ("名称 begins '锦' or floors = 3", [0, 1]),
        ("not 名称 = '锦绣大厦'", [1, 2]),
        ("中学", [1]),
        ("名称 = ''", [2]),
        ("", [0, 1, 2]),
    ],
)
def test_a_line_filters_them_as_it_does_the_layers_of_the_map(line: str, rows: list[int]):
    table = FeatureTable(3, {"floors": [12, 3, None], "名称": ["锦绣大厦", "第一中学", None]})
    assert filtered(Columns(table), line).tolist() == rows


def test_a_line_that_asks_for_what_there_is_not_is_refused():
    with pytest.raises(FilterError, match="height"):
        filtered(Columns(FeatureTable(1, {"floors": [1]})), "height > 3")
