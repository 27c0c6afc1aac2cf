"""Geometry compressed by Draco (KHR_draco_mesh_compression)."""

from __future__ import annotations

from typing import Any

import DracoPy
import numpy as np
from numpy.typing import NDArray

from console.scene.gltf.buffers import Buffers
from console.scene.gltf.schema import Draco
from console.scene.limits import Budget
from console.scene.refusal import SceneRefused, broken

_BYTES_A_VERTEX = 64


def decode_draco(
    draco: Draco, buffers: Buffers, vertices: int, indices: int, budget: Budget
) -> tuple[dict[str, NDArray[Any]], NDArray[np.uint32] | None]:
    """Attributes by semantic, each (n, k), and the triangles' indices (m,); None for points.

    *vertices*, *indices*: what the accessors promise. Raises SceneRefused.
    """
    budget.take(vertices, _BYTES_A_VERTEX)
    budget.take(indices, 4)
    found, faces = decode_draco_bytes(bytes(buffers.view(draco.bufferView)))
    attributes = {name: found[key] for name, key in draco.attributes.items() if key in found}
    if "POSITION" not in attributes:
        raise draco_broken()
    return attributes, faces


def decode_draco_bytes(data: bytes) -> tuple[dict[int, NDArray[Any]], NDArray[np.uint32] | None]:
    """Attributes (n, k) by Draco's unique id, and indices (m,); None for points. Raises SceneRefused."""
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


def draco_broken() -> SceneRefused:
    """What is told of geometry that Draco does not decode."""
    return broken("Draco 压缩数据", "Draco-compressed data")
