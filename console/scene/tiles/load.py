"""Reading what a tile refers to. Everything here may run in a worker thread."""

from __future__ import annotations

import numpy as np

from console.scene.gltf import read_gltf
from console.scene.gltf.buffers import Fetch
from console.scene.gltf.container import is_glb
from console.scene.limits import Budget
from console.scene.refusal import SceneRefused, refused
from console.scene.tiles.content import Content, Part
from console.scene.tiles.contents.b3dm import read_b3dm
from console.scene.tiles.contents.cmpt import inner_tiles
from console.scene.tiles.contents.i3dm import read_i3dm
from console.scene.tiles.contents.pnts import read_pnts
from console.scene.tiles.documents import is_tileset, read_external
from console.scene.tiles.implicit import load_subtree
from console.scene.tiles.records import ContentRef, SubtreeRef
from console.scene.tiles.source import Source
from console.scene.tiles.tree import Fragment, Ref
from console.scene.transforms import Matrix

_FORMATS = {b"b3dm": read_b3dm, b"i3dm": read_i3dm, b"pnts": read_pnts}


def load(source: Source, ref: Ref) -> Content | Fragment:
    """What *ref* names: something to show, or more tiles to attach. Raises SceneRefused."""
    if isinstance(ref, SubtreeRef):
        return load_subtree(source, ref)
    if not isinstance(ref, ContentRef):
        return ref.read(source)
    key = source.resolve(ref.document.key, ref.uri)
    data = source.read(key)
    if is_tileset(data):
        return read_external(source, ref, key, data)

    def fetch(uri: str) -> bytes:
        return source.read(source.resolve(key, uri))

    return read_content(memoryview(data), ref.document.up, fetch, Budget())


@np.errstate(invalid="ignore", over="ignore")  # what is not finite is left out, quietly
def read_content(data: memoryview, up: Matrix, fetch: Fetch, budget: Budget) -> Content:
    """One content by its first bytes. *up*: a glTF's axes to the tile's. Raises SceneRefused."""
    if bytes(data[:4]) == b"cmpt":
        return _composite(data, up, fetch, budget)
    if is_glb(data) or bytes(data[:1]) == b"{":
        return Content((Part(read_gltf(data, fetch, budget), up[None]),))
    reader = _FORMATS.get(bytes(data[:4]))
    if reader is None:
        raise refused("不认识的瓦片格式", "the tile's format is not known")
    return reader(data, up, fetch, budget)


def _composite(data: memoryview, up: Matrix, fetch: Fetch, budget: Budget) -> Content:
    """All tiles within a composite one; one that is broken is left out and named."""
    parts: list[Part] = []
    refusals: list[str] = []
    for inner in inner_tiles(data):
        try:
            parts.extend(read_content(inner, up, fetch, budget).parts)
        except SceneRefused as error:
            refusals.append(error.message.en)
    return Content(tuple(parts), tuple(refusals))
