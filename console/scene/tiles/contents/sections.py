"""The sections that b3dm, i3dm and pnts share: header, feature table, batch table (3D Tiles 1.0, 8 to 10)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.document import decode_json
from console.scene.refusal import broken

HEADER = 28
_TYPES = {
    "BYTE": np.dtype("i1"),
    "UNSIGNED_BYTE": np.dtype("u1"),
    "SHORT": np.dtype("<i2"),
    "UNSIGNED_SHORT": np.dtype("<u2"),
    "INT": np.dtype("<i4"),
    "UNSIGNED_INT": np.dtype("<u4"),
    "FLOAT": np.dtype("<f4"),
    "DOUBLE": np.dtype("<f8"),
}
COMPONENT_NAMES = {dtype: name for name, dtype in _TYPES.items()}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


@dataclass(frozen=True, slots=True)
class Section:
    """A JSON header and the binary body that it refers to."""

    json: dict[str, Any]
    body: memoryview

    def array(self, name: str, dtype: np.dtype[Any], count: int, width: int) -> NDArray[Any] | None:
        """(count, width) of property *name* in the body; None if it is not there. Raises SceneRefused."""
        reference = self.json.get(name)
        if not isinstance(reference, dict):
            return None
        offset = reference.get("byteOffset")
        kind = _TYPES.get(str(reference.get("componentType")), dtype)
        return self.cut(offset, kind, count, width)

    def cut(self, offset: object, dtype: np.dtype[Any], count: int, width: int) -> NDArray[Any]:
        """(count, width) at byte *offset* of the body, a read-only view. Raises SceneRefused."""
        size = count * width * dtype.itemsize
        if not isinstance(offset, int) or not 0 <= offset <= len(self.body) - size:
            raise broken("瓦片要素表", "the tile's feature table")
        return np.frombuffer(self.body[offset : offset + size], dtype).reshape(count, width)

    def count(self, name: str, default: int | None = None) -> int:
        """A length. Raises SceneRefused."""
        value = self.json.get(name, default)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, int) or not 0 <= value < 1 << 31:
            raise broken("瓦片要素表", "the tile's feature table")
        return value

    def vector(self, name: str, width: int = 3) -> NDArray[np.float64] | None:
        """A global property of *width* numbers, in the JSON or in the body. Raises SceneRefused."""
        value = self.json.get(name)
        if isinstance(value, dict):
            value = self.cut(value.get("byteOffset"), np.dtype("<f4"), 1, width)[0].tolist()
        if value is None:
            return None
        if (
            not isinstance(value, list)
            or len(value) != width
            or not all(isinstance(v, int | float) for v in value)
        ):
            raise broken("瓦片要素表", "the tile's feature table")
        return np.array(value, np.float64)


@dataclass(frozen=True, slots=True)
class Sections:
    """A tile of 1.0 taken apart."""

    features: Section
    batches: Section
    body: memoryview
    """What follows the tables."""
    extra: int = 0
    """i3dm's gltfFormat."""


def split_tile(data: memoryview, extra: int = 0) -> Sections:
    """The sections of *data*; *extra*: bytes that the header has beyond 28. Raises SceneRefused.

    The declared length may exceed the data: many tools forget padding. The tables may not.
    """
    start = HEADER + extra
    if len(data) < start:
        raise broken("瓦片", "the tile")
    _version, length, *sizes = struct.unpack_from("<6I", data, 4)
    end = min(length, len(data)) if length >= start else len(data)
    pieces: list[memoryview] = []
    at = start
    for size in sizes:
        if at + size > end:
            raise broken("瓦片", "the tile")
        pieces.append(data[at : at + size])
        at += size
    return Sections(
        features=Section(table_header(pieces[0]), pieces[1]),
        batches=Section(table_header(pieces[2]), pieces[3]),
        body=data[at:end],
        extra=struct.unpack_from("<I", data, HEADER)[0] if extra else 0,
    )


def table_header(data: memoryview) -> dict[str, Any]:
    """The JSON of a table; padding alone is an empty one. Raises SceneRefused."""
    if not bytes(data).strip(b" \0\r\n\t"):
        return {}
    return decode_json(data, dict[str, Any], "瓦片属性表", "the tile's table")


def reference_type(reference: dict[str, Any]) -> tuple[np.dtype[Any], int] | None:
    """The type that a binary property of a batch table declares; None: not a sound one."""
    dtype, width = _TYPES.get(str(reference.get("componentType"))), _WIDTHS.get(str(reference.get("type")))
    return (dtype, width) if dtype is not None and width is not None else None
