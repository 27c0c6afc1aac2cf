"""The user's views of the scene and flights through it, kept from start to start, taken in and handed on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from console.sdk import Context
from console.sdk.errors import OneMapError
from console.sdk.scene import SceneFlight, SceneView
from console.sdk.ui import ask_files, ask_save

FILTERS = ("JSON (*.json)",)
MAX_NAME = 100
MOST_BYTES = 8_000_000
"""Of a file: more is no file of ours, and is not even read."""
WINDOW = "onemap.scene.window"

Trip = SceneView | SceneFlight


class TripList(QObject):
    """Views first, then flights, each in the order in which they came."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._path = Path(ctx.data_dir()) / "trips.json"
        self.views: list[SceneView] = []
        self.flights: list[SceneFlight] = []
        ctx.tasks.start(self._load())

    @property
    def all(self) -> list[Trip]:
        return [*self.views, *self.flights]

    @property
    def recording(self) -> bool:
        return self._ctx.scene.trips.recording

    def keep(self) -> None:
        """The present view, under the present time; the user may rename it."""
        self.views.append(
            SceneView(name=self._ctx.tr("View of {time}", time=_now()), pose=self._ctx.scene.pose)
        )
        self._save()

    def record(self) -> None:
        """Begin to record a flight, or end it and keep it."""
        trips = self._ctx.scene.trips
        if not trips.recording:
            self._ctx.panels.show(WINDOW)
            trips.record()
            self.changed.emit()
            return
        flight = trips.recorded(self._ctx.tr("Flight of {time}", time=_now()))
        if flight is None:
            self._say(self._ctx.tr("Nothing moved: no flight was recorded"))
            self.changed.emit()
        else:
            self.flights.append(flight)
            self._save()

    def fly_through(self, views: Sequence[SceneView], *, circle: bool) -> None:
        """Make a flight of views in their order, and play it."""
        if len(views) < 2:
            self._say(self._ctx.tr("Choose two views at least"))
            return
        name = self._ctx.tr("Flight of {time}", time=_now())
        poses = [view.pose for view in views]
        flight = self._ctx.scene.trips.through(name, poses, circle=circle)
        self.flights.append(flight)
        self._save()
        self.go(flight)

    def go(self, trip: Trip) -> None:
        """Go to a view, or play a flight."""
        self._ctx.panels.show(WINDOW)
        if isinstance(trip, SceneView):
            self._ctx.scene.fly_to(trip.pose)
        else:
            self._ctx.scene.trips.play(trip)

    def rename(self, at: int, name: str) -> None:
        """Empty names change nothing."""
        name = " ".join(name.split())[:MAX_NAME]
        trip = self.all[at]
        if not name or name == trip.name:
            self.changed.emit()  # what was typed gives way to the name
            return
        if isinstance(trip, SceneView):
            self.views[at] = SceneView(name=name, pose=trip.pose)
        else:
            self.flights[at - len(self.views)] = trip.renamed(name)
        self._save()

    def remove(self, trips: Sequence[Trip]) -> None:
        """Take some away; the notice brings them back."""
        before = list(self.views), list(self.flights)
        gone = {id(trip) for trip in trips}
        self.views = [view for view in self.views if id(view) not in gone]
        self.flights = [flight for flight in self.flights if id(flight) not in gone]
        self._save()

        def back() -> None:
            self.views, self.flights = before
            self._save()

        text = self._ctx.tr("{count} removed", count=len(trips))
        self._ctx.notify(text, action=(self._ctx.tr("Undo"), back), key="onemap.scene.trips")

    def ask_import(self) -> None:
        """Let the user choose a file of views and flights."""
        ask_files(
            None,
            self._ctx.tr("Take in views and flights"),
            FILTERS,
            lambda paths: self._ctx.tasks.start(self._take_in(Path(paths[0]))),
        )

    def ask_export(self, trips: Sequence[Trip]) -> None:
        """Let the user say where *trips*, or all, are written."""
        data = self._pack(trips or self.all)
        ask_save(
            None,
            self._ctx.tr("Hand on views and flights"),
            FILTERS,
            lambda path: self._ctx.tasks.start(self._write(Path(path), data)),
            path="onemap-3d-views.json",
        )

    async def _take_in(self, path: Path) -> None:
        try:
            views, flights = self._ctx.scene.trips.unpack(await self._ctx.tasks.run(_read, path))
        except OSError as error:
            self._say(self._ctx.tr("Could not be read: {reason}", reason=error.strerror or error))
        except OneMapError as error:
            self._say(str(error))
        else:
            self.views += views
            self.flights += flights
            self._save()

    async def _load(self) -> None:
        try:
            data = await self._ctx.tasks.run(_read, self._path)
            views, flights = self._ctx.scene.trips.unpack(data)
        except FileNotFoundError:
            return
        except (OSError, OneMapError) as error:
            self._ctx.log.warning("views and flights could not be read: %s", error)
            await self._ctx.tasks.run(_put_aside, self._path)
            return
        self.views, self.flights = views + self.views, flights + self.flights
        self.changed.emit()

    def _save(self) -> None:
        self.changed.emit()
        self._ctx.tasks.start(self._write(self._path, self._pack(self.all)))

    async def _write(self, path: Path, data: bytes) -> None:
        try:
            await self._ctx.tasks.run(_replace, path, data)
        except OSError as error:
            self._say(self._ctx.tr("Could not be saved: {reason}", reason=error.strerror or error))

    def _pack(self, trips: Sequence[Trip]) -> bytes:
        views = [trip for trip in trips if isinstance(trip, SceneView)]
        flights = [trip for trip in trips if not isinstance(trip, SceneView)]
        return self._ctx.scene.trips.pack(views, flights)

    def _say(self, text: str) -> None:
        self._ctx.notify(text, key="onemap.scene.trips")


def _now() -> str:
    return f"{datetime.now():%Y-%m-%d %H:%M:%S}"


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.replace(path)


def _put_aside(path: Path) -> None:
    if path.exists():
        path.replace(path.with_suffix(".broken"))
