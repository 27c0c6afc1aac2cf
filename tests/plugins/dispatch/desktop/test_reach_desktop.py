"""The reach panel: a place or all on duty, two bands on the map, words, taking away."""

from __future__ import annotations

import pytest

from tests.plugins.dispatch.desktop.staging import sent, texts_of
from tests.plugins.dispatch.desktop.test_choosing_desktop import press

RING = [(117.15, 34.25), (117.16, 34.25), (117.16, 34.26), (117.15, 34.25)]
HOLE = [(117.152, 34.251), (117.153, 34.251), (117.153, 34.252), (117.152, 34.251)]
PANEL = "onemap.dispatch.reach"


@pytest.fixture
def desk(activate, console):
    activate("dispatch")
    return console


def test_all_on_duty_reach_two_bands_until_they_are_taken_away(desk, panel, backend) -> None:
    backend.answer("POST", "/dispatch/reach", {"minutes": 5, "starts": 7, "polygons": [[RING, HOLE]]})
    widget = panel(PANEL)
    press(widget, "全部在岗人员")
    assert [(b["minutes"], b["where"], b["means"]) for b in sent(backend, "/dispatch/reach")] == [
        (5, None, None),
        (2.5, None, None),
    ]
    shapes = desk.layer(PANEL).shapes
    assert set(shapes) == {"warning", "success"}
    assert "7 名在岗人员" in texts_of(widget)
    assert "5 分钟内" in texts_of(widget)
    press(widget, "清除")
    assert not desk.layer(PANEL).shapes


def test_nobody_and_no_road_are_said(desk, panel, backend) -> None:
    backend.answer("POST", "/dispatch/reach", {"minutes": 5, "starts": 0, "polygons": []})
    widget = panel(PANEL)
    press(widget, "全部在岗人员")
    assert "没有可用位置" in texts_of(widget)
