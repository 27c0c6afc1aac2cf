"""The built-in map symbols: drawings in ``resources/symbols``, used by ``Sprite(symbol="fire")``, by
``icon-image`` of styles, and in the style editor's picker.

The kinds are those of GB/T 35649-2017 (events, hazards, resources, actions), told apart by frame as well
as by colour; the drawings are our own. Marks have no frame and take the colour that they are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.model.text import Text


class SymbolKind(StrEnum):
    """What a symbol stands for."""

    EVENT = "event"
    """事件: what has happened; a red diamond."""
    HAZARD = "hazard"
    """隐患: what may happen; an amber triangle."""
    RESOURCE = "resource"
    """资源: places, people and things that help; a square."""
    ACTION = "action"
    """行动: what is done; a violet disc."""
    MARK = "mark"
    """A plain mark in a colour of the user's."""


KIND_TITLES: dict[SymbolKind, Text] = {
    SymbolKind.EVENT: Text("事件", "Events"),
    SymbolKind.HAZARD: Text("隐患", "Hazards"),
    SymbolKind.RESOURCE: Text("资源", "Resources"),
    SymbolKind.ACTION: Text("行动", "Actions"),
    SymbolKind.MARK: Text("标记", "Marks"),
}


@dataclass(frozen=True, slots=True)
class MapSymbol:
    """One drawing of the set."""

    kind: SymbolKind
    title: Text


SYMBOLS: dict[str, MapSymbol] = {
    "fire": MapSymbol(SymbolKind.EVENT, Text("火灾", "Fire")),
    "explosion": MapSymbol(SymbolKind.EVENT, Text("爆炸", "Explosion")),
    "gas-leak": MapSymbol(SymbolKind.EVENT, Text("燃气泄漏", "Gas leak")),
    "flood": MapSymbol(SymbolKind.EVENT, Text("洪涝", "Flood")),
    "collapse": MapSymbol(SymbolKind.EVENT, Text("坍塌", "Collapse")),
    "traffic-accident": MapSymbol(SymbolKind.EVENT, Text("交通事故", "Traffic accident")),
    "medical-emergency": MapSymbol(SymbolKind.EVENT, Text("医疗急救", "Medical emergency")),
    "forest-fire": MapSymbol(SymbolKind.EVENT, Text("森林火灾", "Forest fire")),
    "power-failure": MapSymbol(SymbolKind.EVENT, Text("停电", "Power failure")),
    "elevator-trapped": MapSymbol(SymbolKind.EVENT, Text("电梯困人", "People trapped in a lift")),
    "missing-person": MapSymbol(SymbolKind.EVENT, Text("人员走失", "Missing person")),
    "chemical-leak": MapSymbol(SymbolKind.EVENT, Text("危化品泄漏", "Chemical leak")),
    "landslide": MapSymbol(SymbolKind.EVENT, Text("滑坡", "Landslide")),
    "earthquake": MapSymbol(SymbolKind.EVENT, Text("地震", "Earthquake")),
    "typhoon": MapSymbol(SymbolKind.EVENT, Text("台风", "Typhoon")),
    "crowd": MapSymbol(SymbolKind.EVENT, Text("人群聚集", "Crowd")),
    "water-outage": MapSymbol(SymbolKind.EVENT, Text("停水", "Water failure")),
    "road-damage": MapSymbol(SymbolKind.EVENT, Text("路面塌陷", "Damaged road")),
    "public-order": MapSymbol(SymbolKind.EVENT, Text("治安事件", "Public order")),
    "hazard": MapSymbol(SymbolKind.HAZARD, Text("一般隐患", "Hazard")),
    "hazardous-chemicals": MapSymbol(SymbolKind.HAZARD, Text("危险化学品", "Hazardous chemicals")),
    "dangerous-building": MapSymbol(SymbolKind.HAZARD, Text("危房", "Dangerous building")),
    "geological-hazard": MapSymbol(SymbolKind.HAZARD, Text("地质灾害点", "Geological hazard")),
    "flood-prone": MapSymbol(SymbolKind.HAZARD, Text("易涝点", "Place that floods")),
    "high-voltage": MapSymbol(SymbolKind.HAZARD, Text("高压设施", "High voltage")),
    "gas-station": MapSymbol(SymbolKind.HAZARD, Text("加油加气站", "Filling station")),
    "manhole": MapSymbol(SymbolKind.HAZARD, Text("井盖缺损", "Manhole without cover")),
    "flammable": MapSymbol(SymbolKind.HAZARD, Text("易燃易爆场所", "Flammable goods")),
    "command-post": MapSymbol(SymbolKind.RESOURCE, Text("指挥部", "Command post")),
    "police-station": MapSymbol(SymbolKind.RESOURCE, Text("派出所", "Police station")),
    "fire-station": MapSymbol(SymbolKind.RESOURCE, Text("消防站", "Fire station")),
    "hospital": MapSymbol(SymbolKind.RESOURCE, Text("医院", "Hospital")),
    "school": MapSymbol(SymbolKind.RESOURCE, Text("学校", "School")),
    "shelter": MapSymbol(SymbolKind.RESOURCE, Text("避难场所", "Shelter")),
    "assembly-point": MapSymbol(SymbolKind.RESOURCE, Text("集合点", "Assembly point")),
    "helipad": MapSymbol(SymbolKind.RESOURCE, Text("直升机起降点", "Helicopter landing")),
    "fire-hydrant": MapSymbol(SymbolKind.RESOURCE, Text("消火栓", "Fire hydrant")),
    "water-source": MapSymbol(SymbolKind.RESOURCE, Text("消防水源", "Water for fire fighting")),
    "drinking-water": MapSymbol(SymbolKind.RESOURCE, Text("饮用水", "Drinking water")),
    "toilet": MapSymbol(SymbolKind.RESOURCE, Text("厕所", "Toilet")),
    "supplies": MapSymbol(SymbolKind.RESOURCE, Text("救灾物资", "Supplies")),
    "generator": MapSymbol(SymbolKind.RESOURCE, Text("发电机", "Generator")),
    "pump": MapSymbol(SymbolKind.RESOURCE, Text("排涝泵", "Pump")),
    "sandbags": MapSymbol(SymbolKind.RESOURCE, Text("沙袋", "Sandbags")),
    "drone": MapSymbol(SymbolKind.RESOURCE, Text("无人机", "Drone")),
    "ambulance": MapSymbol(SymbolKind.RESOURCE, Text("救护车", "Ambulance")),
    "fire-engine": MapSymbol(SymbolKind.RESOURCE, Text("消防车", "Fire engine")),
    "police-car": MapSymbol(SymbolKind.RESOURCE, Text("警车", "Police car")),
    "boat": MapSymbol(SymbolKind.RESOURCE, Text("冲锋舟", "Boat")),
    "crane": MapSymbol(SymbolKind.RESOURCE, Text("吊车", "Crane")),
    "excavator": MapSymbol(SymbolKind.RESOURCE, Text("挖掘机", "Excavator")),
    "loudspeaker": MapSymbol(SymbolKind.RESOURCE, Text("应急广播", "Loudspeaker")),
    "radio": MapSymbol(SymbolKind.RESOURCE, Text("通信保障", "Communications")),
    "rescue-team": MapSymbol(SymbolKind.RESOURCE, Text("救援队", "Rescue team")),
    "medical-team": MapSymbol(SymbolKind.RESOURCE, Text("医疗队", "Medical team")),
    "warehouse": MapSymbol(SymbolKind.RESOURCE, Text("物资仓库", "Warehouse")),
    "evacuation-route": MapSymbol(SymbolKind.ACTION, Text("疏散路线", "Evacuation route")),
    "roadblock": MapSymbol(SymbolKind.ACTION, Text("设卡封控", "Roadblock")),
    "barrier": MapSymbol(SymbolKind.ACTION, Text("隔离护栏", "Barrier")),
    "cordon": MapSymbol(SymbolKind.ACTION, Text("警戒区", "Cordon")),
    "search": MapSymbol(SymbolKind.ACTION, Text("搜索", "Search")),
    "rescue": MapSymbol(SymbolKind.ACTION, Text("救援", "Rescue")),
    "detour": MapSymbol(SymbolKind.ACTION, Text("绕行", "Detour")),
    "no-entry": MapSymbol(SymbolKind.ACTION, Text("禁止通行", "No entry")),
    "traffic-control": MapSymbol(SymbolKind.ACTION, Text("交通管制", "Traffic control")),
    "decontamination": MapSymbol(SymbolKind.ACTION, Text("洗消", "Decontamination")),
    "patrol": MapSymbol(SymbolKind.ACTION, Text("巡查", "Patrol")),
    "spread": MapSymbol(SymbolKind.ACTION, Text("蔓延方向", "Direction of spread")),
    "draining": MapSymbol(SymbolKind.ACTION, Text("排水", "Draining")),
    "warning-given": MapSymbol(SymbolKind.ACTION, Text("预警发布", "Warning given")),
    "arrow": MapSymbol(SymbolKind.MARK, Text("箭头", "Arrow")),
    "arrowhead": MapSymbol(SymbolKind.MARK, Text("三角箭头", "Arrowhead")),
    "chevron": MapSymbol(SymbolKind.MARK, Text("折角箭头", "Chevron")),
    "pin": MapSymbol(SymbolKind.MARK, Text("图钉", "Pin")),
    "flag": MapSymbol(SymbolKind.MARK, Text("旗帜", "Flag")),
    "star": MapSymbol(SymbolKind.MARK, Text("星形", "Star")),
    "cross": MapSymbol(SymbolKind.MARK, Text("十字", "Cross")),
    "square": MapSymbol(SymbolKind.MARK, Text("方形", "Square")),
    "triangle": MapSymbol(SymbolKind.MARK, Text("三角形", "Triangle")),
    "diamond": MapSymbol(SymbolKind.MARK, Text("菱形", "Diamond")),
    "house": MapSymbol(SymbolKind.MARK, Text("房屋", "House")),
    "tree": MapSymbol(SymbolKind.MARK, Text("树木", "Tree")),
}
"""By name, kind by kind."""
