"""Outlines of buildings: from rings of a layer to polygons, and to shapes of the map."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from console.sdk import Shape, ShapeStyle
from console.sdk.layer_data import Ring


def outline(rings: Sequence[Ring]) -> shapely.MultiPolygon:
    """Of shells (counter-clockwise), each followed by its holes (clockwise); in degrees."""
    parts: list[tuple[Ring, list[Ring]]] = []
    for ring in rings:
        if parts and not shapely.is_ccw(shapely.linearrings(ring)):
            parts[-1][1].append(ring)
        else:
            parts.append((ring, []))
    return shapely.MultiPolygon(parts)


def shapes_of(polygons: shapely.Geometry, style: ShapeStyle) -> list[Shape]:
    """One shape a polygon."""
    return [
        Shape(
            kind="polygon",
            points=_points(part.exterior),
            holes=[_points(hole) for hole in part.interiors],
            style=style,
        )
        for part in shapely.get_parts(polygons)
    ]


def _points(ring: shapely.LinearRing) -> Ring:
    return [(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
