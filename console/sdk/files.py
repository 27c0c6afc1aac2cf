"""Reading the user's files: the service ``files`` (``requires = ["files"]`` in the manifest).

A file is read by a process of its own into layer packages, which ``ctx.map.add_features`` draws.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from console.model.sources import (
    FileLayers,
    FileOptions,
    FilePackage,
    FileTrouble,
    LeftOut,
    Sublayer,
    Wanted,
)
from console.sdk.errors import OneMapError

__all__ = [
    "FileLayers",
    "FileOptions",
    "FilePackage",
    "FileTrouble",
    "FileUnreadable",
    "Files",
    "LeftOut",
    "OnProgress",
    "Sublayer",
    "Wanted",
]

OnProgress = Callable[[float, str], object]
"""Gets the share done (0..1) and what is being read."""


class FileUnreadable(OneMapError):
    """The file cannot be read as it is; ``trouble`` says why, in both languages, and what would help."""

    def __init__(self, trouble: FileTrouble) -> None:
        super().__init__(trouble.message.zh_CN)
        self.trouble = trouble


class Files(Protocol):
    """The service ``files``. All methods are for the GUI thread."""

    def read(
        self, path: str, options: FileOptions | None = None, on_progress: OnProgress | None = None
    ) -> Awaitable[FileLayers]:
        """Read all features of a file: GeoPackage, Shapefile, GeoJSON, FlatGeobuf, KML, KMZ, DXF,
        GML, CSV or XLSX with coordinates, OpenStreetMap.

        What was read before comes at once. *on_progress* is called on the GUI thread, twice
        a second at least while the file is read. Raises FileUnreadable; cancelling the await
        ends the process.
        """
        ...
