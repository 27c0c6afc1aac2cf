"""Which features of the base lie at a place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely

from console.map.engine.messages import FeatureFound
from console.map.render.geometry import LayerGeometry
from console.map.render.painter import BaseLayer
from console.map.viewport import EARTH_CIRCUMFERENCE, to_world
from console.model.layers import FeatureShape

MOST = 12
HIDDEN = frozenset({"class", "name", "from_node", "to_node"})
RANK = {FeatureShape.POINT: 0, FeatureShape.LINE: 1, FeatureShape.POLYGON: 2}


def identify(layers: Sequence[BaseLayer], lon: float, lat: float, metres: float) -> list[FeatureFound]:
    """Features within *metres* of a place (degrees): points, then lines, then areas, small ones first.

    What a filter of its style hides (as the time slider does) is not there.
    """
    x, y = (float(v) for v in to_world(lon, lat))
    reach = metres / (EARTH_CIRCUMFERENCE * math.cos(math.radians(lat)))
    found: list[tuple[int, float, FeatureFound]] = []
    for layer in layers:
        geometry = layer.geometry
        near = geometry.level(99).within((x - reach, y - reach, x + reach, y + reach))
        if layer.seen is not None and near.any():
            near = near & layer.seen()
        for row in np.flatnonzero(near).tolist():
            if _distance(geometry, row, x, y) <= reach:
                size = float(np.prod(geometry.box[row, 2:] - geometry.box[row, :2]))
                found.append((RANK[geometry.package.shape], size, _feature(layer, row, lon, lat)))
    found.sort(key=lambda item: item[:2])
    return [feature for _, _, feature in found[:MOST]]


def _distance(layer: LayerGeometry, row: int, x: float, y: float) -> float:
    """World units from a feature; 0 inside an area."""
    starts = layer.package.feature_start
    parts = [
        layer.xy[layer.part_start[i] : layer.part_start[i + 1]] - (x, y)
        for i in range(starts[row], starts[row + 1])
    ]
    if layer.package.shape is FeatureShape.POINT:
        return min(float(np.hypot(*part[0])) for part in parts)
    here = shapely.Point(0, 0)
    if not layer.polygon:
        return min(float(shapely.LineString(part).distance(here)) for part in parts if len(part) > 1)
    rings = [ring for ring in parts if len(ring) >= 4]
    if sum(shapely.Polygon(ring).covers(here) for ring in rings) % 2:
        return 0.0
    return min((float(shapely.LineString(ring).distance(here)) for ring in rings), default=math.inf)


def _feature(layer: BaseLayer, row: int, lon: float, lat: float) -> FeatureFound:
    package = layer.geometry.package
    attributes: dict[str, str] = {}
    for name, values in package.columns.items():
        if name in HIDDEN:
            continue
        text = package.text(name, row) if name in package.text_columns else f"{values[row]:g}"
        if text not in ("", "0"):
            attributes[name] = text
    kind = package.text("class", row)
    if kind:
        attributes["class"] = kind
    title = package.text("name", row) or package.text("housenumber", row) or kind
    return FeatureFound(layer.id, title, attributes, lon, lat)
