"""What the kinds of layers are called where the data gives them no name."""

from __future__ import annotations

from console.model.layers import LayerKind
from console.model.text import Text

TITLES: dict[LayerKind, Text] = {
    LayerKind.ROAD: Text("道路", "Roads"),
    LayerKind.RAILWAY: Text("铁路", "Railways"),
    LayerKind.BUILDING: Text("建筑", "Buildings"),
    LayerKind.WATER: Text("水面", "Water"),
    LayerKind.WATERWAY: Text("河流", "Waterways"),
    LayerKind.GREEN: Text("绿地", "Green space"),
    LayerKind.LANDUSE: Text("用地", "Land use"),
    LayerKind.BOUNDARY: Text("行政区划", "Boundaries"),
    LayerKind.GRID: Text("网格", "Grids"),
    LayerKind.POI: Text("兴趣点", "Points of interest"),
    LayerKind.ADDRESS: Text("地址", "Addresses"),
    LayerKind.OTHER: Text("其他", "Other"),
}
