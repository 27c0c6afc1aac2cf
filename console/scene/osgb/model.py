"""What an OSGB file says, as arrays: the reader's result.

Axes are the model's: x east, y north, z up, metres from the origin of ``metadata.xml`` (its SRS).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

REPEAT = 10497
CLAMP = 33071


class RangeMode(IntEnum):
    """What the ranges of a pyramid measure (osg::LOD)."""

    DISTANCE = 0
    """Metres from the eye to the centre: the finer, the nearer."""
    PIXELS = 1
    """Diameter of the bounding sphere on the screen, pixels: the finer, the larger."""


@dataclass(frozen=True, slots=True)
class Texture:
    """A picture, in one of three ways; its top row belongs to v = 1."""

    data: bytes | None = None
    """An encoded file (JPEG, PNG)."""
    pixels: NDArray[np.uint8] | None = None
    """(height, width, 1, 3 or 4): grey, RGB or RGBA, top row first."""
    file: str = ""
    """Name of a file that lies beside the OSGB, if neither of the others is there."""
    wrap: tuple[int, int] = (REPEAT, REPEAT)
    """Along u and v: REPEAT or CLAMP."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles of one material."""

    positions: NDArray[np.float32]
    """(n, 3), finite, in the mesh's own frame."""
    indices: NDArray[np.int32]
    """(m, 3): counter-clockwise triangles, each number below n."""
    transform: NDArray[np.float64]
    """(4, 4), column vectors: from the mesh's frame to the model's."""
    uv: NDArray[np.float32] | None = None
    """(n, 2); (0, 0) is the picture's bottom left."""
    normals: NDArray[np.float32] | None = None
    """(n, 3)."""
    colors: NDArray[np.uint8] | None = None
    """(n, 4) RGBA."""
    texture: Texture | None = None
    color: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    """RGBA 0..1 of the material, sRGB."""

    def placed(self) -> NDArray[np.float64]:
        """(n, 3) positions in the model's frame."""
        return self.positions.astype(np.float64) @ self.transform[:3, :3].T + self.transform[:3, 3]


@dataclass(frozen=True, slots=True)
class Level:
    """One of the looks of a piece."""

    start: float
    """From which size in pixels (PIXELS) or up to which distance in metres (DISTANCE) it is shown."""
    meshes: tuple[Mesh, ...] = ()
    pieces: tuple[Piece, ...] = ()
    """Pyramids within this look, each with levels of its own."""
    files: tuple[str, ...] = ()
    """What is read instead when this look is to be shown: names as written."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A pyramid: levels from coarse to fine, each of which replaces the one before."""

    levels: tuple[Level, ...]
    center: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Of the bounding sphere that the ranges mean; in the model's frame."""
    radius: float = 0.0
    """Metres; 0: not said."""
    mode: RangeMode = RangeMode.PIXELS


@dataclass(frozen=True, slots=True)
class Tile:
    """One OSGB file. What it shows all the time is a piece with a single level."""

    version: int
    pieces: tuple[Piece, ...]
    unread: tuple[str, ...] = field(default=())
    """What could not be read of it, in English, for the record."""

    def files(self) -> tuple[str, ...]:
        """Names of all files that refine it, as written, in order."""
        return tuple(dict.fromkeys(name for piece in self.pieces for name in _files(piece)))

    def meshes(self) -> tuple[Mesh, ...]:
        """All meshes that lie in this file itself."""
        return tuple(mesh for piece in self.pieces for mesh in _meshes(piece))


def _files(piece: Piece) -> list[str]:
    return [
        name
        for level in piece.levels
        for name in (*level.files, *(n for inner in level.pieces for n in _files(inner)))
    ]


def _meshes(piece: Piece) -> list[Mesh]:
    return [
        mesh
        for level in piece.levels
        for mesh in (*level.meshes, *(m for inner in level.pieces for m in _meshes(inner)))
    ]
