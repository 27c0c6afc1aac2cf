"""Reading tilesets' documents: the first one, and those that tiles refer to."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np

from console.scene.document import decode_json
from console.scene.metadata import Schema, read_schema
from console.scene.refusal import SceneRefused, refused
from console.scene.tiles.explicit import Inherited, read_tiles
from console.scene.tiles.records import ContentRef, Document, deeper
from console.scene.tiles.schema import TilesetRecord
from console.scene.tiles.source import Source
from console.scene.tiles.tree import Fragment, TileTree

_READ = {
    *("3DTILES_content_gltf", "3DTILES_multiple_contents", "3DTILES_implicit_tiling", "3DTILES_metadata"),
    *("3DTILES_bounding_volume_S2", "3DTILES_content_conditional"),
}
"""Of S2 volumes the box or region beside them is used, which the extension demands."""


COARSEST = 1e6
"""Metres: the error of a root tile when neither it nor its tileset gives one."""


def open_tileset(source: Source) -> TileTree:
    """The tree of the tileset's main document; further ones are attached as they are needed.

    Coordinates are the tileset's world: by specification ECEF, EPSG:4978, metres. Raises SceneRefused.
    """
    record = decode_tileset(source.read(source.start))
    document = document_of(record, source, source.start, ())
    error = np.inf if record.geometricError is None else record.geometricError
    root = read_tiles(record.root, document, Inherited(np.identity(4), min(error, COARSEST)))
    return TileTree(root, error)


def read_external(source: Source, ref: ContentRef, key: str, data: bytes) -> Fragment:
    """The tiles of the further tileset *data*, which is *key*. Raises SceneRefused."""
    chain = deeper(ref.document, key)
    record = decode_tileset(data)
    document = document_of(record, source, key, chain)
    error, refine = ref.inherited
    error = error if record.geometricError is None else record.geometricError
    return read_tiles(record.root, document, Inherited(ref.frame, error, refine))


def is_tileset(data: bytes) -> bool:
    """Whether a content is a further tileset, not a glTF in JSON or a binary format."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return False
    try:
        return "root" in decode_json(data, dict[str, msgspec.Raw], "瓦片内容", "the tile's content")
    except SceneRefused:
        return True  # reading it as one says what is wrong


def decode_tileset(data: bytes) -> TilesetRecord:
    """The record of a tileset.json. Raises SceneRefused."""
    record = decode_json(data, TilesetRecord, "瓦片集描述文件", "the tileset's description")
    if record.asset.version.split(".")[0] not in ("0", "1"):
        version = record.asset.version[:20]
        raise refused(f"不支持 3D Tiles {version} 版", f"3D Tiles version {version} is not read")
    needed = sorted(set(record.extensionsRequired) - _READ)
    if needed:
        names = ", ".join(needed[:3])[:200]
        raise refused(
            f"瓦片集需要尚不支持的扩展:{names}", f"the tileset needs extensions that are not read: {names}"
        )
    return record


def document_of(record: TilesetRecord, source: Source, key: str, chain: tuple[str, ...]) -> Document:
    """What contents need to know of *record*."""
    older = record.extensions.metadata
    bare = Document(key, chain, record.asset.gltfUpAxis.upper(), schema_of(record, source, key))
    groups = record.groups or (older.groups if older else [])
    listed = groups.values() if isinstance(groups, dict) else groups
    return replace(
        bare,
        groups=tuple(bare.typed(group) or {} for group in listed),
        attributes=bare.typed(record.metadata or (older.tileset if older else None)),
    )


def schema_of(record: TilesetRecord, source: Source, key: str) -> Schema:
    """The classes of the metadata. One that is not to be had leaves metadata as written."""
    older = record.extensions.metadata
    data = bytes(record.schema) or (bytes(older.schema) if older else b"")
    uri = record.schemaUri or (older.schemaUri if older else None)
    try:
        return read_schema(source.read(source.resolve(key, uri)) if uri and not data else data)
    except SceneRefused:
        return Schema()
