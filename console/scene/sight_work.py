"""Questions about sight asked of a folder of ``onemap data sight``, in the terms of the SDK."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.refusal import refused
from console.scene.sight import MESH, SEEN
from console.scene.sight.coverage import Bounds, coverage, radius_of
from console.scene.sight.kept import SightFile
from console.scene.sight.mesh import FineMesh, open_mesh
from console.scene.sight.ranking import cameras_seeing, looked
from console.scene.sight.rays import Rays
from console.scene.sight.seen import Seen
from console.scene.sight.sightline import Spot, sight_line
from console.scene.sight.skyline import skyline
from console.scene.sight.viewshed import Cell, Field, LookingCancelled, Viewshed, viewshed
from console.sdk.scene_place import ScenePlace
from console.sdk.sight import (
    Polygon,
    SceneCoverage,
    SceneLine,
    SceneSighting,
    SceneSkyline,
    SceneViewshed,
    sighting_of,
)

MOST_LINE, MOST_REACH = 10_000.0, 1_000.0
"""Metres."""
END = 1.0
"""Metres of a line's ends that are not looked at: the model that was clicked may be coarser or finer than
the mesh, and a place on a wall must not lie behind that wall."""
CELLS = 300
"""Cells from the eye to the reach of a viewshed at most; of one metre at least."""
MOST_CAMERAS = 65_535
HARDLY = 0.01
"""Of what is within reach: who sees less, under something, is taken to be inside of it."""
_STEP = 256.0
"""Metres of a line for which blocks are looked up together."""

Points = NDArray[np.float64]


class SightWork:
    """For one thread. The files may be made anew at any time. All of it raises SceneRefused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: tuple[list[str], Rays] | None = None
        """The last rays, and of which blocks."""
        self._mesh()

    def line(self, a: ScenePlace, b: ScenePlace) -> SceneLine:
        """See ``SceneSight``."""
        mesh = self._mesh()
        start, goal = _point(mesh, a), _point(mesh, b)
        length = float(np.linalg.norm(goal - start))
        if not 0 < length <= MOST_LINE:
            raise refused("两点须不同且相距不超过 10 公里", "the places must be two, at most 10 km apart")
        cut = (goal - start) / length * min(END, length / 4)
        parts = np.linspace(start, goal, int(length // _STEP) + 2)
        rows = np.unique(np.concatenate([mesh.near(part, _STEP / 2) for part in parts]))
        found = sight_line(self._rays(mesh, rows), _spot(mesh, start + cut), _spot(mesh, goal - cut))
        free = length if found.visible else found.distance + float(np.linalg.norm(cut))
        blocked = None if found.blocked is None else _place(found.blocked)
        return SceneLine(visible=found.visible, blocked_at=blocked, distance=length, free=free)

    def viewshed(
        self, place: ScenePlace, eye_height: float, reach: float, cancelled: Callable[[], bool]
    ) -> SceneViewshed:
        """See ``SceneSight``. Raises LookingCancelled."""
        if not 1.0 <= reach <= MOST_REACH:
            raise refused("可视域半径须为 1 至 1000 米", "the reach of a viewshed is 1 to 1,000 m")
        mesh = self._mesh()
        rays = self._rays(mesh, mesh.near(_point(mesh, place), reach))
        spot = Spot(place.lon, place.lat, height=place.height + eye_height)
        if cancelled():
            raise LookingCancelled
        found = viewshed(rays, spot, Field(reach), max(1.0, reach / CELLS), cancelled=cancelled)
        buried = _buried(rays, found) if found.share < HARDLY else 0.0
        areas: list[list[Polygon]] = []
        for kind in (Cell.SEEN, Cell.HIDDEN):
            if cancelled():
                raise LookingCancelled
            areas.append(_polygons(found.polygons(kind)))
        return SceneViewshed(seen=areas[0], hidden=areas[1], share=found.share, buried=buried)

    def skyline(self, place: ScenePlace, eye_height: float, reach: float) -> SceneSkyline:
        """See ``SceneSight``."""
        if not 1.0 <= reach <= MOST_REACH:
            raise refused("天际线半径须为 1 至 1000 米", "the reach of a skyline is 1 to 1,000 m")
        mesh = self._mesh()
        rays = self._rays(mesh, mesh.near(_point(mesh, place), reach))
        height = place.height + eye_height
        found = skyline(rays, Spot(place.lon, place.lat, height=height), reach=reach)
        return SceneSkyline(
            eye=ScenePlace(lon=place.lon, lat=place.lat, height=height),
            azimuths=found.azimuth.tolist(),
            elevations=found.elevation.tolist(),
            metres=found.distance.tolist(),
            places=[_place(point) if np.isfinite(point).all() else None for point in found.points],
        )

    def cameras_seeing(self, lon: float, lat: float) -> list[SceneSighting]:
        """See ``SceneSight``."""
        with SightFile(self._folder / SEEN) as file:
            return [sighting_of(each) for each in cameras_seeing(file, lon, lat)]

    def cameras_blind(self, lon: float, lat: float) -> dict[str, str]:
        """See ``SceneSight``."""
        with SightFile(self._folder / SEEN) as file:
            return {name: str(why) for name, why in looked(file.near(lon, lat), lon, lat).blind.items()}

    def seen_area(self, camera_id: str) -> list[Polygon]:
        """See ``SceneSight``."""
        with SightFile(self._folder / SEEN) as file:
            seen = file.seen(camera_id)
        if seen is None:
            raise refused("该摄像头未参与可视域计算", "what this camera sees has not been worked out")
        return _polygons(seen.polygons())

    def coverage(
        self, bounds: Bounds, cameras: Collection[str], cancelled: Callable[[], bool]
    ) -> SceneCoverage:
        """See ``SceneSight``. Raises LookingCancelled."""
        west, south, east, north = bounds
        middle = (west + east) / 2, (south + north) / 2
        counted = 0
        with SightFile(self._folder / SEEN) as file:

            def those() -> Iterator[Seen]:
                nonlocal counted
                for seen in file.near(*middle, around=radius_of(bounds)):
                    if seen.known.record.id in cameras:
                        counted += 1
                        yield seen

            found = coverage(those(), self._mesh(), bounds, cancelled)
        return SceneCoverage(
            none=_polygons(found.areas(0, 0)),
            one=_polygons(found.areas(1, 1)),
            several=_polygons(found.areas(2, MOST_CAMERAS)),
            shares=(found.share(0, 0), found.share(1, 1), found.share(2, MOST_CAMERAS)),
            cameras=counted,
        )

    def _mesh(self) -> FineMesh:
        """Without its triangles; as the file is now."""
        return open_mesh(self._folder / MESH)

    def _rays(self, mesh: FineMesh, rows: NDArray[np.intp]) -> Rays:
        blocks = [mesh.blocks[row].fingerprint for row in rows.tolist()]
        if self._kept is None or self._kept[0] != blocks:
            self._kept = None  # two of them need not fit into memory
            self._kept = blocks, mesh.rays(rows.tolist())
        return self._kept[1]


def _point(mesh: FineMesh, place: ScenePlace) -> Points:
    """(3,) of the mesh's frame. Raises SceneRefused: nothing is known there."""
    point = mesh.frame.place(place.lon, place.lat, place.height)
    if not len(mesh.near(point, 0.0)):
        raise refused("此处不在通视数据范围内", "this place is outside of the sight data")
    return point


def _buried(rays: Rays, found: Viewshed) -> float:
    """Metres of the mesh above the eye; 0: nothing is there."""
    top = float(rays.heights(found.eye[0], found.eye[1]))
    return max(0.0, top - float(found.eye[2])) if np.isfinite(top) else 0.0


def _spot(mesh: FineMesh, point: Points) -> Spot:
    lon, lat, height = mesh.frame.geographic(point).tolist()
    return Spot(lon, lat, height=height)


def _place(geographic: Points) -> ScenePlace:
    lon, lat, height = geographic.tolist()
    return ScenePlace(lon=lon, lat=lat, height=height)


def _polygons(areas: shapely.MultiPolygon) -> list[Polygon]:
    return [
        [[(x, y) for x, y in ring.coords] for ring in (area.exterior, *area.interiors)]
        for area in areas.geoms
    ]
