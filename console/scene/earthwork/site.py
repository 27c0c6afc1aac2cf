"""What stands along a line or within an area, at one fine level: triangles, and the terrain beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.earthwork.question import Surroundings
from console.scene.frame import Frame
from console.scene.ground.buildings import raise_city
from console.scene.ground.footprints import read_footprints
from console.scene.ground.heights import Flat, Heights
from console.scene.ground.opening import open_heights
from console.scene.opening import open_source
from console.scene.refusal import SceneRefused, refused
from console.scene.sight.build import cover_of
from console.scene.sight.gather import DETAIL, Progress, gather_tileset
from console.scene.sight.ground import add_city
from console.scene.sight.mesh import MeshBuilder, Room, TooFine
from console.scene.sight.rays import Rays
from console.scene.sight.soup import Soup
from console.scene.transforms import Matrix

Values = NDArray[np.float64]

ROOM = Room(triangles=20_000_000, size=800 << 20)
COARSER = 4
"""How often the detail is halved until there is room: from half a metre to eight."""
BESIDE = 2.0
"""Metres around a line or an area within which tiles are read."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Where a model or a building stands, it is the surface; elsewhere the terrain is."""

    frame: Frame
    soups: Sequence[Soup]
    rays: Rays
    ground: Heights | None
    detail: float = DETAIL
    """Metres of geometric error of the models' tiles."""
    unread: int = 0
    """Files of models that could not be read: coarser ones stand in, or nothing."""

    def heights(self, lon: Values, lat: Values, step: float) -> tuple[Values, Values]:
        """Metres above the ellipsoid of topmost surface and terrain at WGS84 degrees; NaN: none."""
        top = self.rays.heights(lon, lat)
        if self.ground is None:
            return top, np.full(len(lon), np.nan)
        ground = self.ground.at(lon, lat, step / 111_320.0)
        return np.where(np.isfinite(top), top, ground), ground


def gather_site(around: Surroundings, frame: Frame, within: shapely.Geometry, progress: Progress) -> Site:
    """Of what touches *within*, in metres of *frame*. Raises SceneRefused: too much, unreadable terrain."""
    for halvings in range(COARSER + 1):
        try:
            return _gathered(around, frame, within, DETAIL * 2**halvings, progress)
        except TooFine:
            continue
    raise refused("范围内的模型过于精细,请缩小范围", "there is too much in this area: take a smaller one")


def _gathered(
    around: Surroundings, frame: Frame, within: shapely.Geometry, detail: float, progress: Progress
) -> Site:
    builder = MeshBuilder(frame, ROOM)
    reach = shapely.buffer(within, BESIDE)
    shapely.prepare(reach)
    unread = 0
    for number, model in enumerate(around.models):

        def share(done: float, text: str, number: int = number) -> None:
            progress((number + done) / len(around.models), text)

        placed = None if model.placed is None else np.array(model.placed)
        touches = _touches(frame, reach, placed)
        try:
            opened = open_source(model.source, model.headers)
        except SceneRefused:
            unread += 1
            continue
        found = gather_tileset(opened, builder, detail, share, lambda: False, placed, touches)
        unread += len(found.unread)
    ground = open_heights(Path(around.terrain), around.sea_level) if around.terrain else None
    built = _add_buildings(around, builder, ground or Flat(around.sea_level), reach)
    if ground is None and built and not around.models:
        ground = Flat(around.sea_level)  # as it is drawn
    soups = list(builder.soups())
    return Site(frame, soups, Rays(frame, soups), ground, detail, unread)


def _add_buildings(
    around: Surroundings, builder: MeshBuilder, ground: Heights, reach: shapely.Geometry
) -> bool:
    """Whether there are any, where no model stands."""
    west, south, east, north = shapely.bounds(reach).tolist()
    corners = np.array([[west, south, 0.0], [east, south, 0.0], [east, north, 0.0], [west, north, 0.0]])
    degrees = builder.frame.geographic(corners)[:, :2]
    box: Any = (*degrees.min(axis=0).tolist(), *degrees.max(axis=0).tolist())
    cover = cover_of(builder) if builder.triangles else None
    found = read_footprints(around.buildings, box)
    if len(found):
        add_city(builder, raise_city(found, ground, cover))
    return len(found) > 0


def _touches(frame: Frame, reach: shapely.Geometry, placed: Matrix | None) -> Callable[[Any], bool]:
    """Whether a row of TILE may hold something that stands over *reach*."""
    whole = frame.from_ecef if placed is None else frame.from_ecef @ placed

    def touches(row: Any) -> bool:
        middle = whole[:3, :3] @ row["center"] + whole[:3, 3]
        half = np.abs(row["axes"] @ whole[:3, :3].T).sum(axis=0)
        if not (np.isfinite(middle).all() and np.isfinite(half).all()):
            return True
        (west, south), (east, north) = middle[:2] - half[:2], middle[:2] + half[:2]
        return bool(shapely.intersects(reach, shapely.box(west, south, east, north)))

    return touches
