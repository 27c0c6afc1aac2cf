"""Choosing files without holding anything up, and taking those that are dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication, QFileDialog

from console.sdk import Context

_ENDINGS = (
    *("gpkg", "shp", "geojson", "json", "fgb", "kml", "kmz", "dxf", "gml"),
    *("csv", "tsv", "txt", "xlsx", "pbf", "osm", "osm.gz", "osm.bz2"),
)


def choose_files(ctx: Context, on_paths: Callable[[Sequence[str]], Any]) -> None:
    """Show the system's chooser; returns at once."""
    known = " ".join(f"*.{ending}" for ending in _ENDINGS)
    filters = [f"{ctx.tr('Geodata and tables')} ({known})", f"{ctx.tr('All files')} (*)"]
    dialog = QFileDialog(QApplication.activeWindow(), ctx.tr("Open files on the map"))
    dialog.setNameFilters(filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(on_paths)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def paths_in(data: QMimeData) -> list[str]:
    """Local files among what is dragged or pasted."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
