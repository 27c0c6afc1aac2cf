"""A floor in three dimensions: its outline below and above, and the edges between."""

from __future__ import annotations

import numpy as np
import shapely

from console.sdk import Context
from console.sdk.scene import ScenePlace
from plugins.buildings.desktop.addresses import DEGREE
from plugins.buildings.desktop.building import Building
from plugins.buildings.desktop.inside import around
from plugins.buildings.desktop.words import floor_text

COARSE = 1.0
"""Metres that the outline of a floor may be simplified by."""
MOST_EDGES = 24
SAMPLES = 32
"""Places around a building where the ground is looked at."""
LOW = 25.0
"""Percentile of their heights that counts: neighbours that touch it are higher."""


class Band:
    """The one floor that is chosen."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._marks = ctx.scene.add_marks("onemap.buildings.floor")

    def ground(self, building: Building) -> float | None:
        """Metres above the ellipsoid at its foot; None: 3D has not seen it lately."""
        ring = shapely.get_parts(around(building.outline))[0].exterior
        places = shapely.line_interpolate_point(ring, np.linspace(0, 1, SAMPLES, False), normalized=True)
        lon, lat = shapely.get_coordinates(places).T
        seen = self._ctx.scene.feet(lon, lat)
        return None if np.isnan(seen).all() else float(np.nanpercentile(seen, LOW))

    def show(self, building: Building | None, floor: int | None) -> None:
        """Show a floor, or none; nothing while the ground is not known."""
        self._marks.clear()
        if building is None or floor is None or building.storeys is None:
            return
        ground = self.ground(building)
        if ground is None or not 1 <= floor <= building.storeys.count:
            return
        bottom, top = (ground + metres for metres in building.storeys.span(floor))
        ink = self._ctx.color("map.shape")  # another than the building's
        for at, part in enumerate(shapely.get_parts(shapely.simplify(building.outline, COARSE / DEGREE))):
            corners = shapely.get_coordinates(part.exterior)[:-1].tolist()
            low, high = ([_place(corner, height) for corner in corners] for height in (bottom, top))
            self._marks.put(f"bottom {at}", low, closed=True, color=ink)
            self._marks.put(f"top {at}", high, closed=True, color=ink)
            for edge, ends in enumerate(list(zip(low, high, strict=True))[:MOST_EDGES]):
                text = floor_text(floor, self._ctx.tr) if at == edge == 0 else ""
                self._marks.put(f"edge {at} {edge}", ends, color=ink, text=text)


def _place(corner: list[float], height: float) -> ScenePlace:
    return ScenePlace(lon=corner[0], lat=corner[1], height=height)
