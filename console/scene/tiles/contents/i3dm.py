"""Instanced 3D models (3D Tiles 1.0, 11): one glTF, many places."""

from __future__ import annotations

import posixpath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.ellipsoid import east_north_up, to_geodetic
from console.scene.gltf import read_gltf
from console.scene.gltf.buffers import Fetch
from console.scene.gltf.model import Model
from console.scene.gltf.nodes import MAX_INSTANCES
from console.scene.limits import Budget
from console.scene.refusal import broken
from console.scene.tiles.content import Content, Part
from console.scene.tiles.contents.batch_table import batch_table
from console.scene.tiles.contents.packed import F4, U2, directions, positions
from console.scene.tiles.contents.sections import Section, Sections, split_tile
from console.scene.transforms import Matrix, assemble

_EMBEDDED = 1


def read_i3dm(data: memoryview, up: Matrix, fetch: Fetch, budget: Budget) -> Content:
    """One model and where it stands. *up*: a glTF's axes to the tile's. Raises SceneRefused."""
    sections = split_tile(data, extra=4)
    section = sections.features
    count = section.count("INSTANCES_LENGTH")
    if count > MAX_INSTANCES:
        raise broken("实例瓦片", "the tile of instances")
    budget.take(count, 512)
    model = _model(sections, fetch, budget)
    near, origin = positions(section, count)
    where = near.astype(np.float64) + origin
    transforms = assemble(where, _turns(section, where), _scales(section, count)) @ up
    sound = np.isfinite(transforms).all(axis=(1, 2))
    ids = section.array("BATCH_ID", U2, count, 1)
    rows = np.arange(count, dtype=np.int64) if ids is None else ids[:, 0].astype(np.int64)
    table = batch_table(sections.batches, int(rows.max(initial=-1)) + 1)
    return Content((Part(model, transforms[sound], table, rows[sound]),))


def _model(sections: Sections, fetch: Fetch, budget: Budget) -> Model:
    """Embedded, or another file whose own references are relative to it."""
    if sections.extra == _EMBEDDED:
        return read_gltf(sections.body, fetch, budget)
    uri = bytes(sections.body).rstrip(b" \0").decode("utf-8", "replace")
    folder = posixpath.dirname(uri)
    return read_gltf(fetch(uri), lambda inner: fetch(posixpath.join(folder, inner)), budget)


def _scales(section: Section, count: int) -> NDArray[np.float64]:
    """(count, 3)."""
    scales = np.ones((count, 3))
    for name, width in (("SCALE", 1), ("SCALE_NON_UNIFORM", 3)):
        given = section.array(name, F4, count, width)
        if given is not None:
            scales = scales * given
    return scales


def _turns(section: Section, where: NDArray[np.float64]) -> NDArray[np.float64]:
    """(count, 3, 3) rotations: columns are right, up and their cross product, or east, north and up."""
    count = len(where)
    up: Any = directions(section, "NORMAL_UP", "NORMAL_UP_OCT32P", U2, count)
    right: Any = directions(section, "NORMAL_RIGHT", "NORMAL_RIGHT_OCT32P", U2, count)
    if up is not None and right is not None:
        return np.stack([right, up, np.cross(right, up)], axis=2)
    if section.json.get("EAST_NORTH_UP") is True:
        longitude, latitude, _ = to_geodetic(where).T
        return east_north_up(longitude, latitude).transpose(0, 2, 1)
    return np.broadcast_to(np.identity(3), (count, 3, 3))
