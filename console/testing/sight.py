"""Sight that answers what the test has laid down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from console.sdk.errors import OneMapError
from console.sdk.scene_place import ScenePlace
from console.sdk.sight import (
    Bounds,
    Polygon,
    SceneCoverage,
    SceneLine,
    SceneSighting,
    SceneSkyline,
    SceneViewshed,
)


class MemorySight:
    """Implements ``SceneSight``. Every folder can be opened, until ``fault`` is set."""

    def __init__(self) -> None:
        self.folder = ""
        self.fault = ""
        """In the user's words: every question is refused with it."""
        self.found_line = SceneLine(visible=True, blocked_at=None, distance=100.0, free=100.0)
        self.found_viewshed = SceneViewshed(seen=(), hidden=(), share=0.0)
        self.found_skyline = SceneSkyline(
            eye=ScenePlace(lon=0.0, lat=0.0, height=0.0), azimuths=(), elevations=(), metres=(), places=()
        )
        self.found_coverage = SceneCoverage(none=(), one=(), several=(), shares=(0.0, 0.0, 0.0), cameras=0)
        self.sightings: Sequence[SceneSighting] = ()
        self.blind: dict[str, str] = {}
        self.areas: dict[str, Sequence[Polygon]] = {}
        """By camera."""
        self.asked: list[tuple[object, ...]] = []
        """What was asked of which places, in order."""

    async def open(self, folder: str) -> None:
        self._ask("open", folder)
        self.folder = folder

    async def line(self, a: ScenePlace, b: ScenePlace) -> SceneLine:
        self._ask("line", a, b)
        return self.found_line

    async def viewshed(self, place: ScenePlace, eye_height: float, reach: float) -> SceneViewshed:
        self._ask("viewshed", place, eye_height, reach)
        return self.found_viewshed

    async def skyline(self, place: ScenePlace, eye_height: float, reach: float) -> SceneSkyline:
        self._ask("skyline", place, eye_height, reach)
        return self.found_skyline

    async def cameras_seeing(self, lon: float, lat: float) -> Sequence[SceneSighting]:
        self._ask("cameras", lon, lat)
        return self.sightings

    async def cameras_blind(self, lon: float, lat: float) -> Mapping[str, str]:
        self._ask("blind", lon, lat)
        return self.blind

    async def seen_area(self, camera_id: str) -> Sequence[Polygon]:
        self._ask("area", camera_id)
        return self.areas[camera_id]

    async def coverage(self, bounds: Bounds, cameras: Collection[str]) -> SceneCoverage:
        self._ask("coverage", bounds, cameras)
        return self.found_coverage

    def _ask(self, *what: object) -> None:
        self.asked.append(what)
        if self.fault:
            raise OneMapError(self.fault)
