"""One way to open whatever can be streamed: an address, a folder, an archive."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from console.scene.tiles import ArchiveSource, FolderSource, Source, TileTree, open_tileset

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_ARCHIVES = (".3tz", ".zip")


def open_source(
    where: str | Path, headers: Mapping[str, str] | None = None, hosts: Collection[str] = ()
) -> tuple[TileTree, Source]:
    """The tree of what *where* names, and what its tiles are read from.

    An http(s) address of a tileset.json (*headers*, *hosts*: see HttpSource), a tileset's folder or main
    document, a .3tz or .zip. Blocks. Raises SceneRefused.
    """
    source = _source(where, headers, hosts)
    return open_tileset(source), source


def _source(where: str | Path, headers: Mapping[str, str] | None, hosts: Collection[str]) -> Source:
    text = str(where).strip()
    if _ADDRESS.match(text):
        from console.scene.tiles.http import HttpSource  # requests takes 0.1 s to load

        return HttpSource(text, headers, hosts=hosts)
    path = Path(text).expanduser()
    return ArchiveSource(path) if path.suffix.lower() in _ARCHIVES and path.is_file() else FolderSource(path)
