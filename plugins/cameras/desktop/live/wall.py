"""Which cameras' pictures are open; the panel follows, and is made anew without losing them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.live.looks import LookBook
from plugins.cameras.desktop.live.tickets import Tickets
from plugins.cameras.desktop.live.view import LiveView
from plugins.cameras.desktop.steering.holds import Holds

PANEL = "onemap.cameras.live"
MOST = 36
"""Pictures that are open at once."""
IN_VIEW = 16
"""That are opened for what the map shows."""


class LiveDesk(QObject):
    """Ids in the order in which they were opened."""

    changed = Signal()
    told = Signal(str, object)
    """Camera, and what is said beside its live picture: see ``console.sdk.media.Tile.metadata``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._tickets: Tickets | None = None
        self._holds: Holds | None = None
        self._looks: LookBook
        self.open_ids: list[tuple[str, str]] = []
        """Camera and reason."""
        ctx = desk.ctx
        ctx.commands.bind("onemap.cameras.live_show", self.show_selected)
        ctx.commands.bind("onemap.cameras.live_view", self.show_view)

    def view(self) -> LiveView:
        """See ``Cameras``."""
        if self._holds is None:
            self._holds, self._looks = Holds(self._desk.ctx, self._name), LookBook(self._desk.ctx)
        view = LiveView(self._desk, self.tickets(), self._holds, self._looks)
        view.tile.on_metadata(lambda: self.told.emit(view.camera or "", view.tile.metadata))
        return view

    def tickets(self) -> Tickets:
        """Of this console; made when somebody first looks."""
        if self._tickets is None:
            self._tickets = Tickets(self._desk.ctx)
        return self._tickets

    def _name(self, camera: str) -> str:
        record = self._desk.record(camera)
        return record.name if record else camera

    def open(self, cameras: Sequence[str], reason: str = "") -> None:
        """See ``Cameras``. Beyond MOST the oldest make room."""
        ctx, known = self._desk.ctx, {camera for camera, _ in self.open_ids}
        fresh = [(camera, reason) for camera in dict.fromkeys(cameras) if camera not in known]
        if len(fresh) > MOST:
            ctx.notify(ctx.tr("{n} pictures at once: the first {most} are shown", n=len(fresh), most=MOST))
        self.open_ids = (self.open_ids + fresh[:MOST])[-MOST:]
        ctx.panels.show(PANEL)
        self.changed.emit()

    def close(self, camera: str) -> None:
        """One picture less."""
        self.open_ids = [each for each in self.open_ids if each[0] != camera]
        self.changed.emit()

    def clear(self) -> None:
        """None at all."""
        self.open_ids = []
        self.changed.emit()

    def show_selected(self) -> None:
        """The selected camera's picture."""
        camera = self._desk.chosen_live()
        if camera is not None:
            self.open([camera.id])

    def show_view(self) -> None:
        """Those in the map's view that have one, from the middle outwards."""
        ctx = self._desk.ctx
        west, south, east, north = ctx.map.bounds()
        x, y = (west + east) / 2, (south + north) / 2
        found = [
            camera
            for camera in self._desk.catalogue.cameras
            if camera.live and west <= camera.where[0] <= east and south <= camera.where[1] <= north
        ]
        found.sort(key=lambda each: (each.where[0] - x) ** 2 + (each.where[1] - y) ** 2)
        if found:
            self.open([camera.id for camera in found[:IN_VIEW]])
        else:
            ctx.notify(ctx.tr("No camera with a live picture in the map's view"), key="onemap.cameras.none")
