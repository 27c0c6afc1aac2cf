"""Polling in the console: pages by the clock, opened ahead, dead ones left out, pins, groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from console.model.records import Camera
from console.model.streams import Reason, State
from console.testing import Console, MemoryBackend
from plugins.polling.desktop.groups import new_group

PANEL = "onemap.polling.polling"
GRID = "320302001001001"
CAMERAS = [
    Camera(
        id=f"c{n}",
        name=f"黄河 {n}" if n % 2 else f"路口 {n}",
        area=GRID,
        where=(117.2 + n / 1e4, 34.26),
        live=True,
        version=1,
    )
    for n in range(8)
]


@pytest.fixture
def polling(backend: MemoryBackend, activate: Callable[..., Console]) -> Console:
    """The plugin on the real one of cameras, over a backend that gives tickets; two pictures on a page."""
    backend.answer("POST", r"/cameras/[^/]+/ticket", ticket)
    backend.answer("POST", "/cameras/tickets/end", {})
    backend.answer(
        "POST", "/cameras/tickets/renew", lambda request: {"renewed": request.body["ids"], "over": {}}
    )
    backend.answer("GET", "/polling/groups", [])
    console = activate("grids", "cameras", "polling")
    console.put("camera", *CAMERAS)
    console.clock.advance(0.2)
    return console


def ticket(request: Any) -> dict[str, str]:
    camera = request.path.split("/")[2]
    return {"id": f"t-{camera}", "main": f"rtsp://10.0.0.1/{camera}", "sub": "", "user": "", "password": ""}


def part(widget: QWidget, name: str) -> Any:
    return next(each for each in widget.findChildren(QWidget) if type(each).__name__ == name)


def play(console: Console, panel: Any, tiles: int = 2) -> Any:
    """Poll all that the map shows; returns the panel."""
    widget = panel(PANEL)
    player(widget).set_tiles(tiles)
    player(widget).set_dwell(10)
    console.map.center_on(117.2, 34.26, 14.0)
    console.run("onemap.polling.view")
    console.clock.advance(0.2)
    return widget


def player(widget: QWidget) -> Any:
    return part(widget, "ShowPage").stage._player


def streams(console: Console) -> dict[str, Any]:
    """Tiles with a stream, by camera."""
    tiles = [tile for tile in console.media.tiles if not tile.removed and tile.source is not None]
    return {tile.source.id: tile for tile in tiles}


def seen(console: Console, widget: QWidget) -> list[str]:
    """Cameras whose tiles are in sight, from left to right."""
    stage = part(widget, "ShowPage").stage
    tiles = streams(console).items()
    places = {camera: tile.widget.mapTo(stage, tile.widget.rect().center()) for camera, tile in tiles}
    inside = [camera for camera, place in places.items() if stage.rect().contains(place)]
    return sorted(inside, key=lambda camera: (places[camera].y(), places[camera].x()))


def all_live(console: Console) -> None:
    for tile in streams(console).values():
        tile.become(State.LIVE)


def run(console: Console, seconds: int) -> None:
    """The clock goes on, and every stream that is opened comes."""
    for _ in range(seconds):
        all_live(console)
        console.clock.advance(1)


def test_pages_turn_by_the_clock_and_the_next_one_is_live_before_its_turn(
    polling: Console, panel: Any
) -> None:
    widget = play(polling, panel)
    first = seen(polling, widget)
    assert len(first) == 2 and set(streams(polling)) == set(first)
    run(polling, 4)
    assert set(streams(polling)) == set(first), "not opened long before"
    run(polling, 4)
    ahead = set(streams(polling)) - set(first)
    assert len(ahead) == 2 and seen(polling, widget) == first
    run(polling, 3)
    assert set(seen(polling, widget)) == ahead, "and those of before gave their tickets back"
    assert all(tile.status.state is State.LIVE for tile in streams(polling).values())


def test_all_cameras_are_shown_in_turn_and_over_again(polling: Console, panel: Any) -> None:
    widget = play(polling, panel)
    shown = [seen(polling, widget)]
    for _ in range(60):
        run(polling, 1)
        if seen(polling, widget) != shown[-1]:
            shown.append(seen(polling, widget))
    assert sorted(each for page in shown[:4] for each in page) == [camera.id for camera in CAMERAS]
    assert shown[4] == shown[0]


def test_a_page_waits_for_its_pictures_and_leaves_out_who_gives_none(polling: Console, panel: Any) -> None:
    widget = play(polling, panel)
    first = seen(polling, widget)
    run(polling, 6)
    ahead = sorted(set(streams(polling)) - set(first))
    streams(polling)[ahead[0]].become(State.WAITING, Reason.UNREACHABLE)
    streams(polling)[ahead[1]].become(State.CONNECTING)
    polling.clock.advance(6)
    assert seen(polling, widget) == first, "what is not there yet is waited for"
    assert ahead[0] not in streams(polling), "nobody insists"
    run(polling, 2)
    now = seen(polling, widget)
    assert ahead[1] in now and ahead[0] not in now and len(now) == 2


def test_offline_cameras_are_left_out_unless_wanted(polling: Console, panel: Any) -> None:
    gone = [Camera(**{**fields(each), "online": False, "version": 2}) for each in CAMERAS[:3]]
    polling.put("camera", *gone)
    polling.clock.advance(0.2)
    widget = play(polling, panel, 64)
    assert len(seen(polling, widget)) == 5
    player(widget).set_skip(False)
    polling.clock.advance(0.2)
    assert len(seen(polling, widget)) == 8


def fields(camera: Camera) -> dict[str, Any]:
    return {name: getattr(camera, name) for name in camera.__dataclass_fields__}


def test_pause_next_and_previous_by_keys(polling: Console, panel: Any, qtbot: Any) -> None:
    widget = play(polling, panel)
    page, first = part(widget, "ShowPage"), seen(polling, widget)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    run(polling, 30)
    assert seen(polling, widget) == first
    qtbot.keyClick(page, Qt.Key.Key_N)
    run(polling, 2)
    second = seen(polling, widget)
    assert not set(second) & set(first)
    qtbot.keyClick(page, Qt.Key.Key_B)
    run(polling, 2)
    assert seen(polling, widget) == first
    qtbot.keyClick(page, Qt.Key.Key_Space)
    run(polling, 14)
    assert seen(polling, widget) == second


def test_a_pinned_picture_stays_without_being_opened_anew(polling: Console, panel: Any, backend: Any) -> None:
    widget = play(polling, panel)
    first = seen(polling, widget)
    tile = streams(polling)[first[1]]
    player(widget).pin(1)
    run(polling, 12)
    now = seen(polling, widget)
    assert now[1] == first[1] and now[0] != first[0]
    assert streams(polling)[first[1]] is tile
    asked = [r.path for r in backend.requests if r.path == f"/cameras/{first[1]}/ticket"]
    assert len(asked) == 1


def test_hidden_it_rests(polling: Console, panel: Any) -> None:
    widget = play(polling, panel)
    first = seen(polling, widget)
    widget.hide()
    polling.clock.advance(60)
    assert not streams(polling)
    widget.show()
    polling.clock.advance(1)
    assert seen(polling, widget) == first


def test_a_group_by_names_is_made_kept_and_polled(
    polling: Console, panel: Any, backend: Any, qtbot: Any
) -> None:
    backend.answer("PUT", r"/polling/groups/.+", saved)
    widget = panel(PANEL)
    groups, form = part(widget, "GroupList"), part(widget, "GroupForm")
    groups._new.click()
    fields = form.findChildren(QLineEdit)
    fields[0].insert("黄河沿线")
    form._kind._buttons["names"].click()
    form._words.insert("黄河，水库")
    assert "4" in form._count.text()
    form.save()
    polling.clock.advance(0.1)
    (group,) = groups.table.shown
    assert (group.title, group.kind, group.rule) == ("黄河沿线", "names", "黄河，水库")
    groups.table.select_key(group.id)
    player(widget).set_tiles(4)
    groups._acts["play"].click()
    polling.clock.advance(0.2)
    assert seen(polling, widget) == ["c1", "c3", "c5", "c7"]


def saved(request: Any) -> dict[str, Any]:
    edition = request.body["edition"] + 1
    return {**request.body, "id": request.path.split("/")[-1], "edition": edition, "by": "王五", "at": 1.0}


@pytest.mark.parametrize(("text", "drawn"), [("框选", True), ("圈选", True), ("沿线", True), ("圈选", False)])
def test_a_group_by_hand_takes_what_is_drawn_around_or_along(
    polling: Console, panel: Any, qtbot: Any, text: str, drawn: bool
) -> None:
    """Three stand there, of which one has no video."""
    polling.put("camera", replace(CAMERAS[2], live=False, version=2))
    polling.clock.advance(0.2)
    widget = panel(PANEL)
    groups = part(widget, "GroupList")
    groups._desk.edited.emit(new_group(title="一组"))
    hand = part(widget, "HandList")
    west, east = 117.2 + 0.5e-4, 117.2 + 3.5e-4
    around = [(west, 34.259), (east, 34.259), (east, 34.261), (west, 34.261)]
    way = [(117.2 + 1e-4, 34.26), (117.2 + 3e-4, 34.26)]
    polling.map.answer = None if not drawn else way if text == "沿线" else around
    (act,) = [b for b in hand.findChildren(QPushButton) if b.text() == text]
    qtbot.mouseClick(act, Qt.MouseButton.LeftButton)
    polling.clock.advance(0.2)
    assert set(hand.cameras) >= {"c1", "c3"} if drawn else hand.cameras == ()
    assert "c2" not in hand.cameras
    if drawn:
        assert "未接入" in polling.notifications[-1].text
