"""3D Tiles 1.0 and 1.1: tilesets as flat arrays, their contents as models, and which tiles a camera needs.

The way of use: `open_tileset(source)` gives a tree; `select(tree, camera)` says what to draw, to read and
to expand; `load(source, ref)` reads what `tree.requests(tile)` names, in any thread; a Fragment that comes
out of it goes to `tree.attach(tile, fragment)`, a Content is shown under `tree.transform(tile)`.
"""

from console.scene.tiles.archive import ArchiveSource
from console.scene.tiles.camera import Camera, horizontal_fov
from console.scene.tiles.content import Content, Part
from console.scene.tiles.documents import open_tileset
from console.scene.tiles.load import load, read_content
from console.scene.tiles.records import ContentRef, Document, SubtreeRef
from console.scene.tiles.select import Selection, select
from console.scene.tiles.source import FolderSource, Held, Source
from console.scene.tiles.tree import Fragment, TileTree

__all__ = [
    "ArchiveSource",
    "Camera",
    "Content",
    "ContentRef",
    "Document",
    "FolderSource",
    "Fragment",
    "Held",
    "Part",
    "Selection",
    "Source",
    "SubtreeRef",
    "TileTree",
    "horizontal_fov",
    "load",
    "open_tileset",
    "read_content",
    "select",
]
