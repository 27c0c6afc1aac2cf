"""What is given up when this machine cannot decode all, by whom, and that it comes back."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtTest import QTest

from console.media import budget
from console.media.budget import LATE_FOR, LONGEST_REST, REST, Budget, Load
from console.media.decoder import Decoder
from console.media.view.tile import CameraTile
from console.media.view.words import rate_words
from console.model.streams import Saving, State
from tests.media.conftest import MakeEngine, Serve, ShowTile, camera, live, number_on, until
from tests.support.clips import Clip, Picture, encode

NONE, FILTER, FRAMES = Saving.NONE, Saving.FILTER, Saving.FRAMES


def loads(costs: list[float], focused: int = -1, late: int = -1) -> list[Load]:
    """Streams 0, 1, … each a little larger than the one before."""
    return [
        Load(number, 100 + number, cost, float(number == focused), 2 * LATE_FOR * (number == late))
        for number, cost in enumerate(costs)
    ]


def test_nothing_is_saved_while_there_is_room():
    assert set(Budget(cores=1.0).weigh(loads([0.2] * 4), 0.0).values()) == {NONE}


def test_the_smallest_give_up_first_and_the_smoothing_before_the_frames():
    found = Budget(cores=1.0)
    slightly = found.weigh(loads([0.26] * 4), 0.0)
    assert list(slightly.values()) == [FILTER, FILTER, FILTER, NONE]
    far = Budget(cores=1.0).weigh(loads([0.4] * 5), 0.0)
    assert far[4] == NONE and far[0] == FRAMES
    assert [far[number] for number in range(4)] == sorted((far[number] for number in range(4)), reverse=True)


def test_the_one_with_the_focus_is_kept_however_small():
    assert Budget(cores=0.5).weigh(loads([0.5] * 5, focused=0), 0.0) == {0: NONE} | dict.fromkeys(
        range(1, 5), FRAMES
    )


def test_a_decoder_that_is_late_counts_though_the_sum_is_small():
    """Other programs take the machine."""
    savings = Budget(cores=2.0).weigh(loads([0.1] * 3, late=2), 0.0)
    assert savings[0] != NONE and savings[2] == NONE


def test_it_comes_back_after_a_rest_and_later_when_that_was_too_much():
    found, quiet, late = Budget(cores=2.0), loads([0.1] * 4), loads([0.1] * 4, late=3)
    for at in range(20):
        savings = found.weigh(late, at)
    assert [savings[stream] for stream in range(4)] == [FRAMES, FRAMES, FRAMES, NONE]
    assert found.weigh(quiet, 19 + REST - 1)[0] == FRAMES
    assert found.weigh(quiet, 19 + REST)[0] == NONE
    assert found.weigh(late, 20 + REST)[0] != NONE  # that was too much
    assert found.weigh(quiet, 20 + 2 * REST)[0] != NONE
    assert found.weigh(quiet, 20 + 3 * REST)[0] == NONE


def test_without_room_one_is_tried_now_and_then():
    found = Budget(cores=1.0)
    found.weigh(loads([0.4] * 4), 0.0)
    saved = loads([0.1, 0.1, 0.1, 0.4])
    before = found.weigh(saved, 1.0)
    assert found.weigh(saved, LONGEST_REST - 1) == before
    after = found.weigh(saved, LONGEST_REST + 1)
    assert [number for number in range(4) if after[number] != before[number]] == [2]


def test_who_has_key_frames_alone_anyway_gives_nothing_up():
    tiny = [Load(0, 80, 0.3, least=True), *loads([0.0, 0.9, 0.9])[1:]]
    savings = Budget(cores=1.0).weigh(tiny, 0.0)
    assert savings[0] == NONE and savings[1] != NONE


@pytest.fixture(scope="module")
def busy_clip() -> Clip:
    return encode(704, 576, 15, seconds=2)


def test_over_budget_the_focused_tile_keeps_its_rate_and_the_others_say_what_they_lack(
    serve: Serve,
    make_engine: MakeEngine,
    show: ShowTile,
    busy_clip: Clip,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(budget, "REST", 0.5)
    server, engine = serve(sub=busy_clip, main=busy_clip), make_engine()
    tiles = [show(engine, camera(server, name=str(number)), height=200 + number) for number in range(4)]
    for tile in tiles:
        live(tile)
    tiles[0].window().activateWindow()
    tiles[0].setFocus()
    engine.budget.cores = 0.001
    until(lambda: all(tile.status.saving == FRAMES for tile in tiles[1:]), what="nothing is saved")
    assert rate_words(tiles[1].status) and not rate_words(tiles[0].status)
    assert tiles[0].status.saving == NONE
    QTest.qWait(500)  # what was decoded before is painted
    seen = numbers_of(tiles, 2.5)
    assert sum(number % busy_clip.key_every != 0 for number in seen[0]) > 8
    for numbers in seen[1:]:
        assert numbers and all(number % busy_clip.key_every == 0 for number in numbers)
    engine.budget.cores = 100.0
    until(lambda: all(tile.status.saving == NONE for tile in tiles), what="it does not come back")
    until(lambda: (number_on(tiles[3]) or 0) % busy_clip.key_every != 0, what="key frames alone")
    assert all(tile.status.state == State.LIVE for tile in tiles)


def numbers_of(tiles: list[CameraTile], seconds: float) -> list[set[int]]:
    """Of the frames that are painted on each."""
    end, seen = time.monotonic() + seconds, [set[int]() for _ in tiles]
    while time.monotonic() < end:
        QTest.qWait(15)
        for tile, numbers in zip(tiles, seen, strict=True):
            if (number := number_on(tile)) is not None:
                numbers.add(number)
    return seen


def test_smoothing_ends_and_begins_at_key_frames_and_no_picture_is_lost(tmp_path: Path):
    clip = encode(352, 288, 10, seconds=3, preset="veryfast")
    path = tmp_path / "clip.h264"
    path.write_bytes(b"".join(clip.frames))
    plain, spared = decoded(path, set()), decoded(path, set(range(5, 15)))
    assert len(plain) == len(spared) == len(clip.frames)
    same = [bool(np.array_equal(one, other)) for one, other in zip(plain, spared, strict=True)]
    changes = [number for number, (one, other) in enumerate(pairwise(same), 1) if one != other]
    assert changes == [10, 20]


def decoded(path: Path, coarse: set[int]) -> list[Picture]:
    """*coarse*: packets for which smoothing is not wanted."""
    with av.open(str(path)) as file:
        decoder = Decoder(file.streams.video[0])
        packets = enumerate(file.demux(video=0))
        frames = [decoder.decode(packet, False, number not in coarse) for number, packet in packets]
    return [np.asarray(frame.to_ndarray(), np.uint8) for each in frames for frame in each]
