"""What a tile looks like when it can be drawn: arrays decoded and placed, nothing of any graphics library."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from console.scene.features import FeatureTable
from console.scene.gltf import Mode
from console.scene.transforms import Matrix

Color = tuple[float, float, float, float]
WHITE: Color = (1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """How a batch looks. Colours are sRGB, 0..1."""

    color: Color = WHITE
    pixels: NDArray[np.uint8] | None = None
    """(height, width, 3 or 4): the picture that *texcoords* refer to, (0, 0) its top left."""
    repeat: bool = True
    smooth: bool = True
    """Whether pixels are mixed where they are magnified."""
    lit: bool = False
    """By sun and sky; needs normals."""
    blend: bool = False
    """Whether alpha is seen through."""
    cutoff: float | None = None
    """Alpha below which there is nothing."""
    double_sided: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Vertices of one kind that stand and look alike."""

    mode: Mode
    positions: NDArray[np.float32]
    """(n, 3) in axes of its own, near their origin, so that float32 holds a millimetre."""
    indices: NDArray[np.uint32]
    """(m,): three a triangle, two a line, one a point."""
    matrix: Matrix
    """(4, 4): its axes to the world's (Earth-centred, or those of a model without a place)."""
    surface: Surface = field(default_factory=Surface)
    normals: NDArray[np.float32] | None = None
    texcoords: NDArray[np.float32] | None = None
    colors: NDArray[np.uint8] | None = None
    """(n, 4)."""
    features: NDArray[np.integer] | None = None
    """(n,): rows of *table*, -1 for none; as few bytes each as hold them."""
    table: FeatureTable | None = None

    @property
    def triangles(self) -> int:
        return len(self.indices) // 3 if self.mode == Mode.TRIANGLES else 0

    @property
    def size(self) -> int:
        """Bytes that it takes, drawn: mipmaps are a third more than their picture."""
        arrays = (getattr(self, each.name) for each in fields(self))
        vertices = sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))
        pixels = self.surface.pixels
        return vertices + (0 if pixels is None else pixels.nbytes * 4 // 3)


@dataclass(frozen=True, slots=True)
class Drawable:
    """All that one tile shows."""

    batches: tuple[Batch, ...] = ()
    unread: tuple[str, ...] = ()
    """What of it could not be shown, in English."""

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(batch.size for batch in self.batches)

    @property
    def triangles(self) -> int:
        return sum(batch.triangles for batch in self.batches)
