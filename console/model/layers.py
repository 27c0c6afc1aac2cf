"""A map layer as one block of bytes that can be memory-mapped: the layer package.

``ONEMAPL1``, a little-endian u32 length, a JSON header of that length, then raw
arrays, each aligned to 8 bytes. Coordinates are WGS84 degrees times 1e7 as
int32 (one centimetre), so a package is compact and reading it is no work.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"ONEMAPL1"
DEGREE = 10_000_000
"""Units of stored coordinates in one degree."""
MAX_HEADER = 1 << 22


class LayerKind(StrEnum):
    """What a layer holds; map styles and the importer speak of these."""

    ROAD = "road"
    RAILWAY = "railway"
    BUILDING = "building"
    WATER = "water"
    WATERWAY = "waterway"
    GREEN = "green"
    LANDUSE = "landuse"
    BOUNDARY = "boundary"
    GRID = "grid"
    POI = "poi"
    ADDRESS = "address"
    OTHER = "other"


class FeatureShape(StrEnum):
    """Geometry of all features of a layer."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"


class PackageError(ValueError):
    """The bytes are no layer package, or a broken one."""


@dataclass(slots=True, kw_only=True)
class LayerPackage:
    """Columns of one layer of ``n`` features, ``p`` parts (rings, lines), ``m`` vertices.

    A polygon's first part is its shell, counter-clockwise; clockwise parts are
    holes of the shell before them (so a MultiPolygon is shells and holes in turn).
    Rings are closed: the last vertex repeats the first.

    Text columns are int32 indices into ``strings``; 0 is the empty text.
    Standard columns: ``class`` and ``name`` (text) for every kind; roads also
    ``oneway`` (int8: 1 along the vertices, -1 against, 0 both), ``maxspeed``
    (float32 km/h, 0 unknown), ``from_node``/``to_node`` (int64, shared where
    roads join; every road piece ends at its crossings), ``way`` (int64, of the source),
    ``access`` (uint8), ``use``, ``surface`` (int8; the three are explained in
    ``console.model.roads``), ``bridge``/``tunnel`` (int8), ``level`` (int8);
    buildings ``height`` and ``levels`` (float32 m and storeys, 0 unknown); addresses ``housenumber`` and
    ``street`` (text); areas and grids ``code`` (text), ``level`` (int16).
    """

    kind: LayerKind
    shape: FeatureShape
    xy: npt.NDArray[np.int32]
    """(m, 2) longitude, latitude in 1e-7 degrees."""
    part_start: npt.NDArray[np.int32]
    """(p + 1,) first vertex of each part."""
    feature_start: npt.NDArray[np.int32]
    """(n + 1,) first part of each feature."""
    columns: dict[str, npt.NDArray[Any]] = field(default_factory=dict[str, npt.NDArray[Any]])
    text_columns: tuple[str, ...] = ("class", "name")
    strings: list[str] = field(default_factory=lambda: [""])
    meta: dict[str, Any] = field(default_factory=dict[str, Any])
    """Free: title_zh, title_en, attribution, datum, …"""
    extras: dict[str, npt.NDArray[Any]] = field(default_factory=dict[str, npt.NDArray[Any]])
    """Arrays that are no columns. Roads: ``turns`` (k, 5) int64, a restriction a row: from way,
    via node or 0, via way or 0, to way, rule (``Access`` bits of those bound, ``TurnRule``);
    ``nodes`` (k, 2) int64: node, facts (``Access`` bits of those stopped, SIGNALS)."""

    def __len__(self) -> int:
        return len(self.feature_start) - 1

    @property
    def degrees(self) -> npt.NDArray[np.float64]:
        """(m, 2) longitude, latitude in WGS84 degrees."""
        return self.xy / float(DEGREE)

    def text(self, column: str, feature: int) -> str:
        """Text of *column* for one feature; empty when the layer lacks the column."""
        values = self.columns.get(column)
        return "" if values is None else self.strings[int(values[feature])]


def encode_package(layer: LayerPackage) -> bytes:
    """Write *layer* as bytes."""
    blob = "\0".join(layer.strings).encode()
    arrays: dict[str, npt.NDArray[Any]] = {
        "xy": np.ascontiguousarray(layer.xy, "<i4"),
        "part_start": np.ascontiguousarray(layer.part_start, "<i4"),
        "feature_start": np.ascontiguousarray(layer.feature_start, "<i4"),
        "strings": np.frombuffer(blob, np.uint8),
    }
    for name, values in layer.columns.items():
        arrays[f"col:{name}"] = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    for name, values in layer.extras.items():
        arrays[f"extra:{name}"] = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    directory: dict[str, Any] = {}
    offset = 0
    for name, values in arrays.items():
        directory[name] = {"dtype": values.dtype.str, "shape": list(values.shape), "offset": offset}
        offset += (values.nbytes + 7) // 8 * 8
    header: dict[str, Any] = {
        "kind": str(layer.kind),
        "shape": str(layer.shape),
        "text_columns": list(layer.text_columns),
        "meta": layer.meta,
        "arrays": directory,
    }
    head = json.dumps(header, ensure_ascii=False).encode()
    head += b" " * (-(len(head) + 12) % 8)
    parts = [MAGIC, struct.pack("<I", len(head)), head]
    for values in arrays.values():
        parts += [values.tobytes(), b"\0" * (-values.nbytes % 8)]
    return b"".join(parts)


def decode_package(data: bytes | memoryview) -> LayerPackage:
    """Read a package without copying its arrays; *data* may be a memory map.

    Raises PackageError for anything that is not a whole, consistent package.
    """
    view = memoryview(data)
    try:
        return _decode(view)
    except (ValueError, KeyError, TypeError, struct.error, OverflowError) as error:
        raise PackageError(f"broken layer package: {error}") from error


def read_arrays(view: memoryview) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Header and arrays as they stand in the package: ``xy``, ``strings``, ``col:NAME`` ….

    Strings are UTF-8, parted by NUL. Nothing is copied or checked but the frame.
    Raises PackageError, ValueError or KeyError.
    """
    if bytes(view[:8]) != MAGIC:
        raise PackageError("not a layer package")
    (length,) = struct.unpack("<I", view[8:12])
    if length > MAX_HEADER:
        raise PackageError("header too long")
    header = json.loads(bytes(view[12 : 12 + length]))
    body = view[12 + length :]
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, entry in header["arrays"].items():
        dtype, shape = np.dtype(entry["dtype"]), tuple(int(n) for n in entry["shape"])
        if dtype.hasobject or any(n < 0 for n in shape):
            raise PackageError(f"array {name} has a bad type")
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(body, dtype, count, int(entry["offset"])).reshape(shape)
    return header, arrays


def _decode(view: memoryview) -> LayerPackage:
    header, arrays = read_arrays(view)
    layer = LayerPackage(
        kind=LayerKind(header["kind"]),
        shape=FeatureShape(header["shape"]),
        xy=arrays["xy"],
        part_start=arrays["part_start"],
        feature_start=arrays["feature_start"],
        columns={n[4:]: a for n, a in arrays.items() if n.startswith("col:")},
        text_columns=tuple(header["text_columns"]),
        strings=bytes(arrays["strings"]).decode().split("\0"),
        meta=header["meta"],
        extras={n[6:]: a for n, a in arrays.items() if n.startswith("extra:")},
    )
    _check(layer)
    return layer


def _check(layer: LayerPackage) -> None:
    """Offsets must rise and stay inside, or drawing would read beyond the arrays."""
    for starts, end in ((layer.part_start, len(layer.xy)), (layer.feature_start, len(layer.part_start) - 1)):
        if len(starts) == 0 or starts[0] != 0 or starts[-1] != end or np.any(np.diff(starts) < 0):
            raise PackageError("offsets are out of order")
    if layer.xy.ndim != 2 or layer.xy.shape[1] != 2:
        raise PackageError("coordinates have a bad shape")
    for name, values in layer.columns.items():
        if len(values) != len(layer):
            raise PackageError(f"column {name} has {len(values)} rows for {len(layer)} features")
    for name in layer.text_columns:
        values = layer.columns.get(name)
        if values is not None and len(values) and not 0 <= values.min() <= values.max() < len(layer.strings):
            raise PackageError(f"column {name} points outside the texts")
