"""What stands around the models: the map's ground, extruded buildings, and the light they are seen in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.ground.buildings import City, raise_city
from console.scene.ground.city_tiles import CityTiles
from console.scene.ground.footprints import read_footprints
from console.scene.ground.ground_tiles import GroundTiles
from console.scene.ground.heights import Flat, Heights, Sunk
from console.scene.ground.solids import Look
from console.scene.ground.sun import light_of, sun_at
from console.scene.process.messages import GROUND, SetSurroundings
from console.scene.refusal import SceneRefused
from console.scene.render.stage import Stage
from console.scene.stream.drawable import Drawable
from console.scene.stream.layer import Fault
from console.scene.stream.streamer import Streamer

CITY = "onemap.city"
BY_NIGHT = Look(roof=(122, 138, 156), wall=(92, 106, 124))
"""Buildings on a dark map."""
_BELOW = 1.0
"""Metres that flat ground lies under the lowest of a model, so that it does not show through."""
_AROUND = 3e-5
"""Degrees: three metres by which a model may be found wider."""
_CLOSE = 0.5
"""Metres by which a model is found lower before the ground is laid anew."""
_LOWEST = 1.0
"""Percent of a model's vertices that may lie below the ground around it: basements and slips."""


@dataclass(frozen=True, slots=True)
class Footing:
    """What a model covers, and how low it stands."""

    height: float
    """Metres above the ellipsoid to which flat ground may reach under it."""
    area: shapely.Geometry | None
    """WGS84 degrees."""

    def lacks(self, other: Footing) -> bool:
        """Whether *other*, of other tiles of the same model, is lower or wider."""
        if other.area is not None and (
            self.area is None or not shapely.covers(shapely.buffer(self.area, _AROUND), other.area)
        ):
            return True
        return other.height < self.height - _CLOSE

    def joined(self, other: Footing) -> Footing:
        """Both."""
        areas = [area for area in (self.area, other.area) if area is not None]
        hull = shapely.union_all(np.array(areas, object)).convex_hull if areas else None
        return Footing(min(self.height, other.height), hull)


def footing_of(drawables: Sequence[Drawable], placed: NDArray[np.float64], frame: Frame) -> Footing:
    """*placed*: (4, 4), the model's world to Earth-centred metres."""
    to_frame = frame.from_ecef @ placed
    spots = [
        batch.positions[::8] @ (to_frame @ batch.matrix)[:3, :3].T + (to_frame @ batch.matrix)[:3, 3]
        for drawable in drawables
        for batch in drawable.batches
    ]
    if not spots:
        return Footing(0.0, None)
    found = frame.geographic(np.concatenate(spots))
    hull: Any = shapely.convex_hull(shapely.multipoints(found[:, :2]))
    return Footing(float(np.percentile(found[:, 2], _LOWEST)) - _BELOW, hull)


class _Painter(Protocol):
    """See ``console.scene.process.painter.GroundPainter``."""

    def picture(self, level: int, column: int, row: int) -> NDArray[np.uint8] | None: ...
    def close(self) -> None: ...


class Surroundings:
    """For the thread that draws."""

    def __init__(self, stage: Stage, streamer: Streamer, woken: Callable[[], None]) -> None:
        self._stage, self._streamer, self._woken = stage, streamer, woken
        self._painter: _Painter | None = None
        self._asked: SetSurroundings | None = None
        self._footings: dict[str, Footing] = {}
        self._pool = ThreadPoolExecutor(1, "scene-city")
        self._opening: Future[Heights] | None = None
        self._terrain: Heights | None = None
        self._fault: Fault | None = None
        """Why there is none."""
        self._coming: Future[City] | None = None
        self._city: City | None = None

    def ask(self, asked: SetSurroundings) -> None:
        """Show this around the models from now on."""
        before, self._asked = self._asked, asked
        if before is None or (before.layers, before.data, before.style) != (
            asked.layers,
            asked.data,
            asked.style,
        ):
            self._close_painter()
            self._lay_ground()
        if before is not None and before.style != asked.style:
            self._show_city()
        if before is None or before.buildings != asked.buildings:
            self._raise_city()
        if before is None or (before.terrain, before.sea_level) != (asked.terrain, asked.sea_level):
            self._open_terrain()
        self.light(asked.time)

    def stand(self, layer: str, footing: Footing | None) -> None:
        """A model covers this; None: it has gone."""
        if footing is None:
            if self._footings.pop(layer, None) is None:
                return
        else:
            self._footings[layer] = footing
        if self._asked is not None:
            self._lay_ground()
            self._raise_city()

    def light(self, seconds: float) -> None:
        """As the sun stands at a time (s since 1970)."""
        frame = self._stage.frame
        sun = sun_at(frame.lon, frame.lat, datetime.fromtimestamp(seconds, UTC))
        self._stage.set_light(light_of(sun))

    def take(self) -> bool:
        """Bring in terrain and buildings that are ready; whether there were any."""
        opened = self._take_terrain()
        return self._take_city() or opened

    def _take_city(self) -> bool:
        if self._coming is None or not self._coming.done():
            return False
        coming, self._coming = self._coming, None
        self._city = coming.result()
        self._show_city()
        return True

    def close(self) -> None:
        """Give all back."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._close_painter()

    def _take_terrain(self) -> bool:
        if self._opening is None or not self._opening.done():
            return False
        opening, self._opening = self._opening, None
        try:
            self._terrain = opening.result()
        except SceneRefused as error:
            self._fault = Fault(-1, "", error.message)
        self._lay_ground()
        self._raise_city()
        return True

    def _open_terrain(self) -> None:
        assert self._asked is not None
        asked, had = self._asked, self._terrain or self._fault
        self._opening = self._terrain = self._fault = None
        if asked.terrain:
            self._opening = self._pool.submit(_terrain, Path(asked.terrain), asked.sea_level)
            self._opening.add_done_callback(lambda _: self._woken())
        elif had:
            self._lay_ground()
            self._raise_city()

    @property
    def _heights(self) -> Heights:
        footings = self._footings.values()
        if self._terrain is None:
            return Flat(min((footing.height for footing in footings), default=0.0))
        return Sunk(self._terrain, [(each.area, each.height) for each in footings if each.area is not None])

    def _lay_ground(self) -> None:
        assert self._asked is not None
        asked = self._asked
        if self._painter is None and (asked.layers or asked.data):
            self._painter = _painter(asked)
        picture = self._painter.picture if self._painter is not None else _nothing
        tiles = GroundTiles(self._heights, picture, pixels=512)
        layer = self._streamer.add(GROUND, tiles, self._stage.on_earth(GROUND, ground=True))
        if self._fault is not None:
            layer.faults[self._fault.tile] = self._fault

    def _raise_city(self) -> None:
        assert self._asked is not None
        self._streamer.remove(CITY)
        self._city = self._coming = None
        if not self._asked.buildings:
            return
        areas = [footing.area for footing in self._footings.values() if footing.area is not None]
        covered = shapely.union_all(np.array(areas, object)) if areas else None
        self._coming = self._pool.submit(_city, list(self._asked.buildings), self._heights, covered)
        self._coming.add_done_callback(lambda _: self._woken())

    def _show_city(self) -> None:
        """In the colours of the map's style."""
        if self._city is not None and self._asked is not None:
            look = BY_NIGHT if self._asked.style == "dark" else Look()
            self._streamer.add(CITY, CityTiles(self._city, look), self._stage.on_earth(CITY))

    def _close_painter(self) -> None:
        if self._painter is not None:
            self._painter.close()
            self._painter = None


def _city(packages: list[str], heights: Heights, covered: shapely.Geometry | None) -> City:
    return raise_city(read_footprints(packages), heights, covered)


def _painter(asked: SetSurroundings) -> _Painter:
    from console.scene.process.painter import GroundPainter  # Qt takes 50 ms to load

    return GroundPainter(asked.layers, asked.data, asked.style)


def _terrain(path: Path, sea_level: float) -> Heights:
    from console.scene.ground.opening import open_heights  # rasterio takes 60 ms to load

    return open_heights(path, sea_level)


def _nothing(level: int, column: int, row: int) -> None:
    return None
