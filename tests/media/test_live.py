"""Cameras that are well: what is painted is what was sent just now, in the stream that the size asks for."""

from __future__ import annotations

import time

import pytest
from PySide6.QtTest import QTest

from console.media import session
from console.media.engine import MediaEngine
from console.media.view.grid import CameraGrid
from console.model.streams import Source, State
from tests.media.conftest import MAIN_FROM, Serve, ShowTile, camera, live, number_on, until
from tests.support.clips import Clip, age_of

LATE = 1.0
"""Seconds that a picture may be old on a busy machine; the benchmark measures what it is on a quiet one."""


def test_what_is_painted_was_sent_just_now(serve: Serve, engine: MediaEngine, show: ShowTile, sub_clip: Clip):
    server = serve()
    tile = show(engine, camera(server))
    live(tile)
    ages = []
    for _ in range(20):
        QTest.qWait(50)
        number = until(lambda: [n] if (n := number_on(tile)) is not None else [])[0]
        assert number < MAIN_FROM
        ages.append(age_of(number, sub_clip, server.began, time.monotonic()))
    assert sorted(ages)[10] < LATE
    until(lambda: tile.status.state == State.LIVE)
    assert not tile.status.keys_only


def test_a_tiny_tile_gets_key_frames_alone(serve: Serve, engine: MediaEngine, show: ShowTile, sub_clip: Clip):
    tile = show(engine, camera(serve()), height=100)
    seen = {live(tile) for _ in range(3)}
    assert len(seen) == 3
    assert all(number % sub_clip.key_every == 0 for number in seen)
    assert tile.status.keys_only


def test_a_large_tile_has_the_small_picture_until_the_full_one_comes(
    serve: Serve, engine: MediaEngine, show: ShowTile
):
    server = serve()
    tile = show(engine, camera(server))
    assert live(tile) < MAIN_FROM
    tile.resize(704, 576)
    pictures = []
    end = time.monotonic() + 20
    while not pictures or (pictures[-1] or 0) < MAIN_FROM:
        assert time.monotonic() < end, f"the full picture did not come: {pictures}"
        QTest.qWait(30)
        pictures.append(number_on(tile))
        assert tile.status.picture_at  # never black in between
    until(lambda: server.watching == 1, what="the small picture is still fetched")
    assert live(tile) >= MAIN_FROM


def test_hidden_tiles_are_let_go_of_after_a_grace(
    serve: Serve, engine: MediaEngine, show: ShowTile, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(session, "GRACE", 0.5)
    server = serve()
    tile = show(engine, camera(server))
    live(tile)
    tile.hide()
    QTest.qWait(100)
    assert server.watching == 1
    until(lambda: server.watching == 0, what="a stream is fetched that nobody sees")
    assert tile.status.state == State.IDLE
    tile.show()
    live(tile)


def test_one_camera_is_fetched_once_for_all_who_look(serve: Serve, engine: MediaEngine, show: ShowTile):
    server = serve()
    source = camera(server)
    small, larger = show(engine, source, 200), show(engine, source, 300)
    live(small)
    live(larger)
    assert server.watching == server.asked["PLAY"] == 1
    small.let_go()
    QTest.qWait(200)
    live(larger)


def test_a_grid_shows_many_and_enlarges_one(serve: Serve, engine: MediaEngine, qtbot):
    server = serve()
    grid = CameraGrid(engine)
    qtbot.addWidget(grid)
    grid.resize(352 * 2 + 2, 288 * 2 + 2)
    grid.show_sources([camera(server, name=str(number)) for number in range(4)])
    grid.show()
    for tile in grid.tiles:
        live(tile)
    grid.tiles[0].setFocus()
    qtbot.keyClick(grid.tiles[0], "\r")
    assert [tile.isVisible() for tile in grid.tiles] == [True, False, False, False]
    until(lambda: (number_on(grid.tiles[0]) or 0) >= MAIN_FROM, what="enlarged, but not in full")
    qtbot.keyClick(grid.tiles[0], "\x1b")
    assert all(tile.isVisible() for tile in grid.tiles)
    for tile in grid.tiles:
        live(tile)
    grid.let_go()


@pytest.mark.parametrize("address", ["file:///etc/hostname", "/etc/hostname", "concat:/etc/hostname", ""])
def test_files_of_this_machine_are_no_camera(engine: MediaEngine, show: ShowTile, address: str):
    tile = show(engine, Source("1", "文件", address))
    until(lambda: tile.status.state == State.UNSUPPORTED)
