"""Choosing files without holding anything up, and taking those that are dropped."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtWidgets import QApplication, QFileDialog

from console.sdk import Context
from console.sdk.feature_export import FeatureFormat

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
        dialog = QFileDialog(QApplication.activeWindow(), tr("Open files on the map"))
        dialog.setNameFilters([f"{tr('Geodata and tables')} ({known})", f"{tr('All files')} (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._on_paths)
        self._dialog = dialog
        dialog.open()

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
        tr = self._ctx.tr
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(QApplication.activeWindow(), tr("Export features"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{title} (*{ending})" for ending, title in _FORMATS.items()])
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(_suffix(chosen)))
        dialog.setDefaultSuffix(FeatureFormat.GEOPACKAGE)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: then(Path(path)))
        self._dialog = dialog
        dialog.open()

    def _close(self) -> None:
        self._dialog = _closed(self._dialog)


def _suffix(chosen: str) -> str:
    return next((ending for ending in _FORMATS if f"*{ending}" in chosen), FeatureFormat.GEOPACKAGE)


def _closed(dialog: QFileDialog | None) -> None:
    if dialog is not None:
        with contextlib.suppress(RuntimeError):  # it went with the window that it stood before
            dialog.close()
            dialog.deleteLater()


def paths_in(data: QMimeData) -> list[str]:
    """Local files among what is dragged or pasted."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
