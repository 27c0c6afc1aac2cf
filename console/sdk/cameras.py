"""What the service ``cameras`` offers: live pictures by camera, with their tickets; who sees a place.

The backend decides whether one may look, records it, and may want a reason. Whoever shows cameras asks this
service and never for tickets itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any, Literal, Protocol

from console.model.camera_pose import Pose
from console.model.records import LonLat
from console.sdk.media import Look, Tile

__all__ = ["CameraView", "Cameras", "Pose"]


class CameraView(Protocol):
    """A tile that shows a camera. It asks for a ticket, lets it be renewed, gives it back when nobody looks;
    it says why there is no picture, and asks for a reason where the camera's owner wants one."""

    @property
    def tile(self) -> Tile: ...

    @property
    def widget(self) -> Any:
        """The QWidget to put into a layout: the tile with what is asked over it."""
        ...

    @property
    def camera(self) -> str | None:
        """Id of the camera that is shown."""
        ...

    @property
    def look(self) -> Look:
        """How the picture is turned: what is drawn over it goes by ``to_view``, what is clicked by
        ``to_camera``."""
        ...

    def show(self, camera: str | None, reason: str = "") -> None:
        """Another camera, or none. *reason*: why one looks, for the record."""
        ...

    def remove(self) -> None:
        """Give the ticket back and delete the widget."""
        ...


class Cameras(Protocol):
    """The service ``cameras``. All methods are for the GUI thread."""

    def view(self) -> CameraView:
        """A new tile with nothing in it; whoever asked for it removes it."""
        ...

    def open(self, cameras: Sequence[str], reason: str = "") -> None:
        """Show their live pictures in the panel for that, beside those that are there."""
        ...

    async def choose(self, how: Literal["box", "lasso", "line"]) -> Sequence[str] | None:
        """Let the user draw on the map; ids of the cameras there that the map shows, None when they give up.
        Along a line in the order in which one comes by, else from the middle outwards."""
        ...

    def seeing(self, where: LonLat, count: int) -> Awaitable[Sequence[Any]]:
        """The best *count* cameras that see WGS84 degrees: rows with ``camera``, ``name`` and ``reason``."""
        ...

    async def turn(self, camera: str, pan: float, tilt: float, zoom: float | None = None) -> None:
        """Turn a steerable one, see ``Pose``. Raises OneMapError with why not, and who holds it."""
        ...

    async def pose(self, camera: str) -> Pose | None:
        """Where it looks; None: it does not say. Raises OneMapError."""
        ...

    def show(self, where: LonLat) -> None:
        """List them all."""
        ...

    def jump(self, camera: str) -> None:
        """Select one and bring it into the map's middle."""
        ...
