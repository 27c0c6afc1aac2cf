"""Qt's own texts are in the language of the console, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import PySide6QtAds as QtAds
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMainWindow, QPushButton, QToolButton, QTreeView

from console.sdk.ui import ask_files, ask_save, file_dialogs
from console.shell.language import LanguageService

ENGLISH = re.compile("[A-Za-z]{2,}")


@pytest.fixture
def language(qapp) -> Iterator[LanguageService]:
    service = LanguageService(qapp)
    yield service
    service.set("en")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files were chosen last; with a folder and a file of a kind that nobody knows."""
    (tmp_path / "here" / "folder").mkdir(parents=True)
    (tmp_path / "here" / "file.xyzzy").write_bytes(bytes(range(256)))
    monkeypatch.setattr(file_dialogs, "last_folder", lambda: str(tmp_path / "here"))


def kinds(dialog: QFileDialog) -> list[str]:
    (view,) = dialog.findChildren(QTreeView, "treeView")
    model, root = view.model(), view.rootIndex()
    return [model.index(at, 2, root).data() for at in range(model.rowCount(root))]


def said(dialog: QFileDialog) -> list[str]:
    """What stands on it, without what is in the folder."""
    (view,) = dialog.findChildren(QTreeView, "treeView")
    parts = [*dialog.findChildren(QLabel), *dialog.findChildren(QPushButton)]
    heads = [str(view.model().headerData(at, Qt.Orientation.Horizontal)) for at in range(4)]
    return [*(part.text() for part in parts if part.text()), *heads]


@pytest.mark.parametrize("saving", [False, True], ids=["open", "save"])
def test_dialogs_of_files_are_chinese_all_over(qtbot, language, folder, saving: bool) -> None:
    parent = QLineEdit()
    qtbot.addWidget(parent)
    if saving:
        dialog = ask_save(parent, "导出", ["*"], print, path="丙")
    else:
        dialog = ask_files(parent, "打开", ["*"], print, several=True)
    qtbot.waitUntil(lambda: len(kinds(dialog)) == 2, timeout=20_000)
    assert set(kinds(dialog)) == {"文件夹", "未知"}
    assert len(said(dialog)) >= 9 and [text for text in said(dialog) if ENGLISH.search(text)] == []
    dialog.reject()


def test_menus_of_line_edits_are_in_the_language_of_now(qtbot, language) -> None:
    field = QLineEdit("中")
    qtbot.addWidget(field)

    def menu() -> str:
        return " ".join(a.text().partition("\t")[0] for a in field.createStandardContextMenu().actions())

    assert "复制" in menu() and not ENGLISH.search(menu())
    language.set("en")
    assert "Copy" in menu()


def test_what_docks_say_is_chinese(qtbot, language) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    manager = QtAds.CDockManager(window)
    area = manager.addDockWidget(QtAds.LeftDockWidgetArea, QtAds.CDockWidget(manager, "甲"))
    tips = {button.toolTip() for button in area.titleBar().findChildren(QToolButton)}
    assert {"列出全部标签", "关闭整组"} <= tips
