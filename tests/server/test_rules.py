"""What a fix is worth: late, jumping, at 0,0, from the future."""

from __future__ import annotations

import math

from console.model.positions import PositionFlag, PositionSource
from console.sdk.server import PositionFix
from console.server.positions.rules import RECOVERY_FIXES, Fix, Track, Verdict, clean_fix, judge

NOW = 1_750_000_000.0
METRE = 1 / 111_195.0


def fix(metres: float = 0.0, at: float = 0.0) -> Fix:
    """A fix *metres* north of the start, *at* seconds from the start."""
    made = clean_fix(PositionFix(lon=117.2, lat=34.2 + metres * METRE, time=NOW + at), NOW + 1e6)
    assert made is not None
    return made


def test_late_fixes_never_become_the_last() -> None:
    track = Track()
    assert judge(track, fix(at=10)) is Verdict.MOVE
    assert judge(track, fix(at=5)) is Verdict.LATE
    assert judge(track, fix(at=10)) is Verdict.LATE
    assert track.good is not None and track.good.time == NOW + 10


def test_an_impossible_jump_is_flagged_and_the_way_back_is_good() -> None:
    track = Track()
    judge(track, fix(at=0))
    jump = fix(30_000, at=5)
    assert judge(track, jump) is Verdict.DOUBTFUL and jump.flags & PositionFlag.JUMP
    assert judge(track, fix(10, at=10)) is Verdict.MOVE


def test_several_fixes_that_agree_are_believed() -> None:
    track = Track()
    judge(track, fix(at=0))
    verdicts = [judge(track, fix(30_000 + n, at=5 + 5 * n)) for n in range(3)]
    assert verdicts == [Verdict.DOUBTFUL, Verdict.DOUBTFUL, Verdict.MOVE]


def test_random_jumps_are_never_believed() -> None:
    track = Track()
    judge(track, fix(at=0))
    for n in range(20):
        assert judge(track, fix(50_000 * (1 + n % 2), at=1 + n)) is Verdict.DOUBTFUL


def test_null_island_is_flagged() -> None:
    null = clean_fix(PositionFix(lon=0.0, lat=0.0, time=NOW), NOW)
    assert null is not None and null.flags & PositionFlag.NULL_ISLAND
    assert judge(Track(), null) is Verdict.DOUBTFUL


def test_clocks() -> None:
    ahead = clean_fix(PositionFix(lon=117, lat=34, time=NOW + 3600), NOW)
    assert ahead is not None and ahead.time == NOW and ahead.flags & PositionFlag.FUTURE
    slightly = clean_fix(PositionFix(lon=117, lat=34, time=NOW + 5), NOW)
    assert slightly is not None and slightly.time == NOW and not slightly.flags
    never_set = clean_fix(PositionFix(lon=117, lat=34, time=12.0), NOW)
    assert never_set is not None and never_set.time == NOW


def test_out_of_range_is_unknown_or_rejected() -> None:
    assert clean_fix(PositionFix(lon=181.0, lat=0.0), NOW) is None
    assert clean_fix(PositionFix(lon=math.nan, lat=0.0), NOW) is None
    odd = clean_fix(PositionFix(lon=1, lat=1, speed=-1, heading=-90, battery=7, accuracy=math.inf), NOW)
    assert odd is not None
    assert (
        math.isnan(odd.speed) and odd.heading == 270 and math.isnan(odd.battery) and math.isnan(odd.accuracy)
    )


def test_across_the_date_line_is_no_jump() -> None:
    track = Track()
    for n, lon in enumerate((179.9999, -179.9999)):
        near = clean_fix(PositionFix(lon=lon, lat=10.0, time=NOW + n), NOW + 100)
        assert near is not None and judge(track, near) is Verdict.MOVE


def test_what_the_device_says_of_a_fix_is_kept() -> None:
    raw = PositionFix(
        lon=117, lat=34, battery=0.1, mock=True, floor=-1, source=PositionSource.MESH, vouched=False
    )
    clean = clean_fix(raw, NOW)
    assert clean is not None and (clean.source, clean.floor) == (PositionSource.MESH, -1.0)
    assert clean.flags == PositionFlag.MOCK | PositionFlag.LOW_BATTERY | PositionFlag.UNVOUCHED
    unknown = clean_fix(PositionFix(lon=117, lat=34, floor=math.inf), NOW)
    assert unknown is not None and not unknown.flags and math.isnan(unknown.floor)


def test_a_repeated_call_for_help_does_not_call_anew() -> None:
    track, calls = Track(), []
    for at in (10.0, 10.0, 5.0, 20.0):
        call = fix(at=at)
        call.flags |= PositionFlag.SOS
        judge(track, call)
        calls.append(bool(call.flags & PositionFlag.SOS))
    assert calls == [True, False, False, True]


def test_a_track_remembers_no_more_than_it_needs() -> None:
    track = Track()
    for n in range(1000):
        judge(track, fix(50_000 * (n % 3), at=n))
    assert len(track.doubtful) <= RECOVERY_FIXES
