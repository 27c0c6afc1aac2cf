"""Which names offices give the fields that mean one of our columns.

They differ from office to office; these were seen in OpenStreetMap extracts, Geofabrik shapefiles
and Chinese surveys.
"""

from __future__ import annotations

NAMES: dict[str, list[str]] = {
    "name": [
        "name:zh",
        "name_zh",
        "name",
        "名称",
        "mc",
        "xzqmc",
        "wgmc",
        "title",
        "标准名称",
        "roadname",
        "路名",
    ],
    "class": (
        [
            "highway",
            "fclass",
            "class",
            "type",
            "类型",
            "类别",
            "railway",
            "waterway",
            "natural",
            "landuse",
            "amenity",
            "kind",
            "lx",
        ]
    ),
    "code": [
        "code",
        "area_code",
        "xzqdm",
        "行政区划代码",
        "区划代码",
        "网格编码",
        "网格代码",
        "wgbm",
        "grid_code",
        "adcode",
    ],
    "height": ["height", "高度", "建筑高度", "height_m", "bldg_height", "render_height"],
    "levels": ["building:levels", "levels", "floor", "floors", "楼层", "层数", "cs", "num_floors"],
    "housenumber": ["addr:housenumber", "housenumber", "门牌号", "门牌", "house_no", "number"],
    "street": ["addr:street", "street", "道路", "街路巷", "路名", "jlx"],
    "oneway": ["oneway", "单行"],
    "maxspeed": ["maxspeed", "限速", "speed"],
    "bridge": ["bridge", "桥梁"],
    "tunnel": ["tunnel", "隧道"],
    "level": ["layer", "level"],
    "access": ["access"],
}
"""Our column to field names, most telling first."""
