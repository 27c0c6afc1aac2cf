"""The camera of the linkage, how its picture lies on the map now, and the place that is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import BackendError, Context, OneMapError, Severity, Shape, ShapeStyle, Undo
from console.sdk.cameras import Cameras
from console.sdk.records import Camera, LonLat
from plugins.linkage.desktop.ground import Ground, Spot
from plugins.linkage.desktop.kept import Calibration, body_of, read
from plugins.linkage.desktop.words import place_text
from plugins.linkage.lens.lens import Lens
from plugins.linkage.lens.turning import Head, head_for, turned
from plugins.linkage.model import WRITE

PANEL = "onemap.linkage.linkage"
MARKS = "onemap.linkage.marks"
KEY = "onemap.linkage.told"
WATCH = 1.0
"""Seconds between two looks at where a steerable camera looks."""
SEEING = 12
"""Cameras that are listed for a place."""
EDGE = 9
"""Points along each side of the picture when its outline is drawn on the map."""
FARTHEST = 3_000.0
"""Metres beyond which the outline on the map is cut."""
TARGET = ShapeStyle(stroke="map.selection", width=2.5, casing="map.symbol_outline")
RAY = ShapeStyle(stroke="map.selection", width=1.5, dash=(6, 4))
OUTLINE = ShapeStyle(stroke="map.selection", width=1.5, fill="")


class Desk(QObject):
    """Outlives the panel, which follows its signals."""

    camera_changed = Signal()
    kept_changed = Signal()
    """Another calibration, or none."""
    lens_changed = Signal()
    target_changed = Signal()
    seeing_changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.ground = Ground(ctx)
        self.camera: str | None = None
        self.kept: dict[str, Calibration] = {}
        self.lens: Lens | None = None
        """As the camera looks now; None: not calibrated, or ``lost`` says why."""
        self.lost = ""
        self.target: Spot | None = None
        self.seeing: Sequence[Any] = ()
        """Cameras that see the target, as the service ``cameras`` tells."""
        self.watched = False
        """Whether the panel is seen."""
        self._records = ctx.live.collection("camera")
        self._layer = ctx.map.add_shapes(MARKS)
        self._work: Undo = lambda: None
        self._asking = False
        self.reload()
        ctx.backend.on_connection(lambda connected: self.reload() if connected else None)
        ctx.tasks.every(WATCH, self._watch)
        ctx.undo(lambda: self._work())

    @property
    def cameras(self) -> Cameras:
        """The service. Raises MissingService where the plugin of cameras is off."""
        return self.ctx.services.get("cameras")

    # ---- the camera

    def record(self, camera: str | None = None) -> Camera | None:
        """The record of a camera; without one named, that of the panel."""
        wanted = camera or self.camera
        return self._records.get(wanted) if wanted else None

    def offered(self) -> list[Camera]:
        """Cameras to choose from: high ones and those that are calibrated, by name."""
        found = [each for each in self._records.all() if each.high or each.id in self.kept]
        return sorted(found, key=lambda each: (not each.live, each.name, each.id))

    def choose(self, camera: str | None) -> None:
        """Another camera."""
        if camera == self.camera:
            return
        self.camera = camera
        self.forget_target()
        self._settle(None)
        self.camera_changed.emit()
        self._watch()

    @property
    def calibration(self) -> Calibration | None:
        """Of the camera of the panel."""
        return self.kept.get(self.camera) if self.camera else None

    @property
    def may_calibrate(self) -> bool:
        return self.ctx.backend.allowed(WRITE)

    # ---- calibrations

    def reload(self) -> None:
        """Ask the backend for all calibrations."""
        self.ctx.tasks.start(self._reload())

    async def _reload(self) -> None:
        try:
            told = await self.ctx.backend.get("/linkage")
            self.kept = {each.camera: each for each in map(read, told)}
        except OneMapError as error:
            self.ctx.log.info("no calibrations: %s", error)
            return
        self._settle(None)
        self.kept_changed.emit()

    async def save(self, calibration: Calibration) -> bool:
        """Keep it for everybody; says itself what went wrong."""
        tr = self.ctx.tr
        try:
            told = await self.ctx.backend.put(f"/linkage/{calibration.camera}", body_of(calibration))
        except OneMapError as error:
            self.ctx.notify(tr("Not saved: {reason}", reason=error), Severity.WARNING, key=KEY)
            if isinstance(error, BackendError) and error.status == 409:
                self.reload()
            return False
        self.kept[calibration.camera] = read(told)
        self.ctx.notify(tr("The calibration is saved"), Severity.SUCCESS, key=KEY)
        self._settle(None)
        self.kept_changed.emit()
        self._watch()
        return True

    async def head(self) -> Head | None:
        """Where the camera's head looks; None: it has none, or does not say."""
        record = self.record()
        if record is None or not record.steerable:
            return None
        try:
            pose = await self.cameras.pose(record.id)
        except OneMapError as error:
            self.ctx.log.info("no pose of %s: %s", record.id, error)
            return None
        return None if pose is None else Head(pose.pan, pose.tilt, pose.zoom)

    # ---- where it looks

    def _watch(self) -> None:
        record, kept = self.record(), self.calibration
        if self.watched and not self._asking and kept is not None and record is not None and record.steerable:
            self._asking = True
            self.ctx.tasks.start(self._follow(record.id))

    async def _follow(self, camera: str) -> None:
        try:
            head = await self.head()
        finally:
            self._asking = False
        if camera == self.camera:
            self._settle(head)

    def _settle(self, head: Head | None) -> None:
        """Work out the lens of now."""
        kept, tr, lens, lost = self.calibration, self.ctx.tr, None, ""
        record = self.record()
        if kept is not None:
            lens = kept.lens
            steerable = record is not None and record.steerable
            if kept.pose is not None and steerable and head is None:
                lens, lost = None, tr("Where it looks is not known: nothing is drawn")
            elif kept.pose is not None and head is not None:
                lens = turned(kept.lens, kept.pose, head, kept.zooms)
                beyond = "Zoomed beyond what is calibrated: nothing is drawn. Calibrate at this zoom, too"
                lost = "" if lens else tr(beyond)
            elif steerable:
                lost = tr("It does not say where it looks: right only as it was calibrated")
        if (lens, lost) != (self.lens, self.lost):
            self.lens, self.lost = lens, lost
            self._draw()
            self.lens_changed.emit()

    # ---- the place

    async def point(self, u: float, v: float) -> None:
        """The place behind a point of the picture becomes the target."""
        lens, kept, camera = self.lens, self.calibration, self.camera
        if lens is None or kept is None:
            return
        spot = await self.ground.behind(lens, u, v, kept.ground)
        if camera != self.camera:
            return
        if spot is None:
            self.ctx.notify(self.ctx.tr("That is the sky: no place lies there"), key=KEY)
            return
        self._aim(spot)
        west, south, east, north = self.ctx.map.bounds()
        if not (west <= spot.lon <= east and south <= spot.lat <= north):
            self.ctx.map.center_on(spot.lon, spot.lat)

    async def pick(self) -> None:
        """Let the user click a place of the map to look at."""
        where = await self.ctx.map.pick_point(self.ctx.tr("Click the place that the camera shall look at"))
        if where is not None:
            await self.look(where)

    async def look(self, where: LonLat) -> None:
        """Turn the camera to a place of the map, if it can be turned, and mark it in its picture."""
        kept, record, tr = self.calibration, self.record(), self.ctx.tr
        if kept is None or record is None:
            self.ctx.notify(tr("Calibrate this camera first"), key=KEY)
            return
        spot = await self.ground.at(where, kept.ground)
        self._aim(spot)
        if record.steerable and kept.pose is not None:
            head = head_for(kept.lens, kept.pose, spot.lon, spot.lat, spot.height)
            try:
                await self.cameras.turn(record.id, head.pan, head.tilt, head.zoom)
            except OneMapError as error:
                self.ctx.notify(str(error), Severity.WARNING, key=KEY)
            self._watch()
        elif not self.in_picture(spot):
            self.ctx.notify(tr("That place is not in this camera's picture"), key=KEY)

    def in_picture(self, spot: Spot) -> bool:
        """Whether a place is in the picture of now."""
        from numpy import array

        lens = self.lens
        return lens is not None and bool(
            lens.project(array([spot.lon]), array([spot.lat]), array([spot.height])).inside[0]
        )

    def _aim(self, spot: Spot) -> None:
        self.target, self.seeing = spot, ()
        self._draw()
        self.target_changed.emit()
        self.seeing_changed.emit()
        self._work()
        self._work = self.ctx.tasks.start(self._ask_seeing(spot))

    async def _ask_seeing(self, spot: Spot) -> None:
        found = await self.cameras.seeing(spot.where, SEEING)
        low = [each for each in found if each.camera != self.camera and not self._is_high(each.camera)]
        if spot is self.target:
            self.seeing = low
            self.seeing_changed.emit()

    def _is_high(self, camera: str) -> bool:
        record = self._records.get(camera)
        return record is not None and record.high

    def forget_target(self) -> None:
        """Take the mark away."""
        if self.target is not None:
            self._work()
            self.target, self.seeing = None, ()
            self._draw()
            self.target_changed.emit()
            self.seeing_changed.emit()

    def set_watched(self, watched: bool) -> None:
        """Whether the panel is seen: marks and questions end with it."""
        self.watched = watched
        self._draw()
        self._watch()

    def _draw(self) -> None:
        """The target, the way to it, and what the picture shows, on the map."""
        self._layer.clear()
        lens, kept = self.lens, self.calibration
        if not self.watched or lens is None or kept is None:
            return
        if len(outline := outline_of(lens, kept.ground)) > 2:
            self._layer.put("outline", Shape(kind="polygon", points=outline, style=OUTLINE))
        if (spot := self.target) is not None:
            eye = (lens.lon, lens.lat)
            self._layer.put("ray", Shape(kind="line", points=(eye, spot.where), style=RAY))
            text = place_text(*spot.where)
            mark = Shape(kind="circle", points=(spot.where,), radius=8, style=TARGET)
            self._layer.put("target", mark, Shape(kind="text", points=(spot.where,), text=text))


def outline_of(lens: Lens, level: float) -> list[LonLat]:
    """What the picture shows of a level ground, WGS84 degrees, closed; empty: only sky."""
    steps = [at / (EDGE - 1) for at in range(EDGE)]
    edge = [(share, 1.0) for share in steps] + [(1.0, 1 - share) for share in steps]
    edge += [(1 - share, 0.0) for share in steps] + [(0.0, share) for share in steps]
    found: list[LonLat] = []
    for u, v in edge:
        place = lens.level_place(u, v, level, FARTHEST)
        if place is None and lens.ray(u, v)[2] < 0.5:  # towards the horizon: cut at the farthest
            east, north, _ = lens.ray(u, v).tolist()
            size = (east * east + north * north) ** 0.5 or 1.0
            far = [east / size * FARTHEST, north / size * FARTHEST, 0.0]
            place = tuple(lens.around().places(far).tolist())
        if place is not None:
            found.append((place[0], place[1]))
    return [*found, found[0]] if found else []
