"""Files are chosen without holding anything up; the dialog begins where it was last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from console.sdk.ui import ask_files, ask_save
from console.sdk.ui.file_dialogs import last_folder

GEOJSON, CSV = "GeoJSON (*.geojson *.json)", "CSV (*.csv)"


@pytest.fixture
def parent(qtbot, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[QWidget]:
    """With settings of its own: an application without a name has none."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    kept = str(tmp_path_factory.mktemp("settings"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, kept)
    qapp.setOrganizationName("onemap")
    widget = QWidget()
    qtbot.addWidget(widget)
    yield widget
    qapp.setOrganizationName("")


def folder_of(dialog: QFileDialog) -> Path:
    return Path(dialog.directory().absolutePath())


def test_the_first_time_it_begins_in_the_documents_never_in_the_folder_of_the_program(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    begins = documents if documents.is_dir() else Path.home()
    for dialog in (
        ask_files(parent, "Open", [GEOJSON], print),
        ask_save(parent, "Export", [CSV], print, path="a.csv"),
    ):
        assert folder_of(dialog) == begins != tmp_path
        dialog.reject()


def test_the_folder_of_the_last_file_is_where_the_next_begins(parent: QWidget, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.geojson").write_text("{}")
    chosen: list[str] = []
    dialog = ask_files(parent, "Open", [GEOJSON], chosen.extend)
    dialog.selectFile(str(tmp_path / "in" / "a.geojson"))
    dialog.accept()
    assert chosen == [str(tmp_path / "in" / "a.geojson")] and last_folder() == str(tmp_path / "in")
    (tmp_path / "in" / "a.geojson").unlink()
    (tmp_path / "in").rmdir()
    assert Path(last_folder()).is_dir()


def test_a_name_to_save_gets_its_ending_and_a_whole_path_its_folder(parent: QWidget, tmp_path: Path) -> None:
    saved: list[str] = []
    dialog = ask_save(parent, "Export", [GEOJSON, CSV], saved.append, path=str(tmp_path / "a.geojson"))
    assert (folder_of(dialog), dialog.selectedFiles()) == (tmp_path, [str(tmp_path / "a.geojson")])
    dialog.selectFile("b")
    dialog.accept()
    assert saved == [str(tmp_path / "b.geojson")]
    dialog = ask_save(parent, "Export", [GEOJSON, CSV], saved.append, path="c.geojson")
    dialog.selectNameFilter(CSV)
    dialog.filterSelected.emit(CSV)
    dialog.selectFile("c")
    dialog.accept()
    assert saved[1:] == [str(tmp_path / "c.csv")]
