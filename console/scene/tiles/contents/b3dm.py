"""Batched 3D models (3D Tiles 1.0, 9): a glTF whose vertices say which feature they belong to."""

from __future__ import annotations

import numpy as np

from console.scene.gltf import read_gltf
from console.scene.gltf.buffers import Fetch
from console.scene.limits import Budget
from console.scene.tiles.content import Content, Part
from console.scene.tiles.contents.batch_table import batch_table
from console.scene.tiles.contents.sections import split_tile
from console.scene.transforms import Matrix, translation


def read_b3dm(data: memoryview, up: Matrix, fetch: Fetch, budget: Budget) -> Content:
    """*up*: a glTF's axes to the tile's. Raises SceneRefused."""
    sections = split_tile(data)
    model = read_gltf(sections.body, fetch, budget)
    center = sections.features.vector("RTC_CENTER")
    origin = np.identity(4) if center is None else translation(center)
    table = batch_table(sections.batches, sections.features.count("BATCH_LENGTH", 0))
    return Content((Part(model, (origin @ up)[None], table),))
