"""The command palette by real keys."""

from __future__ import annotations

from PySide6.QtCore import Qt

from console.model.records import Place
from console.sdk.search import Target, search
from console.sdk.ui.words import word

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def open_palette(qtbot, window):
    qtbot.keyClick(
        window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    qtbot.waitUntil(window.palette_box.field.hasFocus)
    return window.palette_box


def test_pinyin_initials_find_the_command_and_enter_runs_it(qtbot, window, services):
    palette = open_palette(qtbot, window)
    qtbot.keyClicks(palette.field, "dw")
    assert palette.titles()[0] == "定位"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert [notice.text for notice in services.notify.history()] == ["located"]


def test_found_by_full_pinyin_chinese_english_and_with_a_slip(qtbot, window):
    palette = open_palette(qtbot, window)
    for typed in ("dingwei", "定位", "locate", "loacte", "ding wei"):
        palette.field.setText(typed)
        assert "定位" in palette.titles()[:2], typed


def test_panels_layers_workspaces_and_settings_are_found(qtbot, window):
    palette = open_palette(qtbot, window)
    for typed, title in (("xunluodui", "巡逻队"), ("daolu", "道路"), ("jiankan", "监看"), ("zhuti", "主题")):
        palette.field.setText(typed)
        assert title in palette.titles()[:3], typed


def test_what_was_used_last_comes_first(qtbot, window):
    palette = open_palette(qtbot, window)
    qtbot.keyClicks(palette.field, "dw")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    palette = open_palette(qtbot, window)
    assert palette.titles()[0] == "定位"


def test_escape_gives_the_focus_back(qtbot, window):
    before = window.focusWidget()
    palette = open_palette(qtbot, window)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert window.focusWidget() is before


def test_a_layer_is_switched_from_the_palette(qtbot, window):
    palette = open_palette(qtbot, window)
    palette.field.setText("roads")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    palette = open_palette(qtbot, window)
    palette.field.setText("roads")
    assert palette.titles()[0] == "道路"
    assert palette.list.currentIndex().data(Qt.ItemDataRole.UserRole).hint == "已隐藏，回车显示"


def targets(*commands: str, others: tuple[str, ...] = ()) -> list[Target[str]]:
    led = [Target(title, (title,), leads=True) for title in commands]
    return led + [Target(title, (title,)) for title in others]


def test_a_link_that_is_pasted_leads_to_its_view(qtbot, window, map_facet):
    palette = open_palette(qtbot, window)
    link = "onemap://view?lon=117.2&lat=34.26&zoom=14&layers=roads"
    palette.field.setText(link)
    assert palette.titles() == [word("Go to {place}").format(place="117.20000, 34.26000")]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert map_facet.views.gone == [link]


def test_a_link_that_is_none_says_so_and_leads_nowhere(qtbot, window, map_facet):
    palette = open_palette(qtbot, window)
    palette.field.setText("onemap://run?command=quit")
    assert palette.titles() == [word("This link cannot be read")]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert map_facet.views.gone == []


def test_commands_come_before_layers_and_panels_that_fit_as_well():
    found = search("fk", targets("区域封控", others=("封控",)))
    assert [target.value for target in found] == ["区域封控", "封控"]


def test_a_title_typed_in_full_comes_first_whatever_it_is():
    found = search("封控", targets("区域封控", "封控上报", others=("封控",)))
    assert found[0].value == "封控"


def test_a_command_that_hardly_fits_leads_nobody():
    found = search("xunluo", targets("寻路", others=("巡逻队",)))
    assert found[0].value == "巡逻队"


def test_nonsense_finds_nothing():
    assert search("qqzzx", [Target("a", ("定位", "Locate")), Target("b", ("设置", "Settings"))]) == []


class Places:
    """What the one map offers."""

    def __init__(self) -> None:
        self.gone: list[str] = []

    async def find(self, text: str) -> list[Place]:
        return [Place(title="孙燕秀", kind="staff", where=(117.2, 34.2), detail="第3网格")]

    def kind_of(self, place: Place) -> tuple[str, str]:
        return "人员", "user"

    def go(self, place: Place) -> None:
        self.gone.append(place.title)


def test_people_and_places_come_below_the_commands(qtbot, window, services):
    places = Places()
    services.host.services.provide("places", places)
    palette = open_palette(qtbot, window)
    palette.field.setText("vvvqqq")
    assert palette.titles() == []
    qtbot.waitUntil(lambda: palette.titles() == ["孙燕秀"])
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert places.gone == ["孙燕秀"]
