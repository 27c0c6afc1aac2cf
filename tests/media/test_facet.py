"""Live pictures as plugins get them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from console.media.facet import MediaFacet, MediaTile
from console.model.streams import State
from tests.media.conftest import Serve, camera, live, pixels, until


class Holder(QWidget):
    """What a plugin puts a tile into."""

    def __init__(self, tile: MediaTile) -> None:
        super().__init__()
        self.keys: list[int] = []
        QVBoxLayout(self).addWidget(tile.widget)
        self.resize(420, 340)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


@pytest.fixture
def facet(qapp: Any) -> Iterator[MediaFacet]:
    facet = MediaFacet()
    yield facet
    facet.close()


def test_a_stream_plays_and_is_let_go_of_with_what_holds_it(
    facet: MediaFacet, serve: Serve, qtbot: Any
) -> None:
    server, tile = serve(), facet.tile()
    told: list[State] = []
    tile.on_status(lambda: told.append(tile.status.state))
    holder = Holder(tile)
    tile.show(camera(server))
    assert live(tile.widget) >= 0 and tile.source is not None
    assert told[0] == State.CONNECTING and told[-1] == State.LIVE
    widget = tile.widget
    holder.deleteLater()
    until(lambda: not isValid(widget), what="the tile is still there")
    until(lambda: server.watching == 0, what="the stream is still fetched")
    tile.remove()  # harmless


def test_without_a_stream_it_says_why_and_keys_go_on_to_whoever_holds_it(
    facet: MediaFacet, qtbot: Any
) -> None:
    tile = facet.tile()
    holder = Holder(tile)
    qtbot.addWidget(holder)
    empty = pixels(tile.widget)
    tile.say("中山路口", "您的岗位无权查看", "请联系区中心")
    assert (pixels(tile.widget) != empty).any()
    assert tile.widget.accessibleName() == "中山路口"
    enlarged: list[bool] = []
    undo = tile.on_enlarge(lambda: enlarged.append(True))
    qtbot.keyClick(tile.widget, Qt.Key.Key_Return)
    undo()
    qtbot.keyClick(tile.widget, Qt.Key.Key_Return)
    qtbot.keyClick(tile.widget, Qt.Key.Key_R)
    assert enlarged == [True] and holder.keys == [Qt.Key.Key_R]
    tile.remove()
