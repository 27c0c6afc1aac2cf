"""What a tile refers to: contents to be read, documents and subtrees that they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.metadata import Schema, typed_entity
from console.scene.refusal import refused
from console.scene.tiles.schema import MetadataEntity
from console.scene.transforms import X_UP_TO_Z_UP, Y_UP_TO_Z_UP, Matrix

Attributes = Mapping[str, Any]
"""Metadata by property, scaled and with defaults."""
MAX_CHAIN = 32
"""Tilesets within tilesets."""
QUADTREE, OCTREE = 2, 3
"""Dimensions that are halved."""


@dataclass(frozen=True, slots=True)
class Document:
    """One tileset.json: what its tiles' contents need to know of it."""

    key: str
    """In the source."""
    chain: tuple[str, ...] = ()
    """Keys of the tilesets that led to it."""
    up_axis: str = "Y"
    """Of the glTFs within it."""
    schema: Schema = field(default_factory=Schema)
    groups: tuple[Attributes, ...] = ()
    """Of groups of contents."""
    attributes: Attributes | None = None
    """Of the tileset."""

    def typed(self, entity: MetadataEntity | None) -> Attributes | None:
        """The attributes of *entity* by this document's schema."""
        return None if entity is None else typed_entity(self.schema, entity.class_, entity.properties)

    @property
    def up(self) -> Matrix:
        """(4, 4): a glTF's axes to the tile's, whose z is up."""
        return {"Z": np.identity(4), "X": X_UP_TO_Z_UP}.get(self.up_axis, Y_UP_TO_Z_UP)


@dataclass(frozen=True, slots=True)
class ContentRef:
    """One content of a tile."""

    uri: str
    """Relative to its document."""
    document: Document
    frame: Matrix
    """(4, 4): the transform of its tile to the world, for a further tileset."""
    inherited: tuple[float, int] = (0.0, 1)
    """Geometric error and refinement that a further tileset takes over if it names none."""
    attributes: Attributes | None = None
    group: Attributes | None = None


@dataclass(frozen=True, slots=True)
class ImplicitRoot:
    """A tile whose descendants follow a rule (3D Tiles 1.1, chapter 8)."""

    document: Document
    dimensions: int
    """QUADTREE or OCTREE."""
    subtree_levels: int
    levels: int
    """Available in all."""
    subtrees: str
    """Template of URIs."""
    contents: tuple[str, ...]
    """Templates of URIs."""
    kind: int
    """Of the root's volume: box or region."""
    numbers: NDArray[np.float64]
    """(12,)."""
    frame: Matrix
    error: float
    """Of the root, as written; halved each level."""
    refine: int


@dataclass(frozen=True, slots=True)
class SubtreeRef:
    """A subtree to be read."""

    uri: str
    """Relative to its root's document."""
    root: ImplicitRoot
    number: int
    """Of the root in the tree."""
    at: tuple[int, int, int, int]
    """Level, x, y, z of its first tile."""


def filled(template: str, at: tuple[int, int, int, int]) -> str:
    """A URI template with its level and coordinates (8.2)."""
    for name, value in zip(("{level}", "{x}", "{y}", "{z}"), at, strict=True):
        template = template.replace(name, str(value))
    return template


def content_of(root: ImplicitRoot, at: tuple[int, int, int, int], number: int) -> ContentRef:
    """Content *number* of the implicit tile *at*."""
    error = root.error / 2 ** at[0]
    return ContentRef(filled(root.contents[number], at), root.document, root.frame, (error, root.refine))


def subtree_of(root: ImplicitRoot, at: tuple[int, int, int, int], number: int) -> SubtreeRef:
    """The subtree that begins at the implicit tile *at*."""
    return SubtreeRef(filled(root.subtrees, at), root, number, at)


def deeper(document: Document, key: str) -> tuple[str, ...]:
    """The chain of the tileset *key* within *document*. Raises SceneRefused: a cycle, too long a chain."""
    chain = (*document.chain, document.key)
    if key in chain:
        name = key.partition("?")[0][:200]  # a query may be secret
        raise refused(f"瓦片集循环引用:{name}", f"tilesets refer to one another in a circle: {name}")
    if len(chain) >= MAX_CHAIN:
        raise refused(f"瓦片集嵌套超过 {MAX_CHAIN} 层", f"tilesets are nested more than {MAX_CHAIN} deep")
    return chain
