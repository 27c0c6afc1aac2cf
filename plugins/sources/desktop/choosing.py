"""Choosing files without holding anything up, and taking those that are dropped."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication, QFileDialog

from console.sdk import Context

_ENDINGS = (
    *("gpkg", "shp", "geojson", "json", "fgb", "kml", "kmz", "dxf", "gml"),
    *("csv", "tsv", "txt", "xlsx", "pbf", "osm", "osm.gz", "osm.bz2"),
    *("tif", "tiff", "pmtiles", "mbtiles"),
)


class FileChooser:
    """The system's chooser, one at a time."""

    def __init__(self, ctx: Context, on_paths: Callable[[Sequence[str]], Any]) -> None:
        self._ctx = ctx
        self._on_paths = on_paths
        self._dialog: QFileDialog | None = None
        ctx.undo(self._close)

    def show(self) -> None:
        """Returns at once; what is chosen comes later."""
        self._close()
        tr = self._ctx.tr
        known = " ".join(f"*.{ending}" for ending in _ENDINGS)
        dialog = QFileDialog(QApplication.activeWindow(), tr("Open files on the map"))
        dialog.setNameFilters([f"{tr('Geodata and tables')} ({known})", f"{tr('All files')} (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._on_paths)
        self._dialog = dialog
        dialog.open()

    def _close(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            with contextlib.suppress(RuntimeError):  # it went with the window that it stood before
                dialog.close()
                dialog.deleteLater()


def paths_in(data: QMimeData) -> list[str]:
    """Local files among what is dragged or pasted."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
