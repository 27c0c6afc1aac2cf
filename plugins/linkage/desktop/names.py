"""What has a name around a camera: events, staff, cameras, buildings, roads, as columns of places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from console.sdk import Context, OneMapError, Undo
from console.sdk.feature_table import FeatureTable
from console.sdk.layer_data import PackageError
from console.sdk.records import OPEN_EVENT_STATES
from plugins.linkage.desktop.ground import Ground
from plugins.linkage.desktop.label import Label
from plugins.linkage.desktop.walls import Walls
from plugins.linkage.lens.lens import Lens

REACH = {"event": 3_000.0, "staff": 1_200.0, "camera": 900.0, "building": 1_500.0, "road": 1_500.0}
"""Metres beyond which a kind is left out: also the order in which they are placed."""
MAST, CHEST, STOREY = 5.0, 1.5, 3.0
"""Metres above the ground of street cameras and of people; of a storey."""
MOST = 400
"""Names that are looked at when room is shared out."""


@dataclass(slots=True)
class Named:
    """Places (n,) of one kind."""

    lon: np.ndarray = field(default_factory=lambda: np.empty(0))
    lat: np.ndarray = field(default_factory=lambda: np.empty(0))
    above: np.ndarray = field(default_factory=lambda: np.empty(0))
    """Metres above the ground."""
    texts: Sequence[str] = ()
    colors: Sequence[str] = ()


class Names:
    """Follows the feed; roads and buildings are read once for each camera."""

    def __init__(self, ctx: Context, ground: Ground) -> None:
        self._ctx, self._ground, self._walls = ctx, ground, Walls(ctx, ground)
        self._static: dict[str, Named] = {}
        self._stale = {"event": True, "camera": True}
        self._known: dict[str, Named] = {}
        self._eye: tuple[float, float] | None = None
        self._work: Undo = lambda: None
        self._makers: dict[str, Callable[[], Named]] = {"event": self._events, "camera": self._cameras}
        for kind in self._stale:
            ctx.live.collection(kind).on_change(lambda _, kind=kind: self._stale.update({kind: True}))
        ctx.undo(lambda: self._work())

    def settle(self, lens: Lens | None) -> None:
        """Read what stands around another camera; the same one, turned, needs nothing new."""
        eye = None if lens is None else (lens.lon, lens.lat)
        if eye is None or eye == self._eye:
            return
        self._work()
        self._eye, self._static = eye, {}
        self._work = self._ctx.tasks.start(self._read(eye))

    async def _read(self, eye: tuple[float, float]) -> None:
        layers = self._ctx.map.layers
        for kind in ("building", "road"):
            found: list[Named] = []
            for entry in layers.entries():
                files = layers.files(entry.id) if entry.kind == kind else None
                if files is None:
                    continue
                try:
                    found.append(await self._ctx.tasks.run(read_named, tuple(files.packages), kind, eye))
                except (OSError, PackageError, OneMapError) as error:
                    self._ctx.log.info("no names of %s: %s", entry.id, error)
            self._static[kind] = _joined(found)

    def labels(self, lens: Lens, kinds: Collection[str], level: float, apart: str | None) -> list[Label]:
        """Those in the picture and not behind walls, the most important first, near before far. *apart*: a
        camera left out."""
        found: list[Label] = []
        for kind, reach in REACH.items():
            if kind in kinds and len((named := self._of(kind)).texts):
                found += self._seen(lens, kind, named, reach, level, apart)
        return self._walls.sift(lens, found[:MOST])

    def _seen(
        self, lens: Lens, kind: str, named: Named, reach: float, level: float, apart: str | None
    ) -> list[Label]:
        near = np.flatnonzero(_metres(named, (lens.lon, lens.lat)) <= reach)
        lon, lat = named.lon[near], named.lat[near]
        height = self._ground.feet(lon, lat, level) + named.above[near]
        seen = lens.project(lon, lat, height)
        rows = np.flatnonzero(seen.inside)
        rows = rows[np.argsort(seen.metres[rows], kind="stable")]
        found: dict[str, Label] = {}
        for row in rows.tolist():
            at = int(near[row])
            text = named.texts[at]
            key = text if kind in ("road", "building") else str(at)  # a road has many pieces of one name
            if text and text != apart and key not in found:
                metres = float(seen.metres[row])
                place = (float(lon[row]), float(lat[row]), float(height[row]))
                u, v = float(seen.u[row]), float(seen.v[row])
                found[key] = Label(u, v, text, kind, metres, named.colors[at], place)
            if len(found) >= MOST:
                break
        return list(found.values())

    def _of(self, kind: str) -> Named:
        if kind == "staff":
            return self._staff()
        if kind not in self._makers:
            return self._static.get(kind, Named())
        if self._stale[kind] or kind not in self._known:
            self._stale[kind] = False
            self._known[kind] = self._makers[kind]()
        return self._known[kind]

    def _events(self) -> Named:
        events = [e for e in self._ctx.live.collection("event").all() if e.state in OPEN_EVENT_STATES]
        return _named([(*e.where, 0.0, e.title, f"event.{e.urgency}") for e in events])

    def _cameras(self) -> Named:
        rows = [
            (*each.where, each.mast or MAST, each.name, "camera.online" if each.online else "camera.offline")
            for each in self._ctx.live.collection("camera").all()
        ]
        return _named(rows)

    def _staff(self) -> Named:
        """Anew each time: they move."""
        people = list(self._ctx.live.collection("staff").all())
        if not people:
            return Named()
        positions = self._ctx.live.positions
        rows = positions.rows(np.array([each.handle for each in people], np.int64))
        placed = np.flatnonzero(rows >= 0)
        columns = positions.columns()
        lon, lat = columns.lon[rows[placed]], columns.lat[rows[placed]]
        there = np.isfinite(lon) & np.isfinite(lat)
        those = [people[at] for at in placed[there].tolist()]
        return Named(
            lon[there],
            lat[there],
            np.full(len(those), CHEST),
            [each.name for each in those],
            ["staff.sos" if each.sos else "staff.on_duty" for each in those],
        )


def read_named(packages: Sequence[str], kind: str, eye: tuple[float, float]) -> Named:
    """Names within reach of *eye*; for the worker pool. Raises OSError, PackageError."""
    found: list[Named] = []
    for path in packages:
        table = FeatureTable(path)
        if not table.is_text("name"):
            continue
        boxes = table.boxes()
        lon, lat = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        columns = table.columns
        named = columns["name"] != 0
        with np.errstate(invalid="ignore"):
            near = _metres(Named(lon, lat), eye) <= REACH[kind]
        rows = np.flatnonzero(near & named)
        above = np.zeros(len(rows))
        if kind == "building":
            height = np.asarray(columns["height"][rows], float) if "height" in columns else above
            storeys = np.asarray(columns["levels"][rows], float) if "levels" in columns else above
            above = np.nan_to_num(np.where(height > 0, height, storeys * STOREY))
        texts = [table.text(row, "name") for row in rows.tolist()]
        found.append(Named(lon[rows], lat[rows], above, texts, ["text"] * len(texts)))
    return _joined(found)


def _named(rows: Sequence[tuple[float, float, float, str, str]]) -> Named:
    if not rows:
        return Named()
    lon, lat, above, texts, colors = zip(*rows, strict=True)
    return Named(np.array(lon), np.array(lat), np.array(above), texts, colors)


def _joined(parts: Sequence[Named]) -> Named:
    if not parts:
        return Named()
    lon, lat, above = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("lon", "lat", "above")
    )
    return Named(
        lon,
        lat,
        above,
        [text for part in parts for text in part.texts],
        [color for part in parts for color in part.colors],
    )


def _metres(named: Named, eye: tuple[float, float]) -> np.ndarray:
    """Near enough to choose by."""
    east = (named.lon - eye[0]) * 111_320.0 * np.cos(np.radians(eye[1]))
    return np.hypot(east, (named.lat - eye[1]) * 110_950.0)
