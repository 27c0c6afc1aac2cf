"""Cameras: symbols by kind and state, filters, fields of view, cameras near a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from console.model.records import Camera, Event, Station
from console.sdk.sight import HIGH_REACH, STREET_REACH, SceneSighting
from console.sdk.ui import Chips, RecordTable
from console.testing import Console
from plugins.cameras.desktop.catalogue import Catalogue, Filter
from plugins.cameras.desktop.sight import Answer, Look, cameras_near, field_of_view, geod

GRID = "320302001001001"
PLACE = (117.2, 34.26)
CAMERAS = [
    # 50 m east of the place and looking west, to it; then the same looking east, away from it.
    Camera(
        id="c1", name="彭城广场东", area=GRID, where=(117.20054, 34.26), heading=270, owner="公安", version=1
    ),
    Camera(
        id="c2", name="彭城广场背", area=GRID, where=(117.20055, 34.26), heading=90, owner="城管", version=1
    ),
    Camera(id="c3", name="苏宁高空", area=GRID, where=(117.205, 34.26), high=True, owner="公安", version=1),
    Camera(
        id="c4",
        name="黄河球机",
        area="320302001002",
        where=(117.2, 34.2604),
        owner="公安",
        online=False,
        version=1,
    ),
]
EVENT = Event(id="e1", number="SJ-1", title="井盖破损", area=GRID, where=PLACE, version=1)


@pytest.fixture
def cameras(activate: Callable[..., Console]) -> Console:
    console = activate("grids", "cameras")
    console.put("camera", *CAMERAS)
    console.put("station", Station(id="t1", name="民主社区中心", area=GRID, where=PLACE, version=1))
    console.clock.advance(0.2)
    return console


def test_symbols_tell_kind_and_state(cameras: Console) -> None:
    layer = cameras.layer("onemap.cameras.cameras")
    assert layer.columns["sprite"].tolist() == [0, 0, 2, 1]
    assert len({(s.shape, s.fill, s.glyph) for s in layer.style.sprites}) == 6
    assert np.isnan(layer.columns["heading"][3])
    assert list(cameras.layer("onemap.cameras.stations").labels) == ["民主社区中心"]


def test_filters() -> None:
    catalogue = Catalogue(CAMERAS)

    def ids(**conditions: Any) -> list[str]:
        rows = np.flatnonzero(catalogue.matches(Filter(**conditions)))
        return [catalogue.cameras[row].id for row in rows]

    assert ids() == ["c1", "c2", "c3", "c4"]
    assert ids(owner="公安", high=False) == ["c1", "c4"]
    assert ids(state="offline") == ["c4"]
    assert ids(area="320302001001") == ["c1", "c2", "c3"]
    assert ids(text="广场 背") == ["c2"]
    assert ids(view=(117.2004, 34.25, 117.206, 34.27)) == ["c1", "c2", "c3"]
    assert catalogue.owners() == ["公安", "城管"]
    assert ids(text="=") == []
    assert len(Catalogue()) == 0
    assert Catalogue().matches(Filter(area="32")).tolist() == []


def test_field_of_view_is_a_wedge_of_the_right_size() -> None:
    wedge = field_of_view(CAMERAS[0])
    assert wedge[0] == CAMERAS[0].where
    azimuths, _, metres = geod().inv(
        [CAMERAS[0].where[0]] * (len(wedge) - 1),
        [CAMERAS[0].where[1]] * (len(wedge) - 1),
        *zip(*wedge[1:], strict=True),
    )
    assert metres == pytest.approx([STREET_REACH] * len(metres))
    assert [azimuths[0] % 360, azimuths[-1] % 360] == pytest.approx([240, 300])
    assert field_of_view(CAMERAS[3]) == []


def test_near_cameras_say_whether_they_look_there() -> None:
    found = cameras_near(Catalogue(CAMERAS), PLACE, 4)
    assert [(n.camera.id, n.look, n.sighting is not None) for n in found] == [
        ("c1", Look.THERE, True),
        ("c3", Look.CAN_TURN, True),
        ("c4", Look.CAN_TURN, True),  # nearer than both, but offline
        ("c2", Look.AWAY, False),
    ]
    assert found[2].metres == pytest.approx(44.4, abs=0.5)
    far = cameras_near(Catalogue(CAMERAS), (117.3, 34.26), 1)[0]
    assert far.metres > HIGH_REACH
    assert far.look is Look.TOO_FAR
    assert cameras_near(Catalogue(), PLACE, 3) == []


def test_table_map_and_wedge_are_in_step(cameras: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.cameras.cameras")
    table = widget.findChild(RecordTable)
    cameras.layer("onemap.cameras.cameras").click(0)
    assert table.selected_key == "c1"
    assert cameras.layer("onemap.cameras.sight").shapes["sight"][0].kind == "polygon"
    table.select_key("c4")
    assert cameras.selection.current == ("camera", "c4")
    assert cameras.layer("onemap.cameras.sight").shapes["sight"][0].kind == "circle"
    assert cameras.layer("onemap.cameras.cameras").selected == [3]
    cameras.selection.select("staff", "s1")
    assert not cameras.layer("onemap.cameras.sight").shapes


def test_filters_of_the_panel_cut_table_and_map(cameras: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.cameras.cameras")
    table = widget.findChild(RecordTable)
    online = widget.findChildren(Chips)[0]
    assert [b.text() for b in online._buttons.values()] == ["全部 4", "在线 3", "离线 1", "异常 0"]
    online._buttons["offline"].click()
    assert [c.id for c in table.shown] == ["c4"]
    assert len(cameras.layer("onemap.cameras.cameras").lon) == 1
    online._buttons[""].click()
    owner = next(c for c in widget.findChildren(QComboBox) if c.accessibleName() == "权属")
    owner.setCurrentText("城管")
    owner.activated.emit(owner.currentIndex())
    assert [c.id for c in table.shown] == ["c2"]


def test_a_camera_that_fails_changes_its_symbol(cameras: Console) -> None:
    cameras.put("camera", replace(CAMERAS[0], online=False, version=2))
    cameras.clock.advance(0.2)
    assert cameras.layer("onemap.cameras.cameras").columns["sprite"].tolist()[0] == 1


def test_a_picture_that_shows_nothing_is_told_from_a_camera_that_is_away(
    cameras: Console, panel: Callable[[str], Any]
) -> None:
    black = replace(CAMERAS[0], online=False, blind="black", live=True, version=2)
    cameras.put("camera", black, replace(CAMERAS[2], online=False, blind="frozen", version=2))
    cameras.clock.advance(0.2)
    layer = cameras.layer("onemap.cameras.cameras")
    looks = [layer.style.sprites[at] for at in layer.columns["sprite"].tolist()]
    assert [look.glyph for look in looks] == ["!", "", "!", "×"] and looks[0].shape != looks[2].shape
    table, state = (panel("onemap.cameras.cameras").findChild(kind) for kind in (RecordTable, Chips))
    assert [chip.text() for chip in state._buttons.values()] == ["全部 4", "在线 1", "离线 1", "异常 2"]
    state._buttons["blind"].click()
    table.select_key("c1")
    assert "画面异常：黑屏" in table.copy()
    assert [camera.id for camera in table.shown] == ["c1", "c3"]


def test_which_cameras_can_be_looked_at(cameras: Console, panel: Callable[[str], Any]) -> None:
    cameras.put("camera", replace(CAMERAS[1], live=True, recorded=True, version=2))
    cameras.clock.advance(0.2)
    widget = panel("onemap.cameras.cameras")
    table = widget.findChild(RecordTable)
    table.select_key("c2")
    assert "实时、录像" in table.copy()
    table.select_key("c1")
    assert "未接入画面" in table.copy()
    (only,) = [box for box in widget.findChildren(QCheckBox) if "1" in box.text()]
    only.click()
    assert [camera.id for camera in table.shown] == ["c2"]
    assert list(cameras.layer("onemap.cameras.cameras").labels) == ["彭城广场背"]
    only.click()
    assert len(table.shown) == 4


def test_cameras_near_here(cameras: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.cameras.near")
    cameras.map.context_point = PLACE
    cameras.run("onemap.cameras.near_here")
    table = widget.findChild(RecordTable)
    assert [near.camera.id for near in table.shown] == ["c1", "c3", "c4", "c2"]
    assert cameras.layer("onemap.cameras.near").shapes
    assert any("仅按朝向与距离" in label.text() for label in widget.findChildren(QLabel))


SIGHTINGS = [
    SceneSighting(
        camera=name,
        score=score,
        metres=50.0,
        pixels_per_metre=33.0,
        reasons={"purpose": "detect", "pixels_per_metre": 33.0, "metres": 50.0, "off_axis": 12.0},
    )
    for name, score in (("c2", 0.4), ("secret", 0.9))
]


def test_walls_decide_where_the_model_is_known_and_nobody_sees_what_is_not_his() -> None:
    answer = Answer({each.camera: each for each in SIGHTINGS}, {"c1": "hidden", "c4": "away"})
    found = cameras_near(Catalogue(CAMERAS), PLACE, 4, answer)
    assert [(n.camera.id, n.look, n.walls) for n in found] == [
        ("c2", Look.THERE, True),
        ("c3", Look.CAN_TURN, False),  # not worked out: by range alone
        ("c4", Look.AWAY, True),
        ("c1", Look.HIDDEN, True),
    ]


def test_the_list_gives_reasons_and_shows_what_the_chosen_one_sees(
    activate: Callable[..., Console], panel: Callable[[str], Any]
) -> None:
    console = activate("scene", "cameras")
    console.put("camera", *CAMERAS)
    console.clock.advance(0.2)
    sight = console.scene.sight
    sight.folder, sight.sightings, sight.blind = "/data/sight", SIGHTINGS, {"c1": "hidden"}
    sight.areas = {"c2": [[[PLACE, (117.201, 34.26), (117.201, 34.261), PLACE]]]}
    widget = panel("onemap.cameras.near")
    console.map.context_point = PLACE
    console.run("onemap.cameras.near_here")
    table = widget.findChild(RecordTable)
    assert [near.camera.id for near in table.shown] == ["c2", "c3", "c4", "c1"]
    labels = " ".join(label.text() for label in widget.findChildren(QLabel))
    assert "3 个摄像头看得见此处" in labels
    assert "已按三维模型判断遮挡" in labels
    table.view.selectRow(0)
    assert any("12°" in label.text() for label in widget.findChildren(QLabel))
    assert console.selection.current == ("camera", "c2")
    assert set(console.layer("onemap.cameras.near").shapes) == {"near", "ray", "area"}
    table.view.selectRow(3)
    assert any(label.text() == "被遮挡" for label in widget.findChildren(QLabel))
    sight.fault = "可视域文件已损坏"
    console.run("onemap.cameras.near_here")
    assert any(sight.fault in label.text() for label in widget.findChildren(QLabel))
    assert table.shown[0].camera.id == "c1"  # by direction and range


def test_cameras_that_see_the_selected_event(
    activate: Callable[..., Console], panel: Callable[[str], Any]
) -> None:
    console = activate("events", "cameras")
    console.put("camera", *CAMERAS)
    console.put("event", EVENT)
    console.clock.advance(0.2)
    console.run("onemap.cameras.near_event")
    assert [n.key for n in console.notifications] == ["onemap.cameras:onemap.cameras.event_first"]
    console.selection.select("event", EVENT.id)
    console.run("onemap.cameras.near_event")
    table = panel("onemap.cameras.near").findChild(RecordTable)
    assert table.shown[0].camera.id == "c1"
