"""The place that was asked about, and the cameras that see it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.sdk import Context, MissingService, Shape, ShapeStyle, Undo
from console.sdk.errors import OneMapError
from console.sdk.records import LonLat
from console.sdk.sight import SceneSight
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.sight import Answer, Near, cameras_near

PANEL = "onemap.cameras.near"
MARKER = ShapeStyle(stroke="map.selection", width=2.5, casing="map.symbol_outline")
RAY = ShapeStyle(stroke="map.selection", width=1.5, dash=(6, 4))
AREA_FILL = "40"


class NearPlace(QObject):
    """Keeps the place. Answers at once by direction and range, then by walls if a 3D model is known."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.where: LonLat | None = None
        self.fault = ""
        """Why walls are not known, in the user's words; empty: they are, or nobody offers to look."""
        self._answer: Answer | None = None
        self.found: list[Near] = []
        """Those that see the place, the best first; then near ones that do not."""
        self._work: Undo = lambda: None
        ctx = desk.ctx
        self._layer = ctx.map.add_shapes(PANEL, listed=False)
        ctx.commands.bind("onemap.cameras.near_here", self.here)
        ctx.commands.bind("onemap.cameras.near_pick", self.pick)
        ctx.commands.bind("onemap.cameras.near_event", self.event)
        desk.changed.connect(self._again)
        ctx.undo(lambda: self._work())

    async def pick(self) -> None:
        """Let the user click the place."""
        where = await self._desk.ctx.map.pick_point(self._desk.ctx.tr("Click the place to be seen"))
        if where is not None:
            self.ask(where)

    def here(self) -> None:
        """Take the place of the context menu."""
        where = self._desk.ctx.map.last_context_point()
        if where is not None:
            self.ask(where)

    def event(self) -> None:
        """Take the place of the selected event."""
        where = event_place(self._desk.ctx)
        if where is None:
            text = self._desk.ctx.tr("Select an event first")
            self._desk.ctx.notify(text, key="onemap.cameras.event_first")
        else:
            self.ask(where)

    def ask(self, where: LonLat) -> None:
        """Which cameras see *where*."""
        self._work()
        self.where, self._answer, self.fault = where, None, ""
        self._layer.clear()
        self._layer.put("near", Shape(kind="circle", points=(where,), radius=8, style=MARKER))
        self._desk.ctx.panels.show(PANEL)
        self._again()
        self._work = self._desk.ctx.tasks.start(self._look(where))

    def show(self, camera_id: str | None) -> None:
        """Select the camera; its line to the place, and what it truly sees if that is known."""
        for key in ("ray", "area"):
            self._layer.drop(key)
        camera = self._desk.record(camera_id)
        if camera is None or self.where is None:
            return
        self._desk.select(camera.id)
        self._layer.put("ray", Shape(kind="line", points=(camera.where, self.where), style=RAY))
        if any(near.camera.id == camera.id and near.walls for near in self.found):
            self._work()
            self._work = self._desk.ctx.tasks.start(self._show_area(camera.id))

    def clear(self) -> None:
        """Forget the place."""
        self._work()
        self.where, self._answer, self.fault = None, None, ""
        self._layer.clear()
        self._again()

    @property
    def walls(self) -> bool:
        """Whether what stands between has been looked at."""
        return self._answer is not None and bool(self._answer.seeing or self._answer.blind)

    def _again(self) -> None:
        """5 ms of 38,000 cameras: once a change."""
        ctx, self.found = self._desk.ctx, []
        if self.where is not None:
            count = int(ctx.settings.get("near_count"))
            self.found = cameras_near(self._desk.catalogue, self.where, count, self._answer)
        self.changed.emit()

    async def _look(self, where: LonLat) -> None:
        try:
            self._answer = await asked(self._desk.ctx, where)
        except OneMapError as error:
            self.fault = str(error)
        self._again()

    async def _show_area(self, camera_id: str) -> None:
        sight = sight_service(self._desk.ctx)
        if sight is None:
            return
        try:
            areas = await sight.seen_area(camera_id)
        except OneMapError:
            return  # the list has been asked of files that are gone: the sector is still there
        style = ShapeStyle(stroke="", fill=self._desk.ctx.color("success") + AREA_FILL)
        shapes = [Shape(kind="polygon", points=shell, holes=holes, style=style) for shell, *holes in areas]
        self._layer.put("area", *shapes)


async def asked(ctx: Context, where: LonLat) -> Answer | None:
    """What the 3D model says; None without one. Raises OneMapError."""
    sight = sight_service(ctx)
    if sight is None:
        return None
    seeing = {each.camera: each for each in await sight.cameras_seeing(*where)}
    return Answer(seeing, await sight.cameras_blind(*where))


def sight_service(ctx: Context) -> SceneSight | None:
    """The service ``sight`` with a folder that is open; None without."""
    try:
        sight: SceneSight = ctx.services.get("sight")
    except MissingService:
        return None
    return sight if sight.folder else None


def event_place(ctx: Context) -> LonLat | None:
    """Of the selected event, as the service ``events`` knows it."""
    current = ctx.selection.current
    if current is None or current[0] != "event":
        return None
    try:
        event = ctx.services.get("events").event(current[1])
    except MissingService:
        return None
    return event.where if event is not None else None
