"""What a glTF says, as arrays: the reader's result. Vertices are float32 in the node's own frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from console.scene.features import FeatureTable


class Mode(IntEnum):
    """What a primitive's indices make. Strips, loops and fans are read into these three."""

    POINTS = 0
    LINES = 1
    TRIANGLES = 4


class Alpha(StrEnum):
    """How a material's alpha is meant (glTF 2.0, 3.9.4)."""

    OPAQUE = "OPAQUE"
    MASK = "MASK"
    BLEND = "BLEND"


@dataclass(frozen=True, slots=True)
class Image:
    """An encoded picture."""

    data: memoryview
    mime: str = ""
    """As declared; the decoder looks at the bytes."""


@dataclass(frozen=True, slots=True)
class Texture:
    """Which picture, and how it is sampled (OpenGL's values: glTF 2.0, 3.8.4)."""

    image: int
    """Index in Model.images."""
    wrap_s: int = 10497
    wrap_t: int = 10497
    linear: bool = True


@dataclass(frozen=True, slots=True)
class Material:
    """How a surface looks. Colours are linear, 0..1, RGBA."""

    color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    texture: Texture | None = None
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    metallic: float = 1.0
    roughness: float = 1.0
    alpha: Alpha = Alpha.OPAQUE
    cutoff: float = 0.5
    double_sided: bool = False
    unlit: bool = False


@dataclass(frozen=True, slots=True)
class FeatureIds:
    """Which feature each vertex or texel belongs to (EXT_mesh_features; batch ids of b3dm)."""

    count: int
    ids: NDArray[np.int64] | None
    """(vertices,); None: by texture."""
    texture: Texture | None = None
    texcoords: NDArray[np.float32] | None = None
    """(vertices, 2) for *texture*."""
    channels: tuple[int, ...] = (0,)
    """Of the texture: low byte first."""
    null: int | None = None
    """The id that means none."""
    table: int | None = None
    """Index in Model.tables."""
    label: str = ""

    def of_texels(self, pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
        """(height, width) ids of the decoded *texture* (height, width, channels); a missing channel is 0."""
        ids = np.zeros(pixels.shape[:2], np.int64)
        for place, channel in enumerate(self.channels):
            if channel < pixels.shape[2]:
                ids |= pixels[:, :, channel].astype(np.int64) << (8 * place)
        return ids


@dataclass(frozen=True, slots=True)
class Primitive:
    """One drawable piece of a mesh. All vertex arrays have the same first dimension n."""

    mode: Mode
    positions: NDArray[np.float32]
    """(n, 3), finite, in the frame of the node."""
    indices: NDArray[np.uint32]
    """(m,): three a triangle, two a line, one a point; each below n."""
    material: Material
    normals: NDArray[np.float32] | None = None
    """(n, 3)."""
    texcoords: NDArray[np.float32] | None = None
    """(n, 2), of the material's texture, KHR_texture_transform applied; (0, 0) is the picture's top left."""
    colors: NDArray[np.uint8] | None = None
    """(n, 4) RGBA, sRGB."""
    features: tuple[FeatureIds, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """A primitive where it stands: once, or once an instance."""

    primitive: int
    """Index in Model.primitives."""
    transforms: NDArray[np.float64]
    """(k, 4, 4), column vectors: node to model; the model's axes are glTF's (y up)."""
    features: tuple[FeatureIds, ...] = ()
    """Of the instances: ids are (k,)."""


@dataclass(frozen=True, slots=True)
class Model:
    """One glTF's scene."""

    primitives: tuple[Primitive, ...]
    draws: tuple[Draw, ...]
    images: tuple[Image, ...] = ()
    tables: tuple[FeatureTable, ...] = ()
    copyright: str = ""
    unread: tuple[str, ...] = field(default=())
    """What could not be shown, in English, for the tile's record."""

    @property
    def triangles(self) -> int:
        """How many are drawn, instances counted."""
        return sum(
            len(self.primitives[draw.primitive].indices) // 3 * len(draw.transforms)
            for draw in self.draws
            if self.primitives[draw.primitive].mode == Mode.TRIANGLES
        )
