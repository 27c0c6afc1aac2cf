"""One OSGB file made into contents and a draft of its tiles: what a worker process does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.scene.convert.glb import GlbWriter, Placed, writable
from console.scene.limits import MAX_FILE
from console.scene.osgb import (
    Level,
    Mesh,
    Metadata,
    Piece,
    Placement,
    Texture,
    Tile,
    geometric_error,
    resolve,
)
from console.scene.refusal import refused
from console.scene.transforms import Matrix

DEEPEST = 24
"""Tiles within tiles of one file."""
FAR = 1e8
"""Metres from the frame's origin beyond which nothing of a model can be."""

Box = list[float]
"""Least x, y, z, greatest x, y, z: metres in the tileset's frame."""


class DraftTile(msgspec.Struct):
    """A tile as far as one file tells; the boxes and errors of what is below come later."""

    box: Box | None = None
    """Around its content; None: no content."""
    content: str = ""
    """Path of the glb below the tileset's folder."""
    error: float = 0.0
    """Metres, while it isn't refined."""
    children: list[DraftTile] = []
    files: list[str] = []
    """Source files that refine it, below the delivery's folder."""


class FileDraft(msgspec.Struct):
    """What one source file became."""

    file: str
    """Below the delivery's folder, with forward slashes."""
    tiles: list[DraftTile] = []
    contents: dict[str, int] = {}
    """Bytes of each content written."""
    triangles: int = 0
    absent: int = 0
    """Files that are named but not there."""
    unread: list[str] = []


@dataclass(frozen=True, slots=True)
class Ground:
    """What all files of a conversion share."""

    source: Path
    target: Path
    placement: Placement
    frame: Matrix
    """(4, 4): the tileset's frame to Earth-centred metres."""
    metadata: Metadata


class Drafter:
    """Writes the contents of one file and drafts its tiles."""

    def __init__(self, ground: Ground, file: str) -> None:
        self._ground = ground
        self._path = ground.source / file
        self._stem = file.removesuffix(".osgb")
        self.draft = FileDraft(file)
        self._depth = 0

    def make(self, tile: Tile) -> FileDraft:
        """Raises OSError when a content can't be written, SceneRefused for a place off the map."""
        self.draft.unread.extend(tile.unread)
        for piece in tile.pieces:
            self.draft.tiles.extend(self._piece(piece))
        return self.draft

    def _piece(self, piece: Piece) -> list[DraftTile]:
        """The tiles of a piece's first look, with the finer ones below them."""
        return self._looks(piece, 0)

    def _looks(self, piece: Piece, at: int) -> list[DraftTile]:
        """Level *at* as a tile, the next one below it. Of several levels of files the finest is taken."""
        level = piece.levels[at]
        if level.files or at + 1 == len(piece.levels) or self._depth >= DEEPEST:
            return self._last(level)
        tile = self._content([*level.meshes, *(m for inner in level.pieces for m in _coarse(inner))])
        following = piece.levels[at + 1]
        if following.meshes or following.pieces:
            self._depth += 1
            tile.children = self._looks(piece, at + 1)
            self._depth -= 1
        else:
            tile.files = self._present([each for each in piece.levels if each.files][-1])
        if tile.files or tile.children:
            tile.error = geometric_error(piece, following)
        return [tile]

    def _last(self, level: Level) -> list[DraftTile]:
        tiles = [self._content(list(level.meshes))] if level.meshes else []
        for inner in level.pieces:
            tiles.extend(self._piece(inner))
        files = self._present(level)
        return [*tiles, *([DraftTile(files=files)] if files else [])]

    def _present(self, level: Level) -> list[str]:
        found: list[str] = []
        root = self._ground.source.resolve()
        for name in level.files:
            path = resolve(name, self._path, self._ground.source)
            if path is None:
                self.draft.absent += 1
            else:
                found.append(path.relative_to(root).as_posix())
        return found

    def _content(self, meshes: list[Mesh]) -> DraftTile:
        surfaces = [surface for mesh in meshes if len((surface := _surface(mesh)).indices)]
        if not surfaces:
            return DraftTile()
        placed = [self._placed(mesh) for mesh in surfaces]
        least = np.min([positions.min(axis=0) for _, positions, _ in placed], axis=0)
        greatest = np.max([positions.max(axis=0) for _, positions, _ in placed], axis=0)
        writer = GlbWriter((least + greatest) / 2)
        for each in placed:
            writer.add(each)
            self.draft.triangles += len(each[0].indices)
        name = f"{self._stem}_{len(self.draft.contents)}.glb"
        data = writer.write()
        write_whole(self._ground.target / name, data)
        self.draft.contents[name] = len(data)
        return DraftTile([*least.tolist(), *greatest.tolist()], name)

    def _placed(self, mesh: Mesh) -> Placed:
        ground = self._ground

        def to_frame(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return ground.placement.to_frame(points, ground.frame)

        points = mesh.placed()
        turn = np.identity(3)
        if mesh.normals is not None:
            turn = _turning(to_frame, points[0]) @ mesh.transform[:3, :3]
        positions = to_frame(points)
        if not np.abs(positions).max() < FAR:
            raise refused("模型坐标超出合理范围", "the model's coordinates are out of all reason")
        return self._with_texture(mesh), positions, turn

    def _with_texture(self, mesh: Mesh) -> Mesh:
        """The mesh with a texture that a glTF can hold, read from beside the file if need be, or without."""
        texture = mesh.texture
        if texture is not None and texture.file:
            texture = self._from_beside(texture)
        if texture is not None and not writable(texture):
            self.draft.unread.append("a texture that is neither JPEG nor PNG")
            texture = None
        return mesh if texture is mesh.texture else replace(mesh, texture=texture)

    def _from_beside(self, texture: Texture) -> Texture | None:
        path = resolve(texture.file, self._path, self._ground.source)
        try:
            if path is not None and path.stat().st_size <= MAX_FILE:
                return Texture(data=path.read_bytes(), wrap=texture.wrap)
        except OSError:
            pass  # as if it were not there
        self.draft.unread.append(f"the texture {texture.file[-80:]} is not there")
        return None


def named(tiles: list[DraftTile]) -> Iterator[str]:
    """All source files that *tiles* say refine them."""
    for tile in tiles:
        yield from tile.files
        yield from named(tile.children)


def _coarse(piece: Piece) -> list[Mesh]:
    level = piece.levels[0]
    return [*level.meshes, *(mesh for inner in level.pieces for mesh in _coarse(inner))]


def _surface(mesh: Mesh) -> Mesh:
    """Only the triangles that have an area to draw, and only their vertices."""
    a, b, c = mesh.indices.T
    indices = mesh.indices[(a != b) & (b != c) & (c != a)]
    used = np.unique(indices)
    number = np.zeros(len(mesh.positions), np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    return replace(
        mesh,
        positions=mesh.positions[used],
        indices=number[indices],
        uv=None if mesh.uv is None else mesh.uv[used],
        normals=None if mesh.normals is None else mesh.normals[used],
        colors=None if mesh.colors is None else mesh.colors[used],
    )


def _turning(
    to_frame: Callable[[NDArray[np.float64]], NDArray[np.float64]], point: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(3, 3): how the directions of the model's axes at *point* lie in the frame."""
    moved = to_frame(np.vstack([point, point + np.identity(3)]))
    return (moved[1:] - moved[0]).T


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
