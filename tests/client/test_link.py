"""What has come goes into the store in slices, so that the window has its turns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.client.inbox import Connection
from console.client.link import SLICE, Link
from console.model.positions import Positions
from console.model.records import Staff
from console.store.batch import RecordChange, Snapshot
from console.store.live import LiveStore
from console.tasks.io_thread import IoThread
from console.tasks.worker_pool import WorkerPool


@pytest.fixture
def link(tmp_path: Path) -> Iterator[Link]:
    io, pool = IoThread(), WorkerPool(1)
    yield Link(
        "http://127.0.0.1:9", io=io, pool=pool, store=LiveStore(), cache_dir=tmp_path, data_dir=tmp_path
    )
    io.close()
    pool.close()


def staff(number: int, version: int = 1) -> Staff:
    return Staff(id=f"s{number}", handle=number, name="王", area="320302", version=version)


def test_slow_handlers_each_have_a_slice_and_order_is_kept(link: Link) -> None:
    told: list[str] = []
    staff_known = link._store.collection("staff")
    for name in ("first", "second", "third"):

        def slow(_change: object, name: str = name) -> None:
            told.append(f"{name} sees {len(staff_known)}")
            time.sleep(2 * SLICE)

        staff_known.on_change(slow)
    link._store.on_stale(lambda: told.append("stale"))
    people = [staff(number) for number in range(2000)]
    link.inbox.put_snapshot(Snapshot(records={"staff": people}, positions=Positions()))
    assert link.pump()
    link.inbox.put_changes([RecordChange("staff", "s0", None)])  # comes while the first is taken in
    link.inbox.set_connection(Connection(connected=True))
    turns = 1
    while link.pump():
        turns += 1
    assert told == [f"{name} sees {n}" for n in (2000, 1999) for name in ("first", "second", "third")]
    assert turns >= 6
    assert link.backend.connected


def test_what_is_left_of_a_batch_ends_with_the_account(link: Link) -> None:
    told: list[object] = []
    link._store.collection("staff").on_change(lambda _: time.sleep(2 * SLICE))
    link._store.collection("staff").on_change(told.append)
    link.inbox.put_snapshot(Snapshot(records={"staff": [staff(1)]}, positions=Positions()))
    assert link.pump()
    link.stop()
    while link.pump():
        pass
    assert told == []
