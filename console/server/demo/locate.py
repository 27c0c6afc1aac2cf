"""Places that people and events are put at, and the grids in which they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata.packing import geometries, texts
from console.model.area import AreaLevel
from console.model.layers import LayerPackage
from console.server.layer_types import AreaShape


@dataclass(frozen=True, slots=True)
class Spots:
    """Places with a street and perhaps a house number; WGS84 degrees."""

    where: npt.NDArray[np.float64]
    street: list[str]
    number: list[str]

    def __len__(self) -> int:
        return len(self.street)


def spots_on(roads: LayerPackage) -> Spots:
    """The middle of each road that bears a name; of all roads if none does."""
    names = texts(roads, "name")
    rows = [i for i, n in enumerate(names) if n] or list(range(len(names)))
    middle = shapely.line_interpolate_point(geometries(roads)[rows], 0.5, normalized=True)
    return Spots(shapely.get_coordinates(middle), [names[i] for i in rows], [""] * len(rows))


class Grids:
    """The grids of a district, for looking up places (WGS84 degrees)."""

    def __init__(self, areas: list[AreaShape]) -> None:
        grids = [a for a in areas if len(a.code) == AreaLevel.GRID]
        self.codes = [a.code for a in grids]
        self._tree = shapely.STRtree([a.geometry for a in grids])

    def at(self, places: npt.NDArray[np.float64]) -> list[str]:
        """Grid code of each place; the nearest grid for places outside all."""
        return [self.codes[i] for i in np.atleast_1d(self._tree.nearest(shapely.points(places))).tolist()]
