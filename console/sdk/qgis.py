"""What a plugin may do with QGIS: projects drawn on the map, and geoprocessing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from console.sdk.map import Identified, Undo


class QgisState(StrEnum):
    """How QGIS, which runs beside the console, is doing."""

    OFF = "off"
    """Not asked for yet."""
    ABSENT = "absent"
    """Not installed on this machine."""
    STARTING = "starting"
    READY = "ready"
    BROKEN = "broken"
    """It ended or did not answer; it is started again by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QgisNode:
    """A group or a layer of a project's tree."""

    id: str
    """Of groups, too; the same while the project is open."""
    title: str
    checked: bool
    children: Sequence[QgisNode] = ()
    kind: str = "group"
    """``group``, ``vector``, ``raster`` or ``other``."""
    crs: str = ""
    """As ``EPSG:4326``; empty for groups and where there is none."""
    unit: str = ""
    """Of its coordinates: ``degrees``, ``meters`` or another that QGIS knows."""
    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north in degrees."""
    broken: bool = False
    """Its source cannot be read."""
    from_scale: float = 0.0
    """Denominators of the smallest and the largest scale at which it is drawn; 0 for no limit."""
    to_scale: float = 0.0
    fields: Sequence[str] = ()
    """Names of a vector layer's columns."""
    bands: int = 0
    """Of a raster layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QgisParameter:
    """What an algorithm wants to know."""

    name: str
    title: str
    kind: str
    """QGIS's name of the type: ``number``, ``distance``, ``enum``, ``source``, ``crs``, …"""
    optional: bool = False
    advanced: bool = False
    destination: bool = False
    """Where a result goes; left out, it becomes a file in the folder of the run."""
    default: Any = None
    options: Sequence[str] = ()
    """Of an ``enum``, whose value is the place in this list."""
    several: bool = False
    """A list of values may be given."""
    layer: str = ""
    """The parameter whose layer a ``field`` or ``band`` is of."""
    whole: bool = False
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QgisAlgorithm:
    """One tool of QGIS's toolbox."""

    id: str
    title: str
    group: str
    provider: str
    help: str = ""
    parameters: Sequence[QgisParameter] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QgisResult:
    """What an algorithm has made. Its layers are in the project's tree already."""

    files: Sequence[str] = ()
    layers: Sequence[str] = ()
    """Ids of the layers made of the files."""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """All other results, by title."""
    log: str = ""


@runtime_checkable
class Qgis(Protocol):
    """``ctx.qgis``; permission ``qgis``. All methods are for the GUI thread; none waits.

    What fails raises QgisError, its text in the user's words.
    """

    @property
    def state(self) -> QgisState: ...
    @property
    def state_text(self) -> str:
        """The state in the user's words, and what to do."""
        ...

    @property
    def project(self) -> str:
        """Path of the open project; empty for none."""
        ...

    @property
    def tree(self) -> Sequence[QgisNode]:
        """The layers of the project and those added to it, topmost first."""
        ...

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when the state, the tree or what is shown of it has changed."""
        ...

    def start(self) -> None:
        """Start QGIS, if it does not run: to know whether it is there."""
        ...

    def restart(self) -> None:
        """End QGIS and start it anew, with the project as it was."""
        ...

    def open(self, path: str) -> Awaitable[None]:
        """Open a project (``.qgz``, ``.qgs``) in place of the one before and draw it on the map."""
        ...

    def add(self, path: str, title: str = "") -> Awaitable[Sequence[str]]:
        """Put the layers of a file on top of the tree; gives their ids."""
        ...

    def close(self) -> Awaitable[None]:
        """Close the project and take all its layers off the map."""
        ...

    def set_checked(self, node_id: str, checked: bool) -> None:
        """Show or hide a layer or a group; the project's file stays as it is."""
        ...

    def identify(self, lon: float, lat: float) -> Awaitable[list[Identified]]:
        """What the shown layers have at a place, topmost first."""
        ...

    def algorithms(self) -> Awaitable[Sequence[QgisAlgorithm]]: ...

    def run(
        self,
        algorithm: str,
        values: Mapping[str, Any],
        on_progress: Callable[[float], None] | None = None,
        title: str = "",
    ) -> Awaitable[QgisResult]:
        """Run one algorithm; cancel the task that awaits to break it off.

        Values are as QGIS takes them: numbers, texts, lists; a layer by its id in the tree or its
        path, an extent as ``west,east,south,north [EPSG:4326]``. *on_progress* gets 0..1. Layers of the
        result are called *title*, else as QGIS calls them.
        """
        ...
