"""Batched 3D models (3D Tiles 1.0, 9): a glTF whose vertices say which feature they belong to."""

from __future__ import annotations

import struct

import numpy as np

from console.scene.gltf import read_gltf
from console.scene.gltf.buffers import Fetch
from console.scene.limits import Budget
from console.scene.refusal import broken
from console.scene.tiles.content import Content, Part
from console.scene.tiles.contents.batch_table import batch_table
from console.scene.tiles.contents.sections import HEADER, Section, Sections, split_tile, table_header
from console.scene.transforms import Matrix, translation

_BEGIN_OF_JSON = 0x22000000
"""Little-endian: the fourth byte is a quotation mark or above, as no length of a section is."""


def read_b3dm(data: memoryview, up: Matrix, fetch: Fetch, budget: Budget) -> Content:
    """*up*: a glTF's axes to the tile's. Raises SceneRefused."""
    sections = _older(data) or split_tile(data)
    model = read_gltf(sections.body, fetch, budget)
    center = sections.features.vector("RTC_CENTER")
    origin = np.identity(4) if center is None else translation(center)
    table = batch_table(sections.batches, sections.features.count("BATCH_LENGTH", 0))
    return Content((Part(model, (origin @ up)[None], table),))


def _older(data: memoryview) -> Sections | None:
    """The sections of a b3dm written before 1.0, whose headers held 20 or 24 bytes; None of any other.

    They are told by the third or fourth length, which would be the beginning of a JSON text.
    """
    if len(data) < HEADER:
        return None
    first, second, third, fourth = struct.unpack_from("<4I", data, 12)
    if third >= _BEGIN_OF_JSON:
        start, count, sizes = 20, first, (second, 0)
    elif fourth >= _BEGIN_OF_JSON:
        start, count, sizes = 24, third, (first, second)
    else:
        return None
    json_end = start + sizes[0]
    end = json_end + sizes[1]
    if end > len(data):
        raise broken("瓦片", "the tile")
    batches = Section(table_header(data[start:json_end]), data[json_end:end])
    return Sections(Section({"BATCH_LENGTH": count}, data[:0]), batches, data[end:])
