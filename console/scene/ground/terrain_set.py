"""Heights from a set of quantized-mesh tiles: a layer.json and its pyramid."""

from __future__ import annotations

import math
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.scene.document import Index, decode_json
from console.scene.ground.heights import ELLIPSOID, Heights, Values
from console.scene.ground.kept import Kept
from console.scene.ground.quantized import QuantizedMesh, read_quantized
from console.scene.refusal import SceneRefused, refused
from console.scene.tiles.source import Source

ROOM = 64 << 20
"""Bytes of tiles that are kept."""
SAMPLES = 64
"""A tile is as detailed as a net of so many samples a side, as its makers assume."""
MAX_LEVEL = 30

Key = tuple[int, int, int]
"""Level, column, row of a tile, as its address counts."""


class _Range(msgspec.Struct, rename="camel"):
    start_x: Index
    start_y: Index
    end_x: Index
    end_y: Index

    def holds(self, x: int, y: int) -> bool:
        return self.start_x <= x <= self.end_x and self.start_y <= y <= self.end_y


class _Layer(msgspec.Struct, rename="camel"):
    """What layer.json says; the names are those of Cesium's terrain."""

    tiles: Annotated[list[str], msgspec.Meta(min_length=1)]
    format: str = "quantized-mesh-1.0"
    scheme: str = "tms"
    projection: str = "EPSG:4326"
    version: str = ""
    maxzoom: Annotated[int, msgspec.Meta(ge=0, le=MAX_LEVEL)] | None = None
    available: list[list[_Range]] | None = None
    metadata_availability: int | None = None
    """Tiles themselves say which others there are: then all are tried."""


_NOTHING = QuantizedMesh(
    np.empty((0, 2)), np.empty(0), np.empty((0, 3), np.int64), np.zeros(0, np.int64), np.empty(0, np.int64)
)


class TerrainSet:
    """Implements Heights. A tile that is lacking or broken is stood in for by the one above it."""

    def __init__(self, source: Source, geoid: Heights = ELLIPSOID, room: int = ROOM) -> None:
        """*source* starts with a layer.json. *geoid*: see RasterHeights; by the format, heights are above the
        ellipsoid, but many sets were made from heights above sea level. Raises SceneRefused.
        """
        self._source, self._geoid = source, geoid
        self._layer = decode_json(source.read(source.start), _Layer, "layer.json", "layer.json")
        self._mercator = self._layer.projection == "EPSG:3857"
        self._check()
        self._deepest = self._depth()
        self._meshes: Kept[Key, QuantizedMesh] = Kept(room, self._read)

    def at(self, lon: Values, lat: Values, step: float = 0.0) -> Values:
        """See Heights."""
        lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        level = self._level(step)
        column, row = self._places(lon.ravel(), lat.ravel(), level)
        found = np.full(lon.size, np.nan)
        for x, y in np.unique(np.column_stack([column, row]), axis=0).tolist():
            mine = np.flatnonzero((column == x) & (row == y))
            found[mine] = self._within(level, x, y, lon.ravel()[mine], lat.ravel()[mine])
        return self._geoid.at(lon, lat, step) + np.nan_to_num(found).reshape(lon.shape)

    def _check(self) -> None:
        layer = self._layer
        if layer.format != "quantized-mesh-1.0":
            shown = layer.format[:60]
            raise refused(f"不支持的地形格式:{shown}", f"terrain of the format {shown} is not supported")
        if layer.projection not in ("EPSG:4326", "EPSG:3857") or layer.scheme not in (
            "tms",
            "slippyMap",
            "xyz",
        ):
            raise refused("不支持的地形切片方案", "this tiling scheme of terrain is not supported")

    def _depth(self) -> int:
        listed = self._layer.available
        if listed is not None and self._layer.metadata_availability is None:
            return min(max(len(listed) - 1, 0), MAX_LEVEL)
        if self._layer.maxzoom is None:
            raise refused("layer.json 未说明地形的级数", "layer.json does not say how deep the terrain goes")
        return self._layer.maxzoom

    def _level(self, step: float) -> int:
        widest = 360.0 if self._mercator else 180.0
        if step <= 0:
            return self._deepest
        return min(max(math.ceil(math.log2(widest / SAMPLES / step)), 0), self._deepest)

    def _places(self, lon: Values, lat: Values, level: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Columns from the west and rows from the south of the tiles that hold places."""
        rows = 1 << level
        columns = rows if self._mercator else 2 * rows
        up = _mercator(lat) if self._mercator else (lat + 90.0) / 180.0
        column = np.clip(np.floor((lon + 180.0) / 360.0 * columns), 0, columns - 1)
        return column.astype(np.int64), np.clip(np.floor(up * rows), 0, rows - 1).astype(np.int64)

    def _within(self, level: int, x: int, y: int, lon: Values, lat: Values) -> Values:
        """Heights in one tile, or in the first above it that there is; nan outside of all."""
        while level >= 0:
            mesh = self._mesh(level, x, y)
            if len(mesh.triangles):
                west, south, east, north = self._bounds(level, x, y)
                return mesh.at((lon - west) / (east - west), (lat - south) / (north - south))
            level, x, y = level - 1, x >> 1, y >> 1
        return np.full(len(lon), np.nan)

    def _bounds(self, level: int, x: int, y: int) -> tuple[float, float, float, float]:
        """Degrees. Within a tile latitude is linear in both projections."""
        rows = 1 << level
        columns = rows if self._mercator else 2 * rows
        south, north = y / rows, (y + 1) / rows
        if self._mercator:
            south, north = _latitude(south), _latitude(north)
        else:
            south, north = south * 180.0 - 90.0, north * 180.0 - 90.0
        return x / columns * 360.0 - 180.0, south, (x + 1) / columns * 360.0 - 180.0, north

    def _mesh(self, level: int, x: int, y: int) -> QuantizedMesh:
        key = (level, x, y if self._layer.scheme == "tms" else (1 << level) - 1 - y)
        return self._meshes.get(key) if self._listed(*key) else _NOTHING

    def _listed(self, level: int, x: int, y: int) -> bool:
        listed = self._layer.available
        if listed is None or self._layer.metadata_availability is not None:
            return True
        return any(each.holds(x, y) for each in listed[level]) if level < len(listed) else False

    def _read(self, key: Key) -> QuantizedMesh:
        address = self._layer.tiles[0]
        for name, value in zip(("{z}", "{x}", "{y}", "{version}"), (*key, self._layer.version), strict=True):
            address = address.replace(name, str(value))
        try:
            return read_quantized(self._source.read(self._source.resolve(self._source.start, address)))
        except SceneRefused:
            return _NOTHING


def _mercator(lat: Values) -> Values:
    """0 at the southern edge of the map of the world, 1 at the northern."""
    return 0.5 + np.arcsinh(np.tan(np.radians(np.clip(lat, -85.06, 85.06)))) / (2 * np.pi)


def _latitude(up: float) -> float:
    return math.degrees(math.atan(math.sinh((up - 0.5) * 2 * math.pi)))
