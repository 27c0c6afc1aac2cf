"""Where a feature is said to be: for names, symbols and charts."""

from __future__ import annotations

import numpy as np
import shapely

from console.map.render.geometry import LayerGeometry
from console.model.layers import FeatureShape


def middle_of(layer: LayerGeometry, row: int) -> tuple[float, float]:
    """World units of a point; half-way along the longest line; of an area the centroid of the largest
    shell, or a point inside where the centroid is not."""
    if row not in layer.middles:
        layer.middles[row] = _middle(layer, row)
    return layer.middles[row]


def _middle(layer: LayerGeometry, row: int) -> tuple[float, float]:
    package = layer.package
    parts = range(package.feature_start[row], package.feature_start[row + 1])
    pieces = [layer.xy[layer.part_start[i] : layer.part_start[i + 1]] for i in parts]
    if package.shape is FeatureShape.POLYGON:
        return _of_area(layer, row, [ring for ring in pieces if len(ring) >= 4])
    pieces = [piece for piece in pieces if len(piece)]
    if not pieces:
        return float(layer.box[row, 0]), float(layer.box[row, 1])
    if package.shape is FeatureShape.LINE:
        lines = [shapely.LineString(piece) for piece in pieces if len(piece) > 1]
        longest = max(lines, key=shapely.length, default=shapely.LineString(pieces[0][[0, 0]]))
        middle = longest.interpolate(0.5, normalized=True)
        return float(middle.x), float(middle.y)
    return float(pieces[0][0, 0]), float(pieces[0][0, 1])


def _of_area(layer: LayerGeometry, row: int, rings: list[np.ndarray]) -> tuple[float, float]:
    if not rings:
        return float(layer.box[row, 0]), float(layer.box[row, 1])
    shell = shapely.Polygon(max(rings, key=lambda r: np.ptp(r[:, 0]) * np.ptp(r[:, 1])))
    middle = shell.centroid
    if not shell.contains(middle):
        middle = shapely.point_on_surface(shell)
    return float(middle.x), float(middle.y)
