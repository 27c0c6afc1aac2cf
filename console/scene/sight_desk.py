"""Sight for plugins: implements ``console.sdk.sight.SceneSight``. Light before the first folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from console.scene.refusal import SceneRefused, refused
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
from console.sdk.ui.words import said
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from console.scene.sight_work import SightWork

T = TypeVar("T")
Gone = Callable[[], bool]
"""Whether whoever asked has given up."""


class SightDesk:
    """Questions are answered one after another, on a thread of their own."""

    def __init__(self) -> None:
        self.folder = ""
        self._work: SightWork | None = None
        self._pool: ThreadPoolExecutor | None = None

    async def open(self, folder: str) -> None:
        """See ``SceneSight``."""
        self._work = await self._job(lambda _: _opened(Path(folder)))
        self.folder = folder

    async def line(self, a: ScenePlace, b: ScenePlace) -> SceneLine:
        """See ``SceneSight``."""
        return await self._ask(lambda work, _: work.line(a, b))

    async def viewshed(self, place: ScenePlace, eye_height: float, reach: float) -> SceneViewshed:
        """See ``SceneSight``."""
        return await self._ask(lambda work, gone: work.viewshed(place, eye_height, reach, gone))

    async def skyline(self, place: ScenePlace, eye_height: float, reach: float) -> SceneSkyline:
        """See ``SceneSight``."""
        return await self._ask(lambda work, _: work.skyline(place, eye_height, reach))

    async def cameras_seeing(self, lon: float, lat: float) -> Sequence[SceneSighting]:
        """See ``SceneSight``."""
        return await self._ask(lambda work, _: work.cameras_seeing(lon, lat))

    async def cameras_blind(self, lon: float, lat: float) -> Mapping[str, str]:
        """See ``SceneSight``."""
        return await self._ask(lambda work, _: work.cameras_blind(lon, lat))

    async def seen_area(self, camera_id: str) -> Sequence[Polygon]:
        """See ``SceneSight``."""
        return await self._ask(lambda work, _: work.seen_area(camera_id))

    async def coverage(self, bounds: Bounds, cameras: Collection[str]) -> SceneCoverage:
        """See ``SceneSight``."""
        return await self._ask(lambda work, gone: work.coverage(bounds, cameras, gone))

    def close(self) -> None:
        """End the thread; what was asked and not begun is cancelled."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    async def _ask(self, question: Callable[[SightWork, Gone], T]) -> T:
        work = self._work

        def answer(gone: Gone) -> T:
            if work is None:
                raise refused("尚未选择通视数据文件夹", "no folder of sight data is open")
            return question(work, gone)

        return await self._job(answer)

    async def _job(self, job: Callable[[Gone], T]) -> T:
        """*job* is told when nobody waits for it any more."""
        given_up = Event()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "scene-sight")
        try:
            return await Pending(self._pool.submit(job, given_up.is_set))
        except SceneRefused as error:
            raise OneMapError(said(error.message)) from error
        finally:
            given_up.set()


def _opened(folder: Path) -> SightWork:
    from console.scene.sight_work import SightWork

    return SightWork(folder)
