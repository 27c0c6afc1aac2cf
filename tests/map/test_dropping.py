"""Files dropped onto the map."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from console.map.views.view import MapView

COPY, LEFT, NO_KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot, tmp_path: Path) -> MapView:
    made = MapView(tmp_path, workers=1)
    qtbot.addWidget(made)
    return made


def data(*urls: str) -> QMimeData:
    carried = QMimeData()
    carried.setUrls([QUrl(url) for url in urls])
    return carried


def drop(view: MapView, carried: QMimeData) -> bool:
    """Drag in, over, and let go; whether the drag was welcome."""
    enter = QDragEnterEvent(QPoint(5, 5), COPY, carried, LEFT, NO_KEYS)
    QApplication.sendEvent(view, enter)
    QApplication.sendEvent(view, QDragMoveEvent(QPoint(9, 9), COPY, carried, LEFT, NO_KEYS))
    if enter.isAccepted():
        QApplication.sendEvent(view, QDropEvent(QPointF(9, 9), COPY, carried, LEFT, NO_KEYS))
    return enter.isAccepted()


def test_files_reach_whoever_listens_and_nothing_else_does(view: MapView) -> None:
    got: list[list[str]] = []
    assert not drop(view, data("file:///tmp/a.gpkg")), "nobody would do anything with it"
    undo = view.facet.on_drop(lambda paths: got.append(list(paths)))
    assert drop(view, data("file:///tmp/%E4%BA%95.gpkg", "file:///tmp/b.csv", "https://example.org/c"))
    assert got == [["/tmp/井.gpkg", "/tmp/b.csv"]]
    assert not drop(view, data("https://example.org/c"))
    undo()
    assert not drop(view, data("file:///tmp/a.gpkg"))
    assert len(got) == 1
