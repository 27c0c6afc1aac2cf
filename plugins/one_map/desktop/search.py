"""The search box: coordinates at once, buildings of the map, places of the backend, what was found lately."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import BackendAway, BackendError, Context, MissingService, Shape, ShapeStyle, Undo
from console.sdk.json_file import JsonFile
from console.sdk.records import LonLat, Place
from console.sdk.view_link import LinkError, is_link, read_link
from plugins.one_map.desktop.feature_words import class_text
from plugins.one_map.desktop.place_text import parse_place
from plugins.one_map.desktop.readings import decimal

LIMIT = 30
RECENT = 12
CLOSE_ZOOM = 17.0
LABEL_ABOVE = 0.0002
"""Degrees that the marker's name stands above it: some 20 m."""
DEBOUNCE = 0.25
"""Seconds without a key before the backend is asked."""
LINK = "link"
"""Kind of a place that is a link to a view."""
BUILDING = "building"
DETAILS = " · "
"""Between what is told of a building: its class, its address."""
KINDS = {
    LINK: ("Link to a view", "link"),
    "road": ("Road", "route"),
    "poi": ("Place", "pin"),
    "address": ("Address", "map"),
    BUILDING: ("Building", "building"),
    "area": ("Area of administration", "grid"),
    "staff": ("Staff", "user"),
    "camera": ("Camera", "camera"),
    "event": ("Event", "event"),
    "coordinates": ("Coordinates", "locate"),
}
"""English title and icon of each kind of place."""
WITH_BUILDING = (BUILDING, "address")
"""Kinds of places whose building is singled out."""
MARKER = ShapeStyle(stroke="map.selection", width=3, casing="map.symbol_outline")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the panel shows for a text."""

    text: str
    places: tuple[Place, ...] = ()
    note: str = ""
    """Why there is less than expected, in the user's words."""
    searching: bool = False


class Search(QObject):
    """Finds places for a text; the last question alone is answered."""

    answered = Signal(object)
    """An Answer."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._layer = ctx.map.add_shapes("onemap.one_map.found", listed=False)
        self._file = JsonFile(ctx, "recent-places.json")
        self._recent: list[Place] = []
        self._cancel: Undo = lambda: None
        self._file.load(self._take_recent)

    def ask(self, text: str) -> None:
        """Look for *text*; ``answered`` follows, at once for coordinates and recent places."""
        self._cancel()
        at_once = self._local(text)
        asks = len(text) >= 2 and parse_place(text) is None and not is_link(text)
        self.answered.emit(Answer(text, at_once, searching=asks))
        if asks:
            self._cancel = self._ctx.tasks.start(self._ask_backend(text, at_once))

    def go(self, place: Place) -> None:
        """Bring *place* into view, mark it, and remember it; a link shows its layers as well."""
        if place.kind == LINK:
            self._ctx.map.views.go(place.ref)
            return
        if place.bounds and _has_extent(place.bounds):
            self._ctx.map.fit(place.bounds, 0.2)
        else:
            self._ctx.map.center_on(*place.where, max(self._ctx.map.zoom(), CLOSE_ZOOM))
        kind, _, record = place.ref.partition("/")
        if record:
            self._ctx.selection.select(kind, record)
        self._mark(place.where, place.title)
        self._remember(place)
        if place.kind in WITH_BUILDING:
            self._single_out(place)

    def _single_out(self, place: Place) -> None:
        """The building at a place, which is marked itself."""
        with contextlib.suppress(MissingService):
            self._ctx.services.get("buildings").go(place)
            if place.kind == BUILDING:
                self.clear_marker()

    def clear_marker(self) -> None:
        """Take the marker from the map."""
        self._layer.clear()

    def forget(self) -> None:
        """Forget the recent places."""
        self._recent = []
        self._file.save([])
        self.answered.emit(Answer(""))

    async def _ask_backend(self, text: str, at_once: tuple[Place, ...]) -> None:
        await self._ctx.tasks.sleep(DEBOUNCE)
        buildings = await self._buildings(text)
        found, note = tuple[Place, ...](), ""
        try:
            found = await self.find(text)
        except BackendAway:
            note = self._ctx.tr(
                "The backend cannot be reached: only coordinates, buildings and recent places are found."
            )
        except BackendError as error:
            note = str(error)
        found = merged(text, found, buildings)
        known = {(place.title, place.where) for place in found}
        kept = tuple(place for place in at_once if (place.title, place.where) not in known)
        self.answered.emit(Answer(text, at_once + found if note else found + kept, note))

    async def _buildings(self, text: str) -> tuple[Place, ...]:
        """Those of the map, by name and address; they lie on this computer."""
        try:
            return await self._ctx.services.get("buildings").find(text)
        except MissingService:
            return ()

    async def find(self, text: str) -> tuple[Place, ...]:
        """Places and people as the backend finds them. Raises BackendAway, BackendError."""
        rows = await self._ctx.backend.get("/search", q=text, limit=LIMIT)
        return tuple(self._readable(place_from(row)) for row in rows)

    def _readable(self, place: Place) -> Place:
        """Classes of roads and codes of grids in the user's words."""
        detail = class_text(place.detail, self._ctx.tr)
        if place.kind == "staff":
            with contextlib.suppress(MissingService):
                detail = self._ctx.services.get("areas").name(detail)
        return replace(place, detail=detail)

    def kind_of(self, place: Place) -> tuple[str, str]:
        """What a place is, in words, and its icon."""
        title, icon_name = KINDS.get(place.kind, ("Place", "pin"))
        return self._ctx.tr(title), icon_name

    def _local(self, text: str) -> tuple[Place, ...]:
        """What needs no backend."""
        if is_link(text):
            return self._linked(text)
        parsed = parse_place(text)
        if parsed is not None:
            title = decimal(*parsed.where)
            detail = self._ctx.tr("Coordinates, read as {datum}", datum=parsed.datum.name)
            return (Place(title=title, kind="coordinates", where=parsed.where, detail=detail),)
        words = text.casefold().split()
        return tuple(p for p in self._recent if all(w in f"{p.title} {p.detail}".casefold() for w in words))

    def _linked(self, text: str) -> tuple[Place, ...]:
        """The view of a link; nothing for one that cannot be read."""
        try:
            view = read_link(text)
        except LinkError:
            return ()
        where = (view.lon, view.lat)
        return (Place(title=decimal(*where), kind=LINK, where=where, detail="", ref=text),)

    def _mark(self, where: LonLat, title: str) -> None:
        self._layer.put(
            "found",
            Shape(kind="circle", points=(where,), radius=12, style=MARKER),
            Shape(kind="text", points=((where[0], where[1] + LABEL_ABOVE),), text=title),
        )

    def _remember(self, place: Place) -> None:
        rest = [other for other in self._recent if (other.title, other.where) != (place.title, place.where)]
        self._recent = [place, *rest][:RECENT]
        self._file.save([asdict(place) for place in self._recent])

    def _take_recent(self, rows: list[Any]) -> None:
        try:
            self._recent = [place_from(row) for row in rows][:RECENT]
        except (TypeError, ValueError, KeyError):
            self._ctx.log.warning("the recent places could not be read and are dropped")


def merged(text: str, found: Sequence[Place], buildings: Sequence[Place]) -> tuple[Place, ...]:
    """What is called so first, then what begins so; an address that a building has is not told twice."""
    told = {words for place in buildings for words in (place.title, *place.detail.split(DETAILS))}
    low = text.casefold()
    places = [place for place in found if place.kind != "address" or place.title not in told]

    def rank(place: Place) -> int:
        title = place.title.casefold()
        return 0 if title == low else 1 if title.startswith(low) else 2

    return tuple(sorted((*places, *buildings), key=rank))


def place_from(row: Any) -> Place:
    """A Place of JSON as the backend sends it; raises TypeError, ValueError, KeyError for anything else."""
    if isinstance(row, Place):
        return row
    lon, lat = row["where"]
    bounds = row.get("bounds")
    return Place(
        title=str(row["title"]),
        kind=str(row["kind"]),
        where=(float(lon), float(lat)),
        detail=str(row.get("detail", "")),
        bounds=_four(bounds) if bounds else None,
        ref=str(row.get("ref", "")),
    )


def _four(bounds: Any) -> tuple[float, float, float, float]:
    west, south, east, north = (float(value) for value in bounds)
    return west, south, east, north


def _has_extent(bounds: tuple[float, float, float, float]) -> bool:
    return bounds[2] > bounds[0] and bounds[3] > bounds[1]
