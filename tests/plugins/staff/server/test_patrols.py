"""Patrols: planned against walked, by real fixes on the real roads."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from console.sdk import MissingService
from console.sdk.records import Means
from plugins.staff.server.patrols.coverage import (
    Ground,
    first_reached,
    walked_by_road,
    walked_ground,
    walked_share,
)
from tests.plugins.city import EAST, WEST, City, grid_of

TODAY = date.today()
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
STEP = 1 / 111_195


def plan(path: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "中山路夜巡",
        "area": grid_of(WEST),
        "path": path,
        "days": DAYS,
        "starts": 0,
        "ends": 1440,
    } | more


def walk(lat: float, metres: float, seconds: float = 0.0) -> np.ndarray:
    along = np.arange(0, metres + 1, 10.0)
    return np.column_stack([np.full(len(along), 121.47), lat + along * STEP, seconds + along])


def test_half_of_the_way_was_walked() -> None:
    ground, path = Ground(121.47, 31.2), np.array([[121.47, 31.2], [121.47, 31.2 + 1000 * STEP]])
    metres, share = walked_share(ground, path, walked_ground(ground, [walk(31.2, 500)]))
    assert metres == pytest.approx(1000, rel=0.001)
    assert share == pytest.approx(0.525, abs=0.01)  # up to 25 m past where they turned
    assert walked_share(ground, path, walked_ground(ground, []))[1] == 0


def test_the_lane_beside_the_way_is_not_the_way() -> None:
    way, lane, park = (
        shapely.LineString(points)
        for points in ([(0, 0), (0, 400)], [(20, 0), (20, 400)], [(0, 400), (0, 500)])
    )
    path = shapely.LineString([(2, 0), (2, 400), (0, 500)])  # drawn by hand, its end through a park
    strip = shapely.buffer(shapely.union(lane, park), 25)
    assert shapely.intersection(path, strip).length / path.length == pytest.approx(1, abs=0.01)
    assert walked_by_road([way], [lane], path, strip) == pytest.approx(0.16, abs=0.01)
    assert walked_by_road([way], [shapely.LineString([(8, 0), (8, 200)])], path, strip) > 0.5
    assert walked_by_road([], [], path, strip) == pytest.approx(1, abs=0.01)


def test_nobody_knows_the_way_over_a_gap() -> None:
    ground, path = Ground(121.47, 31.2), np.array([[121.47, 31.2], [121.47, 31.2 + 1000 * STEP]])
    jumped = np.array([[121.47, 31.2, 0.0], [121.47, 31.2 + 1000 * STEP, 3600.0]])
    assert walked_share(ground, path, walked_ground(ground, [jumped]))[1] < 0.06


def test_a_checkpoint_is_reached_by_the_first_who_comes() -> None:
    ground, place = Ground(121.47, 31.2), (121.47, 31.2 + 300 * STEP)
    tracks = [walk(31.2, 500, 1000.0), walk(31.2, 500, 0.0)]
    assert first_reached(ground, place, 30, tracks) == 270
    assert first_reached(ground, (121.48, 31.2), 30, tracks) is None


def test_planned_and_walked_are_brought_to_the_roads(city: City) -> None:
    """Half of a real way, walked with the noise of a phone."""
    router = city.app.state.core.services.get("router")
    route = router.route(city.places[WEST][3], city.places[WEST][9], Means.FOOT)
    ground = Ground(*route.path[0])
    line = shapely.LineString(ground.metres(np.array(route.path)))
    chance, now = np.random.default_rng(3), time.time()
    for n, along in enumerate(np.linspace(0.0, line.length / 2, 17)):
        noisy = np.array(line.interpolate(along).coords[0]) + chance.normal(0, 5, 2)
        lon, lat = ground.degrees(noisy[None])[0].tolist()
        city.report("s108", (lon, lat), timestamp=now - 600 + n * 20)
    made = city.ok("west", "POST", "/staff/patrols", plan(route.path, name="沿路巡查", staff=["s108"]))
    done = city.until(lambda: _done(city, made["id"], 0.4))
    assert done["by_road"]
    assert done["walked_share"] == pytest.approx(0.5, abs=0.08)
    city.ok("west", "DELETE", f"/staff/patrols/{made['id']}")


def test_a_days_report_over_rest(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the plugin that knows the roads, by a strip; the report says so."""
    services = city.app.state.core.services

    def without_roads(name: str, get: Any = services.get) -> Any:
        if name == "roads.match":
            raise MissingService(name)
        return get(name)

    monkeypatch.setattr(services, "get", without_roads)
    lon, lat = city.places[WEST][0]
    now = time.time()
    for n in range(11):
        city.report("s107", (lon, lat + n * 20 * STEP), timestamp=now - 200 + n * 15)
    path = [[lon, lat], [lon, lat + 400 * STEP]]
    checkpoints = [
        {"name": "路口", "where": [lon, lat + 100 * STEP]},
        {"name": "广场", "where": [lon, lat + 390 * STEP]},
    ]
    body = plan(path, staff=["s107"], checkpoints=checkpoints)
    made = city.ok("west", "POST", "/staff/patrols", body)
    done = city.until(lambda: _done(city, made["id"], 0.535))
    assert done["planned_metres"] == pytest.approx(400, rel=0.01)
    assert done["walked_share"] == pytest.approx(0.56, abs=0.03)
    assert not done["by_road"]
    assert done["reached"][0] == pytest.approx(now - 200 + 4 * 15, abs=20)
    assert done["reached"][1] is None
    changed = city.ok("west", "PUT", f"/staff/patrols/{made['id']}", body | {"name": "日巡"})
    assert changed["name"] == "日巡"
    assert city.ok("east", "POST", f"/staff/patrols/report/{TODAY}") == []
    assert city.call("looker", "POST", f"/staff/patrols/report/{TODAY}").status_code == 403
    city.ok("west", "DELETE", f"/staff/patrols/{made['id']}")
    assert city.ok("west", "GET", "/staff/patrols") == []


def _done(city: City, patrol: str, share: float) -> Any:
    """The report once all positions are in: they come in pieces, and more than *share* was walked then."""
    report = city.ok("west", "POST", f"/staff/patrols/report/{TODAY}")
    return next((d for d in report if d["patrol"] == patrol and d["walked_share"] > share), None)


def test_streets_by_share_walked(city: City) -> None:
    lon, lat = city.places[EAST][1]
    for n in range(20):
        city.report("s205", (lon, lat + n * 15 * STEP), timestamp=time.time() - 100 + n * 5)
    body = {"area": EAST, "day": TODAY.isoformat(), "reason": "检查巡查覆盖"}
    streets = city.until(lambda: _some(city.ok("east", "POST", "/staff/patrols/coverage", body)))
    assert len(streets) > 20
    shares = [street["walked_share"] for street in streets]
    assert shares == sorted(shares)
    assert 0 < shares[-1] <= 1
    assert city.call("west", "POST", "/staff/patrols/coverage", body).status_code == 422


def _some(streets: list[Any]) -> list[Any]:
    return streets if any(street["walked_share"] > 0 for street in streets) else []
