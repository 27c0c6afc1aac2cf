"""Profiles, sections and volumes of what stands in the scene: ``ctx.scene.survey``.

They are worked out on the fine level of the visible models, on visible buildings and the terrain, never on
what happens to be drawn. Metres; heights are above the ellipsoid; a column of numbers is a numpy array.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from console.sdk.map import Array
from console.sdk.scene_place import ScenePlace

OnProgress = Callable[[float], object]
"""Gets the share done, 0..1, on the GUI thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneProfile:
    """What is met along a line, from above."""

    along: Array
    """(n,) metres from the line's beginning, level."""
    lon: Array
    lat: Array
    """(n,) WGS84 degrees."""
    surface: Array
    """(n,) heights of the topmost surface; NaN: nothing is there."""
    ground: Array
    """(n,) heights of the terrain; NaN: none is known."""
    length: float
    detail: float
    """Geometric error of the models' tiles."""
    unread: int
    """Files of models that could not be read: something may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneSection:
    """What an upright cut along a line shows."""

    along: Array
    height: Array
    """(n, 2): the ends of pieces of façades, roofs, overhangs and whatever else the cut goes through."""
    profile: SceneProfile
    """Of the same line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneVolume:
    """Between a surface and a base, cubic metres."""

    cut: float
    """Of what stands above the base."""
    fill: float
    """Of what is missing below it."""
    cut_error: float
    fill_error: float
    """How far a grid twice as coarse is off; how right the model is, it does not say."""
    area: float
    """Square metres, seen from above."""
    covered: float
    """Of the area, where there is a surface; of the rest nothing is known."""
    lowest: float
    mean: float
    highest: float
    """Heights of the surface."""
    base: tuple[float, float]
    """Lowest and highest height of the base within the area."""
    step: float
    """Side of the grid's cells."""
    detail: float
    unread: int
    """As in ``SceneProfile``."""


class SceneSurvey(Protocol):
    """All methods are for the GUI thread; the work is done in a process of its own, which ends when who waits
    is cancelled. What is too large, or what is not there, is raised as OneMapError, in the user's words."""

    def profile(
        self, line: Sequence[ScenePlace], *, on_progress: OnProgress | None = None
    ) -> Awaitable[SceneProfile]:
        """Along a line of up to 5 km."""
        ...

    def section(
        self, line: Sequence[ScenePlace], *, on_progress: OnProgress | None = None
    ) -> Awaitable[SceneSection]:
        """Along a line of up to 2 km."""
        ...

    def volume(
        self,
        area: Sequence[ScenePlace],
        *,
        base: float | None = None,
        on_progress: OnProgress | None = None,
    ) -> Awaitable[SceneVolume]:
        """Over an area of up to 1 km², as if nothing were cut away or pressed flat.

        *base*: a height; None: the plane that fits the surface along the edge best. The area that was asked
        about last is not looked at again for another base.
        """
        ...
