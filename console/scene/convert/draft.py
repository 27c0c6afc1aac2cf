"""One OSGB file made into contents and a draft of its tiles: what a worker process does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from console.scene.convert.glb import write_glb
from console.scene.limits import MAX_FILE
from console.scene.osgb import Look, Mesh, Site, Tile, looks_of, model_of

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

    site: Site
    target: Path


class Drafter:
    """Writes the contents of one file and drafts its tiles."""

    def __init__(self, ground: Ground, file: str) -> None:
        self._ground = ground
        self._stem = file.removesuffix(".osgb")
        self.draft = FileDraft(file)

    def make(self, tile: Tile) -> FileDraft:
        """Raises OSError when a content can't be written, SceneRefused for a place off the map."""
        self.draft.unread.extend(tile.unread)
        self.draft.tiles = [self._tile(look) for look in looks_of(tile, self._find)]
        return self.draft

    def _tile(self, look: Look) -> DraftTile:
        tile = self._content(look.meshes)
        tile.error = look.error
        tile.files = list(look.files)
        tile.children = [self._tile(finer) for finer in look.finer]
        return tile

    def _find(self, name: str) -> str | None:
        key = self._ground.site.key_of(name, self.draft.file)
        self.draft.absent += key is None
        return key

    def _content(self, meshes: tuple[Mesh, ...]) -> DraftTile:
        standing = model_of(meshes, self._ground.site, self._beside)
        if standing is None:
            return DraftTile()
        self.draft.triangles += standing.model.triangles
        self.draft.unread.extend(standing.model.unread)
        name = f"{self._stem}_{len(self.draft.contents)}.glb"
        data = write_glb(standing.model)
        write_whole(self._ground.target / name, data)
        self.draft.contents[name] = len(data)
        return DraftTile(standing.box.ravel().tolist(), name)

    def _beside(self, name: str) -> bytes | None:
        site = self._ground.site
        key = site.key_of(name, self.draft.file)
        try:
            if key is not None and (site.folder / key).stat().st_size <= MAX_FILE:
                return (site.folder / key).read_bytes()
        except OSError:
            pass  # as if it were not there
        return None


def named(tiles: list[DraftTile]) -> Iterator[str]:
    """All source files that *tiles* say refine them."""
    for tile in tiles:
        yield from tile.files
        yield from named(tile.children)


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
