"""Real cities with the embedded router, prepared once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from console.sdk.records import Means
from plugins.dispatch.server.routing.engines import Hierarchy
from plugins.dispatch.server.routing.graph import build_graph
from plugins.dispatch.server.routing.node_order import order_nodes
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
        """*count* ways between random places some kilometre apart."""
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
    for net in (router.nets.walk, router.nets.drive):
        router.use(net, Hierarchy(net, order_nodes(net)))
    return Town(name, router)


@pytest.fixture(scope="session", params=EXTRACTS)
def town(request: pytest.FixtureRequest, shared_data: Path) -> Town:
    """Each of the extracts in turn."""
    return load_town(shared_data, request.param)


@pytest.fixture(scope="session")
def shanghai(shared_data: Path) -> Town:
    return load_town(shared_data, "shanghai")
