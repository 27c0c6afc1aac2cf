"""tileset.json as typed records (3D Tiles 1.1, chapter 7; 1.0 and its extensions where they differ).

Names are the specification's. Unknown members are passed over.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Raw, Struct

Twelve = Annotated[list[float], Meta(min_length=12, max_length=12)]
Six = Annotated[list[float], Meta(min_length=6, max_length=6)]
Four = Annotated[list[float], Meta(min_length=4, max_length=4)]
Sixteen = Annotated[list[float], Meta(min_length=16, max_length=16)]


class Asset(Struct, frozen=True):
    version: str = "1.0"
    tilesetVersion: str = ""
    gltfUpAxis: str = "Y"
    """Removed from the specification, still written by many tools."""


class VolumeRecord(Struct, frozen=True):
    box: Twelve | None = None
    region: Six | None = None
    sphere: Four | None = None


class MetadataEntity(Struct, frozen=True, rename={"class_": "class"}):
    """Attributes of a tileset, tile, content or group: a class of the schema and values."""

    class_: str = ""
    properties: dict[str, Any] = {}


class ContentMetadata(Struct, frozen=True, rename={"metadata": "3DTILES_metadata"}):
    metadata: MetadataEntity | None = None


class ContentRecord(Struct, frozen=True):
    uri: str = ""
    url: str = ""
    """What 1.0's drafts called it."""
    boundingVolume: VolumeRecord | None = None
    metadata: MetadataEntity | None = None
    group: Annotated[int, Meta(ge=0)] | None = None
    extensions: ContentMetadata = ContentMetadata()


class TemplateUri(Struct, frozen=True):
    uri: str = ""


class ImplicitTiling(Struct, frozen=True):
    """Implicit tiling, and 3DTILES_implicit_tiling of 1.0, whose maximumLevel counts from nought."""

    subdivisionScheme: str
    subtreeLevels: Annotated[int, Meta(ge=1, le=12)]
    subtrees: TemplateUri
    availableLevels: Annotated[int, Meta(ge=1, le=60)] | None = None
    maximumLevel: Annotated[int, Meta(ge=0, le=60)] | None = None


class MultipleContents(Struct, frozen=True):
    contents: list[ContentRecord] = []
    content: list[ContentRecord] = []
    """What its first draft called it."""


class TileExtensions(
    Struct,
    frozen=True,
    rename={
        "multiple": "3DTILES_multiple_contents",
        "implicit": "3DTILES_implicit_tiling",
        "metadata": "3DTILES_metadata",
    },
):
    multiple: MultipleContents | None = None
    implicit: ImplicitTiling | None = None
    metadata: MetadataEntity | None = None


class TileRecord(Struct, frozen=True):
    boundingVolume: VolumeRecord = VolumeRecord()
    viewerRequestVolume: VolumeRecord | None = None
    geometricError: float | None = None
    refine: str | None = None
    transform: Sixteen | None = None
    content: ContentRecord | None = None
    contents: list[ContentRecord] = []
    children: list[TileRecord] = []
    metadata: MetadataEntity | None = None
    implicitTiling: ImplicitTiling | None = None
    extensions: TileExtensions = TileExtensions()


class TilesetMetadata(Struct, frozen=True):
    """3DTILES_metadata of 1.0."""

    schema: Raw = Raw(b"")
    schemaUri: str | None = None
    groups: dict[str, MetadataEntity] | list[MetadataEntity] = []
    tileset: MetadataEntity | None = None


class TilesetExtensions(Struct, frozen=True, rename={"metadata": "3DTILES_metadata"}):
    metadata: TilesetMetadata | None = None


class TilesetRecord(Struct, frozen=True):
    root: TileRecord
    asset: Asset = Asset()
    geometricError: float | None = None
    schema: Raw = Raw(b"")
    schemaUri: str | None = None
    groups: list[MetadataEntity] = []
    metadata: MetadataEntity | None = None
    statistics: Any = None
    extensionsRequired: list[str] = []
    extensions: TilesetExtensions = TilesetExtensions()
