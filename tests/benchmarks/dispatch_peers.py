"""Travel times, tables, ways and reach by car on Porto: the embedded router against Valhalla and OSRM.

All answer the same questions, alternating, in one run: ours in the process as the backend
asks it, the others over HTTP on this machine as a backend would ask them. On the grown graph
(seven copies of Porto, which no peer has) the other is Dijkstra's search by SciPy. The last
line printed is the JSON object that ``docs/performance.md`` is made from.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import requests

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from console.sdk import Positions  # noqa: E402
from console.sdk.records import Closure, ClosureShape, Duty, LonLat, Means, Staff  # noqa: E402
from console.server.importing import ImportOptions, import_files  # noqa: E402
from installer.valhalla import fetch, fetch_wheel  # noqa: E402
from plugins.dispatch.server.ranking import explain, rank  # noqa: E402
from plugins.dispatch.server.ranking_roster import make_roster  # noqa: E402
from plugins.dispatch.server.results.reach import polygons, reached  # noqa: E402
from plugins.dispatch.server.routing.graph import Ints, RoadGraph, build_graph  # noqa: E402
from plugins.dispatch.server.routing.node_order import order_crossings  # noqa: E402
from plugins.dispatch.server.routing.router import EmbeddedRouter  # noqa: E402
from plugins.dispatch.server.routing.valhalla import ValhallaRouter  # noqa: E402
from tests.benchmarks.dispatch_peers_growth import grown  # noqa: E402
from tests.support.valhalla import CACHE, valhalla_service  # noqa: E402

EXTRACT = ROOT.parent / "shared" / "data" / "porto.osm.pbf"
STAFF, CITY_STAFF, EVENTS, CLOSURES = 800, 6000, 50, 50
COPIES = 7
"""Of the extract's 73,937 crossings, so that there are more than 500,000."""
REACH_MINUTES = 10
NOW = 1_000_000.0
CANNOT_MEASURE = 2
PATIENCE = 300.0
"""Seconds for a peer's answer."""
OSRM = ("osrm-bindings", "26.10.0")


def main() -> int:
    """Measure and print; exit 0 whatever was found, 2 when it could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer questions, same claims")
    parser.add_argument("--setup", action="store_true", help="fetch the peers from PyPI")
    options = parser.parse_args()
    if options.setup:
        fetch(CACHE / "valhalla")
        fetch_wheel(CACHE / "osrm", *OSRM)
        return 0
    if not EXTRACT.exists():
        print(f"cannot measure: {EXTRACT} is missing", file=sys.stderr)
        return CANNOT_MEASURE
    load = os.getloadavg()[0]
    with valhalla_service(EXTRACT) as valhalla, osrm_service() as osrm:
        claims = measure(valhalla, osrm, 5 if options.quick else 20)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    machine += f", load {load:.1f}"
    print(json.dumps({"name": "dispatch_peers", "machine": machine, "claims": claims}, ensure_ascii=False))
    return 0


def measure(service: str, osrm: str, turns: int) -> list[dict[str, Any]]:
    """All claims over so many questions each."""
    ours, valhalla, chance = make_router(), ValhallaRouter(service, PATIENCE), np.random.default_rng(7)
    spots = street_places(ours, CITY_STAFF + EVENTS, chance)
    staff, events = spots[:CITY_STAFF], spots[CITY_STAFF:]
    closures = [point_closure(place) for place in street_places(ours, CLOSURES, chance)]
    goals = [(float(lon), float(lat)) for lon, lat in events[:turns]]
    claims: list[dict[str, Any]] = []

    def compare(text: str, aim: float, question: Callable[[Any, LonLat], Any], times: int = turns) -> None:
        taken = alternate([lambda g: question(ours, g), lambda g: question(valhalla, g)], goals[:times])
        claims.append(claim(f"{text}, against Valhalla", taken, aim))
        print(claims[-1], file=sys.stderr, flush=True)

    for count in (STAFF, CITY_STAFF):
        some = staff[:count]
        aim, often = (10.0, turns) if count == STAFF else (75.0, max(turns // 4, 2))
        compare(f"{count} to one event", aim, lambda r, g, s=some: r.times(s, g, Means.CAR), often)
        text = f"{count} to one event, {CLOSURES} closures"
        compare(text, aim, lambda r, g, s=some: r.times(s, g, Means.CAR, closures), often)
    few = staff[:STAFF]
    compare(
        f"{STAFF} to one event, a new closure",
        10.0,
        lambda r, g: r.times(few, g, Means.CAR, [near_closure(g)]),
    )
    few_turns = max(turns // 10, 1)
    compare(f"table {EVENTS} x {STAFF}", 500.0, lambda r, _: r.matrix(few, events, Means.CAR), few_turns)
    compare("way across the city", 50.0, lambda r, g: r.route(tuple(few[0].tolist()), g, Means.CAR))
    members, positions = make_staff(few, chance)
    compare(f"explained list of {STAFF}", 50.0, lambda r, g: explained(r, members, positions, g))
    claims += [against_isochrones(ours, service, goals), *against_osrm(ours, osrm, few, events, goals)]
    return claims + on_a_grown_graph(ours, few, goals, closures)


def against_isochrones(ours: EmbeddedRouter, service: str, goals: list[LonLat]) -> dict[str, Any]:
    """How far one comes from a place, as polygons."""

    def own(goal: LonLat) -> Any:
        found = reached(ours, ours.prepare(Means.CAR), np.array([goal]), REACH_MINUTES * 60)
        return polygons(ours.graph, found)

    def theirs(goal: LonLat) -> Any:
        body = {
            "locations": [{"lon": goal[0], "lat": goal[1]}],
            "costing": "auto",
            "contours": [{"time": REACH_MINUTES}],
            "polygons": True,
        }
        answer = requests.post(f"{service}/isochrone", json=body, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json()["features"]

    text = f"reach within {REACH_MINUTES} minutes, against Valhalla's isochrone"
    return claim(text, alternate([own, theirs], goals), 500.0)


def on_a_grown_graph(
    small: EmbeddedRouter, staff: np.ndarray, goals: list[LonLat], closures: list[Closure]
) -> list[dict[str, Any]]:
    """The same questions in the middle one of many copies of the city, edge-based as ever."""
    graph = grown(small.graph, small.prepare(Means.CAR).profile, COPIES)
    with ThreadPoolExecutor(1) as pool:
        ordering = pool.submit(timed_order, graph)
        quick = EmbeddedRouter.of(graph)
        order, ordered = ordering.result()
    quick.use(order)
    routers = [quick, EmbeddedRouter(graph, quick.snapper, quick.nets)]
    shift = graph.nodes[len(small.graph.nodes) * (COPIES // 2)] - small.graph.nodes[0]
    starts = staff + shift
    moved = [point_closure(np.add(closure.points[0], shift)) for closure in closures]
    there = [(float(lon + shift[0]), float(lat)) for lon, lat in goals[: max(len(goals) // 2, 3)]]
    asked = alternate([lambda g, r=r: r.times(starts, g, Means.CAR, moved) for r in routers], there)
    fresh = alternate(
        [lambda g, r=r: r.times(starts, g, Means.CAR, [near_closure(g)]) for r in routers],
        there,
    )
    size = f"{len(graph.nodes):,} crossings"
    return [
        claim(f"{STAFF} to one event, {CLOSURES} closures, {size}, against Dijkstra", asked, 10.0),
        claim(f"{STAFF} to one event, a new closure, {size}, against Dijkstra", fresh, 10.0),
        claim(f"node order of {size}, once a version of the roads", [[ordered]], 60_000.0),
    ]


def timed_order(graph: RoadGraph) -> tuple[Ints, float]:
    """The order of a graph, and the milliseconds it took."""
    began = time.perf_counter()
    order = order_crossings(graph)
    return order, (time.perf_counter() - began) * 1000


def against_osrm(
    ours: EmbeddedRouter, osrm: str, staff: np.ndarray, events: np.ndarray, goals: list[LonLat]
) -> list[dict[str, Any]]:
    """The questions that OSRM can answer; it knows no closures."""
    start = tuple(staff[0].tolist())
    questions: list[tuple[str, float, Callable[[LonLat], Any], Callable[[LonLat], Any]]] = [
        (
            f"{STAFF} to one event, against OSRM",
            10.0,
            lambda g: ours.times(staff, g, Means.CAR),
            lambda g: osrm_table(osrm, staff, np.array([g])),
        ),
        (
            f"table {EVENTS} x {STAFF}, against OSRM",
            500.0,
            lambda _: ours.matrix(staff, events, Means.CAR),
            lambda _: osrm_table(osrm, staff, events),
        ),
        (
            "way across the city, against OSRM",
            50.0,
            lambda g: ours.route(start, g, Means.CAR),
            lambda g: osrm_route(osrm, start, g),
        ),
    ]
    measured = ((text, aim, alternate([own, other], goals)) for text, aim, own, other in questions)
    return [claim(text, taken, aim) for text, aim, taken in measured]


@contextmanager
def osrm_service() -> Iterator[str]:
    """The URL of OSRM on the extract, prepared once."""
    tools = fetch_wheel(CACHE / "osrm", *OSRM) / "osrm"
    data = CACHE / "osrm" / "porto" / "porto.osrm"
    if not data.with_name("porto.osrm.hsgr").exists():
        data.parent.mkdir(exist_ok=True)
        copy = data.with_name("porto.osm.pbf")
        copy.write_bytes(EXTRACT.read_bytes())
        profile = tools / "share" / "profiles" / "car.lua"
        for command in (["osrm-extract", "-p", profile, copy], ["osrm-contract", data]):
            subprocess.run([tools / "bin" / command[0], *command[1:]], check=True, stdout=subprocess.DEVNULL)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["-i", "127.0.0.1", "-p", str(port), "--max-table-size", "20000", "-t", "1"]
    service = subprocess.Popen([tools / "bin" / "osrm-routed", *options, data], stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        service.kill()
        service.wait(10)


def wait_for(port: int) -> None:
    """Until something listens; raises TimeoutError after half a minute."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("OSRM did not start")


def osrm_table(url: str, starts: np.ndarray, goals: np.ndarray) -> Any:
    """Seconds from each start to each goal."""
    places = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in [*starts.tolist(), *goals.tolist()])
    count = len(starts)
    goal_numbers = ";".join(map(str, range(count, count + len(goals))))
    query = f"sources={';'.join(map(str, range(count)))}&destinations={goal_numbers}"
    answer = requests.get(f"{url}/table/v1/driving/{places}?{query}", timeout=PATIENCE)
    answer.raise_for_status()
    return np.array(answer.json()["durations"], float)


def osrm_route(url: str, start: Sequence[float], goal: LonLat) -> Any:
    """A way with its geometry and steps."""
    places = f"{start[0]:.6f},{start[1]:.6f};{goal[0]:.6f},{goal[1]:.6f}"
    answer = requests.get(f"{url}/route/v1/driving/{places}?overview=full&steps=true", timeout=PATIENCE)
    answer.raise_for_status()
    return answer.json()["routes"][0]


def make_router() -> EmbeddedRouter:
    """The roads of the extract with their hierarchies."""
    result = import_files([EXTRACT], ImportOptions(), lambda _done, _text: None, lambda: False)
    roads = next(layer.package for layer in result.layers if layer.layer_id == "road")
    router = EmbeddedRouter.of(build_graph(roads))
    router.use(order_crossings(router.graph))
    return router


def point_closure(place: Sequence[float] | np.ndarray) -> Closure:
    """A closed spot."""
    where = (float(place[0]), float(place[1]))
    return Closure(id="c", area="1", shape=ClosureShape.POINT, points=(where,))


def near_closure(goal: LonLat) -> Closure:
    """A closed spot near an event, another one for each."""
    return point_closure(np.add(goal, (0.002, 0.0)))


def explained(router: Any, staff: list[Staff], positions: Positions, goal: LonLat) -> list[Any]:
    """The whole ranked list with its reasons."""
    ranking = rank(make_roster(staff, positions, NOW), goal, "310101001001001", router)
    return explain(ranking, ranking.order.tolist())


def street_places(router: EmbeddedRouter, count: int, chance: np.random.Generator) -> np.ndarray:
    """Places some twenty metres off random roads within four kilometres of the middle."""
    vertices = router.graph.vertices
    middle = np.median(vertices, axis=0)
    near = np.flatnonzero((np.abs((vertices - middle) * [84_000, 111_000]) < 4_000).all(axis=1))
    return vertices[chance.choice(near, count, replace=False)] + chance.normal(0, 2e-4, (count, 2))


def make_staff(spots: np.ndarray, chance: np.random.Generator) -> tuple[list[Staff], Positions]:
    """Staff on foot, every third by bicycle, every seventh with a job, with fixes of the last minutes."""
    count = len(spots)
    staff = [
        Staff(
            id=f"s{i:04d}",
            handle=i + 1,
            name=f"s{i}",
            area=f"310101001001{i % 40:03d}",
            duty=Duty.ON,
            means=Means.BICYCLE if i % 3 == 0 else Means.FOOT,
            job="j" if i % 7 == 0 else "",
        )
        for i in range(count)
    ]
    blank = np.full(count, np.nan, np.float32)
    positions = Positions(
        handle=np.arange(1, count + 1, dtype=np.uint32),
        lon=spots[:, 0].copy(),
        lat=spots[:, 1].copy(),
        time=NOW - chance.uniform(0, 120, count),
        speed=blank,
        heading=blank,
        accuracy=blank,
        battery=blank,
        flags=np.zeros(count, np.uint8),
    )
    return staff, positions


def alternate(contestants: list[Callable[[LonLat], Any]], goals: list[LonLat]) -> list[list[float]]:
    """Milliseconds of each contestant for each goal, turn about."""
    times: list[list[float]] = [[] for _ in contestants]
    for turn, goal in enumerate(goals):
        for index in range(len(contestants)):
            which = (index + turn) % len(contestants)
            began = time.perf_counter()
            contestants[which](goal)
            times[which].append((time.perf_counter() - began) * 1000)
    return times


def claim(text: str, taken: list[list[float]], aim: float) -> dict[str, Any]:
    """Medians in milliseconds, ours and, where there is one, the peer's, against an aim."""
    own, *others = [statistics.median(times) for times in taken]
    return {
        "claim": text,
        "ours": round(own, 2),
        "peer": round(others[0], 2) if others else None,
        "unit": "ms",
        "ratio": round(others[0] / own, 2) if others else None,
        "aim": aim,
        "holds": own <= aim,
    }


if __name__ == "__main__":
    raise SystemExit(main())
