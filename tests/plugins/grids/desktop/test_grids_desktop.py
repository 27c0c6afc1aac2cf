"""Grids: tree, live counts, outline, the grid of a place, the service ``areas``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QTreeView

from console.model.records import Duty, Event, EventState, Staff
from console.sdk import Area, BackendAway, Change
from console.sdk.ui import SearchField
from console.store.collection import RecordCollection
from console.testing import Console, MemoryBackend
from plugins.grids.desktop.area_tree import AreaTree
from plugins.grids.desktop.tally import Tally

G1, G2 = "320302001001001", "320302001001002"
OUTLINE = {"polygons": [[[[117.15, 34.25], [117.16, 34.25], [117.16, 34.26], [117.15, 34.25]]]]}


def person(number: int, area: str, duty: Duty = Duty.ON, version: int = 1) -> Staff:
    return Staff(id=f"s{number}", handle=number, name="张", area=area, duty=duty, version=version)


@pytest.fixture
def grids(activate: Callable[..., Console]) -> Console:
    console = activate("grids")
    console.put("staff", person(1, G1), person(2, G1), person(3, G2, Duty.OFF))
    console.put(
        "event", Event(id="e1", number="1", title="水管爆裂", area=G2, where=(117.1, 34.2), version=1)
    )
    console.clock.advance(2)
    return console


def shown(widget: Any) -> dict[str, tuple[str, str]]:
    """Name to counts of every row that the tree has."""
    model = widget.findChild(QTreeView).model()
    found: dict[str, tuple[str, str]] = {}

    def walk(parent: Any) -> None:
        for row in range(model.rowCount(parent)):
            cells = [model.index(row, column, parent).data() for column in range(3)]
            found[cells[0]] = (cells[1], cells[2])
            walk(model.index(row, 0, parent))

    walk(widget.findChild(QTreeView).rootIndex())
    return found


def test_tree_counts_every_level_and_marks_empty_grids(grids: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.grids.grids")
    assert shown(widget) == {
        "鼓楼区": ("2", "1"),
        "黄楼街道": ("2", "1"),
        "民主社区": ("2", "1"),
        "民主一网格": ("2", ""),
        "民主二网格": ("无人", "1"),
    }
    assert grids.host.panels.get("onemap.grids.grids").badge == "1 个无人"
    assert any("2 个网格中 1 个无人在岗" in label.text() for label in widget.findChildren(QLabel))


def test_counts_follow_the_feed(grids: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.grids.grids")
    grids.put("staff", person(3, G2, version=2))
    done = Event(
        id="e1",
        number="1",
        title="水管爆裂",
        area=G2,
        where=(117.1, 34.2),
        state=EventState.CLOSED,
        version=2,
    )
    grids.put("event", done)
    grids.drop("staff", "s1")
    grids.clock.advance(2)
    counts = shown(widget)
    assert counts["民主二网格"] == ("1", "")
    assert counts["鼓楼区"] == ("2", "")
    assert grids.host.panels.get("onemap.grids.grids").badge == ""


def test_filters_keep_what_is_above(grids: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.grids.grids")
    field = widget.findChild(SearchField)
    field.setText("民主一")
    field.returnPressed.emit()
    assert list(shown(widget)) == ["鼓楼区", "黄楼街道", "民主社区", "民主一网格"]
    field.clear()
    field.returnPressed.emit()
    widget.findChild(QCheckBox).setChecked(True)
    assert "民主一网格" not in shown(widget)
    assert "民主二网格" in shown(widget)
    grids.put("staff", person(3, G2, version=2))
    widget._look()
    assert shown(widget) == {}, "somebody is there now: the list follows as the badge does"


def test_selecting_zooms_and_outlines(grids: Console, panel: Callable[[str], Any]) -> None:
    grids.backend.answer("GET", f"/areas/{G1}/outline", OUTLINE)
    widget = panel("onemap.grids.grids")
    tree = widget.findChild(QTreeView)
    tree.clicked.emit(tree.model().index_of(G1))
    assert grids.selection.current == ("area", G1)
    assert grids.map.center == pytest.approx((117.155, 34.255))
    (shape,) = grids.layer("onemap.grids.outline").shapes["outline"]
    assert shape.points[0] == (117.15, 34.25)
    grids.run("onemap.grids.clear")
    assert not grids.layer("onemap.grids.outline").shapes


def test_the_grid_of_a_place(grids: Console) -> None:
    area = Area(code=G1, name="民主一网格", level=15, bounds=(117.15, 34.25, 117.16, 34.26))
    grids.backend.answer("GET", "/areas/at", area)
    grids.map.context_point = (117.155, 34.255)
    grids.run("onemap.grids.here")
    assert grids.selection.current == ("area", G1)
    assert grids.notifications[-1].text == "所在网格：鼓楼区 › 黄楼街道 › 民主社区 › 民主一网格"


def test_a_place_outside_is_said(grids: Console) -> None:
    grids.map.answer = (0.0, 0.0)
    grids.run("onemap.grids.pick")
    assert grids.notifications[-1].text == "该位置不在您的辖区内"


def test_next_empty_grid(grids: Console) -> None:
    grids.run("onemap.grids.next_empty")
    assert grids.selection.current == ("area", G2)


def test_areas_are_fetched_when_the_backend_is_back(
    console: Console, activate: Callable[..., Console], panel: Callable[[str], Any]
) -> None:
    console.backend.answer("GET", "/areas", BackendAway("后端无法连接"))
    activate("grids")
    widget = panel("onemap.grids.grids")
    assert any("后端无法连接" in label.text() for label in widget.findChildren(QLabel))
    console.backend.answer("GET", "/areas", [Area(code="320302", name="鼓楼区", level=6)])
    console.clock.advance(11)
    assert list(shown(widget)) == ["鼓楼区"]


def test_service_names_areas_and_gives_a_picker(grids: Console, qtbot: Any) -> None:
    areas = grids.host.services.get("areas")
    assert areas.name(G1) == "民主一网格"
    assert areas.name("999999") == "999999"
    chosen: list[str] = []
    picker = areas.picker(chosen.append)
    qtbot.addWidget(picker)
    assert isinstance(picker, QComboBox)
    picker.setCurrentIndex(2)
    picker.activated.emit(2)
    assert chosen == ["320302001"]


def test_pickers_share_what_they_offer_keep_their_choice_and_follow_the_language(
    grids: Console, qtbot: Any
) -> None:
    areas = grids.host.services.get("areas")
    chinese, other = areas.picker(print), areas.picker(print)
    qtbot.addWidget(chinese)
    qtbot.addWidget(other)
    assert chinese.model() is other.model()
    assert [chinese.itemText(row).strip() for row in (0, 1, 2)] == ["全部区域", "鼓楼区", "黄楼街道"]
    chinese.setCurrentIndex(2)
    chinese.activated.emit(2)
    areas.fetch()
    grids.clock.advance(0.2)
    assert (chinese.code, chinese.currentIndex(), other.code) == ("320302001", 2, "")
    grids.language.current = "en"
    english = areas.picker(print)
    qtbot.addWidget(english)
    assert [english.itemText(row).strip() for row in (0, 1, 2)] == ["All areas", "Gulou", "黄楼街道"]


def test_a_tree_without_the_levels_between() -> None:
    tree = AreaTree(
        [Area(code="320302", name="区"), Area(code=G1, name="格"), Area(code="320303", name="邻区")]
    )
    assert [node.area.code for node in tree.roots] == ["320302", "320303"]
    assert [node.area.name for node in tree.path(G1)] == ["区", "格"]


changes = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from([G1, G2, "320302002"]), st.booleans()), max_size=30
)


@given(changes)
def test_a_tally_kept_up_to_date_equals_one_made_anew(steps: list[tuple[int, str, bool]]) -> None:
    collection, kept = RecordCollection(), Tally(lambda staff: staff.duty == Duty.ON)
    for version, (number, area, on) in enumerate(steps, 1):
        staff = person(number, area, Duty.ON if on else Duty.OFF, version)
        collection.put(staff.id, staff)
        kept.apply(Change(frozenset({staff.id}), frozenset()), collection)
    fresh = Tally(lambda staff: staff.duty == Duty.ON)
    fresh.load(collection.all())
    for code in ("32", "320302", "320302001", "320302001001", G1, G2, "320302002"):
        assert kept[code] == fresh[code]


def test_names_are_known_while_the_backend_is_away(grids: Console, backend: MemoryBackend) -> None:
    """As after a start without a line: the names of the last time."""
    assert grids.host.services.get("areas").name(G1) == "民主一网格"
    grids.host.deactivate("onemap.grids")
    backend.set_connected(False)
    grids.host.activate("onemap.grids")
    grids.clock.advance(0.2)
    assert grids.host.services.get("areas").name(G1) == "民主一网格"
