"""A picture for as long as the pointer rests: its ticket is given back, whenever it comes."""

from __future__ import annotations

from typing import Any

from console.sdk.errors import OneMapError
from console.sdk.media import Tile
from console.sdk.records import Camera
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.live.tickets import Held, Tickets
from plugins.cameras.desktop.map.card import PICTURE


class Glance:
    """One camera's tile without steering or questions."""

    def __init__(self, desk: Desk, tickets: Tickets, camera: Camera) -> None:
        self._desk, self._tickets, self._camera = desk, tickets, camera
        self._tile: Tile = desk.ctx.media.tile()
        self._held: Held | None = None
        self._over = False
        self._say(desk.ctx.tr("Asking for the picture …"))
        desk.ctx.tasks.start(self._ask())

    @property
    def widget(self) -> Any:
        """The QWidget of the picture."""
        return self._tile.widget

    def end(self) -> None:
        """Look no longer; the widget goes."""
        if self._over:
            return
        self._over = True
        self._tile.show(None)
        self._tile.remove()
        self._give_back()

    async def _ask(self) -> None:
        height = round(PICTURE[1] * self._tile.widget.devicePixelRatioF())
        try:
            held = await self._tickets.take(self._camera.id, self._camera.name, height, "", self._lost)
        except OneMapError as error:
            self._refused(error)
            return
        self._held = held
        if self._over:  # the pointer has gone meanwhile: nobody looks
            self._give_back()
        else:
            self._tile.show(held.source)

    def _refused(self, error: OneMapError) -> None:
        if self._over:
            return
        tr = self._desk.ctx.tr
        if getattr(error, "code", "") == "reason_needed":
            self._say(
                tr("The owner of this camera wants to know why one looks"), tr("Double-click to say why")
            )
        else:
            self._say(str(error))

    def _lost(self, _why: str) -> None:
        """The ticket is over for another reason."""
        self._held = None
        if not self._over:
            self._tile.show(None)
            self._say(self._desk.ctx.tr("The picture was ended"))

    def _say(self, text: str, hint: str = "") -> None:
        self._tile.say(self._camera.name, text, hint)

    def _give_back(self) -> None:
        if self._held is not None:
            self._tickets.give_back(self._held)
            self._held = None
