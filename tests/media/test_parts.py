"""The rules alone: which stream for which size, how long to wait, what is in memory, what is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from console.media.backlog import Backlog
from console.media.backoff import Backoff
from console.media.memory import SLOTS, FrameMemory
from console.media.messages import Close, Open, Patience
from console.media.policy import Plan, plan
from console.media.session import Session
from console.media.view.words import age_words, headline, outlook
from console.model.streams import Reason, Source, State, Status
from console.sdk.ui.picture_grid import columns_for

BOTH = Source("1", "中山路", "rtsp://u:secret@camera/main", "rtsp://u:secret@camera/sub")
ONE = Source("2", "中山路", "rtsp://camera/main")


@pytest.mark.parametrize(
    ("source", "height", "wanted"),
    [
        (BOTH, 0, None),
        (BOTH, 90, Plan(BOTH.sub, keys_only=True)),
        (BOTH, 300, Plan(BOTH.sub)),
        (BOTH, 720, Plan(BOTH.main, until=BOTH.sub)),
        (ONE, 90, Plan(ONE.main, keys_only=True)),
        (ONE, 300, Plan(ONE.main)),
        (ONE, 720, Plan(ONE.main)),
    ],
)
def test_the_size_chooses_the_stream(source: Source, height: int, wanted: Plan | None):
    assert plan(source, height) == wanted


def test_waits_double_and_begin_anew_after_a_long_life():
    backoff = Backoff(0.25, 8, chance=lambda: 0.0)
    assert [backoff.after(0) for _ in range(7)] == [0.25, 0.5, 1, 2, 4, 8, 8]
    assert backoff.after(60) == 0.25
    assert Backoff(0.25, 8, chance=lambda: 1.0).after(0) == 0.125


def test_a_backlog_is_delay_beyond_the_least_there_was():
    backlog = Backlog()
    for frame in range(10):  # in time, give or take
        late = backlog.late(frame / 10, 100 + frame / 10 + 0.02 * (frame % 2))
        assert late < 0.05
    for frame in range(10, 20):  # each takes twice its time
        late = backlog.late(frame / 10, 101 + (frame - 10) / 5)
    assert late == pytest.approx(0.9, abs=0.05)
    assert backlog.late(2.0, 102.01) == pytest.approx(0.0, abs=0.05)  # caught up
    assert backlog.late(5000.0, 103.0) == 0  # a clock that was set


def test_a_line_that_became_longer_is_no_backlog():
    backlog = Backlog()
    backlog.late(0.0, 100.0)
    lates = [backlog.late(frame / 10, 100.8 + frame / 10) for frame in range(1, 80)]
    assert max(lates) > 0.7 and lates[-1] < 0.05


def test_a_slow_decoder_is_not_taken_for_a_long_line():
    backlog = Backlog()
    lates = [backlog.late(frame / 10, 100 + frame / 10 * 1.08) for frame in range(600)]
    assert lates[-1] > 4


def test_the_newest_picture_is_read_and_one_written_over_is_known():
    memory = FrameMemory(7, pixels=64 * 64)
    other = FrameMemory(7, memory.path, pixels=64 * 64)  # as the decoding process has it
    assert memory.newest() is None
    data = np.arange(8 * 4 * 4, dtype=np.uint8)
    other.write(memoryview(data), 8, 4, 32, at=5.0)
    picture = memory.newest()
    assert picture and (picture.number, picture.width, picture.height, picture.at) == (1, 8, 4, 5.0)
    assert bytes(picture.pixels) == data.tobytes()
    for _ in range(SLOTS - 1):
        other.write(memoryview(data), 8, 4, 32, at=6.0)
        assert memory.holds(picture)
    other.write(memoryview(data), 8, 4, 32, at=7.0)
    assert not memory.holds(picture)
    memory.close()


def test_pictures_that_do_not_fit_are_left_out_and_other_streams_memory_is_refused():
    memory = FrameMemory(7, pixels=64)
    memory.write(memoryview(bytes(4 * 9000)), 90, 100, 360, at=1.0)
    assert memory.newest() is None
    with pytest.raises(OSError, match="another stream"):
        FrameMemory(8, memory.path, pixels=64)
    memory.close()


def test_every_state_but_live_has_words():
    for state in State:
        for reason in Reason:
            said = headline(Status(state, reason))
            assert bool(said) == (state not in (State.LIVE, State.IDLE)), (state, reason)


def test_ages_and_countdowns():
    status = Status(State.WAITING, Reason.ENDED, retry_at=103.2, picture_at=90.0)
    assert "4" in outlook(status, 100.0) and "10" in age_words(status, 100.0)
    assert age_words(Status(State.LIVE, picture_at=99.9), 100.0) == ""
    assert outlook(Status(State.LIVE), 100.0) == ""


def test_addresses_are_not_in_what_is_printed():
    assert "secret" not in repr(BOTH)


SIZES = [(1, (800, 600), 1), (4, (1600, 900), 2), (9, (1600, 900), 3), (2, (500, 900), 1), (0, (5, 5), 1)]


@pytest.mark.parametrize(("count", "size", "columns"), SIZES)
def test_a_grid_has_the_columns_that_make_pictures_largest(count: int, size: tuple[int, int], columns: int):
    assert columns_for(count, *size) == columns


class Decoders:
    """Stands in for the processes: keeps what is asked of them."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def open(self, request: Open) -> Decoders:
        self.asked.append(request)
        return self

    def put(self, request: Any) -> None:
        self.asked.append(request)


def test_a_stream_that_decoders_die_of_is_left_alone():
    """Its process would take the others' pictures with it for ever."""
    decoders, barred = Decoders(), {}
    session = Session(ONE, decoders, Patience(), barred)  # type: ignore[arg-type]
    session.join(lambda: None).show_at(400, 300)
    asked = decoders.asked[0]
    memory = FrameMemory(asked.stream, asked.memory)
    feed = session.feed(asked.stream)
    assert feed is not None
    feed.fell()  # another stream was being decoded
    session.tick()
    assert session.status.state == State.CONNECTING
    for _ in range(2):
        memory.busy = True
        feed.fell()
    session.tick()
    session.tick()
    assert (session.status.state, session.status.reason) == (State.UNSUPPORTED, Reason.CRASHED)
    assert decoders.asked[-1] == Close(asked.stream) and ONE.main in barred
