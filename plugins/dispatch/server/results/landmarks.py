"""Named places that tell a corner from others."""

from __future__ import annotations

import numpy as np
import shapely

from console.sdk.records import LonLat
from console.sdk.server import LayerPackage
from plugins.dispatch.server.ground import to_plane

_NEAR = 40.0
"""Metres from the corner."""
_ALONE = 1.5
"""Another named place must be so many times as far away, else nobody knows which is meant."""
_LONGEST = 24
"""Characters that one takes in while moving."""
_NO_MARKS = frozenset(
    {"city", "town", "suburb", "village", "quarter", "neighbourhood", "square", "parking_entrance", "bench"}
)
"""Classes that are no single thing to be seen."""


class Landmarks:
    """The named points of interest of a layer; without a layer there are none."""

    def __init__(self, layer: LayerPackage | None, latitude: float) -> None:
        self._latitude = latitude
        self._names: list[str] = []
        places = np.zeros((0, 2))
        if layer is not None:
            rows = [row for row in range(len(layer)) if _serves(layer, row)]
            self._names = [layer.text("name", row).strip() for row in rows]
            places = layer.degrees[layer.part_start[layer.feature_start[rows]]]
        self._tree = shapely.STRtree(np.asarray(shapely.points(to_plane(places, latitude))))

    def at(self, where: LonLat) -> str:
        """Name of the one place at *where*; empty when there is none, or several that could be meant."""
        if not self._names:
            return ""
        here = shapely.Point(to_plane(where, self._latitude)[0])
        rows = self._tree.query(here, predicate="dwithin", distance=_NEAR * _ALONE).tolist()
        found = sorted((here.distance(self._tree.geometries[row]), self._names[row]) for row in rows)
        if not found or found[0][0] > _NEAR:
            return ""
        nearest, name = found[0]
        alone = all(other == name or metres >= max(nearest, 10.0) * _ALONE for metres, other in found[1:])
        return name if alone else ""


def _serves(layer: LayerPackage, row: int) -> bool:
    name = layer.text("name", row).strip()
    return 0 < len(name) <= _LONGEST and layer.text("class", row) not in _NO_MARKS
