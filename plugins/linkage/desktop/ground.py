"""What lies behind a pixel, and how high a place of the map is.

Asked of the 3D model that sight is worked out on (service ``sight``); where there is none, of the ground that
the 3D view has seen; else the ground is taken to be as high as at the camera's foot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from console.sdk import Context, MissingPermission, MissingService, OneMapError
from console.sdk.records import LonLat
from console.sdk.scene_place import ScenePlace
from console.sdk.sight import SceneSight
from plugins.linkage.lens.lens import Lens

OWN_MAST = 3.0
"""Metres before the eye in which its own mast and roof may stand."""
REACH, DEEPER = 4_000.0, 40.0
"""Metres that are looked for a surface at most; metres below level ground at which looking ends."""
EDGE = 10.0
"""Metres to which the edge of the model's data is felt for."""
STEPS, SAME_LEVEL = 8, 0.2
"""Tries to meet ground of changing height; metres within which it is met."""
ABOVE, BELOW = 1_500.0, 500.0
"""Metres around the camera's foot between which the surface of a place is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place that was pointed at."""

    lon: float
    lat: float
    height: float
    """Metres, of the zero of the calibration's heights."""
    model: bool = False
    """Whether a 3D model knows its height."""

    @property
    def where(self) -> LonLat:
        return (self.lon, self.lat)


class Ground:
    """Answers for one plugin."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def behind(self, lens: Lens, u: float, v: float, level: float) -> Spot | None:
        """What is seen at a place of the picture; None: the sky. *level*: of the ground without a model."""
        sight = self.sight()
        found = None if sight is None else await self._on_model(sight, lens, u, v, level)
        if found is not None:
            return Spot(lon=found.lon, lat=found.lat, height=found.height, model=True)
        return self._on_feet(lens, u, v, level)

    async def _on_model(
        self, sight: SceneSight, lens: Lens, u: float, v: float, level: float
    ) -> ScenePlace | None:
        """The first surface along a ray. A line that ends outside of the data is refused: feel its edge."""
        near = _place(lens.place_along(u, v, OWN_MAST))
        reach = _reach(lens, u, v, level)
        clear, refused = OWN_MAST, 2 * reach - OWN_MAST  # so that all of the reach is tried first
        while refused - clear > EDGE:
            metres = (clear + refused) / 2
            try:
                found = (await sight.line(near, _place(lens.place_along(u, v, metres)))).blocked_at
            except OneMapError as error:
                self._ctx.log.debug("no surface behind the picture: %s", error)
                refused = metres
                continue
            if found is not None or metres >= reach:
                return found
            clear = metres
        return None

    def _on_feet(self, lens: Lens, u: float, v: float, level: float) -> Spot | None:
        """Where the ray meets the ground that the 3D view has seen, level ground where it saw none."""
        spot: Spot | None = None
        for _ in range(STEPS):
            flat = lens.level_place(u, v, level)
            if flat is None:
                break
            there = np.array([flat[0]]), np.array([flat[1]])
            known = float(self.feet(*there, np.nan)[0])
            spot = Spot(lon=flat[0], lat=flat[1], height=flat[2], model=not np.isnan(known))
            if not abs(known - level) > SAME_LEVEL:
                break
            level = known
        return spot

    async def at(self, where: LonLat, level: float) -> Spot:
        """The topmost surface of a place of the map; *level* where nobody knows."""
        lon, lat = where
        if (sight := self.sight()) is not None:
            top, bottom = (ScenePlace(lon=lon, lat=lat, height=level + up) for up in (ABOVE, -BELOW))
            try:
                found = (await sight.line(top, bottom)).blocked_at
            except OneMapError as error:
                self._ctx.log.info("no surface at a place: %s", error)
                found = None
            if found is not None:
                return Spot(lon=lon, lat=lat, height=found.height, model=True)
        known = float(self.feet(np.array([lon]), np.array([lat]), np.nan)[0])
        if np.isnan(known):
            return Spot(lon=lon, lat=lat, height=level)
        return Spot(lon=lon, lat=lat, height=known, model=True)

    def feet(self, lon: np.ndarray, lat: np.ndarray, level: float) -> np.ndarray:
        """(n,) heights of the ground as the 3D view has seen it lately; *level* elsewhere."""
        try:
            found = self._ctx.scene.feet(lon, lat)
        except (MissingPermission, MissingService):
            return np.full(len(lon), level)
        return np.where(np.isnan(found), level, found)

    def sight(self) -> SceneSight | None:
        """The service, while it has a model."""
        try:
            sight: SceneSight = self._ctx.services.get("sight")
        except MissingService:
            return None
        return sight if sight.folder else None


def _reach(lens: Lens, u: float, v: float, level: float) -> float:
    """Metres along a ray that are worth looking: less is read from the disk."""
    below = lens.level_place(u, v, level - DEEPER, REACH)
    return REACH if below is None else float(np.linalg.norm(lens.around().metres(*below)))


def _place(place: tuple[float, float, float]) -> ScenePlace:
    lon, lat, height = place
    return ScenePlace(lon=lon, lat=lat, height=height)
