"""What is kept of live pictures: the newest in its own size, and files of what came lately."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import av
import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from console.media.engine import MediaEngine
from console.media.view.tile import CameraTile
from console.model.replays import Progress
from console.model.streams import Reason, State, Still
from tests.media.conftest import Serve, ShowTile, camera, live, until
from tests.support.clips import Clip, encode, read_number


def still_of(tile: CameraTile) -> Still:
    got: list[Still | None] = []
    tile.still(got.append)
    until(lambda: got, what="no answer")
    assert got[0] is not None
    return got[0]


def number_in(image: QImage) -> int | None:
    form = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(form.constBits(), np.uint8).reshape(form.height(), -1)
    picture = np.asarray(
        lines[:, : form.width() * 3].reshape(form.height(), form.width(), 3).copy(), np.uint8
    )
    return read_number(picture)


def saved(tile: CameraTile, path: Path) -> Progress:
    told: list[Progress] = []
    tile.clip(str(path), {"camera": "c1"}, told.append)
    until(lambda: told and (told[-1].done == 1.0 or told[-1].reason), what="no end", about=told)
    return told[-1]


def pictures_of(path: Path) -> list[tuple[int, int, int | None]]:
    """Width, height and number of each."""
    with av.open(str(path)) as file:
        frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    return [(each.shape[1], each.shape[0], read_number(np.asarray(each, np.uint8))) for each in frames]


def test_a_still_has_the_streams_own_size_and_is_of_now(serve: Serve, engine: MediaEngine, show: ShowTile):
    tile = show(engine, camera(serve()), height=130)
    shown = live(tile)
    still = still_of(tile)
    assert (still.image.width(), still.image.height()) == (352, 288)
    number = number_in(still.image)
    assert number is not None and 0 <= (number - shown) % 60 < 30
    assert abs(still.at - time.time()) < 2.0


def test_what_came_lately_is_saved_as_it_came(
    serve: Serve, engine: MediaEngine, show: ShowTile, tmp_path: Path
):
    server = serve()
    tile = show(engine, camera(server))
    tile.keep(60.0)
    live(tile)
    QTest.qWait(2500)
    path = tmp_path / "路口.mp4"
    end = saved(tile, path)
    assert end.reason is Reason.NONE and end.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    found = [number for _, _, number in pictures_of(path) if number is not None]
    assert len(found) == end.frames > 20
    assert found == [(found[0] + step) % 60 for step in range(len(found))]
    about = json.loads(path.with_suffix(".json").read_text())
    assert (about["camera"], about["sha256"], about["pictures"]) == ("c1", end.sha256, str(end.frames))
    assert not list(tmp_path.glob(".*"))


def test_a_camera_that_died_or_sends_another_size_is_saved_all_the_same(
    serve: Serve, engine: MediaEngine, show: ShowTile, tmp_path: Path, sub_clip: Clip
):
    server = serve(sub=sub_clip)
    tile = show(engine, camera(server))
    tile.keep(60.0)
    live(tile)
    QTest.qWait(1000)
    server.clips["sub"] = encode(176, 144, 15, seconds=2)
    server.hang_up()
    until(lambda: still_of(tile).image.width() == 176, what="not the other size")
    QTest.qWait(300)
    server.kill()
    until(lambda: tile.status.state is not State.LIVE)
    end = saved(tile, tmp_path / "clip.mp4")
    sizes = {(wide, high) for wide, high, _ in pictures_of(tmp_path / "clip.mp4")}
    assert end.done == 1.0 and sizes == {(352, 288), (176, 144)}
    assert still_of(tile).image.width() == 176


def test_without_the_right_nothing_is_kept(serve: Serve, engine: MediaEngine, show: ShowTile, tmp_path: Path):
    tile = show(engine, camera(serve()))
    live(tile)
    assert saved(tile, tmp_path / "a.mp4").reason is Reason.NO_VIDEO
    tile.keep(60.0)
    QTest.qWait(1200)
    tile.keep(0.0)
    QTest.qWait(100)
    assert saved(tile, tmp_path / "a.mp4").reason is Reason.NO_VIDEO
    assert not [*tmp_path.glob("*.mp4"), *tmp_path.glob(".*")]


def test_a_file_that_cannot_be_written_is_told_of(serve: Serve, engine: MediaEngine, show: ShowTile):
    tile = show(engine, camera(serve()))
    tile.keep(60.0)
    live(tile)
    QTest.qWait(1200)
    end = saved(tile, Path("/proc/clip.mp4"))
    assert end.disk and end.done < 1.0
