"""Tracks: measured, cut by duty and area, every look audited with its reason."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from console.sdk import Positions
from plugins.staff.server.duty.plan import Span
from plugins.staff.server.tracks.measure import credible, measure, thinned
from tests.plugins.city import WEST, City, grid_of
from tests.plugins.desktop_console import positions

STEP = 1 / 111_195
"""A metre, in degrees of latitude."""


def line(metres: list[float], seconds: list[float]) -> np.ndarray:
    return np.column_stack(
        [np.full(len(metres), 121.47), 31.2 + np.array(metres) * STEP, 1000.0 + np.array(seconds)]
    )


def test_a_walk_with_a_stop_and_a_ride() -> None:
    walk = list(np.arange(0, 301, 7.0))  # 1.4 m/s, every 5 s
    stay = [walk[-1] + (n % 3) for n in range(1, 61)]  # five minutes of jitter
    ride = list(walk[-1] + np.arange(50, 1051, 50.0))  # 10 m/s
    metres = walk + stay + ride
    found = measure(line(metres, [5.0 * n for n in range(len(metres))]))
    assert len(found.stops) == 1
    assert 300 <= found.stops[0].until - found.stops[0].since <= 360
    assert found.metres == pytest.approx(1294, rel=0.06)
    assert found.foot_seconds == pytest.approx(200, rel=0.2)


def test_over_a_gap_nothing_is_reckoned() -> None:
    assert measure(line([0, 5000], [0, 3600])).metres == 0
    assert measure(line([0], [0])).stops == ()


def test_only_credible_fixes_from_duty_count() -> None:
    fixes: Positions = positions(
        handle=[1] * 4, lon=[121.0] * 4, lat=[31.0] * 4, time=[10, 20, 30, 40], flags=[0, 1, 0, 0]
    )
    assert credible(fixes, [Span(5, 35, "rota")])[:, 2].tolist() == [10, 30]
    assert len(credible(fixes, [])) == 0


def test_thinning_keeps_both_ends() -> None:
    points = line(list(range(1000)), list(range(1000)))
    few = thinned(points, 10)
    assert len(few) == 10
    assert (few[0, 2], few[-1, 2]) == (points[0, 2], points[-1, 2])


def look(city: City, who: str, person: str, **more: Any) -> Any:
    body = {"staff": [person], "since": time.time() - 3600, "until": time.time(), "reason": "复盘处置过程"}
    return city.call(who, "POST", "/staff/tracks", body | more)


def test_a_track_over_rest_is_audited_with_its_reason(city: City) -> None:
    now = time.time()
    for n in range(10):
        lon, lat = city.places[WEST][0]
        city.report("s106", (lon, lat + n * 10 * STEP), timestamp=now - 100 + n * 8)
    (track,) = city.until(lambda: [t for t in look(city, "west", "s106").json() if t["fixes"] == 10])
    assert track["metres"] == pytest.approx(90, abs=2)
    assert track["foot_seconds"] == pytest.approx(72, abs=1)
    with city.app.state.core.database.read() as session:
        from console.server.tables import Audit

        row = session.query(Audit).filter(Audit.subject == "staff/s106").first()
    assert (row.reason, row.area) == ("复盘处置过程", grid_of(WEST))
    assert row.action.startswith("track.look:")


@pytest.mark.parametrize(
    ("who", "more", "status"),
    [
        ("east", {}, 404),
        ("looker", {}, 403),
        ("west", {"reason": " "}, 422),
        ("west", {"staff": ["s106", "s201"]}, 404),
        ("west", {"since": 1.0}, 422),
        ("west", {"staff": ["s106"] * 21}, 422),
    ],
)
def test_whose_tracks_may_not_be_seen(city: City, who: str, more: dict[str, Any], status: int) -> None:
    assert look(city, who, "s106", **more).status_code == status
