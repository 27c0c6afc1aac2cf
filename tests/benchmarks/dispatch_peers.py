"""Ranking 800 staff by road on Porto with a closure: the contraction hierarchy against Dijkstra.

Both rank the same staff for the same places, alternating, with the same snapping;
the peer is scipy's Dijkstra on the reversed graph, one run a question. The last
line printed is the JSON object that ``docs/performance.md`` is made from.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from console.sdk import Positions  # noqa: E402
from console.sdk.records import Closure, ClosureShape, Duty, LonLat, Means, Staff  # noqa: E402
from console.server.importing import ImportOptions, import_files  # noqa: E402
from plugins.dispatch.server.routing.engines import Hierarchy  # noqa: E402
from plugins.dispatch.server.routing.graph import build_graph  # noqa: E402
from plugins.dispatch.server.routing.node_order import order_nodes  # noqa: E402
from plugins.dispatch.server.ranking import Ranking, explain, make_roster, rank  # noqa: E402
from plugins.dispatch.server.routing.router import EmbeddedRouter  # noqa: E402
from plugins.dispatch.server.routing.snapping import Snapper  # noqa: E402

EXTRACT = ROOT.parent / "shared" / "data" / "porto.osm.pbf"
STAFF = 800
NOW = 1_000_000.0
CANNOT_MEASURE = 2


def main() -> int:
    """Measure and print; exit 0 whatever was found, 2 when it could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer places, same claims")
    parser.add_argument("--setup", action="store_true", help="nothing to install: the peer is a dependency")
    options = parser.parse_args()
    if options.setup:
        return 0
    if not EXTRACT.exists():
        print(f"cannot measure: {EXTRACT} is missing", file=sys.stderr)
        return CANNOT_MEASURE
    print(json.dumps(measure(12 if options.quick else 60), ensure_ascii=False))
    return 0


def measure(places: int) -> dict[str, Any]:
    """All claims over *places* events."""
    ours, peer = make_routers()
    chance = np.random.default_rng(7)
    spots = street_places(ours, STAFF + places, chance)
    staff, positions = make_staff(spots[:STAFF], chance)
    goals = [(float(lon), float(lat)) for lon, lat in spots[STAFF:]]
    closure = Closure(id="c", area="1", shape=ClosureShape.POINT, points=(goals[1],))
    question = lambda router, goal: ask(router, staff, positions, goal, [closure])  # noqa: E731
    question(ours, goals[0]), question(peer, goals[0])

    own, others = alternate([lambda goal: question(ours, goal), lambda goal: question(peer, goal)], goals)
    explained, explained_peer = alternate(
        [lambda goal: list_of(question(ours, goal)), lambda goal: list_of(question(peer, goal))], goals
    )
    closing, closing_peer = first_after_closure(ours, peer, staff, positions, goals)
    wrong, worst = wrong_first([question(ours, goal) for goal in goals])
    return {
        "name": "dispatch_peers",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "claims": [
            claim("rank 800 staff with a closure", own, others, 10.0),
            claim("explained list of 800 staff", explained, explained_peer, 50.0),
            claim("first ranking after a new closure", closing, closing_peer, 100.0),
            {
                "claim": "straight line picks the wrong first",
                "ours": 0.0,
                "peer": round(wrong, 3),
                "unit": "share",
                "ratio": round(worst, 2),
                "aim": "the best by road; ratio: worst arrival time against the best",
                "holds": wrong > 0,
            },
        ],
    }


def make_routers() -> tuple[EmbeddedRouter, EmbeddedRouter]:
    """The same roads with the hierarchy and with Dijkstra."""
    result = import_files([EXTRACT], ImportOptions(), lambda _done, _text: None, lambda: False)
    roads = next(layer.package for layer in result.layers if layer.layer_id == "road")
    graph = build_graph(roads)
    snapper = Snapper(graph)
    return EmbeddedRouter(graph, snapper, Hierarchy(graph, order_nodes(graph))), EmbeddedRouter(
        graph, snapper
    )


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


def ask(
    router: EmbeddedRouter, staff: list[Staff], positions: Positions, goal: LonLat, closures: list[Closure]
) -> Ranking:
    """One ranking from scratch."""
    return rank(make_roster(staff, positions, NOW), goal, "310101001001001", router, closures)


def list_of(ranking: Ranking) -> list[Any]:
    """The whole list with its reasons."""
    return explain(ranking, ranking.order.tolist())


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


def first_after_closure(
    ours: EmbeddedRouter,
    peer: EmbeddedRouter,
    staff: list[Staff],
    positions: Positions,
    goals: list[LonLat],
) -> list[list[float]]:
    """Each question comes with a closure that was never seen before."""

    def fresh(router: EmbeddedRouter) -> Callable[[LonLat], Ranking]:
        def question(goal: LonLat) -> Ranking:
            where = (goal[0] + 0.002, goal[1])
            closure = Closure(id="n", area="1", shape=ClosureShape.POINT, points=(where,))
            return ask(router, staff, positions, goal, [closure])

        return question

    return alternate([fresh(ours), fresh(peer)], goals)


def wrong_first(rankings: list[Ranking]) -> tuple[float, float]:
    """Share of places where the nearest by straight line is not the quickest by road; worst ratio."""
    ratios: list[float] = []
    for ranking in rankings:
        nearest = int(np.nanargmin(ranking.straight))
        best = float(ranking.eta.min())
        ratios.append(float(ranking.eta[nearest]) / max(best, 1.0))
    known = [ratio for ratio in ratios if np.isfinite(ratio)]
    return sum(ratio > 1.001 for ratio in ratios) / len(ratios), max(known)


def claim(text: str, ours: list[float], peer: list[float], aim: float) -> dict[str, Any]:
    """Medians in milliseconds against an aim."""
    own, other = statistics.median(ours), statistics.median(peer)
    return {
        "claim": text,
        "ours": round(own, 2),
        "peer": round(other, 2),
        "unit": "ms",
        "ratio": round(other / own, 2),
        "aim": aim,
        "holds": own <= aim,
    }


if __name__ == "__main__":
    raise SystemExit(main())
