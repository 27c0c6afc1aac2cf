"""What the name of a layer or file tells of the kind of its features."""

from __future__ import annotations

from console.model.layers import FeatureShape, LayerKind

_HINTS: tuple[tuple[LayerKind, tuple[str, ...]], ...] = (
    (LayerKind.GRID, ("grid", "网格")),
    (LayerKind.BUILDING, ("build", "建筑", "楼", "房屋")),
    (LayerKind.RAILWAY, ("rail", "铁路", "轨道")),
    (LayerKind.ROAD, ("road", "street", "highway", "transportation", "道路", "路网")),
    (LayerKind.ADDRESS, ("address", "地址", "门牌")),
    (LayerKind.WATER, ("water", "river", "lake", "水系", "河")),
    (LayerKind.GREEN, ("green", "park", "forest", "绿地", "公园")),
    (LayerKind.BOUNDARY, ("boundar", "admin", "district", "境界", "行政", "区划", "社区", "街道")),
    (LayerKind.LANDUSE, ("landuse", "用地")),
    (LayerKind.POI, ("poi", "point", "兴趣点")),
)
"""Parts of a layer's or file's name that tell the kind."""
_SHAPES: dict[LayerKind, tuple[FeatureShape, ...]] = {
    LayerKind.ROAD: (FeatureShape.LINE,),
    LayerKind.RAILWAY: (FeatureShape.LINE,),
    LayerKind.BUILDING: (FeatureShape.POLYGON,),
    LayerKind.GRID: (FeatureShape.POLYGON,),
    LayerKind.GREEN: (FeatureShape.POLYGON,),
    LayerKind.LANDUSE: (FeatureShape.POLYGON,),
    LayerKind.WATER: (FeatureShape.POLYGON,),
    LayerKind.WATERWAY: (FeatureShape.LINE,),
    LayerKind.BOUNDARY: (FeatureShape.POLYGON,),
    LayerKind.POI: (FeatureShape.POINT,),
    LayerKind.ADDRESS: (FeatureShape.POINT,),
}
"""The shapes that a kind can have; OTHER takes all."""


def fits(kind: LayerKind, shape: FeatureShape) -> bool:
    """Whether features of *shape* can be of *kind*."""
    return shape in _SHAPES.get(kind, (shape,))


def kind_by_name(shape: FeatureShape, *titles: str) -> LayerKind | None:
    """Kind of features of *shape* by words in *titles*, the most telling one first; None: they hold none."""
    return next(filter(None, (_kind(shape, title.lower()) for title in titles)), None)


def _kind(shape: FeatureShape, title: str) -> LayerKind | None:
    for kind, words in _HINTS:
        if kind is LayerKind.WATER and shape is FeatureShape.LINE:
            kind = LayerKind.WATERWAY
        if any(word in title for word in words) and fits(kind, shape):
            return kind
    return None
