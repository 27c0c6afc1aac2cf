"""What a plugin may do with the map in three dimensions: ``ctx.scene``.

Places are WGS84 degrees, longitude first, and metres above the ellipsoid.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable

from console.model.text import Text
from console.sdk.map import Array, Undo
from console.sdk.scene_features import SceneFeatures
from console.sdk.scene_picture import ScenePictures
from console.sdk.scene_place import ScenePlace
from console.sdk.scene_shape import SceneShape
from console.sdk.scene_survey import SceneSurvey
from console.sdk.sight import SceneSight

Rows = Sequence[Sequence[float]]
"""Of a (4, 4): Earth-centred metres (EPSG:4978) to Earth-centred metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePose:
    """Where one looks at, and from where."""

    lon: float
    lat: float
    height: float = 0.0
    """Of the place looked at, metres above the ellipsoid."""
    heading: float = 0.0
    """Degrees clockwise from north."""
    tilt: float = 45.0
    """Degrees: 0 straight down, 90 to the horizon."""
    distance: float = 1000.0
    """Metres from the eye to the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFault:
    """A file of a model that is not shown, or not whole."""

    what: str
    message: Text


class ModelState(StrEnum):
    """How a model is doing."""

    WAITING = "waiting"
    """Nobody has looked yet, or it is being opened."""
    SHOWN = "shown"
    REFUSED = "refused"
    """``faults`` says why."""


class SceneModel(Protocol):
    """An oblique model or another tileset in the scene."""

    layer_id: str
    title: Text

    @property
    def state(self) -> ModelState: ...

    @property
    def visible(self) -> bool: ...

    @property
    def faults(self) -> Sequence[SceneFault]:
        """The first of ``fault_count``."""
        ...

    @property
    def fault_count(self) -> int: ...

    @property
    def center(self) -> ScenePlace | None:
        """Once it is open; None before, and for a model without a place."""
        ...

    @property
    def radius(self) -> float:
        """Metres; 0 while it is not open."""
        ...

    def set_visible(self, visible: bool) -> None: ...

    @property
    def matrix(self) -> Rows | None:
        """Where it was moved to; None: it stands as it says itself."""
        ...

    def place(self, matrix: Rows) -> None:
        """Move it: rows of a (4, 4), its own world to Earth-centred metres (EPSG:4978)."""
        ...

    def remove(self) -> None:
        """Take it out; harmless when it has gone."""
        ...


class SceneWindow(Protocol):
    """The view of the scene, for a panel."""

    widget: Any
    """A QWidget."""

    def remove(self) -> None:
        """End it and its process; harmless when it has ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneView:
    """A view with a name."""

    name: str
    """1 to 100 characters, no line breaks."""
    pose: ScenePose


class SceneFlight(Protocol):
    """A way through poses in time; it does not change."""

    @property
    def name(self) -> str:
        """As that of a view."""
        ...

    @property
    def seconds(self) -> float:
        """Of one round."""
        ...

    @property
    def ends(self) -> bool:
        """False: it begins again without end."""
        ...

    def renamed(self, name: str) -> SceneFlight:
        """The same flight with another name."""
        ...


class SceneTrips(Protocol):
    """All methods are for the GUI thread."""

    @property
    def recording(self) -> bool: ...

    def record(self) -> None:
        """Take down where the view goes from now on."""
        ...

    def recorded(self, name: str) -> SceneFlight | None:
        """End the recording; None: the view did not move. Rests are cut short."""
        ...

    def through(self, name: str, poses: Sequence[ScenePose], *, circle: bool = False) -> SceneFlight:
        """A smooth flight through at least two poses, at a pace that the eye can follow; *circle*: back to
        the first, again and again."""
        ...

    def play(self, flight: SceneFlight) -> None:
        """From its beginning, until the user takes hold of the view. Nothing while no view is open."""
        ...

    def pack(self, views: Sequence[SceneView], flights: Sequence[SceneFlight]) -> bytes:
        """As a JSON file, for disk or for other consoles."""
        ...

    def unpack(self, data: bytes) -> tuple[list[SceneView], list[SceneFlight]]:
        """What ``pack`` made. Raises OneMapError, in the user's words, for anything else."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFit:
    """What brings places nearest to where they should be."""

    matrix: Rows
    residuals: Sequence[tuple[float, float, float]]
    """Metres east, north, up that are left of each pair."""
    rms: float
    """Metres: root of the mean square of the distances left."""


class SceneMarks(Protocol):
    """Lines, areas and notes at their own heights."""

    def put(
        self,
        key: str,
        places: Sequence[ScenePlace],
        *,
        text: str = "",
        closed: bool = False,
        color: str = "#ffd24a",
        stem: float = 0.0,
    ) -> None:
        """Show them, in place of what *key* had. *stem*: metres that the text stands above the last place,
        with a line down to it."""
        ...

    def drop(self, key: str) -> None: ...
    def clear(self) -> None: ...
    def remove(self) -> None: ...


@runtime_checkable
class Scene(Protocol):
    """``ctx.scene``; permission ``scene``. All methods are for the GUI thread."""

    def open_window(self) -> SceneWindow:
        """The one view of the scene; one that was open ends. To bring up the user's, show its panel:
        ``ctx.panels.show("onemap.scene.window")``."""
        ...

    @property
    def is_open(self) -> bool: ...

    def add_model(
        self, layer_id: str, source: str, *, title: Text, headers: Mapping[str, str] | None = None
    ) -> SceneModel:
        """Stream 3D Tiles (folder, ``tileset.json``, ``.3tz``/``.zip``, http address) or OSGB (folder).

        *headers*: sent with each request, never written to disk. Raises ValueError for a layer that is
        in the scene already. What is wrong with the source is the model's state, later.
        """
        ...

    @property
    def models(self) -> Sequence[SceneModel]: ...

    def on_models(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when models came, went, or changed their state, or the terrain did."""
        ...

    def set_terrain(self, path: str, sea_level: float = 0.0) -> None:
        """How high the ground is: a GeoTIFF, or a folder of quantized-mesh tiles with a ``layer.json``.

        *path*: empty for flat ground. *sea_level*: metres of the zero of those heights above the ellipsoid.
        """
        ...

    @property
    def terrain_fault(self) -> Text | None:
        """What is wrong with the terrain, as far as it is known."""
        ...

    @property
    def sun(self) -> float | None:
        """Seconds since 1970 at which the sun stands as it is drawn; None: now, going on with the clock."""
        ...

    def set_sun(self, seconds: float | None) -> None: ...

    @property
    def pose(self) -> ScenePose: ...

    def show(self, pose: ScenePose) -> None:
        """Look from there at once."""
        ...

    def fly_to(self, pose: ScenePose) -> None:
        """Go there, seen to move."""
        ...

    @property
    def linked(self) -> bool:
        """Whether it goes along with the map, and the map with it."""
        ...

    def link(self, linked: bool) -> None: ...

    def on_view_changed(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when the view has moved, a few times a second."""
        ...

    @property
    def trips(self) -> SceneTrips:
        """Views and flights that are kept."""
        ...

    @property
    def pictures(self) -> ScenePictures:
        """Of the view, as large as a wall of paper."""
        ...

    @property
    def sight(self) -> SceneSight:
        """What is seen from where."""
        ...

    @property
    def survey(self) -> SceneSurvey:
        """Profiles, sections and volumes of what stands in it."""
        ...

    @property
    def shape(self) -> SceneShape:
        """What of the models is drawn."""
        ...

    @property
    def features(self) -> SceneFeatures:
        """The parts of the models that have attributes."""
        ...

    def feet(self, lon: Array, lat: Array) -> Array:
        """Metres above the ellipsoid (n,) of the ground at places (n,), as the view has seen it lately; NaN:
        not seen."""
        ...

    def on_click(self, handler: Callable[[float, float, float], None]) -> Undo:
        """*handler* gets longitude, latitude and height of a click that hit no live symbol."""
        ...

    def pick_place(self, prompt: str) -> Awaitable[ScenePlace | None]:
        """Let the user click what is seen; None when they press Escape, or when there is no window."""
        ...

    def draw(
        self,
        kind: Literal["line", "polygon"],
        prompt: str,
        on_change: Callable[[Sequence[ScenePlace]], str] | None = None,
    ) -> Awaitable[list[ScenePlace] | None]:
        """Let the user draw on what is seen: two places at least, or three (double click or Enter ends,
        Backspace takes a place back). None when they press Escape, or when there is no window. *on_change*
        gets the places so far and returns a text to show beside the pointer."""
        ...

    def moved(self, about: ScenePlace, east: float, north: float, up: float, heading: float) -> Rows:
        """By metres, and degrees clockwise seen from above, about a place: for ``SceneModel.place``."""
        ...

    def fit(self, pairs: Sequence[tuple[ScenePlace, ScenePlace]], *, tilt: bool = False) -> SceneFit:
        """The rigid move of the first of each pair to the second: upright from one pair on (with two it
        turns), tilted with three. Raises ValueError for too few, or for three in one line."""
        ...

    def add_marks(self, layer_id: str) -> SceneMarks: ...
