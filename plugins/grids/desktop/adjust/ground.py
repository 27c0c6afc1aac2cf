"""The grids of the map as a cover; for the worker pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely

from console.sdk import Area, AreaLevel
from console.sdk.layer_data import read_areas
from console.sdk.records import LonLat
from plugins.grids.cover.cover import Cover, cover_of


def read_cover(packages: Sequence[str], areas: Mapping[str, Area]) -> Cover:
    """All grids of the packages, named as the backend names them. Raises OSError, PackageError."""
    index = read_areas(packages, [("level", float(AreaLevel.GRID))])
    rows: list[tuple[str, str, str, shapely.Geometry]] = []
    for at in range(len(index)):
        code = str(index.value(at, "code") or "")
        area = areas.get(code)
        name = area.name if area is not None else str(index.value(at, "name") or "")
        rows.append((code, name, area.name_en if area is not None else "", _ground(index.rings(at))))
    return cover_of(row for row in rows if row[0])


def _ground(rings: list[list[LonLat]]) -> shapely.Geometry:
    """Shells counter-clockwise, each followed by its holes."""
    polygons: list[list[list[LonLat]]] = []
    for ring in rings:
        if not polygons or shapely.is_ccw(shapely.LinearRing(ring)):
            polygons.append([ring])
        else:
            polygons[-1].append(ring)
    shapes = [shapely.Polygon(shell, holes) for shell, *holes in polygons]
    return shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes)
