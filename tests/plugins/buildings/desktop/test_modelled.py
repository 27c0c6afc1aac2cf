"""A building that a model tells: its card, its highlight, and what the map says of it besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QListWidget

from console.sdk import Text
from console.sdk.layer_data import Field
from console.sdk.scene_features import FeatureTally, SceneFeature
from console.testing import Console
from plugins.buildings.desktop.query import Condition
from tests.plugins.buildings.desktop.conftest import place
from tests.plugins.buildings.desktop.test_query import MATCHED, fill, press, said
from tests.plugins.buildings.desktop.test_singled_out import CHOSEN, facts, singled_out

TOLD = {
    "OBJECTID": 7,
    "建筑名称": "云龙科技楼",
    "Address": "大学路1号",
    "层数": 9,
    "产权": "区国资",
    "empty": None,
}


def feature(west: float, south: float, **more: Any) -> SceneFeature:
    """A house of some 30 metres, 27 metres high."""
    ring = [place(west, south), place(west + 3, south), place(west + 3, south + 3), place(west, south + 3)]
    properties = {**TOLD, **more}
    return SceneFeature(layer_id="town", key="7", properties=properties, ring=ring, bottom=30.0, top=57.0)


def test_a_building_of_the_model_alone_has_its_card_and_is_highlighted(
    quarter: Console, panel: Callable[[str], Any]
) -> None:
    card, features = panel("onemap.buildings.card"), quarter.scene.features
    features.there = feature(50, 50)
    quarter.scene.click(*place(51, 51), 40.0)
    assert features.chosen is features.there
    assert singled_out(quarter) == "云龙科技楼"
    told = facts(card)
    assert told["地址"] == "大学路1号"
    assert told["楼层"] == "9 层（数据记录）" and told["高度"] == "27.0 m"
    assert told["产权"] == "区国资" and told["OBJECTID"] == "7"
    assert "empty" not in told and "层数" not in told
    features.there = None
    quarter.scene.click(*place(80, 80), 0.0)
    assert features.chosen is None and singled_out(quarter) == ""


def test_where_the_map_has_a_footprint_both_are_told(quarter: Console, panel: Callable[[str], Any]) -> None:
    card, features = panel("onemap.buildings.card"), quarter.scene.features
    features.there = feature(0, 0)
    quarter.scene.click(*place(1, 1), 40.0)
    assert features.chosen is features.there
    assert singled_out(quarter) == "锦绣大厦", "the map's name"
    told = facts(card)
    assert told["地址"] == "云龙路12号", "a standard address within it"
    assert told["楼层"] == "18 层（数据记录）"
    assert told["产权"] == "区国资"
    outline, _ = quarter.layer(CHOSEN).shapes["chosen"]
    assert not outline.style.fill, "the mesh itself is coloured"


def test_the_model_fills_in_what_the_map_does_not_know(quarter: Console, panel: Callable[[str], Any]) -> None:
    card = panel("onemap.buildings.card")
    quarter.scene.features.there = feature(30, 0, 层数=3)
    quarter.scene.click(*place(31, 1), 40.0)
    assert singled_out(quarter) == "云龙科技楼"
    told = facts(card)
    assert told["地址"] == "大学路1号", "more than one 37 m away"
    assert told["楼层"] == "3 层（数据记录）"


def test_a_pick_on_the_map_lets_go_of_the_model(quarter: Console) -> None:
    quarter.scene.features.there = feature(0, 0)
    quarter.scene.click(*place(1, 1), 40.0)
    quarter.map.open_menu(*place(11, 1))
    quarter.run("onemap.buildings.here")
    assert singled_out(quarter) == "第一中学" and quarter.scene.features.chosen is None


def test_a_building_chosen_on_the_map_is_the_part_of_the_model_too_also_one_that_comes_later(
    quarter: Console, panel: Callable[[str], Any]
) -> None:
    card, features = panel("onemap.buildings.card"), quarter.scene.features
    quarter.map.open_menu(*place(11, 1))
    quarter.run("onemap.buildings.here")
    assert singled_out(quarter) == "第一中学" and features.chosen is None
    whole = feature(-40, -40)
    quarter_of_town = [place(-40, -40), place(60, -40), place(60, 40), place(-40, 40)]
    features.standing = [replace(whole, ring=quarter_of_town)]
    features.tell("town", FeatureTally(features=1))
    assert features.chosen is None, "a whole quarter is none of its houses"
    outline = quarter.layer(CHOSEN).shapes["chosen"][0]
    part = replace(whole, ring=list(outline.points))
    features.standing = [part]
    features.tell("town", FeatureTally(features=2))
    assert features.chosen is part and facts(card)["产权"] == "区国资"
    assert singled_out(quarter) == "第一中学", "the map's name"
    quarter.run("onemap.buildings.clear")
    assert features.chosen is None


def town(quarter: Console, *counts: int, layer: str = "town") -> None:
    """A model whose houses have floors has come, with what its rules found."""
    if not quarter.scene.models:
        quarter.scene.add_model(layer, "/town", title=Text("镇", "Town"))
    fields = [Field(name="层数", type="number", count=40, least=1.0, most=11.0)]
    quarter.scene.features.tell(layer, FeatureTally(features=40, fields=fields, counts=counts))


def test_a_query_offers_colours_and_counts_what_the_models_have(
    quarter: Console, panel: Callable[[str], Any]
) -> None:
    query = panel("onemap.buildings.query")
    query.clock = quarter.clock
    town(quarter)
    quarter.clock.advance(0.1)
    fill(query, 0, "层数", "至少", "6")
    (rule,) = quarter.scene.features.rules["town"]
    assert rule.line == "`层数` >= 6.0" and rule.color
    assert said(query) == "0 栋建筑"
    town(quarter, 17)
    assert said(query) == "模型已加载部分中有 17 栋"
    quarter.scene.add_model("later", "/later", title=Text("新", "New"))
    assert quarter.scene.features.rules["later"] == [rule]
    fill(query, 0, "高度（米）", "至少", "9")
    town(quarter, 2)
    assert said(query) == "3 栋建筑；模型已加载部分中有 2 栋"
    press(query, "清除")
    assert quarter.scene.features.rules["town"] == []


def test_classes_of_an_attribute_of_the_models_are_coloured(
    quarter: Console, panel: Callable[[str], Any]
) -> None:
    query = panel("onemap.buildings.query")
    query.clock = quarter.clock
    town(quarter)
    quarter.clock.advance(0.1)
    choice = query._color_by
    choice.setCurrentIndex(choice.findData("层数"))
    choice.activated.emit(choice.currentIndex())
    quarter.clock.advance(0.1)
    rules = quarter.scene.features.rules["town"]
    assert [rule.line for rule in rules] == [
        *(f"`层数` >= {limit}.0" for limit in (9, 7, 5, 3)),
        "`层数` < 3.0",
    ]
    assert len({rule.color for rule in rules}) == 5
    assert not quarter.layer(MATCHED).shapes, "the map's buildings do not have it"
    town(quarter, 5, 4, 3, 2, 1)
    legend = query.findChild(QListWidget)
    assert [legend.item(row).text().split("\t")[1] for row in range(5)] == ["1", "2", "3", "4", "5"]


def test_an_attribute_that_nobody_has_is_a_fault(quarter: Console, panel: Callable[[str], Any]) -> None:
    query = panel("onemap.buildings.query")
    town(quarter)
    query._query.ask([Condition("朝向", "=", "南", True)], "")
    quarter.clock.advance(0.1)
    assert said(query) == "无法查询：朝向"
