"""The live store: newest version wins, handlers once a batch, order does not matter."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.positions import Positions
from console.model.records import Staff
from console.sdk.live import Change
from console.store.batch import Batch, Clock, RecordChange, Snapshot
from console.store.live import LiveStore


def staff(record_id: str, version: int) -> Staff:
    return Staff(id=record_id, handle=1, name=f"{record_id} v{version}", area="320302", version=version)


def put(record_id: str, version: int) -> RecordChange:
    return RecordChange("staff", record_id, staff(record_id, version))


def snapshot(*records: Staff, stale: bool = False) -> Batch:
    return Batch(
        snapshot=Snapshot(records={"staff": list(records)}, positions=Positions(), time=50.0, stale=stale)
    )


def known(store: LiveStore) -> dict[str, int]:
    return {record.id: record.version for record in store.collection("staff").all()}


# One history: each version is of one record once, some of them drops.
histories = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=10).map(
    lambda steps: [
        RecordChange("staff", record_id, None, version) if drop else put(record_id, version)
        for version, (record_id, drop) in enumerate(steps, 1)
    ]
)


@given(history=histories, seed=st.randoms(), cuts=st.integers(1, 4))
def test_any_order_of_deltas_with_repeats_ends_in_the_same_state(history, seed, cuts) -> None:
    straight, mixed = LiveStore(), LiveStore()
    straight.apply(Batch(changes=history))
    entries = history + [entry for entry in history if seed.random() < 0.5]
    seed.shuffle(entries)
    for start in range(cuts):
        mixed.apply(Batch(changes=entries[start::cuts]))
    assert known(straight) == known(mixed)


def test_a_late_copy_does_not_bring_a_dropped_record_back() -> None:
    store = LiveStore()
    store.apply(Batch(changes=[put("a", 3), RecordChange("staff", "a", None)]))
    store.apply(Batch(changes=[put("a", 2), put("a", 3)]))
    assert known(store) == {}
    store.apply(Batch(changes=[put("a", 4)]))
    assert known(store) == {"a": 4}


def test_handlers_are_told_once_a_batch_and_see_the_end_of_it() -> None:
    store, told = LiveStore(), []
    undo = store.collection("staff").on_change(lambda change: told.append((change, known(store))))
    store.apply(
        Batch(changes=[put("a", 1), put("b", 1), put("a", 2), RecordChange("staff", "b", None), put("c", 0)])
    )
    assert told == [(Change(frozenset({"a", "c"}), frozenset({"b"})), {"a": 2, "c": 0})]
    store.apply(Batch(changes=[put("a", 1)]))  # nothing new: nobody is told
    undo()
    undo()
    store.apply(Batch(changes=[put("a", 9)]))
    assert len(told) == 1


def test_a_snapshot_replaces_everything_and_says_what_is_gone() -> None:
    store, told = LiveStore(), []
    store.apply(snapshot(staff("a", 5), staff("b", 5)))
    store.collection("staff").on_change(told.append)
    mixed = Batch(snapshot=snapshot(staff("a", 1), staff("c", 1)).snapshot, changes=[put("d", 2)])
    store.apply(mixed)
    assert told == [Change(frozenset("acd"), frozenset("b"), reset=True)]
    assert known(store) == {"a": 1, "c": 1, "d": 2}


def watched(store: LiveStore, told: list[object]) -> LiveStore:
    """*told* gets each change with what is known at that moment."""
    store.collection("staff").on_change(lambda change: told.append((change, known(store))))
    store.positions.on_change(lambda: told.append("positions"))
    return store


batches = st.lists(
    st.one_of(
        histories.map(lambda changes: Batch(changes=changes)),
        st.lists(st.sampled_from("abcd"), unique=True, max_size=4).map(
            lambda ids: snapshot(*[staff(record_id, 5) for record_id in ids])
        ),
    ),
    max_size=4,
)


@given(history=batches)
def test_a_batch_taken_in_steps_tells_the_same_in_the_same_order(history) -> None:
    told_at_once, told_in_steps = [], []
    at_once = watched(LiveStore(), told_at_once)
    in_steps = watched(LiveStore(), told_in_steps)
    for batch in history:
        at_once.apply(batch)
        for _ in in_steps.steps(batch):
            pass
    assert told_at_once == told_in_steps
    assert known(at_once) == known(in_steps)


@given(count=st.integers(0, 3000), keep=st.integers(0, 3000))
def test_nobody_sees_half_a_snapshot_and_each_handler_has_a_step_of_its_own(count, keep) -> None:
    store = LiveStore()
    store.apply(snapshot(*[staff(f"old{n}", 1) for n in range(keep)]))
    told: list[int] = []
    for _ in range(3):
        store.collection("staff").on_change(lambda _: told.append(len(store.collection("staff"))))
    before = 0
    for _ in store.steps(snapshot(*[staff(f"new{n}", 1) for n in range(count)])):
        assert len(store.collection("staff")) in (keep, count)
        assert len(told) <= before + 1
        before = len(told)
    assert told == [count] * 3


def test_a_handler_taken_away_between_two_steps_is_not_called() -> None:
    store, told = LiveStore(), []
    store.collection("staff").on_change(lambda _: undo())
    undo = store.collection("staff").on_change(told.append)
    store.apply(Batch(changes=[put("a", 1)]))
    assert told == []


def test_a_failing_handler_does_not_keep_the_others_from_knowing() -> None:
    store, told = LiveStore(), []

    def fails(_: Change) -> None:
        raise RuntimeError

    store.collection("staff").on_change(fails)
    store.collection("staff").on_change(told.append)
    store.apply(Batch(changes=[put("a", 1)]))
    assert len(told) == 1


def test_the_last_known_state_is_marked_as_old_until_the_backend_is_back() -> None:
    store, seen = LiveStore(), []
    store.on_stale(lambda: seen.append(store.known_at))
    store.apply(snapshot(staff("a", 1), stale=True))
    store.apply(snapshot(staff("a", 1)))
    store.apply(snapshot(staff("a", 2)))
    assert seen == [50.0, None]


def test_server_time_follows_the_backend_and_not_the_local_clock() -> None:
    store = LiveStore()
    assert store.server_time == pytest.approx(time.time(), abs=5)
    store.apply(Batch(clock=Clock(time=1000.0, heard=time.monotonic() - 10)))
    assert store.server_time == pytest.approx(1010, abs=5)


def test_what_is_known_can_be_kept_and_put_back() -> None:
    store, other = LiveStore(), LiveStore()
    store.apply(snapshot(staff("a", 1), staff("b", 7)))
    other.apply(Batch(snapshot=store.snapshot()))
    assert known(other) == {"a": 1, "b": 7}
