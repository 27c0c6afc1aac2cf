"""The settings of the terrain reach the scene; what is wrong with it is told once."""

from __future__ import annotations

from console.model.text import Text
from console.testing import Console
from tests.plugins.desktop_console import activate, backend, clock, console

__all__ = ["activate", "backend", "clock", "console"]
BROKEN = Text("高程文件已损坏", "the elevation file is broken")


def test_what_is_set_is_shown_at_once(activate) -> None:
    opened: Console = activate("scene")
    assert opened.scene.terrain == ("", 0.0)
    settings = opened.host.settings
    settings.set("onemap.scene", "terrain", " /data/dem.tif ")
    settings.set("onemap.scene", "sea_level", -8.5)
    assert opened.scene.terrain == ("/data/dem.tif", -8.5)


def test_a_fault_is_told_once_and_again_when_it_is_another(activate) -> None:
    opened: Console = activate("scene")
    opened.scene.fail_terrain(BROKEN)
    opened.scene.fail_terrain(BROKEN)
    assert [note.detail in (BROKEN.zh_CN, BROKEN.en) for note in opened.notifications] == [True]
    opened.scene.fail_terrain(None)
    opened.scene.fail_terrain(BROKEN)
    assert len(opened.notifications) == 2
