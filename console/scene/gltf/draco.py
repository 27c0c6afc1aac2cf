"""Geometry compressed by Draco (KHR_draco_mesh_compression)."""

from __future__ import annotations

import struct
from typing import Any

import DracoPy
import numpy as np
from numpy.typing import NDArray

from console.scene.gltf.buffers import Buffers
from console.scene.gltf.schema import Draco
from console.scene.limits import Budget
from console.scene.refusal import SceneRefused, broken

_BYTES_A_ELEMENT = 64
"""What a vertex or a face may take while it is decoded."""
_HEADER = struct.Struct("<5s4BH")
_METADATA = 0x8000
_POINT_CLOUD, _MESH = 0, 1
_SEQUENTIAL, _EDGEBREAKER = 0, 1


def decode_draco(
    draco: Draco, buffers: Buffers, vertices: int, indices: int, budget: Budget
) -> tuple[dict[str, NDArray[Any]], NDArray[np.uint32] | None]:
    """Attributes by semantic, each (n, k), and the triangles' indices (m,); None for points.

    *vertices*, *indices*: what the accessors promise. Raises SceneRefused.
    """
    budget.take(vertices, _BYTES_A_ELEMENT)
    budget.take(indices, 4)
    found, faces = decode_draco_bytes(bytes(buffers.view(draco.bufferView)), budget)
    attributes = {name: found[key] for name, key in draco.attributes.items() if key in found}
    if "POSITION" not in attributes:
        raise draco_broken()
    return attributes, faces


def decode_draco_bytes(
    data: bytes, budget: Budget
) -> tuple[dict[int, NDArray[Any]], NDArray[np.uint32] | None]:
    """Attributes (n, k) by Draco's unique id, and indices (m,); None for points. Raises SceneRefused."""
    for count in announced(data):
        budget.take(count, _BYTES_A_ELEMENT)
    try:
        mesh = DracoPy.decode(data)
        found = {
            int(record["unique_id"]): np.asarray(record["data"]).reshape(-1, int(record["num_components"]))
            for record in mesh.attributes
        }
        faces = getattr(mesh, "faces", None)
        return found, None if faces is None else np.require(faces, np.uint32, ["C"]).reshape(-1)
    except Exception as error:  # DracoPy's errors have no class of their own below Exception
        raise draco_broken() from error


def announced(data: bytes) -> list[int]:
    """How many points and faces *data* says it holds, for which the decoder takes memory at once.

    Bitstreams 2.2 and later without metadata, as glTF demands (Draco bitstream, 4.1 and 5). Raises
    SceneRefused.
    """
    if len(data) < _HEADER.size + 4:
        raise draco_broken()
    magic, major, minor, kind, method, flags = _HEADER.unpack_from(data)
    if magic != b"DRACO" or (major, minor) < (2, 2) or flags & _METADATA:
        raise draco_broken()
    if kind == _POINT_CLOUD:
        return [struct.unpack_from("<I", data, _HEADER.size)[0]]
    if kind != _MESH or method not in (_SEQUENTIAL, _EDGEBREAKER):
        raise draco_broken()
    at = _HEADER.size + (1 if method == _EDGEBREAKER else 0)
    first, at = _varint(data, at)
    second, _ = _varint(data, at)
    return [first, second]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at *at*, seven bits a byte, and where the next one stands."""
    value = 0
    for place in range(5):
        if at + place >= len(data):
            break
        value |= (data[at + place] & 127) << (7 * place)
        if data[at + place] < 128:
            return value, at + place + 1
    raise draco_broken()


def draco_broken() -> SceneRefused:
    """What is told of geometry that Draco does not decode."""
    return broken("Draco 压缩数据", "Draco-compressed data")
