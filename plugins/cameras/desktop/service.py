"""What the plugin offers to others."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from console.sdk.cameras import Pose
from console.sdk.errors import OneMapError
from console.sdk.records import LonLat
from console.sdk.sight_words import short_reasons
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.live.view import LiveView
from plugins.cameras.desktop.live.wall import LiveDesk
from plugins.cameras.desktop.near import NearPlace, asked
from plugins.cameras.desktop.selecting.selector import How, Selector
from plugins.cameras.desktop.sight import Near, cameras_near
from plugins.cameras.desktop.words import state_text
from plugins.cameras.model import SeenBy


class CameraService:
    """Implements ``console.sdk.cameras.Cameras``."""

    def __init__(self, desk: Desk, place: NearPlace, live: LiveDesk, selector: Selector) -> None:
        self._desk, self._place, self._live, self._selector = desk, place, live, selector

    def view(self) -> LiveView:
        return self._live.view()

    def open(self, cameras: Sequence[str], reason: str = "") -> None:
        self._live.open(cameras, reason)

    async def choose(self, how: How) -> list[str] | None:
        found = await self._selector.choose(how)
        return None if found is None else [camera.id for camera in found]

    async def seeing(self, where: LonLat, count: int) -> list[SeenBy]:
        """The best *count* cameras that see WGS84 degrees, of those that the user may see."""
        try:
            answer = await asked(self._desk.ctx, where)
        except OneMapError:
            answer = None  # the list says why; a card has room for cameras alone
        found = cameras_near(self._desk.catalogue, where, count, answer)
        return [self._told(near) for near in found if near.sighting is not None]

    async def turn(self, camera: str, pan: float, tilt: float, zoom: float | None = None) -> None:
        """See ``Cameras``. Who steers it by hand is not disturbed."""
        around = (pan + 180.0) % 360.0 - 180.0
        target = {"pan": around, "tilt": min(max(tilt, -90.0), 90.0), "zoom": zoom}
        await self._desk.ctx.backend.post(f"/cameras/{quote(camera, safe='')}/turn", target)

    async def pose(self, camera: str) -> Pose | None:
        """See ``Cameras``."""
        told = await self._desk.ctx.backend.get(f"/cameras/{quote(camera, safe='')}/pose")
        return None if told is None else Pose(told["pan"], told["tilt"], told["zoom"])

    def show(self, where: LonLat) -> None:
        """List them all."""
        self._place.ask(where)

    def jump(self, camera_id: str) -> None:
        """Select one and bring it into the map's middle."""
        self._desk.jump(camera_id)

    def _told(self, near: Near) -> SeenBy:
        tr, sighting = self._desk.ctx.tr, near.sighting
        parts = (
            []
            if sighting is None
            else [short_reasons(near.metres, sighting.reasons, self._desk.ctx.language)]
        )
        parts += [] if near.walls else [tr("walls not known")]
        parts += [] if near.camera.online else [state_text(near.camera, tr)]
        return SeenBy(camera=near.camera.id, name=near.camera.name, reason=" · ".join(parts))
