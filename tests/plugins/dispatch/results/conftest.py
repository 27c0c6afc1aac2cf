"""Real cities with the embedded router, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from console.sdk.records import Means
from plugins.dispatch.server.routing.graph import build_graph
from plugins.dispatch.server.routing.node_order import order_crossings
from plugins.dispatch.server.routing.router import EmbeddedRouter
from plugins.dispatch.server.routing.way import Way
from tests.plugins.city import load_roads

EXTRACTS = {"porto": "porto.osm.pbf", "shanghai": "shanghai_center.osm.pbf"}


@dataclass(frozen=True, slots=True)
class Town:
    """One real extract."""

    name: str
    router: EmbeddedRouter

    def ways(self, means: Means, count: int, seed: int) -> Iterator[Way]:
        """*count* ways (a third of them on the larger graph) between random places a kilometre apart."""
        count = count if self.name == "shanghai" else -(-count // 3)
        chance, vertices = np.random.default_rng(seed), self.router.graph.vertices
        found = 0
        while found < count:
            start = vertices[chance.integers(len(vertices))] + chance.normal(0, 1e-4, 2)
            goal = start + chance.normal(0, 0.01, 2)
            way = self.router.way(tuple(start.tolist()), tuple(goal.tolist()), means)
            if way is not None:
                found += 1
                yield way


@cache
def load_town(data: Path, name: str) -> Town:
    router = EmbeddedRouter.of(build_graph(load_roads(data, EXTRACTS[name])))
    router.use(order_crossings(router.graph))
    return Town(name, router)


@pytest.fixture(scope="session", params=EXTRACTS)
def town(request: pytest.FixtureRequest, shared_data: Path) -> Town:
    """Each of the extracts in turn."""
    return load_town(shared_data, request.param)


@pytest.fixture(scope="session")
def shanghai(shared_data: Path) -> Town:
    return load_town(shared_data, "shanghai")
