"""A survey that finds what the test has laid down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from console.sdk.errors import OneMapError
from console.sdk.scene_place import ScenePlace
from console.sdk.scene_survey import OnProgress, SceneProfile, SceneSection, SceneVolume


class MemorySurvey:
    """Implements ``SceneSurvey``."""

    def __init__(self) -> None:
        self.fault = ""
        """In the user's words: every question is refused with it."""
        self.found_profile = SceneProfile(
            along=np.array([0.0, 50.0, 100.0]),
            lon=np.array([117.2, 117.2005, 117.201]),
            lat=np.full(3, 34.26),
            surface=np.array([40.0, 62.0, 41.0]),
            ground=np.array([40.0, 40.5, 41.0]),
            length=100.0,
            detail=0.5,
            unread=0,
        )
        self.found_pieces = np.array([[[45.0, 40.5], [45.0, 62.0]], [[45.0, 62.0], [55.0, 62.0]]])
        """(n, 2, 2): metres along the line and heights."""
        self.found_volume = SceneVolume(
            cut=12_345.6,
            fill=78.9,
            cut_error=4.5,
            fill_error=0.6,
            area=1_000.0,
            covered=1_000.0,
            lowest=40.0,
            mean=52.3,
            highest=62.0,
            base=(40.0, 41.0),
            step=0.2,
            detail=0.5,
            unread=0,
        )
        """Of the plane along the edge; with a base it has that one."""
        self.asked: list[tuple[object, ...]] = []
        """What was asked of which places, in order."""

    async def profile(
        self, line: Sequence[ScenePlace], *, on_progress: OnProgress | None = None
    ) -> SceneProfile:
        self._ask("profile", list(line))
        return self.found_profile

    async def section(
        self, line: Sequence[ScenePlace], *, on_progress: OnProgress | None = None
    ) -> SceneSection:
        self._ask("section", list(line))
        pieces = self.found_pieces
        return SceneSection(along=pieces[..., 0], height=pieces[..., 1], profile=self.found_profile)

    async def volume(
        self,
        area: Sequence[ScenePlace],
        *,
        base: float | None = None,
        on_progress: OnProgress | None = None,
    ) -> SceneVolume:
        self._ask("volume", list(area), base)
        return self.found_volume if base is None else replace(self.found_volume, base=(base, base))

    def _ask(self, *what: object) -> None:
        self.asked.append(what)
        if self.fault:
            raise OneMapError(self.fault)
