"""What the pointer rests on: a card with the camera's state and picture."""

from __future__ import annotations

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip

from console.sdk import Undo
from console.sdk.records import Camera
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.gone.desk import GoneDesk
from plugins.cameras.desktop.layer import CameraLayer
from plugins.cameras.desktop.live.wall import LiveDesk
from plugins.cameras.desktop.map.card import CameraCard
from plugins.cameras.desktop.map.glance import Glance

REST = 0.4
"""Seconds that the pointer rests before a card is shown: who sweeps over the map opens nothing."""


class Hover:
    """At most one card."""

    def __init__(self, desk: Desk, layer: CameraLayer, live: LiveDesk, gone: GoneDesk) -> None:
        self._desk, self._layer, self._live, self._gone = desk, layer, live, gone
        self._over: str | None = None
        self._rest: Undo = lambda: None
        self.card: CameraCard | None = None
        self._glance: Glance | None = None
        layer.carded = lambda camera: self.card is not None and self._over == camera
        ctx = desk.ctx
        ctx.map.on_pointer(self._on_pointer)
        ctx.map.on_pointer_left(self.close)
        ctx.map.on_view_changed(self.close)
        ctx.undo(self.close)

    def _on_pointer(self, lon: float, lat: float) -> None:
        camera = self._layer.camera_at(lon, lat)
        if self.card is not None and camera == self._over:
            return
        self.close()
        self._over = camera
        if camera is not None:
            self._rest = self._desk.ctx.tasks.later(REST, self._open)

    def close(self) -> None:
        """The pointer is elsewhere: nobody looks."""
        self._rest()
        self._over = None
        if self._glance is not None:
            self._glance.end()
            self._glance = None
        if self.card is not None:
            self.card.hide()
            self.card.deleteLater()
            self.card = None

    def _open(self) -> None:
        camera = self._desk.record(self._over)
        if camera is None:
            return
        ctx, self.card = self._desk.ctx, CameraCard(self._desk, camera)
        if camera.live and ctx.settings.get("hover_picture"):
            self._glance = Glance(self._desk, self._live.tickets(), camera)
            self.card.put(self._glance.widget)
        QToolTip.hideText()
        self.card.show_at(QCursor.pos())
        if not camera.online:
            ctx.tasks.start(self._tell_since(camera, self.card))

    async def _tell_since(self, camera: Camera, card: CameraCard) -> None:
        """Of one that is gone, and why; the backend knows of no other."""
        gone = await self._gone.about(camera.id)
        if self.card is card and gone is not None:
            card.say_gone(gone)
