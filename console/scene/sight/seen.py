"""What one camera sees, packed for keeping."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.sight.cameras import CameraRecord, Known, completed, stand_of
from console.scene.sight.rays import Rays
from console.scene.sight.sightline import Spot
from console.scene.sight.viewshed import Cell, look_up, outlines, viewshed

LEAST_CELL = 1.0
"""Metres."""
CELLS = 160
"""Cells from the camera to its range at most: a high-altitude camera gets larger ones."""


class Settings(msgspec.Struct, frozen=True):
    """What all cameras are asked alike."""

    cell: float = LEAST_CELL
    """Metres at least."""
    target: float = 1.0
    """Metres above the surface of what shall be seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A camera's eye and the cells around it."""

    known: Known
    lon: float
    lat: float
    elevation: float
    """Metres above the ellipsoid."""
    moved: float
    """Metres from the record's place; it lay within a wall."""
    ground: float
    """Metres above the ellipsoid of what it looks at: half of it lies higher."""
    cell: float
    """Metres."""
    cells: NDArray[np.uint8]
    """(k, k) of Cell, OUT, HIDDEN or SEEN, the first row the northernmost; (0, 0): no surface known here."""

    @property
    def frame(self) -> Frame:
        """Its plane holds the cells."""
        return Frame(self.lon, self.lat, self.elevation)

    @property
    def area(self) -> float:
        """Square metres."""
        return float((self.cells == Cell.SEEN).sum()) * self.cell**2

    @property
    def share(self) -> float:
        """Of its field of view within range, how much it sees."""
        inside = int((self.cells > 0).sum())
        return int((self.cells == Cell.SEEN).sum()) / inside if inside else 0.0

    def around(self, lon: float, lat: float) -> NDArray[np.uint8]:
        """(9,): the cell of a place and those next to it."""
        place = self.frame.place(lon, lat, self.elevation)
        steps = np.array([-1.0, 0.0, 1.0]) * self.cell
        east, north = np.meshgrid(steps, steps)
        off = np.column_stack([east.ravel(), north.ravel(), np.zeros(9)])
        return look_up(self.cells, self.cell, place + off) if self.cells.size else np.zeros(9, np.uint8)

    def polygons(self) -> shapely.MultiPolygon:
        """The seen area in WGS84 degrees, along the cells' sides."""
        if not self.cells.size:
            return shapely.MultiPolygon()
        return outlines(self.cells == Cell.SEEN, self.cell, self.frame)


def look(rays: Rays, known: Known, settings: Settings) -> Seen:
    """What the camera sees of the surface. Some 10 ms for a street camera that is fixed."""
    record = known.record
    stand = stand_of(rays, known)
    cell = max(settings.cell, known.field.reach / CELLS)
    if stand is None:
        return Seen(known, record.lon, record.lat, 0.0, 0.0, 0.0, cell, np.zeros((0, 0), np.uint8))
    spot = Spot(stand.lon, stand.lat, height=stand.elevation)
    found = viewshed(rays, spot, known.field, cell, settings.target)
    seen = found.cells == Cell.SEEN
    ground = float(np.median(found.surface[seen])) if seen.any() else stand.elevation
    cells = np.where(found.cells == Cell.UNKNOWN, Cell.OUT, found.cells).astype(np.uint8)
    return Seen(known, stand.lon, stand.lat, stand.elevation, stand.moved, ground, cell, cells)


class Packed(msgspec.Struct, frozen=True):
    """``Seen`` as bytes' fields."""

    record: bytes
    """JSON."""
    lon: float
    lat: float
    elevation: float
    moved: float
    ground: float
    cell: float
    side: int
    """Cells."""
    area: float
    share: float
    bits: bytes
    """Which cells are in the field, then which are seen; packed."""


def pack(seen: Seen) -> Packed:
    bits = np.packbits(np.concatenate([(seen.cells > 0).ravel(), (seen.cells == Cell.SEEN).ravel()]))
    return Packed(
        msgspec.json.encode(seen.known.record),
        seen.lon,
        seen.lat,
        seen.elevation,
        seen.moved,
        seen.ground,
        seen.cell,
        len(seen.cells),
        seen.area,
        seen.share,
        zlib.compress(bits.tobytes(), 6),
    )


def unpack(packed: Packed) -> Seen:
    """Raises ValueError, zlib.error, msgspec.MsgspecError for what was never packed."""
    count = packed.side**2
    room = (2 * count + 7) // 8
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(packed.bits, room + 1)
    if len(raw) != room:
        raise ValueError("bits")
    inside, visible = np.zeros((2, packed.side, packed.side), np.uint8)
    if count:
        bits = np.unpackbits(np.frombuffer(raw, np.uint8), count=2 * count)
        inside, visible = bits.reshape(2, packed.side, packed.side)
    known = completed(msgspec.json.decode(packed.record, type=CameraRecord))
    return Seen(
        known,
        packed.lon,
        packed.lat,
        packed.elevation,
        packed.moved,
        packed.ground,
        packed.cell,
        inside + (inside & visible),
    )
