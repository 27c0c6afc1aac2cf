"""Subtree files of implicit tiling (3D Tiles 1.1, 8.4): which tiles, contents and subtrees there are."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from console.scene.document import decode_json
from console.scene.features import FeatureTable
from console.scene.gltf.buffers import Fetch, read_uri
from console.scene.limits import Budget
from console.scene.metadata import PropertyTableRecord, Schema, read_table
from console.scene.refusal import SceneRefused, broken
from console.scene.tiles.records import ImplicitRoot

MAX_BITS = 1 << 24
"""Of one availability: 12 levels of a quadtree, 8 of an octree."""
_HEADER = 24
_Index = Annotated[int, Meta(ge=0)]


class Availability(Struct, frozen=True):
    bitstream: _Index | None = None
    bufferView: _Index | None = None
    """What 1.0's extension called it."""
    constant: Annotated[int, Meta(ge=0, le=1)] | None = None


class SubtreeBuffer(Struct, frozen=True):
    byteLength: _Index
    uri: str | None = None


class SubtreeView(Struct, frozen=True):
    buffer: _Index
    byteLength: _Index
    byteOffset: _Index = 0


class SubtreeRecord(Struct, frozen=True):
    tileAvailability: Availability
    childSubtreeAvailability: Availability
    contentAvailability: list[Availability] | Availability = []
    buffers: list[SubtreeBuffer] = []
    bufferViews: list[SubtreeView] = []
    propertyTables: list[PropertyTableRecord] = []
    tileMetadata: _Index | None = None
    """Which of the tables has a row for each tile that is there."""


@dataclass(frozen=True, slots=True)
class Subtree:
    """Bits in the order of the specification: level by level, each in Morton order."""

    tiles: NDArray[np.bool_]
    contents: tuple[NDArray[np.bool_], ...]
    children: NDArray[np.bool_]
    """Of the level below the last."""
    attributes: FeatureTable | None = None
    """A row for each tile that is there, in their order."""


def tile_count(dimensions: int, levels: int) -> int:
    """Tiles of a full subtree."""
    return ((1 << dimensions * levels) - 1) // ((1 << dimensions) - 1)


def read_subtree(data: bytes, root: ImplicitRoot, fetch: Fetch) -> Subtree:
    """The subtree file *data*, binary or JSON, below *root*.

    *fetch* gives the bytes of external buffers. Raises SceneRefused.
    """
    dimensions, levels, schema = root.dimensions, root.subtree_levels, root.document.schema
    if 1 << dimensions * levels > MAX_BITS:
        raise subtree_broken()
    text, body = _split(memoryview(data))
    record = decode_json(text, SubtreeRecord, "子树文件", "the subtree file")
    bits = _Bits(record, body, fetch)
    count = tile_count(dimensions, levels)
    given = record.contentAvailability
    listed = given if isinstance(given, list) else [given]
    return Subtree(
        tiles=bits.read(record.tileAvailability, count),
        contents=tuple(bits.read(availability, count) for availability in listed[: len(root.contents)]),
        children=bits.read(record.childSubtreeAvailability, 1 << dimensions * levels),
        attributes=bits.table(record, schema),
    )


def subtree_broken() -> SceneRefused:
    """What is told of a subtree that cannot be read."""
    return broken("子树文件", "the subtree file")


def _split(data: memoryview) -> tuple[memoryview, memoryview]:
    """The JSON and the binary chunk."""
    if bytes(data[:4]) != b"subt":
        return data, data[:0]
    if len(data) < _HEADER:
        raise subtree_broken()
    _version, text, body = struct.unpack_from("<IQQ", data, 4)
    if text + body > len(data) - _HEADER:
        raise subtree_broken()
    return data[_HEADER : _HEADER + text], data[_HEADER + text : _HEADER + text + body]


class _Bits:
    """Availability bits from constants and buffers."""

    def __init__(self, record: SubtreeRecord, body: memoryview, fetch: Fetch) -> None:
        self._record = record
        self._body = body
        self._fetch = fetch
        self._fetched: dict[int, memoryview] = {}

    def read(self, availability: Availability, count: int) -> NDArray[np.bool_]:
        """(count,). Raises SceneRefused."""
        if availability.constant is not None:
            return np.full(count, bool(availability.constant))
        index = availability.bitstream if availability.bitstream is not None else availability.bufferView
        if index is None:
            raise subtree_broken()
        octets = np.frombuffer(self.view(index), np.uint8)
        if len(octets) * 8 < count:
            raise subtree_broken()
        return np.unpackbits(octets, count=count, bitorder="little").view(np.bool_)

    def table(self, record: SubtreeRecord, schema: Schema) -> FeatureTable | None:
        """The attributes of the tiles; None if there are none."""
        index = record.tileMetadata
        if index is None or index >= len(record.propertyTables):
            return None
        return read_table(record.propertyTables[index], schema, self.view, Budget())

    def view(self, index: int) -> memoryview:
        """The bytes of a buffer view. Raises SceneRefused."""
        if index >= len(self._record.bufferViews):
            raise subtree_broken()
        view = self._record.bufferViews[index]
        data = self._buffer(view.buffer)
        if view.byteOffset + view.byteLength > len(data):
            raise subtree_broken()
        return data[view.byteOffset : view.byteOffset + view.byteLength]

    def _buffer(self, index: int) -> memoryview:
        if index not in self._fetched:
            if index >= len(self._record.buffers):
                raise subtree_broken()
            uri = self._record.buffers[index].uri
            self._fetched[index] = self._body if uri is None else read_uri(uri, self._fetch)
        return self._fetched[index]
