"""Names over pictures: cut in the middle, since those of neighbours differ at their ends."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QImage

from console.media.view.tile import CameraTile
from tests.media.conftest import MakeEngine

STREET = "中山北路与解放东路交叉口西北角人行道立杆摄像机"


def tile_of(make_engine: MakeEngine, qtbot: Any, width: int) -> CameraTile:
    tile = CameraTile(make_engine())
    qtbot.addWidget(tile)
    tile.resize(width, 120)
    tile.show()
    return tile


def test_two_long_names_that_differ_at_their_ends_look_different(make_engine: MakeEngine, qtbot: Any) -> None:
    tile = tile_of(make_engine, qtbot, 180)
    looks = set[bytes]()
    for end in ("甲", "乙", "甲"):
        tile.say(STREET + end, "", "")
        looks.add(bytes(tile.grab().toImage().convertToFormat(QImage.Format.Format_RGB888).constBits()))
        assert tile.toolTip() == STREET + end
    assert len(looks) == 2


def test_a_name_with_room_needs_no_telling(make_engine: MakeEngine, qtbot: Any) -> None:
    tile = tile_of(make_engine, qtbot, 900)
    tile.say(STREET, "", "")
    tile.grab()
    assert tile.toolTip() == ""
