"""Records and positions joined as columns."""

from __future__ import annotations

import numpy as np
import pytest

from console.model.records import Duty, Staff
from console.sdk import Change, PositionFlag
from console.store.batch import Batch, RecordChange
from console.store.live import LiveStore
from plugins.staff.desktop.filters import Filter, matches
from plugins.staff.desktop.roster import Roster
from plugins.staff.desktop.states import State
from tests.plugins.desktop_console import positions

NOW = 1_000_000.0
GRID = "320302001001001"


def person(number: int, **fields: object) -> Staff:
    values = {"duty": Duty.ON, "area": GRID} | fields
    return Staff(id=f"s{number}", handle=number, name=f"张{number}", version=1, **values)  # type: ignore[arg-type]


@pytest.fixture
def store() -> LiveStore:
    return LiveStore()


def joined(store: LiveStore, roster: Roster, now: float = NOW, **columns: object) -> Roster:
    store.apply(Batch(positions=positions(**columns)))
    roster.join(store.positions, now)
    return roster


def test_states_by_duty_job_silence_and_sos(store: LiveStore) -> None:
    roster = Roster()
    roster.load([person(1), person(2, job="o1"), person(3), person(4, duty=Duty.OFF), person(5, sos=True)])
    joined(
        store,
        roster,
        handle=[1, 2, 3, 4, 5],
        lon=[117.0] * 5,
        lat=[34.0] * 5,
        time=[NOW - 5, NOW - 5, NOW - 121, NOW - 5, NOW - 500],
    )
    assert [State(s) for s in roster.state] == [
        State.ON_DUTY,
        State.ON_JOB,
        State.SILENT,
        State.OFF_DUTY,
        State.SOS,
    ]
    assert roster.counts()[State.SILENT] == 1


def test_who_never_reported_is_silent_and_has_no_place(store: LiveStore) -> None:
    roster = Roster()
    roster.load([person(1)])
    roster.join(store.positions, NOW)
    assert roster.state[0] == State.SILENT
    assert not roster.placed[0]


@pytest.mark.parametrize("flag", [PositionFlag.JUMP, PositionFlag.NULL_ISLAND])
def test_a_flagged_fix_keeps_the_last_good_place_and_says_so(store: LiveStore, flag: PositionFlag) -> None:
    roster = Roster()
    roster.load([person(1)])
    joined(store, roster, handle=[1], lon=[117.0], lat=[34.0], time=[NOW - 20], speed=[1.0])
    joined(store, roster, handle=[1], lon=[0.0], lat=[0.0], time=[NOW - 1], flags=[int(flag)])
    assert (roster.lon[0], roster.lat[0]) == (117.0, 34.0)
    assert roster.doubtful[0]
    assert roster.good_time[0] == NOW - 20
    assert roster.state[0] == State.ON_DUTY  # the device does speak
    joined(store, roster, handle=[1], lon=[117.1], lat=[34.1], time=[NOW])
    assert roster.lon[0] == 117.1
    assert not roster.doubtful[0]


def test_a_device_that_only_ever_sent_nonsense_is_not_drawn(store: LiveStore) -> None:
    roster = Roster()
    roster.load([person(1)])
    joined(store, roster, handle=[1], lon=[0.0], lat=[0.0], time=[NOW], flags=[int(PositionFlag.NULL_ISLAND)])
    assert not roster.placed[0]


def test_newcomers_and_leavers_keep_the_places_of_the_others(store: LiveStore) -> None:
    roster = Roster()
    people = store.collection("staff")
    store.apply(Batch(changes=[RecordChange("staff", p.id, p) for p in (person(1), person(2))]))
    roster.load(people.all())
    joined(store, roster, handle=[1, 2], lon=[117.0, 118.0], lat=[34.0, 35.0], time=[NOW, NOW])
    store.apply(Batch(changes=[RecordChange("staff", "s1", None), RecordChange("staff", "s3", person(3))]))
    roster.apply(Change(frozenset({"s3"}), frozenset({"s1"})), people)
    assert set(roster.row_of) == {"s2", "s3"}
    assert roster.lon[roster.row_of["s2"]] == 118.0
    assert np.isnan(roster.lon[roster.row_of["s3"]])


def test_a_changed_record_is_taken_in_place(store: LiveStore) -> None:
    roster = Roster()
    people = store.collection("staff")
    store.apply(Batch(changes=[RecordChange("staff", "s1", person(1))]))
    roster.load(people.all())
    rows = roster.row_of
    busy = Staff(id="s1", handle=1, name="张1", area=GRID, duty=Duty.ON, job="o9", version=2)
    store.apply(Batch(changes=[RecordChange("staff", "s1", busy)]))
    roster.apply(Change(frozenset({"s1"}), frozenset()), people)
    assert roster.row_of is rows
    assert roster.has_job[0]


def test_filters_narrow_by_area_state_text_and_view(store: LiveStore) -> None:
    roster = Roster()
    roster.load([person(1), person(2, area="320302002"), person(3, duty=Duty.OFF), person(4)])
    joined(
        store,
        roster,
        handle=[1, 2, 3, 4],
        lon=[117.0, 117.1, 117.2, 119.0],
        lat=[34.0] * 4,
        time=[NOW] * 4,
    )

    def ids(**conditions: object) -> list[str]:
        mask = matches(roster, Filter(**conditions))  # type: ignore[arg-type]
        return [roster.records[row].id for row in np.flatnonzero(mask)]

    assert ids() == ["s1", "s2", "s4"]  # off duty is hidden at first
    assert ids(area="320302001") == ["s1", "s4"]
    assert ids(states=frozenset({State.OFF_DUTY})) == ["s3"]
    assert ids(text="张 S2") == ["s2"]
    assert ids(view=(116.9, 33.9, 117.05, 34.1)) == ["s1"]
