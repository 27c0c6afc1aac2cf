"""Choosing files without holding anything up, and taking those that are dropped."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog

from console.sdk import Context
from console.sdk.feature_export import FeatureFormat
from console.sdk.ui import ask_files, ask_save

_ENDINGS = (
    *("gpkg", "shp", "geojson", "json", "fgb", "kml", "kmz", "dxf", "gml"),
    *("csv", "tsv", "txt", "xlsx", "pbf", "osm", "osm.gz", "osm.bz2"),
    *("tif", "tiff", "pmtiles", "mbtiles"),
)
_FORMATS = {
    FeatureFormat.GEOPACKAGE: "GeoPackage",
    FeatureFormat.GEOJSON: "GeoJSON",
    FeatureFormat.CSV: "CSV",
}


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
        filters = [f"{tr('Geodata and tables')} ({known})", f"{tr('All files')} (*)"]
        self._dialog = ask_files(None, tr("Open files on the map"), filters, self._on_paths, several=True)

    def _close(self) -> None:
        self._dialog = _closed(self._dialog)


class SaveChooser:
    """Where to and in which format features are written; one at a time."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._dialog: QFileDialog | None = None
        ctx.undo(self._close)

    def show(self, name: str, then: Callable[[Path], Any]) -> None:
        """Returns at once; *then* gets the path, with a suffix that ``FeatureFormat`` knows."""
        self._close()
        self._dialog = ask_save(
            None,
            self._ctx.tr("Export features"),
            [f"{title} (*{ending})" for ending, title in _FORMATS.items()],
            lambda path: then(Path(path)),
            path=f"{name}{FeatureFormat.GEOPACKAGE}",
        )

    def _close(self) -> None:
        self._dialog = _closed(self._dialog)


def _closed(dialog: QFileDialog | None) -> None:
    if dialog is not None:
        with contextlib.suppress(RuntimeError):  # it went with the window that it stood before
            dialog.close()
            dialog.deleteLater()


def paths_in(data: QMimeData) -> list[str]:
    """Local files among what is dragged or pasted."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
