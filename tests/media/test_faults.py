"""Cameras, lines and decoders that fail: it is said, nothing else suffers, and it comes back by itself."""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from console.media.engine import MediaEngine
from console.media.view.words import age_words, headline, outlook
from console.model.streams import Reason, Source, State
from tests.media.conftest import MakeEngine, Serve, ShowTile, camera, live, number_on, until
from tests.support.clips import encode

SLACK = 4.0
"""Seconds beyond what is promised, on a machine that does other things, too."""


def test_a_server_that_is_killed_and_comes_back(serve: Serve, engine: MediaEngine, show: ShowTile):
    server = serve()
    tile = show(engine, camera(server))
    live(tile)
    server.kill()
    until(lambda: tile.status.state == State.WAITING)
    until(lambda: tile.status.reason == Reason.UNREACHABLE)
    now = time.monotonic()
    assert headline(tile.status) and outlook(tile.status, now)
    assert number_on(tile) is None  # veiled: nobody takes it for live
    server.revive()
    planned = tile.status.retry_at
    live(tile)
    assert time.monotonic() - max(planned, now) < 4 + 1 + 0.5 + SLACK  # one more try, a second a group


def test_a_stream_that_stands_still_says_how_old_it_is(serve: Serve, make_engine: MakeEngine, show: ShowTile):
    server = serve()
    tile = show(make_engine(silence=2.4), camera(server))
    live(tile)
    server.stalled = True
    until(lambda: tile.status.state == State.STALLED)
    assert age_words(tile.status, time.monotonic()) and number_on(tile) is None
    until(lambda: tile.status.reason == Reason.SILENT, 2.4 + SLACK)  # given up, tried again
    server.stalled = False
    live(tile)
    until(lambda: tile.status.state == State.LIVE)


def test_garbage_in_the_stream_is_got_over(serve: Serve, engine: MediaEngine, show: ShowTile):
    server = serve()
    tile, other = show(engine, camera(server)), show(engine, camera(serve(), name="2"))
    live(tile)
    live(other)
    server.babble()
    QTest.qWait(300)
    live(other)
    until(lambda: tile.status.state == State.LIVE and number_on(tile) is not None)
    live(tile)


def test_a_server_that_answers_nothing(serve: Serve, make_engine: MakeEngine, show: ShowTile):
    server = serve()
    server.deaf = True
    tile = show(make_engine(opening=1.0), camera(server))
    until(lambda: tile.status.reason == Reason.SILENT, 1 + SLACK)
    assert tile.status.state == State.WAITING
    server.deaf = False
    live(tile)


def test_another_size_in_mid_stream(serve: Serve, engine: MediaEngine, show: ShowTile):
    server = serve()
    tile = show(engine, camera(server))
    live(tile)
    server.clips["sub"] = encode(640, 512, 15, seconds=2)
    for _ in range(8):
        QTest.qWait(150)
        live(tile)
    assert server.asked["PLAY"] == 1


def test_a_wrong_password_is_not_tried_again_and_again(
    serve: Serve, make_engine: MakeEngine, show: ShowTile, caplog: pytest.LogCaptureFixture
):
    server = serve(sign_in=("operator", "right"))
    engine = make_engine()
    tile = show(engine, camera(server, "operator:wrong-secret"), height=576)
    until(lambda: tile.status.state == State.REFUSED)
    QTest.qWait(1500)
    tries = server.asked["401"]
    assert 1 <= tries <= 2  # the small and the full picture
    tile.hide()
    again = show(engine, camera(server, "operator:wrong-secret", name="again"))
    QTest.qWait(500)
    assert again.status.state == State.REFUSED and server.asked["401"] == tries
    again.retry()  # asked for by the operator
    until(lambda: server.asked["401"] == tries + 1)
    until(lambda: again.status.state == State.REFUSED)
    assert "wrong-secret" not in caplog.text


def test_the_right_password_is_used_and_seen_nowhere(
    serve: Serve, engine: MediaEngine, show: ShowTile, caplog: pytest.LogCaptureFixture, capfd
):
    caplog.set_level(logging.DEBUG)
    server = serve(sign_in=("operator", "right-secret"))
    source = camera(server, "operator:right-secret")
    live(show(engine, source))
    server.hang_up()
    for pid in engine.process_ids:
        seen = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
        assert b"right-secret" not in seen
    out = capfd.readouterr()
    assert "right-secret" not in caplog.text + out.out + out.err + repr(source)
    assert server.asked["401"] == 0


def test_a_decoder_that_crashes_takes_only_its_own_tiles(
    serve: Serve, make_engine: MakeEngine, show: ShowTile
):
    server, engine = serve(), make_engine(workers=2)
    tiles = [show(engine, camera(server, name=str(number))) for number in range(4)]
    for tile in tiles:
        live(tile)
    os.kill(engine.process_ids[0], signal.SIGSEGV)
    died = time.monotonic()
    until(lambda: any(tile.status.reason == Reason.CRASHED for tile in tiles))
    assert sum(tile.status.reason == Reason.CRASHED for tile in tiles) == 2
    assert sum(tile.status.state in (State.LIVE, State.STALLED) for tile in tiles) == 2
    until(lambda: all(tile.status.state == State.LIVE for tile in tiles))
    assert time.monotonic() - died < 3 + SLACK
    for tile in tiles:
        live(tile)


def test_few_are_opened_at_a_time(make_engine: MakeEngine, show: ShowTile):
    """Forty cameras behind a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as half_open:
        half_open.setblocking(False)
        address = f"rtsp://127.0.0.1:{half_open.getsockname()[1]}/"
        engine = make_engine(workers=2, opening=60.0)
        taken: list[socket.socket] = []

        def taken_in() -> int:
            with suppress(BlockingIOError):
                while True:
                    taken.append(half_open.accept()[0])
            return len(taken)

        for number in range(40):
            show(engine, Source(str(number), "半开", f"{address}{number}"), height=60)
        until(lambda: taken_in() >= 8)
        QTest.qWait(500)
        assert taken_in() == 8
        for connection in taken:
            connection.close()
