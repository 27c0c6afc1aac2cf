"""The one way to let the user choose files: nothing waits for the dialog, and it begins where they were last.

The first time it begins in the user's documents, never in the folder of the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QSize, QStandardPaths, QUrl
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QToolButton, QTreeView, QWidget

from console.sdk.ui.theming import icon

KEPT = "files/folder"
SIZE = QSize(920, 560)
"""Logical pixels."""
WIDTHS = (360, 100, 130)
"""Of name, size and kind; Qt's own cut whatever stands in them."""
_ICONS = {
    "backButton": "chevron-left",
    "forwardButton": "chevron-right",
    "toParentButton": "chevron-up",
    "newFolderButton": "plus",
    "listModeButton": "grid",
    "detailModeButton": "menu",
}


def last_folder() -> str:
    """Where files were last chosen, else the user's documents, else their home."""
    kept = str(QSettings().value(KEPT) or "")
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return next((path for path in (kept, documents) if path and Path(path).is_dir()), str(Path.home()))


def ask_files(
    parent: QWidget | None,
    title: str,
    filters: Sequence[str],
    on_paths: Callable[[list[str]], Any],
    *,
    several: bool = False,
) -> QFileDialog:
    """Let the user choose a file that exists, or *several*; returns at once, the paths come later.

    *filters* are Qt's, e.g. ``"GeoJSON (*.geojson *.json)"``. Without *parent* it stands before the window
    that is active.
    """
    dialog = _dialog(parent, title, filters)
    modes = QFileDialog.FileMode
    dialog.setFileMode(modes.ExistingFiles if several else modes.ExistingFile)
    dialog.filesSelected.connect(_remember)
    dialog.filesSelected.connect(on_paths)
    _dress(dialog)
    dialog.open()
    return dialog


def ask_folder(parent: QWidget | None, title: str, on_path: Callable[[str], Any]) -> QFileDialog:
    """Let the user choose a folder that exists; returns at once, the path comes later."""
    dialog = _dialog(parent, title, ())
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
    dialog.filesSelected.connect(_remember)
    dialog.fileSelected.connect(on_path)
    _dress(dialog)
    dialog.open()
    return dialog


def ask_save(
    parent: QWidget | None,
    title: str,
    filters: Sequence[str],
    on_path: Callable[[str], Any],
    *,
    path: str,
) -> QFileDialog:
    """Let the user say where something is written; returns at once, the path comes later.

    *path* is suggested: a name in the folder that was used last, or a whole path. Its ending is added to a
    name without one; when the user turns to a filter of one ending, that one.
    """
    suggested = Path(path)
    dialog = _dialog(parent, title, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suggested.suffix.removeprefix("."))
    if suggested.is_absolute() and suggested.parent.is_dir():
        dialog.setDirectory(str(suggested.parent))
    dialog.selectFile(suggested.name)

    def turn_to(chosen: str) -> None:
        dialog.setDefaultSuffix(_ending(chosen, suggested))

    dialog.filterSelected.connect(turn_to)
    dialog.filesSelected.connect(_remember)
    dialog.fileSelected.connect(on_path)
    _dress(dialog)
    dialog.open()
    return dialog


def _dialog(parent: QWidget | None, title: str, filters: Sequence[str]) -> QFileDialog:
    dialog = QFileDialog(parent or QApplication.activeWindow(), title, last_folder())
    dialog.setNameFilters(list(filters))
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _remember(paths: list[str]) -> None:
    if paths:
        QSettings().setValue(KEPT, str(Path(paths[0]).parent))


def _ending(chosen: str, suggested: Path) -> str:
    """``gpkg`` of ``GeoPackage (*.gpkg)``; the suggested one for a filter with several endings or none."""
    found = re.findall(r"\*\.(\w+)", chosen)
    return found[0] if len(found) == 1 else suggested.suffix.removeprefix(".")


def _dress(dialog: QFileDialog) -> None:
    """Qt's own dialog in the console's look; the system's, where there is one, has nothing to dress."""
    dialog.resize(SIZE)
    places = QStandardPaths.StandardLocation
    wanted = (places.DesktopLocation, places.DocumentsLocation, places.DownloadLocation, places.HomeLocation)
    found = dict.fromkeys(path for place in wanted for path in QStandardPaths.standardLocations(place))
    dialog.setSidebarUrls(
        [QUrl("file:"), *(QUrl.fromLocalFile(path) for path in found if Path(path).is_dir())]
    )
    for button in dialog.findChildren(QPushButton):
        button.setIcon(QIcon())
    for name, shown in _ICONS.items():
        for tool in dialog.findChildren(QToolButton, name):
            tool.setIcon(icon(shown))
    for tree in dialog.findChildren(QTreeView, "treeView"):
        for at, width in enumerate(WIDTHS):
            tree.header().resizeSection(at, width)
        tree.header().setStretchLastSection(True)
