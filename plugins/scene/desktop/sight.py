"""Questions about sight put to the scene, and their answers in the scene and on the map."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Shape, ShapeStyle, Undo
from console.sdk.errors import OneMapError
from console.sdk.json_file import JsonFile
from console.sdk.scene import ScenePlace
from console.sdk.sight import Polygon, SceneSighting, SceneSkyline
from console.sdk.ui import ask_folder
from plugins.scene.desktop.skyline import open_sky, peak_text, peaks, runs

LAYER = "onemap.scene.seen"
CAMERA = "camera"
"""Type of records."""
SEEN, HIDDEN = "success", "error"
"""Colours of the theme."""
NONE, ONE, SEVERAL = "error", "warning", "success"
DARK = 0.005
"""Of the sky: who sees less is inside of something."""
STEM = 4.0
"""Metres that the words of a highest point stand above it."""
FILL = "66"
"""How opaque areas are."""
FAINT = "33"
"""The same of what no camera sees: most of a district, under which the map must be read."""

T = TypeVar("T")


class SightTools(QObject):
    """One question at a time: a new one gives up the one before."""

    changed = Signal()
    """Folder, answer or fault."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._file = JsonFile(ctx, "sight.json")
        self._marks = ctx.scene.add_marks(LAYER)
        self._layer = ctx.map.add_shapes(LAYER)
        self._work: Undo = lambda: None
        self.busy = False
        """Something is being worked out that can be broken off."""
        self.buried: tuple[ScenePlace, float, float] | None = None
        """The surface above an eye that is inside of something, its height above that, and its reach."""
        self.told = ""
        """The answer, or why there is none, in the user's words."""
        self.skyline_found: SceneSkyline | None = None
        self.sightings: Sequence[SceneSighting] = ()
        self._file.load(self._take)
        ctx.undo(lambda: self._work())

    @property
    def folder(self) -> str:
        """The one that is open; empty: none."""
        return self._ctx.scene.sight.folder

    def choose(self) -> None:
        """Let the user choose a folder."""
        title = self._ctx.tr("Folder of sight data (made by onemap data sight)")
        ask_folder(None, title, lambda path: self._begin(self._open(path, keep=True)))

    def line(self, eye: float) -> None:
        """Whether two places see one another; the first is looked at from *eye* metres above it."""
        self._begin(self._line(eye))

    def viewshed(self, eye: float, reach: float) -> None:
        """What is seen from *eye* metres above a place."""
        self._begin(self._viewshed(eye, reach))

    def skyline(self, eye: float, reach: float) -> None:
        """What hides the sky around a place."""
        self._begin(self._skyline(eye, reach))

    def stand_on_surface(self) -> None:
        """Ask again from above what the eye was inside of."""
        if self.buried is not None:
            self._begin(self._look_around(*self.buried))

    def stop(self) -> None:
        """Break off what is being worked out."""
        self._work()
        self.busy = False
        self._tell(self._ctx.tr("Broken off"))

    def cameras(self) -> None:
        """Which cameras see a place."""
        self._begin(self._cameras())

    def coverage(self) -> None:
        """What no, one and several cameras see of the part of the map that is in view."""
        self._begin(self._coverage())

    def show_camera(self, camera_id: str) -> None:
        """Select it in all views, and show what it sees."""
        self._ctx.selection.select(CAMERA, camera_id)
        self._begin(self._area(camera_id))

    def name_of(self, camera_id: str) -> str:
        """As people call it, or its id."""
        camera = self._ctx.live.collection(CAMERA).get(camera_id)
        return camera.name if camera is not None else camera_id

    def _known(self, camera_id: str) -> bool:
        """Whether the user may see it: the backend sends the cameras of his areas alone."""
        return self._ctx.live.collection(CAMERA).get(camera_id) is not None

    def clear(self) -> None:
        """Take all answers away."""
        self._work()
        self.busy = False
        self._wipe()
        self._tell("")

    # ---- the questions ----

    async def _open(self, folder: str, *, keep: bool) -> None:
        await self._answer(self._ctx.scene.sight.open(folder))
        if self.folder != folder:
            return
        if keep:
            self._file.save([folder])
        self._tell("")

    async def _line(self, eye: float) -> None:
        tr = self._ctx.tr
        start = await self._pick(tr("Click the place to look from"))
        goal = await self._pick(tr("Click the place to look at")) if start is not None else None
        if start is None or goal is None:
            return
        start = ScenePlace(lon=start.lon, lat=start.lat, height=start.height + eye)
        found = await self._answer(self._ctx.scene.sight.line(start, goal))
        if found is None:
            return
        self._wipe()
        length = f"{found.distance:,.1f}"
        if found.blocked_at is None:
            text = tr("Seen: {length} m, nothing in the way", length=length)
            self._marks.put("free", [start, goal], text=text, color=self._ctx.color(SEEN))
        else:
            text = tr(
                "Not seen: {length} m, blocked after {free} m", length=length, free=f"{found.free:,.1f}"
            )
            self._marks.put("free", [start, found.blocked_at], color=self._ctx.color(SEEN))
            self._marks.put("blocked", [found.blocked_at, goal], text=text, color=self._ctx.color(HIDDEN))
        self._tell(text)

    async def _viewshed(self, eye: float, reach: float) -> None:
        place = await self._pick(self._ctx.tr("Click the place to look from"))
        if place is not None:
            await self._look_around(place, eye, reach)

    async def _look_around(self, place: ScenePlace, eye: float, reach: float) -> None:
        tr = self._ctx.tr
        found = await self._answer(self._ctx.scene.sight.viewshed(place, eye, reach))
        if found is None:
            return
        self._wipe()
        self._paint("hidden", found.hidden, HIDDEN)
        self._paint("seen", found.seen, SEEN)
        share = f"{found.share * 100:.0f}"
        text = tr("{share} % of the area within {reach} m is seen", share=share, reach=f"{reach:.0f}")
        if found.buried > 0:
            top = place.height + eye + found.buried
            self.buried = ScenePlace(lon=place.lon, lat=place.lat, height=top), eye, reach
            metres = f"{found.buried:.1f}"
            text = tr("Nothing is seen: the eye is inside the model, {metres} m under its top", metres=metres)
        self._tell(text)

    async def _skyline(self, eye: float, reach: float) -> None:
        tr = self._ctx.tr
        place = await self._pick(tr("Click the place to look from"))
        if place is None:
            return
        found = await self._answer(self._ctx.scene.sight.skyline(place, eye, reach))
        if found is None:
            return
        self._wipe()
        if open_sky(found) < DARK:
            self._tell(tr("No sky is seen: the place is inside or under the model"))
            return
        self.skyline_found = found
        for number, line in enumerate(runs(found)):
            self._marks.put(f"skyline {number}", line)
        for number, peak in enumerate(peaks(found), start=1):
            self._marks.put(
                f"peak {number}", [peak.place], text=f"{number}  {peak_text(peak, tr)}", stem=STEM
            )
        self._tell(tr("Skyline within {reach} m", reach=f"{reach:.0f}"))

    async def _cameras(self) -> None:
        tr = self._ctx.tr
        place = await self._pick(tr("Click the place that cameras shall see"))
        if place is None:
            return
        found = await self._answer(self._ctx.scene.sight.cameras_seeing(place.lon, place.lat))
        if found is not None:
            self._wipe()
            self.sightings = found = [each for each in found if self._known(each.camera)]
            text = tr("Cameras see this: {count}", count=len(found))
            self._marks.put("place", [place], text=text)
            self._tell(text)

    async def _coverage(self) -> None:
        tr = self._ctx.tr
        online = {each.id for each in self._ctx.live.collection(CAMERA).all() if each.online}
        found = await self._answer(self._ctx.scene.sight.coverage(self._ctx.map.bounds(), online))
        if found is None:
            return
        self._wipe()
        areas = (NONE, found.none), (ONE, found.one), (SEVERAL, found.several)
        for token, polygons in areas:
            self._paint(token, polygons, token, FAINT if token == NONE else FILL)
        none, one, several = (f"{share * 100:.0f}" for share in found.shares)
        told = tr(
            "Of the view, no camera sees {none} %, one {one} %, several {several} %",
            none=none,
            one=one,
            several=several,
        )
        self._tell(tr("{told} ({count} cameras that are online)", told=told, count=found.cameras))

    async def _area(self, camera_id: str) -> None:
        found = await self._answer(self._ctx.scene.sight.seen_area(camera_id))
        if found is not None:
            self._layer.clear()
            self._paint("seen", found, SEEN)
            self._tell(self._ctx.tr("Shown: what “{camera}” sees", camera=self.name_of(camera_id)))

    # ---- what they share ----

    async def _pick(self, prompt: str) -> ScenePlace | None:
        self._tell("")
        self._ctx.panels.show("onemap.scene.window")
        return await self._ctx.scene.pick_place(prompt)

    async def _answer(self, asked: Awaitable[T]) -> T | None:
        """None: it was refused, and the user is told why."""
        self.busy = True
        self._tell(self._ctx.tr("Working it out…"))
        try:
            found = await asked
        except OneMapError as error:
            self.busy = False
            self._tell(str(error))
            return None
        self.busy = False
        return found

    def _begin(self, coroutine: Any) -> None:
        self._work()
        self.busy = False
        self._work = self._ctx.tasks.start(coroutine)

    def _paint(self, key: str, areas: Sequence[Polygon], token: str, fill: str = FILL) -> None:
        style = ShapeStyle(stroke="", fill=self._ctx.color(token) + fill)
        shapes = [Shape(kind="polygon", points=shell, holes=holes, style=style) for shell, *holes in areas]
        self._layer.put(key, *shapes)

    def _wipe(self) -> None:
        """The answer before goes."""
        self.sightings, self.buried, self.skyline_found = (), None, None
        self._marks.clear()
        self._layer.clear()

    def _tell(self, text: str) -> None:
        self.told = text
        self.changed.emit()

    def _take(self, rows: list[Any]) -> None:
        """The folder that was open last."""
        if rows and isinstance(rows[0], str):
            self._begin(self._open(rows[0], keep=False))
