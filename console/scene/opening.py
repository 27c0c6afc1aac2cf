"""One way to open whatever can be streamed: an address, a folder, an archive."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from console.scene.tiles import ArchiveSource, FolderSource, Source, TileTree, open_tileset
from console.scene.tiles.source import missing

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_ARCHIVES = (".3tz", ".zip")


def open_source(
    where: str | Path, headers: Mapping[str, str] | None = None, hosts: Collection[str] = ()
) -> tuple[TileTree, Source]:
    """The tree of what *where* names, and what its tiles are read from.

    An http(s) address of a tileset.json (*headers*, *hosts*: see HttpSource), a tileset's folder or main
    document, a .3tz or .zip; a delivery of OSGB or one .osgb. Blocks. Raises SceneRefused.
    """
    text = str(where).strip()
    if _ADDRESS.match(text):
        from console.scene.tiles.http import HttpSource  # requests takes 0.1 s to load

        return _opened(HttpSource(text, headers, hosts=hosts))
    try:
        path = Path(text).expanduser()
        delivery = _is_delivery(path)
        packed = path.suffix.lower() in _ARCHIVES and path.is_file()
    except (OSError, RuntimeError) as error:  # too long a name; nobody's home
        raise missing(text) from error
    if delivery:
        from console.scene.osgb import open_pyramids  # pyproj takes 0.05 s to load

        return open_pyramids(path)
    return _opened(ArchiveSource(path) if packed else FolderSource(path))


def _opened(source: Source) -> tuple[TileTree, Source]:
    return open_tileset(source), source


def _is_delivery(path: Path) -> bool:
    """Whether OSGB files lie where *path* says, and no tileset."""
    if not path.is_dir():
        return path.suffix.lower() == ".osgb"
    found = ((path / "Data").is_dir(), any(path.glob("*.osgb")), any(path.glob("*/*.osgb")))
    return any(found) and not (path / "tileset.json").is_file()
