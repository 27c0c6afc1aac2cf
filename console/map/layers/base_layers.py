"""Base layers as the backend describes them: places in the layer tree, and their legends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from console.map.engine.data_refs import AnyRef
from console.map.engine.messages import LayerRef
from console.map.layers.layer_styles import given_style, with_condition
from console.map.layers.layer_tree import Slot
from console.map.render.style import RoadRule, Style
from console.map.viewport import Bounds
from console.model.layers import LayerKind
from console.model.records import LayerInfo
from console.model.text import Text
from console.sdk.map import LegendItem
from console.sdk.symbols import ShapeStyle

LEGEND: dict[str, list[tuple[str, Text]]] = {
    "road": [
        ("motorway", Text("高速公路", "Motorway")),
        ("trunk", Text("快速路", "Trunk road")),
        ("primary", Text("主干路", "Primary road")),
        ("secondary", Text("次干路", "Secondary road")),
        ("tertiary", Text("支路", "Tertiary road")),
        ("residential", Text("街巷", "Street")),
        ("footway", Text("步行道", "Footway")),
    ],
    "railway": [("rail", Text("铁路", "Railway")), ("subway", Text("轨道交通", "Metro"))],
    "water": [("", Text("水域", "Water"))],
    "waterway": [("river", Text("河流", "River")), ("stream", Text("沟渠", "Stream"))],
    "green": [
        ("park", Text("公园绿地", "Park")),
        ("grass", Text("草地", "Grass")),
        ("forest", Text("林地", "Wood")),
    ],
    "landuse": [
        ("residential", Text("居住", "Residential")),
        ("commercial", Text("商业", "Commercial")),
        ("industrial", Text("工业", "Industrial")),
        ("school", Text("教育", "Education")),
        ("hospital", Text("医疗", "Medical")),
        ("farmland", Text("农田", "Farmland")),
    ],
    "boundary": [
        ("district", Text("区界", "District")),
        ("street", Text("街道界", "Street office")),
        ("community", Text("社区界", "Community")),
    ],
    "grid": [("", Text("网格", "Grid"))],
    "building": [("", Text("建筑", "Building"))],
}
"""Classes of each kind that a legend names; the empty class is any."""


def base_slot(info: LayerInfo, path: Path) -> Slot:
    """The layer's place in the tree."""
    return Slot(
        id=info.id,
        title=Text(info.title_zh, info.title_en),
        group="base",
        base=LayerRef(info.id, str(path), info.version, kind=info.kind),
        kind=info.kind,
        attribution=info.attribution,
    )


def layer_ref(slot: Slot) -> LayerRef:
    """The layer as the workers are told of it."""
    assert slot.base is not None
    return msgspec.structs.replace(slot.base, visible=slot.visible, opacity=slot.opacity)


def data_ref(slot: Slot) -> AnyRef:
    """A data layer as the workers are told of it."""
    assert slot.data is not None
    ref = msgspec.structs.replace(slot.data, visible=slot.visible, opacity=slot.opacity)
    style = slot.user_style or given_style(ref)
    if slot.condition:
        style = with_condition(style, slot.condition)
    return msgspec.structs.replace(ref, style=style) if style else ref


def home_of(layers: Sequence[LayerInfo]) -> Bounds | None:
    """What the district's grids cover: rivers and railways go on far beyond. Without grids all there is."""
    drawn = [info for info in layers if info.bounds[2] > info.bounds[0]]
    grids = [info.bounds for info in drawn if info.kind == LayerKind.GRID]
    return _union(grids or [info.bounds for info in drawn]) if drawn else None


def _union(boxes: Sequence[Bounds]) -> Bounds:
    """The box around all of them."""
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def legend_of(kind: str, style: Style) -> list[LegendItem]:
    """What the style draws of a kind, in the style's own colours."""
    return [item for _, item in classes_of(kind, style)]


def classes_of(kind: str, style: Style) -> list[tuple[str, LegendItem]]:
    """The legend of a kind with the class that each line stands for; empty: any."""
    drawn = [(name, title, _drawn(style, kind, name)) for name, title in LEGEND.get(kind, [])]
    return [(name, LegendItem(title=title, style=look)) for name, title, look in drawn if look is not None]


def _drawn(style: Style, kind: str, name: str) -> ShapeStyle | None:
    for rule in [*style.road, *style.area, *style.line, *style.over]:
        if rule.kind != kind or (name and rule.classes and name not in rule.classes):
            continue
        if isinstance(rule, RoadRule):
            dash = (2.0, 1.5) if rule.dash else ()
            return ShapeStyle(stroke=rule.fill, width=4.0, casing=rule.casing, dash=dash)
        fill = getattr(rule, "fill", "")
        if fill:
            return ShapeStyle(stroke=getattr(rule, "outline", ""), width=1.0, fill=fill)
        return ShapeStyle(stroke=getattr(rule, "color", ""), width=2.0, dash=tuple(getattr(rule, "dash", ())))
    for building in style.building:
        if building.kind == kind:
            return ShapeStyle(stroke=building.outline, width=1.0, fill=building.fill_high)
    return None
