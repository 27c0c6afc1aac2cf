"""A delivery as a tree of files: what is there, what is named but absent, what cannot be read.

Deliveries name files of a finer level that were left out (L20 of a model cut off at L19): such a file is
known as absent, and what it would replace stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath

from console.model.text import Text
from console.scene.osgb.metadata import Metadata, find_metadata
from console.scene.osgb.model import Piece, Tile
from console.scene.osgb.read import read_osgb_file
from console.scene.refusal import SceneRefused, refused

MAX_FILES = 1 << 20
"""Files of one delivery."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A folder as ContextCapture writes it, or a single file."""

    folder: Path
    """Nothing outside of it is read."""
    roots: tuple[Path, ...]
    """The coarsest file of each tile, in order."""
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class FileNode:
    """A file of a pyramid, without its vertices."""

    path: Path
    pieces: tuple[Piece, ...] = ()
    """As read, but without meshes."""
    children: tuple[FileNode, ...] = ()
    absent: tuple[str, ...] = ()
    """Named files that are not there (or lie outside of the delivery)."""
    trouble: Text | None = None
    """Why it can't be read; its parent stays."""

    def walk(self) -> Iterator[FileNode]:
        """This file and all below it, coarse before fine."""
        waiting: list[FileNode] = [self]
        for node in waiting:
            yield node
            waiting.extend(node.children)


def open_delivery(path: Path) -> Delivery:
    """Find the tiles below *path* (a delivery's folder, its ``Data`` folder, or an .osgb file).

    Raises SceneRefused: nothing there, or metadata.xml broken.
    """
    if path.is_file():
        return Delivery(path.parent, (path,), find_metadata(path.parent))
    data = path / "Data" if (path / "Data").is_dir() else path
    try:
        folders = sorted(each for each in data.iterdir() if each.is_dir())
    except OSError as error:
        raise refused(f"无法读取文件夹 {path.name}", f"the folder {path.name} cannot be read") from error
    roots = [root for each in folders if (root := each / f"{each.name}.osgb").is_file()]
    roots = roots or sorted(data.glob("*.osgb"))
    if not roots:
        raise refused(
            f"{path.name} 中没有 OSGB 瓦片(应为 Data/Tile_…/Tile_….osgb)",
            f"no OSGB tiles in {path.name} (expected Data/Tile_…/Tile_….osgb)",
        )
    return Delivery(path, tuple(roots), find_metadata(path))


def resolve(name: str, beside: Path, folder: Path) -> Path | None:
    """The file that *name*, written in the file *beside*, means; None: absent, or outside of *folder*."""
    written = PureWindowsPath(name)  # both kinds of separators
    if not name or "\0" in name or written.is_absolute() or written.drive:
        return None
    try:
        path = beside.parent.joinpath(*written.parts).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, RuntimeError):
        return None


def read_pyramid(root: Path, folder: Path) -> FileNode:
    """The tree below the file *root* of a delivery in *folder*. Each file is read once; loops are cut."""
    return _Reader(folder).node(root.resolve())


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[Path] = set()

    def node(self, path: Path, depth: int = 0) -> FileNode:
        self._seen.add(path)
        try:
            tile = read_osgb_file(path)
        except SceneRefused as error:
            return FileNode(path, trouble=error.message)
        found = {name: resolve(name, path, self._folder) for name in tile.files()}
        absent = tuple(name for name, there in found.items() if there is None)
        return FileNode(path, _outlines(tile), self._children(found, depth), absent)

    def _children(self, found: dict[str, Path | None], depth: int) -> tuple[FileNode, ...]:
        children: list[FileNode] = []
        for path in found.values():
            if path is not None and path not in self._seen and len(self._seen) < MAX_FILES and depth < 64:
                children.append(self.node(path, depth + 1))
        return tuple(children)


def _outlines(tile: Tile) -> tuple[Piece, ...]:
    return tuple(_outline(piece) for piece in tile.pieces)


def _outline(piece: Piece) -> Piece:
    levels = (
        replace(level, meshes=(), pieces=tuple(_outline(inner) for inner in level.pieces))
        for level in piece.levels
    )
    return replace(piece, levels=tuple(levels))
