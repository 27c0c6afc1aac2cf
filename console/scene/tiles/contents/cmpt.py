"""Composite tiles (3D Tiles 1.0, 12): tiles one after the other, perhaps composite themselves."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from console.scene.refusal import broken

MAX_INNER = 1024
MAX_DEPTH = 8
_HEADER = 16


def inner_tiles(data: memoryview, depth: int = 0) -> Iterator[memoryview]:
    """The tiles within *data* that are not composite. Raises SceneRefused, perhaps after the first ones."""
    if len(data) < _HEADER or depth >= MAX_DEPTH:
        raise broken("复合瓦片", "the composite tile")
    count = struct.unpack_from("<I", data, 12)[0]
    if count > MAX_INNER:
        raise broken("复合瓦片", "the composite tile")
    at = _HEADER
    for _ in range(count):
        if at + 12 > len(data):
            raise broken("复合瓦片", "the composite tile")
        length = struct.unpack_from("<I", data, at + 8)[0]
        if length < 12 or at + length > len(data):
            raise broken("复合瓦片", "the composite tile")
        inner = data[at : at + length]
        if bytes(inner[:4]) == b"cmpt":
            yield from inner_tiles(inner, depth + 1)
        else:
            yield inner
        at += length
