"""Primitives of a glTF (3.7.2) as arrays that are safe to draw: lists, finite, every index in range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.colors import to_srgb
from console.scene.gltf.accessors import Accessors, normalised
from console.scene.gltf.buffers import Buffers
from console.scene.gltf.draco import decode_draco
from console.scene.gltf.model import Mode
from console.scene.gltf.schema import PrimitiveRecord
from console.scene.limits import Budget
from console.scene.refusal import broken

_LINE_LOOP, _LINE_STRIP, _TRIANGLE_STRIP, _TRIANGLE_FAN = 2, 3, 5, 6
MAX_VERTICES = 1 << 28


@dataclass(frozen=True, slots=True)
class Attributes:
    """The vertex data of one primitive, wherever it was packed."""

    record: PrimitiveRecord
    accessors: Accessors
    unpacked: dict[str, NDArray[Any]]
    """By Draco."""
    faces: NDArray[np.uint32] | None = None
    """By Draco."""

    def has(self, name: str) -> bool:
        """Whether there is a semantic *name*."""
        return name in self.record.attributes or name in self.unpacked

    def raw(self, name: str) -> NDArray[Any]:
        """(n, k), as stored. Raises SceneRefused."""
        return (
            self.unpacked[name]
            if name in self.unpacked
            else self.accessors.read(self.record.attributes[name])
        )

    def floats(self, name: str) -> NDArray[np.float32]:
        """(n, k) float32, normalised if the accessor says so. Raises SceneRefused."""
        if name not in self.unpacked:
            return self.accessors.floats(self.record.attributes[name])
        values, accessor = self.unpacked[name], self.record.attributes.get(name)
        scaled = accessor is not None and self.accessors.record(accessor).normalized
        return np.require(normalised(values) if scaled else values, np.float32, ["C", "A"])


def attributes_of(
    record: PrimitiveRecord, accessors: Accessors, buffers: Buffers, budget: Budget
) -> Attributes:
    """The attributes of *record*, Draco undone. Raises SceneRefused."""
    draco, where = record.extensions.KHR_draco_mesh_compression, record.attributes.get("POSITION")
    if draco is None or where is None:
        return Attributes(record, accessors, {})
    count = 0 if record.indices is None else accessors.record(record.indices).count
    unpacked, faces = decode_draco(draco, buffers, accessors.record(where).count, count, budget)
    return Attributes(record, accessors, unpacked, faces)


def vertex_array(attributes: Attributes, name: str, count: int, width: int) -> NDArray[np.float32] | None:
    """(count, width) float32 of semantic *name*; None if it is not there or not of that shape."""
    if not attributes.has(name):
        return None
    values = attributes.floats(name)
    if values.shape != (count, width):
        return None
    return np.where(np.isfinite(values), values, np.float32(0)) if not np.isfinite(values).all() else values


def vertex_colors(attributes: Attributes, count: int) -> NDArray[np.uint8] | None:
    """(count, 4) RGBA of COLOR_0 as it is shown, sRGB; None if there is none."""
    if not attributes.has("COLOR_0"):
        return None
    raw = attributes.raw("COLOR_0")
    if len(raw) != count or raw.shape[1] not in (3, 4):
        return None
    values = np.ones((count, 4))
    values[:, : raw.shape[1]] = np.clip(np.nan_to_num(normalised(raw)), 0.0, 1.0)
    values[:, :3] = to_srgb(values[:, :3])
    return np.rint(values * 255).astype(np.uint8)


def drawable(
    attributes: Attributes, positions: NDArray[np.float32], budget: Budget
) -> tuple[Mode, NDArray[np.float32], NDArray[np.uint32]]:
    """Mode, positions and indices as lists. What touches a vertex that is not finite is left out.

    Raises SceneRefused for indices out of range.
    """
    count = len(positions)
    if positions.shape[1:] != (3,) or count > MAX_VERTICES:
        raise broken("模型几何", "the model's geometry")
    indices = _indices(attributes, count, budget)
    mode, lists = as_lists(attributes.record.mode, indices, budget)
    finite = np.asarray(np.isfinite(positions).all(axis=1))
    if finite.all():
        return mode, positions, lists
    if not finite.any():
        return mode, positions[:0], lists[:0]
    width = {Mode.POINTS: 1, Mode.LINES: 2, Mode.TRIANGLES: 3}[mode]
    kept = lists.reshape(-1, width)[finite[lists].reshape(-1, width).all(axis=1)].reshape(-1)
    return mode, np.where(finite[:, None], positions, positions[finite][0]), kept


def _indices(attributes: Attributes, count: int, budget: Budget) -> NDArray[np.uint32]:
    if attributes.faces is not None and attributes.record.mode != Mode.POINTS:
        indices = attributes.faces
    elif attributes.record.indices is not None and not attributes.unpacked:
        raw = attributes.accessors.read(attributes.record.indices)
        if raw.shape[1] != 1 or raw.dtype.kind != "u":
            raise broken("模型几何", "the model's geometry")
        budget.take(len(raw), 4)
        indices = np.require(raw[:, 0], np.uint32, ["C", "A"])
    else:
        budget.take(count, 4)
        return np.arange(count, dtype=np.uint32)
    if len(indices) and int(indices.max()) >= count:
        raise broken("模型几何", "the model's geometry")
    return indices


def as_lists(mode: int, indices: NDArray[np.uint32], budget: Budget) -> tuple[Mode, NDArray[np.uint32]]:
    """Indices of *mode* (glTF's number) as points, lines or triangles, one by one."""
    if mode in (Mode.POINTS, Mode.LINES, Mode.TRIANGLES):
        kind = Mode(mode)
        width = {Mode.POINTS: 1, Mode.LINES: 2, Mode.TRIANGLES: 3}[kind]
        return kind, indices[: len(indices) // width * width]
    budget.take(len(indices), 12)
    if mode in (_LINE_LOOP, _LINE_STRIP):
        after = np.roll(indices, -1)
        pairs = np.stack([indices, after], axis=1)
        return Mode.LINES, (pairs if mode == _LINE_LOOP and len(indices) > 2 else pairs[:-1]).reshape(-1)
    if len(indices) < 3:
        return Mode.TRIANGLES, indices[:0]
    if mode == _TRIANGLE_FAN:
        first = np.full(len(indices) - 2, indices[0], np.uint32)
        return Mode.TRIANGLES, np.stack([first, indices[1:-1], indices[2:]], axis=1).reshape(-1)
    assert mode == _TRIANGLE_STRIP
    strip = np.stack([indices[:-2], indices[1:-1], indices[2:]], axis=1)
    strip[1::2, 1:] = strip[1::2, :0:-1]
    return Mode.TRIANGLES, strip.reshape(-1)
