"""The cameras that see the event, on the card of dispatch."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from PySide6.QtWidgets import QLabel

from console.model.records import Camera
from console.testing import Console
from tests.plugins.dispatch.desktop.staging import FIRE, LIST, PANEL, WAY, child, texts_of

LON, LAT = FIRE.where
EAST = [
    Camera(id=f"c{n}", name=f"<路口{n}>", area=FIRE.area, where=(LON + n * 2e-4, LAT), heading=270, version=1)
    for n in (1, 2, 3, 4)
]
"""18 m apart, all looking at the fire."""


@pytest.fixture
def staged(activate, console, backend) -> Console:
    backend.answer("POST", "/dispatch/rank", {"candidates": [asdict(each) for each in LIST]})
    backend.answer("POST", "/dispatch/route", asdict(WAY))
    activate("dispatch", "cameras")
    console.put("event", FIRE)
    console.put("camera", *EAST)
    console.clock.advance(0.2)
    return console


def test_the_best_three_stand_on_the_card_and_lead_on(staged: Console, panel):
    card = child(panel(PANEL), "SeenBy")
    assert not card.isVisible()
    staged.selection.select("event", "e1")
    text = texts_of(card)
    assert [f"&lt;路口{n}&gt;" in text for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert "18 m · 86 像素/米" in text
    assert "未考虑建筑遮挡" in text
    label = card.findChild(QLabel)
    label.linkActivated.emit("camera/c2")
    assert staged.selection.current == ("camera", "c2")
    label.linkActivated.emit("all")
    assert staged.layer("onemap.cameras.near").shapes["near"][0].points == (FIRE.where,)


def test_an_event_that_moves_is_asked_about_anew(staged: Console, panel):
    card = child(panel(PANEL), "SeenBy")
    staged.selection.select("event", "e1")
    staged.put("event", replace(FIRE, where=(LON + 0.01, LAT), version=2))
    assert "未发现看得见此处的摄像头" in texts_of(card)


def test_without_cameras_the_card_says_nothing(activate, console, backend, panel):
    backend.answer("POST", "/dispatch/rank", {"candidates": [asdict(each) for each in LIST]})
    activate("dispatch")
    console.put("event", FIRE)
    console.selection.select("event", "e1")
    assert not child(panel(PANEL), "SeenBy").isVisible()
