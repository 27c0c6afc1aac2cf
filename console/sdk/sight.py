"""What is seen from where: ``ctx.scene.sight``.

It is worked out on the folder that ``onemap data sight`` makes, never on what happens to be shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from console.model.records import LonLat
from console.model.sighting import ACROSS, HIGH_REACH, STREET_MAST, STREET_REACH, Sighting, rated
from console.sdk.scene_place import ScenePlace

__all__ = [
    "ACROSS",
    "HIGH_REACH",
    "STREET_MAST",
    "STREET_REACH",
    "Bounds",
    "Polygon",
    "SceneCoverage",
    "SceneLine",
    "SceneSight",
    "SceneSighting",
    "SceneSkyline",
    "SceneViewshed",
    "rated",
    "sighting_of",
]

Polygon = Sequence[Sequence[LonLat]]
"""Closed rings, WGS84 degrees: the shell, then its holes."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north, WGS84 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneLine:
    """Whether two places see one another."""

    visible: bool
    blocked_at: ScenePlace | None
    """What is first in the way, seen from the first place; None: nothing is."""
    distance: float
    """Metres between the places."""
    free: float
    """Metres from the first place to what is in the way; the whole distance if nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneViewshed:
    """What an observer sees of the highest surfaces around."""

    seen: Sequence[Polygon]
    hidden: Sequence[Polygon]
    share: float
    """0..1: of what is within reach, how much is seen."""
    buried: float = 0.0
    """Metres of the model above the eye if next to nothing is seen for that: it is inside of something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneSkyline:
    """What hides the sky around a place, in rows from the north clockwise."""

    eye: ScenePlace
    azimuths: Sequence[float]
    """Degrees clockwise from north."""
    elevations: Sequence[float]
    """Degrees above the horizontal up to which the sky is hidden; NaN: nothing stands there."""
    metres: Sequence[float]
    """To what hides it; infinite with nothing."""
    places: Sequence[ScenePlace | None]
    """Of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneCoverage:
    """What no, one and several cameras see of an area of which anything is known."""

    none: Sequence[Polygon]
    one: Sequence[Polygon]
    several: Sequence[Polygon]
    shares: tuple[float, float, float]
    """0..1 of that area, in this order."""
    cameras: int
    """That have it within their range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneSighting:
    """A camera that sees a place."""

    camera: str
    score: float
    """0..1."""
    metres: float
    """From its eye to the place."""
    pixels_per_metre: float
    """At the place."""
    reasons: Mapping[str, float | str]
    """What the score is made of, the weightiest first. ``purpose``: what the picture is good enough for by
    EN 62676-4 (identify, recognise, observe, detect, monitor, faint); ``pixels_per_metre``; ``metres``;
    ``turns`` (1: it is turned to the place) or ``off_axis`` (degrees from the middle of its picture);
    ``clear`` (0..1, below 1: something stands by); ``moved`` (metres its place was moved out of a wall);
    ``assumed`` (fields of its record that nobody knows, with blanks between)."""


def sighting_of(found: Sighting) -> SceneSighting:
    """What ``rated`` gives, for those who ask where walls are not known."""
    return SceneSighting(
        camera=found.camera,
        score=found.score,
        metres=found.metres,
        pixels_per_metre=found.pixels_per_metre,
        reasons=found.reasons,
    )


class SceneSight(Protocol):
    """All methods are for the GUI thread; the work is done on another. What is wrong with the folder or
    with what is asked is raised as OneMapError, in the user's words."""

    @property
    def folder(self) -> str:
        """The one that is open; empty: none, and every question is refused."""
        ...

    def open(self, folder: str) -> Awaitable[None]:
        """Ask this folder from now on; one that cannot be used leaves the one before."""
        ...

    def line(self, a: ScenePlace, b: ScenePlace) -> Awaitable[SceneLine]:
        """Up to 10 km. The last metre at both ends counts as free: places are clicked on surfaces."""
        ...

    def viewshed(self, place: ScenePlace, eye_height: float, reach: float) -> Awaitable[SceneViewshed]:
        """From *eye_height* metres above *place*, *reach* (up to 1,000) metres around. Who stops waiting for
        it ends the work."""
        ...

    def skyline(self, place: ScenePlace, eye_height: float, reach: float) -> Awaitable[SceneSkyline]:
        """From *eye_height* metres above *place*; what stands beyond *reach* (up to 1,000) metres is left
        out. A row each degree."""
        ...

    def cameras_seeing(self, lon: float, lat: float) -> Awaitable[Sequence[SceneSighting]]:
        """The best first."""
        ...

    def cameras_blind(self, lon: float, lat: float) -> Awaitable[Mapping[str, str]]:
        """Cameras within whose range a place lies and that do not see it: ``hidden`` (something stands in
        the way) or ``away`` (not in the picture). Of one that is in neither answer nothing is known."""
        ...

    def seen_area(self, camera_id: str) -> Awaitable[Sequence[Polygon]]:
        """What one camera sees, or can see if it turns."""
        ...

    def coverage(self, bounds: Bounds, cameras: Collection[str]) -> Awaitable[SceneCoverage]:
        """What *cameras* see of *bounds*, up to 4 km to a side; others do not count. Who stops waiting for it
        ends the work."""
        ...
